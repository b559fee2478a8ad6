/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stylesheets, compiled once at start for each page and language, and their use.
 */
#ifndef FARTHING_WEB_RENDER_H
#define FARTHING_WEB_RENDER_H

#include <libxml/tree.h>

#include "core/arena.h"
#include "core/error.h"
#include "web/locale.h"

/* The name is the stylesheet's: pages/buy.xsl. */
#define RENDER_PAGES(X) \
    X(home)             \
    X(buy)              \
    X(cancelled)        \
    X(closed)           \
    X(refused)          \
    X(login)            \
    X(register)         \
    X(account)          \
    X(content)          \
    X(return )          \
    X(failure)

enum render_page {
#define RENDER_PAGE_ENUM(name) RENDER_##name,
    RENDER_PAGES(RENDER_PAGE_ENUM)
#undef RENDER_PAGE_ENUM
        RENDER_PAGE_COUNT
};

struct render;

/* What is the same on every page: the messages that are named like this. */
struct render_site {
    const char *provider;
    const char *support;    /* address for mail */
    const char *stylesheet; /* URL, likewise: */
    const char *script;
    const char *icon;
};

/*
 * Compiles directory/pages/<page>.xsl with directory/messages/<language>.xml and site. NULL:
 * refused, for one because a text is missing or is never used; the reason is logged. Owner calls
 * render_free.
 */
struct render *render_load(const char *directory, const struct render_site *site);
void render_free(struct render *render);

/* Turns document, which loses its content, into HTML in arena. FT_INTERNAL. From any thread. */
enum ft_error render_html(const struct render *render, struct arena *arena, enum render_page page,
                          const struct locale *locale, xmlDoc *document, const char **html_r,
                          size_t *bytes_r);

#endif
