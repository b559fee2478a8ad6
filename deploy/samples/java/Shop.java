// SPDX-License-Identifier: GPL-3.0-or-later
// A page that sells one item and shows it to those who have bought it. With Debian's jaxws and
// libcommons-text-java, after exporting FARTHING_URL, SHOP_URL (this page's registered address, such as
// http://localhost:8081/), VENDOR_ID and VENDOR_PASSWORD:
//     wsimport -Xnocompile -b binding.xml -p farthing "$FARTHING_URL/soap/vendor/1?wsdl"
//     export CLASSPATH=.:$(printf '/usr/share/java/%s.jar:' jaxws-ri-runtime jaxws-rt jaxws-api \
//         jaxb-api jaxb-runtime jaxb-core saaj javax.activation commons-text commons-lang3)
//     javac -encoding UTF-8 Shop.java farthing/*.java && PORT=8081 java -Dsun.net.client.defaultReadTimeout=10000 Shop
import static java.lang.System.getenv;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.commons.text.StringEscapeUtils.escapeHtml4;
import com.sun.net.httpserver.*;
import farthing.*;
import java.net.*;
import java.util.*;
import java.util.regex.*;

public class Shop {
    static final String TITLE = "Café <Noir> & other tales";
    static final String CONTENT = "The rain had stopped, but nobody in the café had noticed.";
    static final String PROBLEM = "This cannot be sold just now. You have not been charged; please come back later.";
    static final String WSDL = getenv("FARTHING_URL") + "/soap/vendor/1?wsdl", SHOP_URL = getenv("SHOP_URL");

    static String offer() throws Exception {
        InitiateTransaction item = new InitiateTransaction();
        item.setVendorID(getenv("VENDOR_ID"));
        item.setVendorPassword(getenv("VENDOR_PASSWORD"));
        item.setContentURL(SHOP_URL);
        item.setContentTitle(TITLE);
        item.setPrice(new java.math.BigDecimal("0.25")); // from a text, never from a double
        item.setNumberOfDaysToView(30);
        return new Vendor(new URL(WSDL)).getVendorPort().initiateTransaction(item).getBuyHTML();
    }

    static String answer(URI uri, Headers headers) throws Exception {
        if (!uri.getPath().equals(URI.create(SHOP_URL).getPath()))
            return null;
        Matcher id = Pattern.compile("(?:^|&)EncryptedUserID=([^&]*)").matcher(Objects.toString(uri.getRawQuery(), ""));
        if (!id.find())
            return offer();
        LockContent question = new LockContent();
        question.setVendorID(getenv("VENDOR_ID"));
        question.setVendorPassword(getenv("VENDOR_PASSWORD"));
        question.setContentURL(SHOP_URL);
        question.setEncryptedUserID(URLDecoder.decode(id.group(1), UTF_8));
        LockContentResponse access = new Vendor(new URL(WSDL)).getVendorPort().lockContent(question);
        if (!access.isAuthorized() && access.getBuyURL() == null)
            return offer();
        if (!access.isAuthorized()) // BuyURL renews the ID of a buyer and sells to others
            headers.set("Location", access.getBuyURL());
        return access.isAuthorized() ? "<p id='content'>" + escapeHtml4(CONTENT) + "</p>" : "";
    }

    static void handle(HttpExchange exchange) throws java.io.IOException {
        Headers headers = exchange.getResponseHeaders();
        String title = escapeHtml4(TITLE), html = "<p id='problem'>" + PROBLEM + "</p>";
        int status = 503;
        try {
            html = answer(exchange.getRequestURI(), headers);
            status = html == null ? 404 : headers.containsKey("Location") ? 303 : 200;
        } catch (Exception error) {
            System.err.println(error instanceof VendorFaultMessage fault
                ? fault.getFaultInfo().getCode() + " " + fault.getFaultInfo().getCorrelationID() : error);
        }
        headers.putAll(Map.of("Content-Type", List.of("text/html; charset=utf-8"), "Cache-Control",
            List.of("no-store"), "Referrer-Policy", List.of("no-referrer"))); // the address may hold the ID
        byte[] page = String.format("<!DOCTYPE html><html lang='en'><title>%1$s</title><h1>%1$s</h1>%2$s</html>", title,
            html == null ? "<p>There is nothing here.</p>" : html).getBytes(UTF_8);
        exchange.sendResponseHeaders(status, page.length);
        exchange.getResponseBody().write(page);
        exchange.close();
    }

    public static void main(String[] arguments) throws java.io.IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("localhost", Integer.parseInt(getenv("PORT"))), 0);
        server.createContext("/", Shop::handle);
        server.start();
    }
}
