/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a stylesheet writes the same each time is written once, before it is compiled.
 *
 * <a class="brand" href="{@url}"><xsl:value-of select="@name"/></a> becomes the text
 * <a class="brand", an element that has but the attribute href, the text >, the instruction, and
 * the text </a>. libxml2 writes these texts as it would for each page, and they are not escaped
 * again. What depends on the page stays an instruction or an attribute, which is escaped when it
 * is written. So the result is a list of texts, and of elements for their attributes; fold_write()
 * writes it.
 */
#ifndef FARTHING_WEB_FOLD_H
#define FARTHING_WEB_FOLD_H

#include <libxml/tree.h>
#include <libxml/xmlIO.h>

/* Changes stylesheet. NULL, or what is wrong with it. */
const char *fold_stylesheet(xmlDoc *stylesheet);

/* Writes what a folded stylesheet made as HTML. */
void fold_write(xmlDoc *result, xmlOutputBuffer *output);

#endif
