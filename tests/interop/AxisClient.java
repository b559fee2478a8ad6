// SPDX-License-Identifier: GPL-3.0-or-later
// Axis 1.4: calls what each line of standard input says; see clients.py.

import com.google.gson.*;
import farthing.*;
import java.io.*;
import java.lang.reflect.*;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.*;
import javax.xml.namespace.QName;
import org.apache.axis.description.TypeDesc;
import org.apache.axis.utils.BeanPropertyDescriptor;
import org.apache.axis.utils.BeanUtils;

public class AxisClient {
    static final Gson GSON = new GsonBuilder().registerTypeAdapter(Calendar.class,
        (JsonDeserializer<Calendar>) (text, type, context) ->
            GregorianCalendar.from(Instant.parse(text.getAsString()).atZone(ZoneOffset.UTC))).create();

    // {element's name: property} of a class that WSDL2Java wrote.
    static Map<String, BeanPropertyDescriptor> properties(Class<?> type) {
        Map<String, BeanPropertyDescriptor> properties = new HashMap<>();
        for (BeanPropertyDescriptor property : BeanUtils.getPd(type)) {
            QName name = TypeDesc.getTypeDescForClass(type).getElementNameForField(property.getName());
            if (name != null)
                properties.put(name.getLocalPart(), property);
        }
        return properties;
    }

    static Object bean(Class<?> type, JsonObject given) throws Exception {
        Object bean = type.getDeclaredConstructor().newInstance();
        Map<String, BeanPropertyDescriptor> properties = properties(type);
        for (String name : given.keySet()) {
            BeanPropertyDescriptor property = properties.get(name);
            property.set(bean, value(property.getType(), given.get(name)));
        }
        return bean;
    }

    static Object value(Class<?> type, JsonElement given) throws Exception {
        if (type.isArray()) { // in the place of the element around the list
            JsonArray list = given.getAsJsonObject().asMap().values().iterator().next().getAsJsonArray();
            Object array = Array.newInstance(type.getComponentType(), list.size());
            for (int i = 0; i < list.size(); i++)
                Array.set(array, i, value(type.getComponentType(), list.get(i)));
            return array;
        }
        if (given.isJsonObject())
            return bean(type, given.getAsJsonObject());
        if (isEnumeration(type))
            return type.getMethod("fromString", String.class).invoke(null, given.getAsString());
        return GSON.fromJson(given, type);
    }

    static boolean isEnumeration(Class<?> type) {
        return Arrays.stream(type.getMethods()).anyMatch(method -> method.getName().equals("fromString"));
    }

    static Object plain(Object value) throws Exception {
        if (value instanceof Calendar)
            return ((Calendar) value).toInstant().toString();
        if (value.getClass().isArray()) {
            List<Object> list = new ArrayList<>();
            for (Object each : (Object[]) value)
                list.add(plain(each));
            return list;
        }
        if (TypeDesc.getTypeDescForClass(value.getClass()) == null || isEnumeration(value.getClass()))
            return value instanceof Boolean ? value : value.toString();
        Map<String, Object> fields = new HashMap<>();
        for (Map.Entry<String, BeanPropertyDescriptor> entry : properties(value.getClass()).entrySet()) {
            Object field = entry.getValue().get(value);
            if (field != null)
                fields.put(entry.getKey(), plain(field));
        }
        return fields;
    }

    static Map<String, Object> call(VendorPortType port, JsonObject line) throws Exception {
        JsonObject parameters = line.getAsJsonObject("parameters");
        String operation = line.get("operation").getAsString();
        Method method = Arrays.stream(VendorPortType.class.getMethods())
            .filter(candidate -> candidate.getName().equalsIgnoreCase(operation)).findFirst().orElseThrow();
        try {
            return Map.of("answer", plain(method.invoke(port, bean(method.getParameterTypes()[0], parameters))));
        } catch (InvocationTargetException error) {
            if (error.getCause() instanceof FaultDetail fault)
                return Map.of("fault", plain(fault));
            throw error;
        }
    }

    public static void main(String[] arguments) throws Exception {
        VendorPortType port = new VendorLocator().getVendorPort(new URL(System.getenv("FARTHING_ENDPOINT")));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line; (line = in.readLine()) != null; )
            out.println(GSON.toJson(call(port, JsonParser.parseString(line).getAsJsonObject())));
    }
}
