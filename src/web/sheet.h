/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A compiled stylesheet, and what its use leaves for the next use.
 *
 * To set up libxslt for a page costs as much as the page. So this is kept, once for each thread
 * that ever rendered the page at the same time as others.
 */
#ifndef FARTHING_WEB_SHEET_H
#define FARTHING_WEB_SHEET_H

#include <libxml/tree.h>
#include <libxslt/security.h>

#include "core/arena.h"
#include "core/error.h"
#include "web/catalogue.h"

struct sheet;

/*
 * Compiles the stylesheet at path with the texts of catalogue. NULL: refused; the reason is
 * logged. security outlives the sheet. Owner calls sheet_free.
 */
struct sheet *sheet_load(const char *path, struct catalogue *catalogue,
                         xsltSecurityPrefs *security);
void sheet_free(struct sheet *sheet);

/* Turns document, which loses its content, into HTML in arena. FT_INTERNAL. From any thread. */
enum ft_error sheet_apply(struct sheet *sheet, struct arena *arena, xmlDoc *document,
                          const char **html_r, size_t *bytes_r);

#endif
