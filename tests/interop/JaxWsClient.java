// SPDX-License-Identifier: GPL-3.0-or-later
// JAX-WS RI: calls what each line of standard input says; see clients.py.

import com.google.gson.*;
import farthing.*;
import java.io.*;
import java.lang.reflect.*;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.*;
import javax.jws.WebMethod;
import javax.xml.bind.annotation.XmlElement;
import javax.xml.datatype.*;
import javax.xml.namespace.QName;

public class JaxWsClient {
    static final Gson GSON = new GsonBuilder().setFieldNamingStrategy(JaxWsClient::elementName)
        .registerTypeHierarchyAdapter(XMLGregorianCalendar.class, new TimeAdapter()).create();

    static String elementName(Field field) {
        XmlElement element = field.getAnnotation(XmlElement.class);
        return element == null || element.name().equals("##default") ? field.getName() : element.name();
    }

    static class TimeAdapter implements JsonSerializer<XMLGregorianCalendar>,
            JsonDeserializer<XMLGregorianCalendar> {
        public JsonElement serialize(XMLGregorianCalendar time, Type type, JsonSerializationContext context) {
            return new JsonPrimitive(time.toXMLFormat());
        }

        public XMLGregorianCalendar deserialize(JsonElement text, Type type, JsonDeserializationContext context) {
            try {
                return DatatypeFactory.newInstance().newXMLGregorianCalendar(text.getAsString());
            } catch (DatatypeConfigurationException error) {
                throw new JsonParseException(error);
            }
        }
    }

    static Method find(String operation) {
        return Arrays.stream(VendorPortType.class.getMethods()).filter(method -> {
            String name = method.getAnnotation(WebMethod.class).operationName();
            return (name.isEmpty() ? method.getName() : name).equals(operation);
        }).findFirst().orElseThrow();
    }

    static Map<String, Object> call(VendorPortType port, JsonObject line) throws Exception {
        JsonObject parameters = line.getAsJsonObject("parameters");
        Method method = find(line.get("operation").getAsString());
        try {
            return Map.of("answer", method.invoke(port, GSON.fromJson(parameters, method.getParameterTypes()[0])));
        } catch (InvocationTargetException error) {
            if (error.getCause() instanceof VendorFaultMessage fault)
                return Map.of("fault", fault.getFaultInfo());
            throw error;
        }
    }

    public static void main(String[] arguments) throws Exception {
        boolean version12 = System.getenv("SOAP_VERSION").equals("1.2");
        URL wsdl = new URL(System.getenv("FARTHING_ENDPOINT") + (version12 ? "?wsdl12" : "?wsdl"));
        VendorPortType port = new Vendor(wsdl).getPort(new QName("urn:farthing:vendor:1",
            version12 ? "VendorPort12" : "VendorPort"), VendorPortType.class);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line; (line = in.readLine()) != null; )
            out.println(GSON.toJson(call(port, JsonParser.parseString(line).getAsJsonObject())));
    }
}
