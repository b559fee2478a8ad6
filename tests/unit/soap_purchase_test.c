/* SPDX-License-Identifier: GPL-3.0-or-later */
/* InitiateTransaction on the wire (V1): what a vendor says is what the service hears. */
#include "soap_double.h"

#include <stdio.h>
#include <string.h>

static void initiate(const char *name, const char *element)
{
    static char parameters[128 << 10];
    ask(1, "InitiateTransaction", initiate_with(parameters, sizeof(parameters), name, element));
}

/* The parameter called name with this text. */
static void initiate_text(const char *name, const char *text)
{
    static char element[64 << 10];
    snprintf(element, sizeof(element), "<v:%s>%s</v:%s>", name, text, name);
    initiate(name, element);
}

static const char *heard(const char *name)
{
    const struct purchase_initiate_request *request = &service_double.initiate;
    const struct {
        const char *name;
        const char *text;
    } texts[] = {
        {"VendorID", request->vendor.vendor_id},
        {"VendorPassword", request->vendor.password},
        {"ContentTitle", request->offer.title},
        {"ContentURL", request->offer.content_url},
        {"VendorContentID", request->offer.vendor_content_id},
        {"IncentiveIDs", request->offer.incentive_ids},
        {"ShortDescription", request->offer.description},
        {"OptionalData", request->optional_data},
        {"RequestID", request->request_id},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (strcmp(texts[i].name, name) == 0)
            return texts[i].text;
    fail_msg("no parameter %s", name);
    return NULL;
}

static void every_parameter_arrives(void **state)
{
    (void)state;
    for (int version = 1; version <= 2; version++) {
        ask(version, "InitiateTransaction",
            "<v:VendorID>1001</v:VendorID><v:VendorPassword>&lt;p&amp;w&gt;</v:VendorPassword>"
            "<v:ContentTitle>Fünf Lieder €5 🎵</v:ContentTitle><v:Price>2.500001</v:Price>"
            "<v:ContentURL>https://shop.example/a?b=1&amp;c=2</v:ContentURL>"
            "<v:IsPost>true</v:IsPost><v:VendorContentID>song-7</v:VendorContentID>"
            "<v:NumberOfTimesToView>5</v:NumberOfTimesToView>"
            "<v:AbsoluteExpTime>2026-11-22T06:15:11.5+01:00</v:AbsoluteExpTime>"
            "<v:NumberOfDaysToView>2</v:NumberOfDaysToView>"
            "<v:NumberOfHoursToView>3</v:NumberOfHoursToView>"
            "<v:IncentiveIDs>-1</v:IncentiveIDs><v:ShortDescription>A "
            "\"song\"\n</v:ShortDescription>"
            "<v:OptionalData> a=b </v:OptionalData><v:RequestID>r-1</v:RequestID>");
        assert_answered();
        assert_string_equal(answered.exchange.outcome, "OK");
        const struct purchase_initiate_request *request = &service_double.initiate;
        assert_string_equal(heard("VendorID"), "1001");
        assert_string_equal(heard("VendorPassword"), "<p&w>");
        assert_string_equal(heard("ContentTitle"), "Fünf Lieder €5 🎵");
        assert_int_equal(request->offer.price, 2500001);
        assert_string_equal(heard("ContentURL"), "https://shop.example/a?b=1&c=2");
        assert_true(request->offer.is_post);
        assert_string_equal(heard("VendorContentID"), "song-7");
        assert_int_equal(request->offer.views, 5);
        assert_int_equal(request->offer.absolute_expiry, 1795324511500000LL);
        assert_int_equal(request->offer.valid_hours, 51);
        assert_string_equal(heard("IncentiveIDs"), "-1");
        assert_string_equal(heard("ShortDescription"), "A \"song\"\n");
        assert_string_equal(heard("OptionalData"), " a=b ");
        assert_string_equal(heard("RequestID"), "r-1");
    }
}

static void answer_has_every_element(void **state)
{
    (void)state;
    initiate("", "");
    assert_answered();
    assert_string_equal(field("Message"), "The transaction waits for its buyer.");
    assert_string_equal(field("TransactionID"), TRANSACTION);
    assert_string_equal(field("BuyURL"), "https://msp.example/buy/" TRANSACTION);
    assert_string_equal(field("BuyHTML"), "<a href=\"https://msp.example/buy/\">Buy & read</a>");
    assert_string_equal(field("ExpiresAt"), "2026-11-22T05:15:11Z");
}

static void long_answer_is_whole(void **state)
{
    (void)state;
    static char html[200 << 10];
    memset(html, '&', sizeof(html) - 1);
    service_double.initiate_answer.buy_html = html;
    initiate("", "");
    assert_answered();
    assert_string_equal(field("BuyHTML"), html);
}

static const char *const optional_texts[] = {"VendorContentID", "IncentiveIDs", "ShortDescription",
                                             "OptionalData", "RequestID"};
static const char *const optional_values[] = {"NumberOfTimesToView", "AbsoluteExpTime",
                                              "NumberOfDaysToView", "NumberOfHoursToView"};

static void absent_empty_and_nil_are_the_same(void **state)
{
    (void)state;
    static const char *const forms[] = {"", "<v:%s/>", "<v:%s></v:%s>", "<v:%s xsi:nil=\"true\"/>",
                                        "<v:%s xsi:nil=\"1\"></v:%s>"};
    char element[256];
    for (size_t form = 0; form < sizeof(forms) / sizeof(forms[0]); form++) {
        for (size_t i = 0; i < sizeof(optional_texts) / sizeof(optional_texts[0]); i++) {
            const char *name = optional_texts[i];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            snprintf(element, sizeof(element), forms[form], name, name);
#pragma GCC diagnostic pop
            initiate(name, element);
            assert_answered();
            assert_true(heard(name) == NULL || heard(name)[0] == '\0');
        }
    }
}

static void nil_value_is_as_absent(void **state)
{
    (void)state;
    char element[256];
    for (size_t i = 0; i < sizeof(optional_values) / sizeof(optional_values[0]); i++) {
        snprintf(element, sizeof(element), "<v:%s xsi:nil=\"true\"/>", optional_values[i]);
        initiate(optional_values[i], element);
        assert_answered();
        const struct purchase_offer *offer = &service_double.initiate.offer;
        assert_int_equal(offer->views, 0);
        assert_int_equal(offer->absolute_expiry, 0);
        assert_int_equal(offer->valid_hours, 0);
        initiate_text(optional_values[i], "");
        assert_refused("INVALID_PARAMETER", optional_values[i]);
    }
}

static void prices_are_exact(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        money_t amount;
    } prices[] = {
        {"0.000001", 1},
        {"0.0005", 500},
        {"1000000", 1000000000000LL},
        {"1000000.000000", 1000000000000LL},
        {"2.5", 2500000},
        {"+0.50", 500000},
        {".5", 500000},
        {"5.", 5000000},
        {"007.2500000", 7250000},
        {" 0.5\n", 500000},
        {"<![CDATA[0.5]]>", 500000},
        {"0.<!-- -->5", 500000},
        {"&#48;.5", 500000},
        {"0.1", 100000},
        {"999999.999999", 999999999999LL},
    };
    for (size_t i = 0; i < sizeof(prices) / sizeof(prices[0]); i++) {
        initiate_text("Price", prices[i].text);
        assert_answered();
        assert_int_equal(service_double.initiate.offer.price, prices[i].amount);
    }
}

