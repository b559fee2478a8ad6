/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "soap_double.h"

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES (4 << 20)

struct service_double service_double;
struct answered answered;

static xmlDocPtr schema_document;
static xmlSchemaPtr schema;

/* What is asked must outlive the call: it is copied to its arena. */
void double_keep(struct call *call, const char **text)
{
    *text = arena_strdup(call->arena, *text);
}

enum ft_error double_outcome(struct call *call)
{
    service_double.calls++;
    if (service_double.error == FT_INVALID_PARAMETER)
        return call_invalid(call, service_double.parameter, service_double.rule,
                            service_double.value);
    return service_double.error;
}

enum ft_error service_purchase_initiate(struct service *service, struct call *call,
                                        const struct purchase_initiate_request *request,
                                        struct purchase_initiate_answer *answer_r)
{
    (void)service;
    struct purchase_initiate_request *kept = &service_double.initiate;
    *kept = *request;
    double_keep(call, &kept->vendor.vendor_id);
    double_keep(call, &kept->vendor.password);
    double_keep(call, &kept->offer.title);
    double_keep(call, &kept->offer.content_url);
    double_keep(call, &kept->offer.vendor_content_id);
    double_keep(call, &kept->offer.incentive_ids);
    double_keep(call, &kept->offer.description);
    double_keep(call, &kept->optional_data);
    double_keep(call, &kept->request_id);
    *answer_r = service_double.initiate_answer;
    return double_outcome(call);
}

enum ft_error service_license_lock_content(struct service *service, struct call *call,
                                           const struct license_lock_request *request,
                                           struct license_lock_answer *answer_r)
{
    (void)service;
    struct license_lock_request *kept = &service_double.lock;
    *kept = *request;
    double_keep(call, &kept->vendor.vendor_id);
    double_keep(call, &kept->vendor.password);
    double_keep(call, &kept->encrypted_user_id);
    double_keep(call, &kept->content_url);
    double_keep(call, &kept->request_id);
    *answer_r = service_double.lock_answer;
    return double_outcome(call);
}

static xmlNodePtr find(xmlNodePtr node, const char *namespace_name, const char *name)
{
    for (; node != NULL; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        bool same = strcmp((const char *)node->name, name) == 0;
        const char *found = node->ns != NULL ? (const char *)node->ns->href : "";
        if (same && strcmp(found, namespace_name) == 0)
            return node;
        xmlNodePtr below = find(node->children, namespace_name, name);
        if (below != NULL)
            return below;
    }
    return NULL;
}

static void load_schema(void)
{
    xmlDocPtr wsdl = xmlReadFile(TOP_SRCDIR "/wsdl/vendor-1.wsdl", NULL, XML_PARSE_NONET);
    assert_non_null(wsdl);
    xmlNodePtr root =
        find(xmlDocGetRootElement(wsdl), "http://www.w3.org/2001/XMLSchema", "schema");
    assert_non_null(root);
    schema_document = xmlNewDoc(BAD_CAST "1.0");
    xmlDocSetRootElement(schema_document, xmlDocCopyNode(root, schema_document, 1));
    xmlFreeDoc(wsdl);
    xmlSchemaParserCtxtPtr parser = xmlSchemaNewDocParserCtxt(schema_document);
    schema = xmlSchemaParse(parser);
    xmlSchemaFreeParserCtxt(parser);
    assert_non_null(schema);
}

int soap_double_setup(void **state)
{
    (void)state;
    if (schema == NULL)
        load_schema();
    service_double = (struct service_double){
        .initiate_answer = {.message = "The transaction waits for its buyer.",
                            .transaction_id = TRANSACTION,
                            .buy_url = "https://msp.example/buy/" TRANSACTION,
                            .buy_html = "<a href=\"https://msp.example/buy/\">Buy & read</a>",
                            .expires_at = 1795324511000000LL},
        .lock_answer = {.message = "The user has access.",
                        .license = {.reason = LICENSE_OK, .views_left = -1}},
    };
    return 0;
}

static void forget(void)
{
    xmlFreeDoc(answered.document);
    arena_free(answered.arena);
    answered = (struct answered){0};
}

int soap_double_teardown(void **state)
{
    (void)state;
    forget();
    xmlSchemaFree(schema);
    xmlFreeDoc(schema_document);
    schema = NULL;
    return 0;
}

static void assert_valid(xmlNodePtr node)
{
    xmlSchemaValidCtxtPtr context = xmlSchemaNewValidCtxt(schema);
    assert_int_equal(xmlSchemaValidateOneElement(context, node), 0);
    xmlSchemaFreeValidCtxt(context);
}

static void read_fault(xmlNodePtr fault)
{
    const char *soap = answered.version == 2 ? SOAP12 : "";
    xmlNodePtr code = find(fault->children, soap, answered.version == 2 ? "Value" : "faultcode");
    xmlNodePtr text = find(fault->children, soap, answered.version == 2 ? "Text" : "faultstring");
    assert_non_null(code);
    assert_non_null(text);
    const char *name = (const char *)code->children->content;
    assert_non_null(strchr(name, ':'));
    answered.code = strchr(name, ':') + 1;
    answered.sentence = (const char *)text->children->content;
    answered.payload = find(fault->children, VENDOR, "VendorFault");
}

