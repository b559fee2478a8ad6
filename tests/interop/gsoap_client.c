/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gSOAP: calls what each line of standard input says; see clients.py. Requests and answers are the
 * structures of the stub, read from XML and written as XML by the code that soapcpp2 made of them.
 */

#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "VendorBinding.nsmap"
#include "soapH.h"

static const char *endpoint;
static struct soap *soap;

/* The answer's XML, which soap owns; NULL with soap->error. */
#define OPERATION(stub)                                                                  \
    static const char *call_##stub(const char *xml)                                      \
    {                                                                                    \
        struct _ns1__##stub request;                                                     \
        struct _ns1__##stub##Response answer = {0};                                      \
        const char *said = NULL;                                                         \
                                                                                         \
        soap->is = xml;                                                                  \
        if (soap_read__ns1__##stub(soap, &request) != SOAP_OK)                           \
            return NULL;                                                                 \
        soap->is = NULL;                                                                 \
        if (soap_call___ns1__##stub(soap, endpoint, NULL, &request, &answer) != SOAP_OK) \
            return NULL;                                                                 \
        soap->os = &said;                                                                \
        soap_write__ns1__##stub##Response(soap, &answer);                                \
        soap->os = NULL;                                                                 \
        return said;                                                                     \
    }

OPERATION(InitiateTransaction)
OPERATION(Lock_USCOREContent)
OPERATION(GetTransaction)
OPERATION(RefundTransaction)
OPERATION(ListTransactions)
OPERATION(InitiateCheckout)
OPERATION(GetAccount)
OPERATION(ListSettlements)
OPERATION(IssueIncentive)
OPERATION(SetContentOwners)
OPERATION(ChangePassword)

static const struct {
    const char *name;
    const char *(*call)(const char *xml);
} operations[] = {
    {"InitiateTransaction", call_InitiateTransaction},
    {"Lock_Content", call_Lock_USCOREContent},
    {"GetTransaction", call_GetTransaction},
    {"RefundTransaction", call_RefundTransaction},
    {"ListTransactions", call_ListTransactions},
    {"InitiateCheckout", call_InitiateCheckout},
    {"GetAccount", call_GetAccount},
    {"ListSettlements", call_ListSettlements},
    {"IssueIncentive", call_IssueIncentive},
    {"SetContentOwners", call_SetContentOwners},
    {"ChangePassword", call_ChangePassword},
};

static void write_field(xmlTextWriter *writer, const char *name, json_t *value);

static void write_fields(xmlTextWriter *writer, json_t *fields)
{
    const char *name;
    json_t *value;

    json_object_foreach(fields, name, value) write_field(writer, name, value);
}

/* What is null is left out: C's nothing is NULL. */
static void write_field(xmlTextWriter *writer, const char *name, json_t *value)
{
    json_t *inner;
    char *text;
    size_t i;

    if (json_is_array(value)) {
        json_array_foreach(value, i, inner) write_field(writer, name, inner);
    } else if (json_is_object(value)) {
        xmlTextWriterStartElement(writer, BAD_CAST name);
        write_fields(writer, value);
        xmlTextWriterEndElement(writer);
    } else if (json_is_string(value)) {
        xmlTextWriterWriteElement(writer, BAD_CAST name, BAD_CAST json_string_value(value));
    } else if (!json_is_null(value)) {
        text = json_dumps(value, JSON_ENCODE_ANY);
        xmlTextWriterWriteElement(writer, BAD_CAST name, BAD_CAST text);
        free(text);
    }
}

/* An element's text; or its fields, those that come more than once as lists. */
static json_t *plain(xmlNode *element)
{
    xmlNode *child = xmlFirstElementChild(element);
    xmlChar *text = NULL;
    json_t *value;
    json_t *before;

    if (child == NULL) {
        text = xmlNodeGetContent(element);
        value = json_string((const char *)text);
        xmlFree(text);
        return value;
    }
    value = json_object();
    for (; child != NULL; child = xmlNextElementSibling(child)) {
        before = json_object_get(value, (const char *)child->name);
        if (before == NULL)
            json_object_set_new(value, (const char *)child->name, plain(child));
        else if (json_is_array(before))
            json_array_append_new(before, plain(child));
        else
            json_object_set_new(value, (const char *)child->name,
                                json_pack("[O, o]", before, plain(child)));
    }
    return value;
}

static json_t *answer_of(const char *xml)
{
    xmlDoc *document = xmlReadMemory(xml, (int)strlen(xml), "answer", NULL, 0);
    json_t *answer = plain(xmlDocGetRootElement(document));

    xmlFreeDoc(document);
    return json_pack("{s:o}", "answer", answer);
}

static json_t *fault(void)
{
    struct SOAP_ENV__Detail *detail = NULL;
    struct ns1__FaultDetail *why;

    soap_set_fault(soap);
    if (soap->fault != NULL)
        detail = soap->version == 2 ? soap->fault->SOAP_ENV__Detail : soap->fault->detail;
    why = detail == NULL ? NULL : detail->ns1__VendorFault;
    if (why == NULL)
        return json_pack("{s:s}", "error", *soap_faultstring(soap));
    return json_pack("{s:{s:s, s:s, s:s, s:b}}", "fault", "Code",
                     soap_ns1__FaultCode2s(soap, why->Code), "Message", why->Message,
                     "CorrelationID", why->CorrelationID, "Retry", why->Retry == true_);
}

static json_t *call(const json_t *line)
{
    const char *name = json_string_value(json_object_get(line, "operation"));
    json_t *given = json_object_get(line, "parameters");
    xmlBuffer *request = xmlBufferCreate();
    xmlTextWriter *writer = xmlNewTextWriterMemory(request, 0);
    const char *xml = NULL;
    size_t i = 0;

    xmlTextWriterStartElementNS(writer, NULL, BAD_CAST name, BAD_CAST "urn:farthing:vendor:1");
    write_fields(writer, given);
    xmlTextWriterEndElement(writer);
    xmlFreeTextWriter(writer);
    while (strcmp(operations[i].name, name) != 0)
        i++;
    xml = operations[i].call((const char *)xmlBufferContent(request));
    xmlBufferFree(request);
    return xml == NULL ? fault() : answer_of(xml);
}

int main(void)
{
    json_t *line;
    json_t *said;

    endpoint = getenv("FARTHING_ENDPOINT");
    soap = soap_new1(SOAP_C_UTFSTRING);
    soap->connect_timeout = soap->send_timeout = soap->recv_timeout = 60; /* seconds */
    while ((line = json_loadf(stdin, JSON_DISABLE_EOF_CHECK, NULL)) != NULL) {
        said = call(line);
        json_dumpf(said, stdout, JSON_COMPACT);
        puts("");
        fflush(stdout);
        json_decref(said);
        json_decref(line);
        soap_destroy(soap);
        soap_end(soap);
    }
    soap_free(soap);
    return 0;
}
