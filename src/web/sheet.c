/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compiles a stylesheet and applies it. */
#include "web/sheet.h"

#include <libxml/parser.h>
#include <libxml/xinclude.h>
#include <libxslt/transform.h>
#include <libxslt/xsltInternals.h>
#include <libxslt/xsltutils.h>
#include <pthread.h>
#include <stdlib.h>

#include "core/log.h"
#include "web/fold.h"

#define WORDS_MAX 1000 /* that pages may add to a dictionary */

/*
 * xsltApplyStylesheetUser() sets in a context whatever differs from one use to the next, but the
 * document, which therefore stays and only gets another root. What it leaves there of a page is
 * read by patterns with predicates, by variables and keys of the whole stylesheet; sheet_load()
 * refuses those. It also puts the values of attributes named id into the dictionary.
 */
struct engine {
    struct engine *next;
    int words; /* in the dictionary when it was new */
    xmlDoc *source;
    xsltTransformContext *context;
    xmlOutputBuffer *output;
};

struct sheet {
    xsltStylesheet *stylesheet;
    xsltSecurityPrefs *security;
    pthread_mutex_t mutex;
    struct engine *idle;
};

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

/* What of a stylesheet would bring something from one page to the next; NULL: nothing. */
static const char *find_memory(const xsltStylesheet *stylesheet)
{
    for (const xsltTemplate *one = stylesheet->templates; one != NULL; one = one->next)
        if (one->match != NULL && xmlStrchr(one->match, '[') != NULL)
            return "a pattern has a predicate";
    if (stylesheet->variables != NULL)
        return "a variable or parameter of the whole stylesheet";
    return stylesheet->keys != NULL ? "a key" : NULL;
}

static xsltStylesheet *compile(const char *path, struct catalogue *catalogue)
{
    xmlDoc *document = read_stylesheet(path);
    xsltStylesheet *stylesheet = NULL;
    const char *problem = "cannot be read";
    if (document != NULL && catalogue_translate(catalogue, document))
        problem = fold_stylesheet(document);
    if (problem == NULL) {
        problem = "cannot be compiled";
        stylesheet = xsltParseStylesheetDoc(document); /* owns document, unless it fails */
    }
    if (stylesheet == NULL) {
        xmlFreeDoc(document);
    } else if (stylesheet->errors != 0 || (problem = find_memory(stylesheet)) != NULL) {
        xsltFreeStylesheet(stylesheet);
        stylesheet = NULL;
    }
    if (stylesheet == NULL)
        log_event(LOG_ERROR, "web_page", "file", LOG_TEXT(path), "problem", LOG_TEXT(problem),
                  NULL);
    return stylesheet;
}

struct sheet *sheet_load(const char *path, struct catalogue *catalogue, xsltSecurityPrefs *security)
{
    struct sheet *sheet = calloc(1, sizeof *sheet);
    if (sheet == NULL)
        return NULL;
    sheet->security = security;
    pthread_mutex_init(&sheet->mutex, NULL);
    sheet->stylesheet = compile(path, catalogue);
    if (sheet->stylesheet == NULL) {
        sheet_free(sheet);
        sheet = NULL;
    }
    return sheet;
}

static void free_engine(struct engine *engine)
{
    if (engine == NULL)
        return;
    if (engine->context != NULL)
        xsltFreeTransformContext(engine->context);
    xmlFreeDoc(engine->source);
    xmlOutputBufferClose(engine->output);
    free(engine);
}

void sheet_free(struct sheet *sheet)
{
    struct engine *next = NULL;
    if (sheet == NULL)
        return;
    for (struct engine *engine = sheet->idle; engine != NULL; engine = next) {
        next = engine->next;
        free_engine(engine);
    }
    if (sheet->stylesheet != NULL)
        xsltFreeStylesheet(sheet->stylesheet);
    pthread_mutex_destroy(&sheet->mutex);
    free(sheet);
}

static struct engine *new_engine(const struct sheet *sheet)
{
    struct engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL)
        return NULL;
    engine->output = xmlAllocOutputBuffer(NULL);
    engine->source = xmlNewDoc(BAD_CAST "1.0");
    if (engine->source != NULL)
        engine->context = xsltNewTransformContext(sheet->stylesheet, engine->source);
    if (engine->output == NULL || engine->context == NULL ||
        xsltSetCtxtSecurityPrefs(sheet->security, engine->context) != 0) {
        free_engine(engine);
        return NULL;
    }
    engine->words = xmlDictSize(engine->context->dict);
    return engine;
}

static struct engine *take_engine(struct sheet *sheet)
{
    pthread_mutex_lock(&sheet->mutex);
    struct engine *engine = sheet->idle;
    if (engine != NULL)
        sheet->idle = engine->next;
    pthread_mutex_unlock(&sheet->mutex);
    return engine != NULL ? engine : new_engine(sheet);
}

static void give_back(struct sheet *sheet, struct engine *engine)
{
    pthread_mutex_lock(&sheet->mutex);
    engine->next = sheet->idle;
    sheet->idle = engine;
    pthread_mutex_unlock(&sheet->mutex);
}

/*
 * libxslt's own output would put a second <meta> for the encoding into the head and knows no
 * doctype of HTML5.
 */
static enum ft_error serialise(struct engine *engine, struct arena *arena, xmlDoc *result,
                               const char **html_r, size_t *bytes_r)
{
    xmlOutputBuffer *output = engine->output;
    xmlOutputBufferWriteString(output, "<!DOCTYPE html>\n");
    fold_write(result, output);
    *bytes_r = xmlOutputBufferGetSize(output);
    *html_r = arena_strndup(arena, (const char *)xmlOutputBufferGetContent(output), *bytes_r);
    xmlBufShrink(output->buffer, *bytes_r);
    return output->error == 0 && *html_r != NULL ? FT_OK : FT_INTERNAL;
}

static enum ft_error transform(struct engine *engine, const struct sheet *sheet,
                               struct arena *arena, xmlDoc *document, const char **html_r,
                               size_t *bytes_r)
{
    enum ft_error error = FT_INTERNAL;
    xmlNode *root = xmlDocGetRootElement(document);
    xmlDocSetRootElement(engine->source, root);
    xmlDoc *result = xsltApplyStylesheetUser(sheet->stylesheet, engine->source, NULL, NULL, NULL,
                                             engine->context);
    if (result != NULL && engine->context->state == XSLT_STATE_OK && result->children != NULL)
        error = serialise(engine, arena, result, html_r, bytes_r);
    xmlFreeDoc(result);
    xmlUnlinkNode(root);
    xmlFreeNode(root);
    return error;
}

enum ft_error sheet_apply(struct sheet *sheet, struct arena *arena, xmlDoc *document,
                          const char **html_r, size_t *bytes_r)
{
    struct engine *engine = take_engine(sheet);
    if (engine == NULL)
        return FT_INTERNAL;
    const enum ft_error error = transform(engine, sheet, arena, document, html_r, bytes_r);
    if (error == FT_OK && xmlDictSize(engine->context->dict) - engine->words < WORDS_MAX)
        give_back(sheet, engine);
    else
        free_engine(engine); /* in an unknown state, or it has become large */
    return error;
}
