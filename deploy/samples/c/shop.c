/* SPDX-License-Identifier: GPL-3.0-or-later
 * A page that sells one item and shows it to those who have bought it. With Debian's gsoap, libgsoap-dev,
 * libmicrohttpd-dev and libxml2-dev, after exporting FARTHING_URL, SHOP_URL (this page's address, which
 * you have registered, such as http://localhost:8081/), VENDOR_ID and VENDOR_PASSWORD:
 *
 *     wsdl2h -c -e -x -o vendor.h "$FARTHING_URL/soap/vendor/1?wsdl" && soapcpp2 -1 -C -c -L -x vendor.h
 *     gcc -I/usr/include/libxml2 -o shop shop.c soapC.c soapClient.c -lgsoap -lmicrohttpd -lxml2
 *     PORT=8081 ./shop
 */
#include "VendorBinding.nsmap"
#include "soapH.h"
#include <libxml/entities.h>
#include <microhttpd.h>

#define TITLE "Café <Noir> & other tales"
#define CONTENT "<p id='content'>The rain had stopped, but nobody in the café had noticed.</p>"
#define PROBLEM "<p id='problem'>This cannot be sold just now. You have not been charged; please come back later.</p>"
#define PAGE "<!DOCTYPE html><html lang='en'><title>%s</title><h1>%s</h1>%s</html>"

/* The page goes to *html_r, or where to go instead to *target_r; soap owns both. */
static int answer(struct soap *soap, char *id, const char **html_r, const char **target_r)
{
    struct _ns1__Lock_USCOREContent question = {
        getenv("VENDOR_ID"), getenv("VENDOR_PASSWORD"), id, getenv("SHOP_URL"), NULL};
    struct _ns1__Lock_USCOREContentResponse access = {0};
    struct _ns1__InitiateTransaction item = {
        .VendorID = getenv("VENDOR_ID"), .VendorPassword = getenv("VENDOR_PASSWORD"), .ContentTitle = TITLE,
        .Price = "0.25", .ContentURL = getenv("SHOP_URL"), .NumberOfDaysToView = &(int){30}};
    struct _ns1__InitiateTransactionResponse offer = {0};
    char endpoint[2048];
    snprintf(endpoint, sizeof(endpoint), "%s/soap/vendor/1", getenv("FARTHING_URL"));
    if (id != NULL && soap_call___ns1__Lock_USCOREContent(soap, endpoint, NULL, &question, &access))
        return MHD_HTTP_SERVICE_UNAVAILABLE;
    *target_r = access.BuyURL; /* it renews the ID of a buyer and sells to others */
    if (access.Authorized == false_ && *target_r != NULL)
        return MHD_HTTP_SEE_OTHER;
    if (access.Authorized == false_ && soap_call___ns1__InitiateTransaction(soap, endpoint, NULL, &item, &offer))
        return MHD_HTTP_SERVICE_UNAVAILABLE;
    *html_r = access.Authorized == true_ ? CONTENT : offer.BuyHTML;
    return MHD_HTTP_OK;
}

static enum MHD_Result handle(void *closure, struct MHD_Connection *connection, const char *path,
    const char *method, const char *version, const char *data, size_t *size, void **context)
{
    const char *id = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "EncryptedUserID");
    const char *html = "<p>There is nothing here.</p>", *target = NULL;
    struct soap *soap = soap_new1(SOAP_C_UTFSTRING);
    soap->connect_timeout = soap->send_timeout = soap->recv_timeout = 10; /* seconds */
    int status = strcmp(path, "/") ? MHD_HTTP_NOT_FOUND : answer(soap, soap_strdup(soap, id), &html, &target);

    struct SOAP_ENV__Detail *detail = soap->fault == NULL ? NULL : soap->fault->detail;
    if (detail != NULL && detail->ns1__VendorFault != NULL)
        fprintf(stderr, "%s (%s)\n", soap_ns1__FaultCode2s(soap, detail->ns1__VendorFault->Code),
            detail->ns1__VendorFault->CorrelationID);
    else if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
        soap_print_fault(soap, stderr);
    xmlChar *title = xmlEncodeSpecialChars(NULL, BAD_CAST TITLE);
    char *page = NULL;
    int length = asprintf(&page, PAGE, title, title, status == MHD_HTTP_SERVICE_UNAVAILABLE ? PROBLEM : html);
    struct MHD_Response *response = MHD_create_response_from_buffer(length, page, MHD_RESPMEM_MUST_FREE);
    MHD_add_response_header(response, "Content-Type", "text/html; charset=utf-8");
    MHD_add_response_header(response, "Cache-Control", "no-store");
    MHD_add_response_header(response, "Referrer-Policy", "no-referrer"); /* the address may hold the ID */
    MHD_add_response_header(response, "Location", target); /* does nothing when there is none */
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    xmlFree(title);
    soap_destroy(soap), soap_end(soap), soap_free(soap);
    return result;
}

int main(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(getenv("PORT"))),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    return MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, handle, NULL, MHD_OPTION_SOCK_ADDR,
        &address, MHD_OPTION_END) == NULL ? 1 : pause();
}
