/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of pages share: a page, rendered and read again as a browser would. */
#ifndef FARTHING_TESTS_WEB_RENDERED_H
#define FARTHING_TESTS_WEB_RENDERED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libxml/xpath.h>

#include "web/page.h"
#include "web/render.h"

/* What a vendor, a user or a thief might type. */
#define HOSTILE "\"'><script>alert(1)</script>&amp;<b onclick=x>ü"

extern const struct render_site rendered_site;

/* One page as it was rendered. */
struct rendered {
    struct arena *arena;
    const char *html;
    size_t bytes;
    xmlDoc *document;
    xmlXPathContext *xpath;
};

/* Setup and teardown of a group. */
int rendered_load(void **state);
int rendered_unload(void **state);

struct rendered rendered_begin(void);
struct page_frame rendered_frame(const struct rendered *page, const char *language);
/* Renders document, which it frees. */
void rendered_read(struct rendered *page, enum render_page name, const char *language,
                   xmlDoc *document);
void rendered_close(struct rendered *page);

/* XPath's string(), in the page's arena. */
const char *text(const struct rendered *page, const char *path);
bool holds(const struct rendered *page, const char *path);

#define assert_holds(page, path)                  \
    do {                                          \
        if (!holds(page, path))                   \
            fail_msg("%s: %s", path, page->html); \
    } while (0)

#endif
