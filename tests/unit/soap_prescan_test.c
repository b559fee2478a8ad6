/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the prescan lets through, and what not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "soap/prescan.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    return arena != NULL ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* The body has exactly its size, so that a sanitizer sees a read past it. */
static struct prescan scan(const char *body, size_t bytes)
{
    struct prescan result;
    char *copy = malloc(bytes > 0 ? bytes : 1);
    memcpy(copy, body, bytes);
    soap_prescan(arena, copy, bytes, &result);
    if (result.problem == NULL && result.text >= copy && result.text <= copy + bytes)
        result.text = body + (result.text - copy);
    free(copy);
    return result;
}

static void legal_documents_pass_unchanged(void **state)
{
    (void)state;
    static const char *const legal[] = {
        "<a/>",
        " \r\n\t<a>text</a>\n",
        "<?xml version=\"1.0\"?><a/>",
        "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n<a/>",
        "<?xml version=\"1.0\" encoding = \"utf-8\" ?><a/>",
        "<a b=\"'>\" c='\">'>&lt;&gt;&amp;&quot;&apos;&#65;&#x41;&#x9;&#10;&#13;</a>",
        "<a><![CDATA[<!DOCTYPE a> & &x; ]] ]> <?xml ?> <!-- -- -->]]></a>",
        "<a><!-- <!DOCTYPE a> & &x; <b> - -> ' \" <![CDATA[ --></a>",
        "<!----><a/><!-- \xc3\xa9 -->",
        "<a>\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbd"
        "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf</a>",
        "<\xc3\xa9l\xc3\xa9ment/>",
        "<_a:b-c.d/>",
        "<a>]]&gt; it's \"?>\" --></a>",
    };
    for (size_t i = 0; i < sizeof(legal) / sizeof(legal[0]); i++) {
        struct prescan result = scan(legal[i], strlen(legal[i]));
        if (result.problem != NULL)
            fail_msg("%s: %s", legal[i], result.problem);
        assert_ptr_equal(result.text, legal[i]);
        assert_int_equal(result.bytes, strlen(legal[i]));
    }
}

static void byte_order_mark_is_skipped(void **state)
{
    (void)state;
    static const char body[] = "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"UTF-8\"?><a/>";
    struct prescan result = scan(body, sizeof(body) - 1);
    assert_null(result.problem);
    assert_ptr_equal(result.text, body + 3);
}

/* gSOAP reads at most six characters of a reference, and takes "?" for an instruction's end. */
static void what_gsoap_misreads_is_rewritten(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        const char *content;
    } cases[] = {
        {"<a>&#128031;</a>", "<a>🐟</a>"},
        {"<a>&#x1F41F;</a>", "<a>🐟</a>"},
        {"<a>&#0000065;</a>", "<a>A</a>"},
        {"<a>&#xe9;</a>", "<a>é</a>"},
        {"<a b='&#x10ffff;'/>", "<a b=\"\xf4\x8f\xbf\xbf\"/>"},
        {"<a>1<?php a?b > c &d; ?>2</a>", "<a>12</a>"},
        {"<?xml version=\"1.0\"?><?x?><a>&lt;<![CDATA[&]]>&#200;</a>", "<a>&lt;<![CDATA[&]]>È</a>"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct prescan result = scan(cases[i].body, strlen(cases[i].body));
        assert_null(result.problem);
        assert_int_equal(result.bytes, strlen(result.text));
        assert_non_null(strstr(result.text, cases[i].content));
        assert_null(strstr(strstr(result.text, "?>") + 2, "<?"));
    }
}

#define BYTES(text)            \
    {                          \
        text, sizeof(text) - 1 \
    }