static void days_and_hours_do_not_overflow(void **state)
{
    (void)state;
    initiate("", "<v:NumberOfDaysToView>2147483647</v:NumberOfDaysToView>"
                 "<v:NumberOfHoursToView>2147483647</v:NumberOfHoursToView>");
    assert_answered();
    assert_int_equal(service_double.initiate.offer.valid_hours, 2147483647LL * 25);
}

static void wrong_values_are_refused_by_name(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"Price", "0"},
        {"Price", "0.0"},
        {"Price", "-1"},
        {"Price", "0.0000001"},
        {"Price", "1000000.000001"},
        {"Price", "1e-5"},
        {"Price", "1.0E-5"},
        {"Price", "1,5"},
        {"Price", "NaN"},
        {"Price", "INF"},
        {"Price", "0x10"},
        {"Price", ""},
        {"Price", "1 2"},
        {"Price", "99999999999999999999999999999999999999"},
        {"Price", "&#x131;"},
        {"Price", "9223372036854775808"},
        {"Price", "<v:a/>1"},
        {"Price", "1<v:a/>"},
        {"ContentURL", ""},
        {"ContentURL", "ftp://example.org/"},
        {"ContentURL", "http://"},
        {"ContentURL", "/items/1"},
        {"ContentURL", "javascript:alert(1)"},
        {"IsPost", ""},
        {"IsPost", "maybe"},
        {"IsPost", "2"},
        {"IsPost", "yes"},
        {"IsPost", "TRUE"},
        {"NumberOfTimesToView", "0"},
        {"NumberOfTimesToView", "-3"},
        {"NumberOfTimesToView", "1.5"},
        {"NumberOfTimesToView", "many"},
        {"NumberOfTimesToView", "2147483648"},
        {"NumberOfTimesToView", "99999999999999999999999"},
        {"NumberOfTimesToView", "1e3"},
        {"NumberOfDaysToView", "0"},
        {"NumberOfDaysToView", "week"},
        {"NumberOfHoursToView", "0"},
        {"NumberOfHoursToView", "-1"},
        {"NumberOfHoursToView", "&#x131;"},
        {"AbsoluteExpTime", "2031-01-01T00:00:00"},
        {"AbsoluteExpTime", "2031-02-30T00:00:00Z"},
        {"AbsoluteExpTime", "2031-01-01"},
        {"AbsoluteExpTime", "soon"},
        {"AbsoluteExpTime", "2031-01-01T25:00:00Z"},
        {"AbsoluteExpTime", "1970-01-01T00:00:00Z"},
        {"AbsoluteExpTime", "1969-12-31T23:59:59Z"},
        {"AbsoluteExpTime", "1767225600"},
        {"VendorID", ""},
        {"VendorPassword", ""},
        {"ContentTitle", ""},
        {"ContentTitle", "a<b>c</b>"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        service_double.calls = 0;
        initiate_text(wrong[i][0], wrong[i][1]);
        if (!answered.is_fault)
            fail_msg("%s: %s was accepted", wrong[i][0], wrong[i][1]);
        assert_refused("INVALID_PARAMETER", wrong[i][0]);
        assert_int_equal(service_double.calls, 0);
    }
}

