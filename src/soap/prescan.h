/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A look at a request's bytes before gSOAP parses them.
 *
 * gSOAP is lenient where XML is strict, and misreads some legal XML. The prescan guarantees that
 * the text gSOAP gets
 *   - is UTF-8, shortest form, of characters that XML 1.0 allows, and says no other encoding;
 *   - has no document type declaration, and so no entities but the five of XML;
 *   - refers by number to allowed characters only;
 *   - begins with markup, and every "<" begins a tag, comment, CDATA section or instruction;
 *   - has no processing instruction, and no reference that gSOAP cannot read.
 * It knows nothing of elements, attributes and namespaces: that is gSOAP's part.
 */
#ifndef FARTHING_SOAP_PRESCAN_H
#define FARTHING_SOAP_PRESCAN_H

#include <stddef.h>

#include "core/arena.h"

struct prescan {
    const char *text; /* for gSOAP: body, or in arena the same rewritten; NULL: no memory */
    size_t bytes;
    const char *problem; /* a sentence; NULL: none */
};

void soap_prescan(struct arena *arena, const char *body, size_t bytes, struct prescan *result_r);

#endif
