/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts: every page has all of its own in every language, and no text is left over (U17). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "web/catalogue.h"
#include "web/render.h"
#include "web/sheet.h"

#define STYLESHEET_OPEN                                                \
    "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/" \
    "XSL/Transform' xmlns:m='" CATALOGUE_NAMESPACE "'><xsl:template match='/'>"
#define STYLESHEET_CLOSE "</xsl:template></xsl:stylesheet>"

static void write_file(char *path, const char *text)
{
    const int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    close(file);
}

/* The catalogue that text makes. */
static struct catalogue *load(const char *text)
{
    char path[] = "/tmp/farthing-messages-XXXXXX";
    write_file(path, text);
    struct catalogue *catalogue = catalogue_load(path);
    unlink(path);
    return catalogue;
}

/* What a template with content becomes; NULL: refused. The caller frees it. */
static char *translate(struct catalogue *catalogue, const char *content)
{
    char source[1024];
    xmlChar *text = NULL;
    snprintf(source, sizeof source, "%s%s%s", STYLESHEET_OPEN, content, STYLESHEET_CLOSE);
    xmlDoc *document = xmlReadMemory(source, (int)strlen(source), NULL, NULL, 0);
    assert_non_null(document);
    if (catalogue_translate(catalogue, document)) {
        xmlBuffer *buffer = xmlBufferCreate();
        xmlNodeDump(buffer, document, xmlDocGetRootElement(document)->children, 0, 0);
        text = xmlBufferDetach(buffer);
        xmlBufferFree(buffer);
    }
    xmlFreeDoc(document);
    return (char *)text;
}

static void assert_translated(struct catalogue *catalogue, const char *content,
                              const char *expected)
{
    char whole[1024];
    char *translated = translate(catalogue, content);
    snprintf(whole, sizeof whole, "<xsl:template match=\"/\">%s</xsl:template>", expected);
    assert_non_null(translated);
    assert_string_equal(translated, whole);
    xmlFree(translated);
}

static void placeholders_become_texts(void **state)
{
    (void)state;
    struct catalogue *catalogue =
        load("<messages><message key='a'>One &lt; two</message>"
             "<message key='b'>You have <value name='amount'/>, <value name='name'/>.</message>"
             "</messages>");
    assert_non_null(catalogue);
    assert_string_equal(catalogue_unused_key(catalogue), "a");
    assert_translated(catalogue, "<p>x<m:a/>y</p><m:a/>", "<p>xOne &lt; twoy</p>One &lt; two");
    assert_string_equal(catalogue_unused_key(catalogue), "b");
    assert_translated(catalogue, "<m:b name='@n' amount='item/@a'/>",
                      "You have <xsl:value-of select=\"item/@a\"/>, <xsl:value-of "
                      "select=\"@n\"/>.");
    assert_null(catalogue_unused_key(catalogue));
    catalogue_free(catalogue);
}

static void what_is_missing_is_refused(void **state)
{
    (void)state;
    struct catalogue *catalogue =
        load("<messages><message key='a'><value name='count'/> days</message></messages>");
    assert_non_null(catalogue);
    assert_null(translate(catalogue, "<p><m:unknown/></p>"));
    assert_null(translate(catalogue, "<p><m:a number='@n'/></p>"));
    catalogue_free(catalogue);
}

/* What only the configuration knows, by itself or as a value. */
static void messages_can_be_defined(void **state)
{
    (void)state;
    struct catalogue *catalogue =
        load("<messages><message key='a'>Pay with <value name='provider'/></message></messages>");
    assert_non_null(catalogue);
    assert_true(catalogue_define(catalogue, "provider", "<&{"));
    assert_false(catalogue_define(catalogue, "provider", "twice"));
    assert_false(catalogue_define(catalogue, "broken", "\xff"));
    assert_translated(catalogue, "<p><m:provider/></p><m:a/>",
                      "<p>&lt;&amp;{</p>Pay with &lt;&amp;{");
    assert_translated(catalogue, "<m:a provider='@p'/>", "Pay with <xsl:value-of select=\"@p\"/>");
    assert_true(catalogue_define(catalogue, "language", "de"));
    assert_translated(catalogue,
                      "<m:only language='de'><p><m:provider/></p>!</m:only>"
                      "<m:only language='en'><p><m:provider/></p></m:only>",
                      "<p>&lt;&amp;{</p>!");
    assert_null(catalogue_unused_key(catalogue));
    catalogue_free(catalogue);
}