static void lengths_count_characters(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t max;
    } texts[] = {{"VendorID", 64},         {"VendorPassword", 128}, {"ContentTitle", 200},
                 {"VendorContentID", 128}, {"RequestID", 64},       {"ShortDescription", 1000},
                 {"OptionalData", 4096}};
    static char text[16 << 10];
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        text[0] = '\0';
        for (size_t c = 0; c < texts[i].max; c++)
            memcpy(text + 3 * c, "€", sizeof("€"));
        initiate_text(texts[i].name, text);
        assert_answered();
        assert_string_equal(heard(texts[i].name), text);
        strcat(text, "x");
        initiate_text(texts[i].name, text);
        assert_refused("INVALID_PARAMETER", texts[i].name);
    }
}

static void missing_parameter_is_named(void **state)
{
    (void)state;
    static const char *const required[] = {"VendorID", "VendorPassword", "ContentTitle",
                                           "Price",    "ContentURL",     "IsPost"};
    char element[128];
    for (size_t i = 0; i < sizeof(required) / sizeof(required[0]); i++) {
        initiate(required[i], "");
        assert_refused("INVALID_PARAMETER", required[i]);
        snprintf(element, sizeof(element), "<v:%s xsi:nil=\"true\"/>", required[i]);
        initiate(required[i], element);
        assert_refused("INVALID_PARAMETER", required[i]);
    }
    ask(1, "InitiateTransaction", "");
    assert_refused("INVALID_PARAMETER", "VendorID");
    assert_int_equal(service_double.calls, 0);
}

