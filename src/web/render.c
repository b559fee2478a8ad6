/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Has a stylesheet for each page and language. */
#include "web/render.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <libxslt/security.h>
#include <libxslt/xsltutils.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/log.h"
#include "web/catalogue.h"
#include "web/sheet.h"

struct render {
    struct sheet *sheets[LOCALE_COUNT][RENDER_PAGE_COUNT];
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

static bool define_site(struct catalogue *catalogue, const struct render_site *site,
                        const struct locale *locale)
{
    return catalogue_define(catalogue, "provider", site->provider) &&
           catalogue_define(catalogue, "support", site->support) &&
           catalogue_define(catalogue, "stylesheet", site->stylesheet) &&
           catalogue_define(catalogue, "script", site->script) &&
           catalogue_define(catalogue, "icon", site->icon) &&
           catalogue_define(catalogue, "language", locale->code);
}

static bool load_language(struct render *render, const char *directory,
                          const struct render_site *site, int index)
{
    char path[4096];
    bool done = false;
    snprintf(path, sizeof path, "%s/messages/%s.xml", directory, locales[index].code);
    struct catalogue *catalogue = catalogue_load(path);
    if (catalogue == NULL || !define_site(catalogue, site, &locales[index]))
        goto out;
    for (int page = 0; page < RENDER_PAGE_COUNT; page++) {
        char sheet[4096];
        snprintf(sheet, sizeof sheet, "%s/pages/%s.xsl", directory, page_names[page]);
        render->sheets[index][page] = sheet_load(sheet, catalogue, render->security);
        if (render->sheets[index][page] == NULL)
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

struct render *render_load(const char *directory, const struct render_site *site)
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
        loaded = load_language(render, directory, site, i);
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
            sheet_free(render->sheets[i][page]);
    }
    if (render->security != NULL)
        xsltFreeSecurityPrefs(render->security);
    free(render);
}

enum ft_error render_html(const struct render *render, struct arena *arena, enum render_page page,
                          const struct locale *locale, xmlDoc *document, const char **html_r,
                          size_t *bytes_r)
{
    struct sheet *sheet = render->sheets[locale - locales][page];
    return document != NULL ? sheet_apply(sheet, arena, document, html_r, bytes_r) : FT_INTERNAL;
}
