/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The WSDL as it is served, and the contract's rules of style for it. */
#include "soap_double.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <stdio.h>
#include <string.h>

#include "soap/fault.h"
#include "soap/parameter.h"

#define WSDL_PATH TOP_SRCDIR "/wsdl/vendor-1.wsdl"

static xmlDocPtr document;
static xmlXPathContextPtr context;

static void open_text(const char *text)
{
    static const char *const names[][2] = {{"wsdl", "http://schemas.xmlsoap.org/wsdl/"},
                                           {"soap", "http://schemas.xmlsoap.org/wsdl/soap/"},
                                           {"soap12", "http://schemas.xmlsoap.org/wsdl/soap12/"},
                                           {"xs", "http://www.w3.org/2001/XMLSchema"}};
    document = xmlReadMemory(text, (int)strlen(text), NULL, NULL, XML_PARSE_NONET);
    assert_non_null(document);
    context = xmlXPathNewContext(document);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        xmlXPathRegisterNs(context, (const xmlChar *)names[i][0], (const xmlChar *)names[i][1]);
}

static void close_text(void)
{
    xmlXPathFreeContext(context);
    xmlFreeDoc(document);
}

static int count(const char *path)
{
    xmlXPathObjectPtr found = xmlXPathEval((const xmlChar *)path, context);
    assert_non_null(found);
    int nodes = found->nodesetval != NULL ? found->nodesetval->nodeNr : 0;
    xmlXPathFreeObject(found);
    return nodes;
}

/* Calls check for the text of each attribute that path finds. */
static void each(const char *path, void (*check)(const char *text))
{
    xmlXPathObjectPtr found = xmlXPathEval((const xmlChar *)path, context);
    assert_non_null(found);
    assert_false(xmlXPathNodeSetIsEmpty(found->nodesetval));
    for (int i = 0; i < found->nodesetval->nodeNr; i++)
        check((const char *)found->nodesetval->nodeTab[i]->children->content);
    xmlXPathFreeObject(found);
}

static void served_wsdl_has_one_port(void **state)
{
    (void)state;
    struct soap_wsdl wsdl;
    assert_true(soap_wsdl_load(WSDL_PATH, "https://msp.example", &wsdl));
    open_text(wsdl.soap11);
    assert_int_equal(count("//wsdl:port"), 1);
    assert_int_equal(count("//wsdl:binding"), 1);
    assert_int_equal(count("//soap12:*"), 0);
    assert_int_equal(
        count("//wsdl:port/soap:address[@location='https://msp.example/soap/vendor/1']"), 1);
    close_text();
    open_text(wsdl.both);
    assert_int_equal(count("//wsdl:port"), 2);
    assert_int_equal(count("//wsdl:binding"), 2);
    assert_int_equal(count("//wsdl:port/*[@location='https://msp.example/soap/vendor/1']"), 2);
    close_text();
    soap_wsdl_free(&wsdl);
}

static void missing_or_foreign_file_is_refused(void **state)
{
    (void)state;
    struct soap_wsdl wsdl;
    assert_false(soap_wsdl_load(TOP_SRCDIR "/wsdl/vendor-0.wsdl", "http://a", &wsdl));
    assert_null(wsdl.both);
    assert_false(soap_wsdl_load(TOP_SRCDIR "/wsdl/typemap.dat", "http://a", &wsdl));
    assert_null(wsdl.soap11);
    soap_wsdl_free(&wsdl);
}

static void same_in_request_and_response(const char *operation)
{
    char path[512];
    snprintf(path, sizeof(path),
             "//xs:element[@name='%s']//xs:element[@name = "
             "//xs:element[@name='%sResponse']//xs:element/@name]",
             operation, operation);
    assert_int_equal(count(path), 0);
    snprintf(path, sizeof(path), "//xs:schema/xs:element[@name='%s' or @name='%sResponse']",
             operation, operation);
    assert_int_equal(count(path), 2);
    snprintf(path, sizeof(path), "//wsdl:binding/wsdl:operation[@name='%s']", operation);
    assert_int_equal(count(path), 2);
}