static const struct {
    const char *body;
    size_t bytes;
} wrong[] = {
    BYTES(""),
    BYTES("   "),
    BYTES("text"),
    BYTES("--mime"),
    BYTES("\x1f\x8b"),
    BYTES("<!DOCTYPE a><a/>"),
    BYTES("<!doctype a><a/>"),
    BYTES("<a><!ENTITY x 'y'></a>"),
    BYTES("< !DOCTYPE a><a/>"),
    BYTES("<a>< b/></a>"),
    BYTES("<%a%>"),
    BYTES("<a><1/></a>"),
    BYTES("<![cdata[x]]><a/>"),
    BYTES("<![INCLUDE[x]]><a/>"),
    BYTES("<a>&x;</a>"),
    BYTES("<a>&nbsp;</a>"),
    BYTES("<a>&LT;</a>"),
    BYTES("<a>&lt</a>"),
    BYTES("<a>& b</a>"),
    BYTES("<a>&;</a>"),
    BYTES("<a>&</a>"),
    BYTES("<a b='&x;'/>"),
    BYTES("<a>&#0;</a>"),
    BYTES("<a>&#x0;</a>"),
    BYTES("<a>&#8;</a>"),
    BYTES("<a>&#x1f;</a>"),
    BYTES("<a>&#xd800;</a>"),
    BYTES("<a>&#xDFFF;</a>"),
    BYTES("<a>&#xfffe;</a>"),
    BYTES("<a>&#xffff;</a>"),
    BYTES("<a>&#x110000;</a>"),
    BYTES("<a>&#4294967361;</a>"),
    BYTES("<a>&#18446744073709551681;</a>"),
    BYTES("<a>&#99999999999999999999999;</a>"),
    BYTES("<a>&#;</a>"),
    BYTES("<a>&#x;</a>"),
    BYTES("<a>&#X41;</a>"),
    BYTES("<a>&#-65;</a>"),
    BYTES("<a>&#+65;</a>"),
    BYTES("<a>&# 65;</a>"),
    BYTES("<a>&#6a;</a>"),
    BYTES("<a>\x01</a>"),
    BYTES("<a>\0</a>"),
    BYTES("<a>\x1f</a>"),
    BYTES("<a b='\x0b'/>"),
    BYTES("<a><!-- \x01 --></a>"),
    BYTES("<a><![CDATA[\x02]]></a>"),
    BYTES("<a><?p \x03?></a>"),
    BYTES("<a>\xc0\xaf</a>"),
    BYTES("<a>\xc1\xbf</a>"),
    BYTES("<a>\xe0\x80\xaf</a>"),
    BYTES("<a>\xe0\x9f\xbf</a>"),
    BYTES("<a>\xf0\x80\x80\xaf</a>"),
    BYTES("<a>\xf0\x8f\xbf\xbf</a>"),
    BYTES("<a>\xed\xa0\x80</a>"),
    BYTES("<a>\xed\xbf\xbf</a>"),
    BYTES("<a>\xef\xbf\xbe</a>"),
    BYTES("<a>\xef\xbf\xbf</a>"),
    BYTES("<a>\xf4\x90\x80\x80</a>"),
    BYTES("<a>\xf5\x80\x80\x80</a>"),
    BYTES("<a>\xfc\x80\x80\x80\x80\x80</a>"),
    BYTES("<a>\x80</a>"),
    BYTES("<a>\xfc</a>"),
    BYTES("<a>\xc3"),
    BYTES("<a>\xe2\x82"),
    BYTES("<a>\xe2\x82</a>"),
    BYTES("<a>\xf0\x9f\x90"),
    BYTES("\xfe\xff\0<\0a\0/\0>"),
    BYTES("\xff\xfe<\0a\0/\0>\0"),
    BYTES("<\0a\0/\0>\0"),
    BYTES("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a/>"),
    BYTES("<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>"),
    BYTES("<?xml version=\"1.0\" encoding=\"UTF-8859\"?><a/>"),
    BYTES("<?xml version='1.0' encoding='utf-7'?><a/>"),
    BYTES("<?xml encoding='"),
    BYTES(" <?xml version=\"1.0\"?><a/>"),
    BYTES("<a/><?xml version=\"1.0\"?>"),
    BYTES("<a><!-- x -- y --></a>"),
    BYTES("<a><!-- x ---></a>"),
    BYTES("<a><!--->x</a>"),
    BYTES("<a b='<'/>"),
    BYTES("<a <b/>"),
    BYTES("<a &amp; b='c'/>"),
    BYTES("<a>]]></a>"),
    BYTES("<?p?><a xmlns:b='&lt;'/>"), /* which libxml2 writes as "<" */
    BYTES("<a"),
    BYTES("<a b='c"),
    BYTES("<a><!-- "),
    BYTES("<a><!--"),
    BYTES("<a><!"),
    BYTES("<a><![CDATA["),
    BYTES("<a><![CDATA[x]]"),
    BYTES("<a><?p"),
    BYTES("<"),
    BYTES("<a>&#128031;"),
};

static void everything_else_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct prescan result = scan(wrong[i].body, wrong[i].bytes);
        if (result.problem == NULL)
            fail_msg("passed: %s", wrong[i].body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(legal_documents_pass_unchanged),
        cmocka_unit_test(byte_order_mark_is_skipped),
        cmocka_unit_test(what_gsoap_misreads_is_rewritten),
        cmocka_unit_test(everything_else_is_refused),
    };
    return cmocka_run_group_tests_name("soap_prescan", tests, setup, teardown);
}