static void foreign_type_is_refused(void **state)
{
    (void)state;
    static const char *const fits[] = {"xsd:string", "v:Title"};
    static const char *const foreign[] = {"xsd:base64Binary", "xsd:int",  "v:Description",
                                          "string",           "x:string", "xsd:anyURI"};
    char element[256];
    for (size_t i = 0; i < sizeof(fits) / sizeof(fits[0]); i++) {
        snprintf(element, sizeof(element), "<v:ContentTitle xsi:type=\"%s\">dA==</v:ContentTitle>",
                 fits[i]);
        initiate("ContentTitle", element);
        assert_answered();
        assert_string_equal(heard("ContentTitle"), "dA==");
    }
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
        snprintf(element, sizeof(element), "<v:ContentTitle xsi:type=\"%s\">dA==</v:ContentTitle>",
                 foreign[i]);
        initiate("ContentTitle", element);
        assert_refused("INVALID_PARAMETER", "ContentTitle");
    }
    initiate("Price", "<v:Price xsi:type=\"xsd:decimal\">1</v:Price>");
    assert_answered();
    static const char *const values[][2] = {{"Price", "float"},
                                            {"Price", "double"},
                                            {"Price", "string"},
                                            {"IsPost", "int"},
                                            {"NumberOfTimesToView", "string"},
                                            {"AbsoluteExpTime", "date"}};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        snprintf(element, sizeof(element), "<v:%s xsi:type=\"xsd:%s\">1</v:%s>", values[i][0],
                 values[i][1], values[i][0]);
        initiate(values[i][0], element);
        assert_refused("INVALID_PARAMETER", values[i][0]);
    }
}

static void unknown_and_repeated_parameters_are_refused(void **state)
{
    (void)state;
    initiate("", "<v:Discount>1</v:Discount>");
    assert_refused("INVALID_PARAMETER", "Discount");
    initiate("", "<v:Price>1</v:Price>");
    assert_refused("INVALID_PARAMETER", "Price");
    initiate("", "<Price>1</Price>");
    assert_refused("INVALID_PARAMETER", "Price");
    initiate("", "<v:Über/>");
    assert_refused("INVALID_PARAMETER", NULL);
    initiate("", "text");
    assert_refused("INVALID_PARAMETER", NULL);
    assert_int_equal(service_double.calls, 0);
}

static void clients_write_xml_in_their_own_way(void **state)
{
    (void)state;
    static const char body[] =
        "\xef\xbb\xbf<?xml version='1.0' encoding='utf-8' standalone='no'?>\r\n"
        "<!-- a <comment> & more --><?php echo '>' ?>\r\n"
        "<Envelope xmlns='" SOAP11 "'>\n <Header/>\n <Body xmlns:x='y'>\n"
        "<InitiateTransaction xmlns='" VENDOR "'>\n"
        " <IsPost >0</IsPost ><Price\n>1</Price>\n"
        " <ContentURL><![CDATA[https://shop.example/?a=1&b=2]]></ContentURL>\n"
        " <ContentTitle>&#65;&#x42;&#128031;<!-- & -->C<?pi &nothing; ?>&#xe9;</ContentTitle>\n"
        " <VendorPassword>]]&gt;&apos;&quot;</VendorPassword><VendorID>&#000000055;</VendorID>\n"
        "</InitiateTransaction></Body></Envelope><!-- end -->\n";
    ask_bytes(body, sizeof(body) - 1, NULL);
    assert_answered();
    assert_string_equal(heard("ContentURL"), "https://shop.example/?a=1&b=2");
    assert_string_equal(heard("ContentTitle"), "AB🐟Cé");
    assert_string_equal(heard("VendorPassword"), "]]>'\"");
    assert_string_equal(heard("VendorID"), "7");
    assert_int_equal(service_double.initiate.offer.price, 1000000);
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup(name, soap_double_setup)
    const struct CMUnitTest tests[] = {
        STORY(every_parameter_arrives),
        STORY(answer_has_every_element),
        STORY(long_answer_is_whole),
        STORY(absent_empty_and_nil_are_the_same),
        STORY(nil_value_is_as_absent),
        STORY(prices_are_exact),
        STORY(days_and_hours_do_not_overflow),
        STORY(wrong_values_are_refused_by_name),
        STORY(lengths_count_characters),
        STORY(missing_parameter_is_named),
        STORY(foreign_type_is_refused),
        STORY(unknown_and_repeated_parameters_are_refused),
        STORY(clients_write_xml_in_their_own_way),
    };
    return cmocka_run_group_tests_name("soap_purchase", tests, NULL, soap_double_teardown);
}