static void style_suits_every_client(void **state)
{
    (void)state;
    struct soap_wsdl wsdl;
    assert_true(soap_wsdl_load(WSDL_PATH, "http://localhost", &wsdl));
    open_text(wsdl.both);
    assert_int_equal(count("//xs:any|//xs:anyAttribute|//xs:choice|//xs:group|//xs:all"), 0);
    assert_int_equal(count("//xs:attribute|//xs:import|//xs:include|//wsdl:import"), 0);
    assert_int_equal(count("//xs:*[@nillable]|//*[@type='xs:anyURI']"), 0);
    /* What repeats is alone in an element of its own. */
    assert_int_equal(count("//xs:element[@maxOccurs][count(../*) != 1]"), 0);
    assert_int_equal(
        count("//wsdl:part[not(@element)]|//*[@use!='literal']|//*[@style!='document']"), 0);
    assert_int_equal(count("/wsdl:definitions[@targetNamespace='" VENDOR "']"), 1);
    assert_int_equal(
        count("//xs:schema[@targetNamespace='" VENDOR "' and @elementFormDefault='qualified']"), 1);
    each("//wsdl:portType/wsdl:operation/@name", same_in_request_and_response);
    /* Message, element and type of the fault have three names. */
    assert_int_equal(
        count("//wsdl:message[@name='VendorFault']|//xs:complexType[@name='VendorFault']"
              "|//xs:complexType[@name=//wsdl:message/@name]"),
        0);
    assert_int_equal(count("//xs:schema/xs:element[@name='VendorFault']"), 1);
    close_text();
    soap_wsdl_free(&wsdl);
}

static void rule_names_facets(const char *name)
{
    const struct parameter *parameter = parameter_find(name);
    if (parameter == NULL)
        fail_msg("no rule for %s", name);
    char path[512];
    snprintf(path, sizeof(path),
             "//xs:simpleType[concat('tns:', @name) = //xs:element[@name='%s']/@type]//*[self::"
             "xs:maxLength or self::xs:maxInclusive or self::xs:minInclusive or "
             "self::xs:minExclusive or self::xs:fractionDigits]/@value",
             name);
    xmlXPathObjectPtr found = xmlXPathEval((const xmlChar *)path, context);
    for (int i = 0; found->nodesetval != NULL && i < found->nodesetval->nodeNr; i++) {
        const char *value = (const char *)found->nodesetval->nodeTab[i]->children->content;
        if (strstr(parameter->rule, value) == NULL)
            fail_msg("the rule for %s lacks %s: %s", name, value, parameter->rule);
    }
    xmlXPathFreeObject(found);
}

static void is_fault_code(const char *name)
{
    for (int error = FT_OK + 1; error < FT_ERROR_COUNT; error++)
        if (strcmp(fault_code((enum ft_error)error), name) == 0)
            return;
    fail_msg("%s is never said", name);
}

static void is_reason(const char *name)
{
    static const char *const reasons[] = {
#define REASON_NAME(name) #name,
        LICENSE_REASONS(REASON_NAME)};
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        if (strcmp(reasons[i], name) == 0)
            return;
    fail_msg("%s is never said", name);
}

static void words_of_the_schema_are_those_of_the_code(void **state)
{
    (void)state;
    struct soap_wsdl wsdl;
    assert_true(soap_wsdl_load(WSDL_PATH, "http://localhost", &wsdl));
    open_text(wsdl.both);
    each("//xs:element[@name = //wsdl:portType/wsdl:operation/@name]//xs:element/@name",
         rule_names_facets);
    each("//xs:complexType[@name='OwnerList' or @name='OwnerRecord']//xs:element/@name",
         rule_names_facets);
    each("//xs:simpleType[@name='FaultCode']//xs:enumeration/@value", is_fault_code);
    each("//xs:simpleType[@name='AccessReason']//xs:enumeration/@value", is_reason);
    close_text();
    soap_wsdl_free(&wsdl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(served_wsdl_has_one_port),
        cmocka_unit_test(missing_or_foreign_file_is_refused),
        cmocka_unit_test(style_suits_every_client),
        cmocka_unit_test(words_of_the_schema_are_those_of_the_code),
    };
    return cmocka_run_group_tests_name("soap_wsdl", tests, NULL, NULL);
}
