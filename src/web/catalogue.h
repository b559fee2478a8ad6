/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The texts of one language, put into stylesheets before they are compiled, so that a page costs
 * the same in every language and a missing text shows at start.
 *
 * A stylesheet holds <m:buy.balance amount="@balance"/>; the catalogue has
 *     <message key="buy.balance">You have <value name="amount"/>.</message>
 * and the stylesheet becomes: You have <xsl:value-of select="@balance"/>.
 * What stands in <m:only language="de"> is left out where the message "language" is another.
 */
#ifndef FARTHING_WEB_CATALOGUE_H
#define FARTHING_WEB_CATALOGUE_H

#include <libxml/tree.h>
#include <stdbool.h>

#define CATALOGUE_NAMESPACE "urn:farthing:message"

struct catalogue;

/* Reads path. NULL: refused; the reason is logged. Owner calls catalogue_free. */
struct catalogue *catalogue_load(const char *path);
void catalogue_free(struct catalogue *catalogue);

/*
 * Adds a message that no file has. Where a message has a value that the placeholder does not give,
 * it is the message of that name. False: memory is short, text is no UTF-8; which is logged.
 */
bool catalogue_define(struct catalogue *catalogue, const char *key, const char *text);

/* Replaces every placeholder. False: a text or one of its values is missing, which is logged. */
bool catalogue_translate(struct catalogue *catalogue, xmlDoc *stylesheet);

/* A key that no stylesheet translated so far asked for; NULL: none. */
const char *catalogue_unused_key(const struct catalogue *catalogue);

#endif
