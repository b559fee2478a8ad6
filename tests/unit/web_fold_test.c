/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folding: a stylesheet whose literal parts are written beforehand makes the same HTML. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libxml/HTMLtree.h>
#include <libxml/parser.h>
#include <libxslt/transform.h>
#include <libxslt/xsltInternals.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "web/fold.h"

/* Its values hold what must be escaped, each in its own way in text, attributes and URLs. */
static const char source[] = "<page a='&lt;b&gt; &amp; \"q\" ü' u='/x?a=1&amp;b= \"%' n='2'>"
                             "<row>1</row><row v='x'>&lt;2</row></page>";

static const char endless[] = "<xsl:template name='endless'>"
                              "<p><xsl:call-template name='endless'/></p></xsl:template>";

static xmlDoc *parse_template(const char *content)
{
    char text[2048];
    snprintf(
        text, sizeof text,
        "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>"
        "<xsl:output method='html' encoding='UTF-8'/>"
        "<xsl:template match='/page'>%s</xsl:template>"
        "<xsl:template match='row'><b title='{@v}'><xsl:value-of select='.'/></b></xsl:template>"
        "<xsl:template name='plain'><i>called</i> <xsl:value-of select='@a'/></xsl:template>"
        "<xsl:template name='nested'><u><xsl:call-template name='plain'/></u></xsl:template>"
        "<xsl:template name='given'><xsl:param name='id'/><xsl:attribute name='id'>"
        "<xsl:value-of select='$id'/></xsl:attribute></xsl:template>"
        "%s</xsl:stylesheet>",
        content, strstr(content, "'endless'") != NULL ? endless : "");
    xmlDoc *document = xmlReadMemory(text, (int)strlen(text), NULL, NULL, 0);
    assert_non_null(document);
    return document;
}

/* The HTML that the template makes of source; the caller frees it. */
static char *make(const char *content, bool folded)
{
    xmlDoc *document = parse_template(content);
    if (folded)
        assert_null(fold_stylesheet(document));
    xsltStylesheet *stylesheet = xsltParseStylesheetDoc(document);
    assert_non_null(stylesheet);
    xmlDoc *page = xmlReadMemory(source, (int)strlen(source), NULL, NULL, 0);
    xmlDoc *result = xsltApplyStylesheet(stylesheet, page, NULL);
    assert_non_null(result);
    xmlOutputBuffer *output = xmlAllocOutputBuffer(NULL);
    for (xmlNode *node = result->children; node != NULL && !folded; node = node->next)
        htmlNodeDumpFormatOutput(output, result, node, "UTF-8", 0);
    if (folded)
        fold_write(result, output);
    char *html = strdup((const char *)xmlOutputBufferGetContent(output));
    xmlOutputBufferClose(output);
    xmlFreeDoc(result);
    xmlFreeDoc(page);
    xsltFreeStylesheet(stylesheet);
    return html;
}

