/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web_rendered.h"

#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>
#include <string.h>

const struct render_site rendered_site = {
    .provider = HOSTILE,
    .support = "help@pay.example",
    .stylesheet = "/static/farthing.css?v=1",
    .script = "/static/farthing.js?v=1",
    .icon = "/static/farthing.svg?v=1",
};
static struct render *render;

struct page_frame rendered_frame(const struct rendered *page, const char *language)
{
    return (struct page_frame){
        .arena = page->arena,
        .locale = locale_find(language),
        .here = "/login?transaction=1",
        .logout_token = "token",
    };
}

struct rendered rendered_begin(void)
{
    struct rendered page = {.arena = arena_new(1000000)};
    assert_non_null(page.arena);
    return page;
}

void rendered_read(struct rendered *page, enum render_page name, const char *language,
                   xmlDoc *document)
{
    assert_non_null(document);
    assert_int_equal(render_html(render, page->arena, name, locale_find(language), document,
                                 &page->html, &page->bytes),
                     FT_OK);
    xmlFreeDoc(document);
    page->document = htmlReadMemory(page->html, (int)page->bytes, NULL, "UTF-8",
                                    HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING);
    page->xpath = xmlXPathNewContext(page->document);
    assert_non_null(page->xpath);
}

void rendered_close(struct rendered *page)
{
    xmlXPathFreeContext(page->xpath);
    xmlFreeDoc(page->document);
    arena_free(page->arena);
}

/* XPath's string(), in the page's arena. */
const char *text(const struct rendered *page, const char *path)
{
    xmlXPathObject *object = xmlXPathEvalExpression((const xmlChar *)path, page->xpath);
    assert_non_null(object);
    xmlChar *string = xmlXPathCastToString(object);
    const char *copy = arena_strdup(page->arena, (const char *)string);
    xmlFree(string);
    xmlXPathFreeObject(object);
    return copy;
}

bool holds(const struct rendered *page, const char *path)
{
    xmlXPathObject *object = xmlXPathEvalExpression((const xmlChar *)path, page->xpath);
    assert_non_null(object);
    const bool is_true = xmlXPathCastToBoolean(object);
    xmlXPathFreeObject(object);
    return is_true;
}

int rendered_load(void **state)
{
    (void)state;
    render = render_load(WEB_DIRECTORY, &rendered_site);
    return render != NULL ? 0 : -1;
}

int rendered_unload(void **state)
{
    (void)state;
    render_free(render);
    return 0;
}
