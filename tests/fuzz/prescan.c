/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the prescan lets through keeps its promises, and is let through again as it is. */
#include "soap/prescan.h"

#include <libxml/parser.h>
#include <stdbool.h>

#include "fuzz.h"

static bool has_document_type(const struct prescan *prescan)
{
    xmlDocPtr document = xmlReadMemory(prescan->text, (int)prescan->bytes, NULL, NULL,
                                       XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    bool has = document != NULL && document->intSubset != NULL;
    xmlFreeDoc(document);
    return has;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct prescan first, second;
    struct arena *arena = arena_new(ARENA_BYTES);
    MUST(arena != NULL);
    soap_prescan(arena, (const char *)data, bytes, &first);
    if (first.problem == NULL) {
        MUST(first.text != NULL && memchr(first.text, '\0', first.bytes) == NULL);
        MUST(!has_document_type(&first));
        soap_prescan(arena, first.text, first.bytes, &second);
        MUST(second.problem == NULL && second.text == first.text);
    }
    arena_free(arena);
    return 0;
}
