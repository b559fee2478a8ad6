/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a stylesheet writes the same each time is written once, before it is compiled.
 *
 * Of <p class="price"><xsl:value-of select="@price"/></p> there remain the text <p class="price">,
 * which is not escaped again, the instruction, and the text </p>. libxml2 writes them as it
 * would write them for every page. What depends on the page stays an instruction or an element, and
 * is escaped when it is written: elements with computed attributes, and values.
 */
#ifndef FARTHING_WEB_FOLD_H
#define FARTHING_WEB_FOLD_H

#include <libxml/tree.h>
#include <stdbool.h>

/* Changes stylesheet. False: memory is short, or it holds what libxml2 would not write. */
bool fold_stylesheet(xmlDoc *stylesheet);

#endif