static void a_broken_catalogue_is_refused(void **state)
{
    (void)state;
    assert_null(load("<messages><message key='a'>1</message><message key='a'>2</message>"
                     "</messages>"));
    assert_null(load("<messages><message>1</message></messages>"));
    assert_null(load("<messages>"));
    assert_null(catalogue_load("/nonexistent"));
}

static bool sheet_is_loaded(const char *templates)
{
    char path[] = "/tmp/farthing-sheet-XXXXXX";
    char text[1024];
    snprintf(text, sizeof text, "%s<p><m:a/></p>%s", STYLESHEET_OPEN, templates);
    write_file(path, text);
    struct catalogue *catalogue = load("<messages><message key='a'>1</message></messages>");
    struct sheet *sheet = sheet_load(path, catalogue, NULL);
    const bool is_loaded = sheet != NULL;
    sheet_free(sheet);
    catalogue_free(catalogue);
    unlink(path);
    return is_loaded;
}

/* What libxslt remembers of a page for these would outlive it. */
static void a_stylesheet_with_a_memory_is_refused(void **state)
{
    (void)state;
    assert_true(sheet_is_loaded("</xsl:template><xsl:template match='x'/></xsl:stylesheet>"));
    assert_false(sheet_is_loaded("</xsl:template><xsl:template match='x[@y]'/></xsl:stylesheet>"));
    assert_false(
        sheet_is_loaded("</xsl:template><xsl:variable name='v' select='/x'/></xsl:stylesheet>"));
    assert_false(sheet_is_loaded("</xsl:template><xsl:param name='p'/></xsl:stylesheet>"));
    assert_false(
        sheet_is_loaded("</xsl:template><xsl:key name='k' match='x' use='@y'/></xsl:stylesheet>"));
    assert_false(sheet_is_loaded("<xsl:nonsense/></xsl:template></xsl:stylesheet>"));
    assert_false(sheet_is_loaded("<br>x</br><script>1</script></xsl:template></xsl:stylesheet>"));
}

static void every_page_has_all_texts_in_every_language(void **state)
{
    (void)state;
    struct render *render =
        render_load(WEB_DIRECTORY, &(struct render_site){"Pay", "help", "/css", "/js", "/icon"});
    assert_non_null(render); /* the log says which page, language and key */
    render_free(render);
}

static xmlNode *find_message(const xmlDoc *document, const char *key)
{
    xmlNode *node = xmlDocGetRootElement(document)->children;
    for (; node != NULL; node = node->next) {
        const xmlAttr *attribute =
            node->type == XML_ELEMENT_NODE ? xmlHasProp(node, (const xmlChar *)"key") : NULL;
        if (attribute != NULL && strcmp((const char *)attribute->children->content, key) == 0)
            return node;
    }
    return NULL;
}

/* A number that one language shows and another hides would be a lie in one of them. */
static void languages_show_the_same_values(void **state)
{
    (void)state;
    xmlDoc *english = xmlReadFile(WEB_DIRECTORY "/messages/en.xml", NULL, 0);
    xmlDoc *german = xmlReadFile(WEB_DIRECTORY "/messages/de.xml", NULL, 0);
    assert_non_null(english);
    assert_non_null(german);
    xmlNode *message = xmlDocGetRootElement(english)->children;
    for (; message != NULL; message = message->next) {
        if (message->type != XML_ELEMENT_NODE)
            continue;
        const char *key =
            (const char *)xmlHasProp(message, (const xmlChar *)"key")->children->content;
        xmlNode *other = find_message(german, key);
        if (other == NULL || xmlChildElementCount(message) != xmlChildElementCount(other))
            fail_msg("%s differs", key);
    }
    xmlFreeDoc(german);
    xmlFreeDoc(english);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(placeholders_become_texts),
        cmocka_unit_test(what_is_missing_is_refused),
        cmocka_unit_test(messages_can_be_defined),
        cmocka_unit_test(a_broken_catalogue_is_refused),
        cmocka_unit_test(a_stylesheet_with_a_memory_is_refused),
        cmocka_unit_test(every_page_has_all_texts_in_every_language),
        cmocka_unit_test(languages_show_the_same_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