void ask_bytes(const void *body, size_t bytes, const char *content_type)
{
    forget();
    answered.arena = arena_new(ARENA_BYTES);
    answered.call = (struct call){
        .arena = answered.arena, .correlation_id = "req-7", .remote_address = "192.0.2.7"};
    /* A copy of exactly this size, so that a sanitizer sees any read past its end. */
    char *copy = body != NULL ? malloc(bytes > 0 ? bytes : 1) : NULL;
    if (bytes > 0)
        memcpy(copy, body, bytes);
    struct soap_exchange *exchange = &answered.exchange;
    *exchange =
        (struct soap_exchange){.body = copy, .body_bytes = bytes, .content_type = content_type};
    soap_answer(NULL, &answered.call, exchange);
    free(copy);

    assert_non_null(exchange->answer);
    assert_non_null(exchange->outcome);
    answered.document = xmlReadMemory(exchange->answer, (int)exchange->answer_bytes, NULL, NULL,
                                      XML_PARSE_NONET | XML_PARSE_HUGE);
    assert_non_null(answered.document);
    xmlNodePtr root = xmlDocGetRootElement(answered.document);
    assert_string_equal(root->name, "Envelope");
    answered.version = strcmp((const char *)root->ns->href, SOAP12) == 0 ? 2 : 1;
    const char *soap = answered.version == 2 ? SOAP12 : SOAP11;
    assert_string_equal(root->ns->href, soap);
    assert_string_equal(exchange->answer_type, answered.version == 2
                                                   ? "application/soap+xml; charset=utf-8"
                                                   : "text/xml; charset=utf-8");
    xmlNodePtr body_node = find(root->children, soap, "Body");
    assert_non_null(body_node);
    xmlNodePtr fault = find(body_node->children, soap, "Fault");
    answered.is_fault = fault != NULL;
    if (fault != NULL)
        read_fault(fault);
    else
        answered.payload = xmlFirstElementChild(body_node);
    assert_int_equal(exchange->status == 200, !answered.is_fault);
    if (answered.payload != NULL)
        assert_valid(answered.payload);
}

void ask_envelope(int version, const char *header, const char *content)
{
    char *text;
    int bytes = asprintf(&text,
                         "<e:Envelope xmlns:e=\"%s\" xmlns:v=\"" VENDOR "\""
                         " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
                         " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">"
                         "%s<e:Body>%s</e:Body></e:Envelope>",
                         version == 2 ? SOAP12 : SOAP11, header, content);
    assert_true(bytes > 0);
    ask_bytes(text, (size_t)bytes, version == 2 ? "application/soap+xml" : "text/xml");
    free(text);
}

void ask(int version, const char *operation, const char *parameters)
{
    char *text;
    assert_true(asprintf(&text, "<v:%s>%s</v:%s>", operation, parameters, operation) > 0);
    ask_envelope(version, "", text);
    free(text);
    assert_int_equal(answered.version, version);
    assert_string_equal(answered.exchange.operation, operation);
}

const char *field(const char *name)
{
    assert_non_null(answered.payload);
    xmlNodePtr node = find(answered.payload->children, VENDOR, name);
    if (node == NULL)
        return NULL;
    return node->children != NULL ? (const char *)node->children->content : "";
}

void assert_refused(const char *code, const char *parameter)
{
    assert_true(answered.is_fault);
    assert_non_null(answered.payload);
    assert_string_equal(field("Code"), code);
    assert_string_equal(answered.exchange.outcome, code);
    assert_string_equal(field("CorrelationID"), "req-7");
    assert_string_equal(field("Message"), answered.sentence);
    bool retry = strcmp(field("Retry"), "true") == 0;
    if (answered.version == 2) {
        assert_string_equal(answered.code, retry ? "Receiver" : "Sender");
        assert_int_equal(answered.exchange.status, retry ? 500 : 400);
    } else {
        assert_string_equal(answered.code, retry ? "Server" : "Client");
        assert_int_equal(answered.exchange.status, 500);
    }
    if (parameter != NULL && strncmp(answered.sentence, parameter, strlen(parameter)) != 0)
        fail_msg("%s is not named: %s", parameter, answered.sentence);
}

void assert_answered(void)
{
    if (answered.is_fault)
        fail_msg("a fault: %s", answered.sentence);
}

const char *initiate_with(char *buffer, size_t capacity, const char *name, const char *element)
{
    static const char *const parameters[][2] = {
        {"VendorID", "1001"},
        {"VendorPassword", "secret"},
        {"ContentTitle", "News"},
        {"Price", "0.05"},
        {"ContentURL", "https://shop.example/news/1"},
        {"IsPost", "false"},
    };
    FILE *stream = fmemopen(buffer, capacity, "w");
    assert_non_null(stream);
    bool replaced = false;
    for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++) {
        const char *own = parameters[i][0];
        bool same = strcmp(own, name) == 0;
        replaced = replaced || same;
        if (same)
            fputs(element, stream);
        else
            fprintf(stream, "<v:%s>%s</v:%s>", own, parameters[i][1], own);
    }
    if (!replaced)
        fputs(element, stream);
    assert_int_equal(fclose(stream), 0);
    return buffer;
}
