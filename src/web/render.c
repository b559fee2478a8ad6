/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compiles stylesheets and applies them. */
#include "web/render.h"

#include <libxml/HTMLtree.h>
#include <libxml/parser.h>
#include <libxml/xinclude.h>
#include <libxml/xmlerror.h>
#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/xsltInternals.h>
#include <libxslt/xsltutils.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/log.h"
#include "web/catalogue.h"
#include "web/fold.h"

struct render {
    xsltStylesheet *stylesheets[LOCALE_COUNT][RENDER_PAGE_COUNT];
    xsltSecurityPrefs *security;
};

static const char *const page_names[] = {
#define RENDER_PAGE_NAME(name) #name,
    RENDER_PAGES(RENDER_PAGE_NAME)
#undef RENDER_PAGE_NAME
};

__attribute__((format(printf, 2, 3))) static void log_problem(void *context, const char *format,
                                                              ...)
{
    char text[256];
    va_list arguments;
    (void)context;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    log_event(LOG_ERROR, "web_page", "problem", LOG_TEXT(text), NULL);
}

static void log_xml_error(void *context, xmlError *error)
{
    (void)context;
    log_event(LOG_ERROR, "web_page", "file", LOG_TEXT(error->file), "line", LOG_INT(error->line),
              "problem", LOG_TEXT(error->message), NULL);
}

static xmlDoc *read_stylesheet(const char *path)
{
    xmlDoc *document = xmlReadFile(path, NULL, XML_PARSE_NONET);
    if (document != NULL &&
        xmlXIncludeProcessFlags(document,
                                XML_PARSE_NOXINCNODE | XML_PARSE_NOBASEFIX | XML_PARSE_NONET) < 0) {
        xmlFreeDoc(document);
        document = NULL;
    }
    return document;
}

static xsltStylesheet *compile(const char *directory, const char *page, struct catalogue *catalogue)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/pages/%s.xsl", directory, page);
    xmlDoc *document = read_stylesheet(path);
    xsltStylesheet *stylesheet = NULL;
    if (document != NULL && catalogue_translate(catalogue, document) && fold_stylesheet(document))
        stylesheet = xsltParseStylesheetDoc(document); /* owns document, unless it fails */
    if (stylesheet == NULL) {
        xmlFreeDoc(document);
    } else if (stylesheet->errors != 0) {
        xsltFreeStylesheet(stylesheet);
        stylesheet = NULL;
    }
    if (stylesheet == NULL) {
        log_event(LOG_ERROR, "web_page", "file", LOG_TEXT(path), "problem",
                  LOG_TEXT("cannot be compiled"), NULL);
    }
    return stylesheet;
}

static bool load_language(struct render *render, const char *directory, int index)
{
    char path[4096];
    bool done = false;
    snprintf(path, sizeof path, "%s/messages/%s.xml", directory, locales[index].code);
    struct catalogue *catalogue = catalogue_load(path);
    if (catalogue == NULL)
        goto out;
    for (int page = 0; page < RENDER_PAGE_COUNT; page++) {
        render->stylesheets[index][page] = compile(directory, page_names[page], catalogue);
        if (render->stylesheets[index][page] == NULL)
            goto out;
    }
    const char *unused = catalogue_unused_key(catalogue);
    if (unused != NULL) {
        log_event(LOG_ERROR, "web_messages", "file", LOG_TEXT(path), "problem",
                  LOG_TEXT("no page uses this message"), "key", LOG_TEXT(unused), NULL);
        goto out;
    }
    done = true;
out:
    catalogue_free(catalogue);
    return done;
}

/* A stylesheet may read its source document and nothing else. */
static xsltSecurityPrefs *forbid_everything(void)
{
    xsltSecurityPrefs *security = xsltNewSecurityPrefs();
    if (security != NULL)
        for (int option = XSLT_SECPREF_READ_FILE; option <= XSLT_SECPREF_WRITE_NETWORK; option++)
            xsltSetSecurityPrefs(security, (xsltSecurityOption)option, xsltSecurityForbid);
    return security;
}

struct render *render_load(const char *directory)
{
    xmlInitParser();
    xmlSetStructuredErrorFunc(NULL, log_xml_error);
    xsltSetGenericErrorFunc(NULL, log_problem);
    struct render *render = calloc(1, sizeof *render);
    if (render == NULL)
        return NULL;
    render->security = forbid_everything();
    bool loaded = render->security != NULL;
    for (int i = 0; i < LOCALE_COUNT && loaded; i++)
        loaded = load_language(render, directory, i);
    xmlSetStructuredErrorFunc(NULL, NULL);
    if (!loaded) {
        render_free(render);
        render = NULL;
    }
    return render;
}

void render_free(struct render *render)
{
    if (render == NULL)
        return;
    for (int i = 0; i < LOCALE_COUNT; i++) {
        for (int page = 0; page < RENDER_PAGE_COUNT; page++)
            if (render->stylesheets[i][page] != NULL)
                xsltFreeStylesheet(render->stylesheets[i][page]);
    }
    if (render->security != NULL)
        xsltFreeSecurityPrefs(render->security);
    free(render);
}

static xmlDoc *transform(const struct render *render, xsltStylesheet *stylesheet, xmlDoc *document)
{
    xmlDoc *result = NULL;
    xsltTransformContext *context = xsltNewTransformContext(stylesheet, document);
    if (context != NULL && xsltSetCtxtSecurityPrefs(render->security, context) == 0) {
        result = xsltApplyStylesheetUser(stylesheet, document, NULL, NULL, NULL, context);
        if (context->state != XSLT_STATE_OK) {
            xmlFreeDoc(result);
            result = NULL;
        }
    }
    if (context != NULL)
        xsltFreeTransformContext(context);
    return result;
}

/*
 * libxslt's own output would put a second <meta> for the encoding into the head and knows no
 * doctype of HTML5.
 */
static enum ft_error serialise(struct arena *arena, xmlDoc *result, const char **html_r,
                               size_t *bytes_r)
{
    xmlOutputBuffer *output = xmlAllocOutputBuffer(NULL);
    if (output == NULL)
        return FT_INTERNAL;
    xmlOutputBufferWriteString(output, "<!DOCTYPE html>\n");
    htmlNodeDumpFormatOutput(output, result, xmlDocGetRootElement(result), "UTF-8", 0);
    xmlOutputBufferFlush(output);
    *bytes_r = xmlOutputBufferGetSize(output);
    *html_r = arena_strndup(arena, (const char *)xmlOutputBufferGetContent(output), *bytes_r);
    const bool whole = output->error == 0 && *html_r != NULL;
    xmlOutputBufferClose(output);
    return whole ? FT_OK : FT_INTERNAL;
}

enum ft_error render_html(const struct render *render, struct arena *arena, enum render_page page,
                          const struct locale *locale, xmlDoc *document, const char **html_r,
                          size_t *bytes_r)
{
    xsltStylesheet *stylesheet = render->stylesheets[locale - locales][page];
    enum ft_error error = FT_INTERNAL;
    xmlDoc *result = document != NULL ? transform(render, stylesheet, document) : NULL;
    if (result != NULL && xmlDocGetRootElement(result) != NULL)
        error = serialise(arena, result, html_r, bytes_r);
    xmlFreeDoc(result);
    return error;
}
