/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the vendor's page and the browser are given: the link (V4), the way back (V5, B6, V10). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libxml/HTMLparser.h>
#include <string.h>

#include "service/buy_fragment.h"
#include "service/return_url.h"

#define BUY_URL "https://msp.example/buy/018f0000-0000-7000-8000-000000000001"

static int open_call(void **state)
{
    struct call *call = calloc(1, sizeof *call);
    call->arena = arena_new(1 << 20);
    *state = call;
    return call->arena != NULL ? 0 : -1;
}

static int close_call(void **state)
{
    struct call *call = *state;
    arena_free(call->arena);
    free(call);
    return 0;
}

/* What a browser makes of the fragment: one link, with these attributes and this text. */
static void assert_link(const char *html, const char *title, const char *label)
{
    htmlDocPtr document = htmlReadMemory(html, (int)strlen(html), NULL, "UTF-8",
                                         HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                             HTML_PARSE_NOIMPLIED | HTML_PARSE_NODEFDTD);
    assert_non_null(document);
    xmlNode *link = xmlDocGetRootElement(document);
    assert_string_equal((const char *)link->name, "a");
    assert_null(link->next);
    assert_non_null(link->children);
    assert_null(link->children->next);
    assert_true(xmlNodeIsText(link->children));
    assert_string_equal((const char *)link->children->content, label);
    const char *const expected[][2] = {
        {"class", "farthing-buy"},
        {"href", BUY_URL},
        {"title", title},
        {"onclick", "return !window.open(this.href,'farthing','popup,width=520,height=720')"},
    };
    int attributes = 0;
    for (const xmlAttr *attribute = link->properties; attribute != NULL;
         attribute = attribute->next)
        attributes++;
    assert_int_equal(attributes, 4);
    for (size_t i = 0; i < 4; i++) {
        xmlChar *value = xmlGetProp(link, (const xmlChar *)expected[i][0]);
        assert_non_null(value);
        assert_string_equal((const char *)value, expected[i][1]);
        xmlFree(value);
    }
    xmlFreeDoc(document);
}

static void buy_link_states_the_price(void **state)
{
    struct call *call = *state;
    assert_link(buy_fragment_make(call, BUY_URL, "Song", 100000, "EUR"), "Song",
                "Buy for 0.10 EUR");
    assert_link(buy_fragment_make(call, BUY_URL, "Word", 500, "EUR"), "Word", "Buy for 0.0005 EUR");
    assert_link(buy_fragment_make(call, BUY_URL, "Film", 1000000LL * MONEY_UNIT, "JPY"), "Film",
                "Buy for 1000000 JPY");
}

static void buy_link_escapes_hostile_titles(void **state)
{
    struct call *call = *state;
    const char *const titles[] = {
        "\"><script>alert(1)</script>",
        "' onmouseover='alert(1)",
        "</a><img src=x onerror=alert(1)>",
        "Tom & Jerry &lt;b&gt; &amp; &quot;",
        "<!-- ]]> -->",
        "Ünïcode — 貨幣 😀",
        "",
    };
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        const char *html = buy_fragment_make(call, BUY_URL, titles[i], 1, "EUR");
        assert_non_null(html);
        assert_null(strstr(html, "<script"));
        assert_null(strstr(html, "<img"));
        assert_link(html, titles[i], "Buy for 0.000001 EUR");
    }
}

static void assert_return(struct call *call, const char *content_url, const char *expected)
{
    const char *made = return_url_make(call, content_url, "AbC-_9", "song 7", "a=1&b=2");
    assert_non_null(made);
    assert_string_equal(made, expected);
}

#define ADDED "EncryptedUserID=AbC-_9&ContentID=song+7&OptionalData=a%3d1%26b%3d2"

static void parameters_are_added_to_the_vendors_url(void **state)
{
    struct call *call = *state;
    assert_return(call, "https://shop.example/", "https://shop.example/?" ADDED);
    assert_return(call, "https://shop.example", "https://shop.example/?" ADDED);
    assert_return(call, "http://shop.example:8080/a/b.php",
                  "http://shop.example:8080/a/b.php?" ADDED);
    assert_return(call, "https://shop.example/item?id=7&lang=de",
                  "https://shop.example/item?id=7&lang=de&" ADDED);
    assert_return(call, "https://shop.example/item?", "https://shop.example/item?" ADDED);
}

static void the_vendors_own_escapes_stay(void **state)
{
    struct call *call = *state;
    assert_return(call, "https://shop.example/a%2Fb?q=x%26y%20z+1",
                  "https://shop.example/a%2Fb?q=x%26y%20z+1&" ADDED);
    assert_return(call, "https://shop.example/a/./b/../c",
                  "https://shop.example/a/./b/../c?" ADDED);
}

static void the_way_back_is_ascii(void **state)
{
    struct call *call = *state;
    const char *made = return_url_make(call, "https://shop.example/lied/größe?titel=für", "id", "ü",
                                       "貨\r\nSet-Cookie: x=1");
    assert_non_null(made);
    for (const char *at = made; *at != '\0'; at++)
        assert_true(*at > ' ' && *at < 0x7f);
    assert_null(strstr(made, "Set-Cookie: "));
    assert_non_null(strstr(made, "ContentID=%c3%bc"));
    assert_non_null(strstr(made, "titel=f%c3%bcr"));
}

static void empty_values_are_named_too(void **state)
{
    struct call *call = *state;
    assert_string_equal(return_url_make(call, "https://shop.example/a", "id", "", ""),
                        "https://shop.example/a?EncryptedUserID=id&ContentID=&OptionalData=");
}

#define CALL_TEST(test) cmocka_unit_test_setup_teardown(test, open_call, close_call)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CALL_TEST(buy_link_states_the_price),
        CALL_TEST(buy_link_escapes_hostile_titles),
        CALL_TEST(parameters_are_added_to_the_vendors_url),
        CALL_TEST(the_vendors_own_escapes_stay),
        CALL_TEST(the_way_back_is_ascii),
        CALL_TEST(empty_values_are_named_too),
    };
    return cmocka_run_group_tests_name("service purchase", tests, NULL, NULL);
}