static void folding_changes_no_page(void **state)
{
    (void)state;
    static const char *const contents[] = {
        "<p class='x'>literal &lt;&amp;&gt; \"text\" ü</p>",
        "<p>a <b>b</b> <!-- not this --> c</p>\n  <hr/>  \n<p/><div></div><br/>",
        "<p><xsl:value-of select='@a'/></p><xsl:value-of select='@a'/>",
        "<xsl:text> </xsl:text><i>x</i><xsl:text> &lt; </xsl:text><i>y</i>",
        "<a class='c' href='{@u}' title='{@a}' rel='next'>x<img src='{@u}' alt=''/></a>",
        "<a href='/b/{@n}?x={@a}&amp;y'>{not computed}</a><p title='{{braces}}'>z</p>",
        "<p title='&lt;!-- {@a} --&gt;' lang='&amp;{{x}}'>x</p>",
        "<p><xsl:attribute name='class'>constant &lt;\"'</xsl:attribute>x</p>",
        "<p class='a'><xsl:attribute name='class'>replaced</xsl:attribute>x</p>",
        "<p class='a'><xsl:if test='@n'><xsl:attribute name='class'>b</xsl:attribute></xsl:if>"
        "<xsl:value-of select='@a'/></p>",
        "<p title='{@n}'><xsl:attribute name='title'>b</xsl:attribute>x</p>",
        "<input type='checkbox'><xsl:if test='@n = 2'><xsl:attribute name='checked'>checked"
        "</xsl:attribute></xsl:if></input>",
        "<ul><xsl:for-each select='row'><li><xsl:choose><xsl:when test='@v'><b>v</b></xsl:when>"
        "<xsl:otherwise>-</xsl:otherwise></xsl:choose><xsl:value-of select='.'/></li>"
        "</xsl:for-each></ul>",
        "<div><xsl:apply-templates select='row'/></div>",
        "<h1><xsl:call-template name='plain'/></h1><xsl:call-template name='nested'/>",
        "<p class='c'><xsl:call-template name='given'><xsl:with-param name='id' select='@n'/>"
        "</xsl:call-template>x</p>",
        "<p><xsl:attribute name='title'><xsl:call-template name='plain'/></xsl:attribute>x</p>",
        "<p><xsl:if test='@none'>never</xsl:if></p>",
        "<script src='{@u}' defer='defer'></script><textarea> <xsl:value-of "
        "select='@a'/>\n</textarea>",
    };
    for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++) {
        char *plain = make(contents[i], false);
        char *folded = make(contents[i], true);
        assert_true(strlen(plain) > 0);
        if (strcmp(plain, folded) != 0)
            fail_msg("%s\nmakes\n%s\nfolded\n%s", contents[i], plain, folded);
        free(folded);
        free(plain);
    }
}

/* The one difference: of attributes, those that are the same each time come first. */
static void constant_attributes_come_first(void **state)
{
    (void)state;
    char *html =
        make("<p id='i' title='{@n}'><xsl:attribute name='class'>c</xsl:attribute>x</p>", true);
    assert_string_equal(html, "<p id=\"i\" class=\"c\" title=\"2\">x</p>");
    free(html);
}

/* A value that was typed is never taken for markup, whatever surrounds it. */
static void values_are_escaped(void **state)
{
    (void)state;
    char *html = make("<p class='x'><xsl:value-of select='@a'/></p><p title='{@a}'>y</p>", true);
    assert_string_equal(html, "<p class=\"x\">&lt;b&gt; &amp; \"q\" ü</p>"
                              "<p title='&lt;b&gt; &amp; \"q\" ü'>y</p>");
    free(html);
}

static void what_cannot_be_folded_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *content;
        const char *problem;
    } refused[] = {
        {"<script>1<xsl:value-of select='@a'/></script>", "a script or style has content"},
        {"<style>x<xsl:value-of select='@a'/></style>", "a script or style has content"},
        {"<br><xsl:value-of select='@a'/></br>", "an element that is empty in HTML has content"},
        {"<p><xsl:if test='@n'>x</xsl:if><xsl:attribute name='id'>i</xsl:attribute></p>",
         "attributes stand behind what may be content"},
        {"<p><xsl:if test='@n'><xsl:attribute name='id'>i</xsl:attribute>x</xsl:if></p>",
         "attributes stand behind what may be content"},
        {"<p title='{@n}'>kept-\ue000</p>", "a text looks like a mark"},
        {"<p><xsl:copy-of select='row'/></p>", "attributes stand behind what may be content"},
        {"<xsl:if test='@n'><xsl:attribute name='id'>i</xsl:attribute></xsl:if>",
         "a template that matches gives attributes"},
        {"<xsl:call-template name='endless'/>", "templates call each other"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        xmlDoc *document = parse_template(refused[i].content);
        const char *problem = fold_stylesheet(document);
        assert_non_null(problem);
        assert_string_equal(problem, refused[i].problem);
        xmlFreeDoc(document);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folding_changes_no_page),
        cmocka_unit_test(constant_attributes_come_first),
        cmocka_unit_test(values_are_escaped),
        cmocka_unit_test(what_cannot_be_folded_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
