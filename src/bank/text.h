/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The characters that every bank takes: Latin letters, digits, blank and / - ? : ( ) . , ' +
 * Others become the nearest of these, "Müller & Söhne" "Muller + Sohne".
 */
#ifndef FARTHING_BANK_TEXT_H
#define FARTHING_BANK_TEXT_H

#include <stddef.h>

#define BANK_NAME_MAX 70
#define BANK_TEXT_MAX 140

struct bank_text; /* what the conversion needs */

/* NULL: no memory, or the C library lacks the conversion. Owner calls bank_text_free. */
struct bank_text *bank_text_new(void);
void bank_text_free(struct bank_text *text); /* NULL is allowed */

/* Writes at most max characters and a NUL; returns result. Never empty: "-" when nothing is left.
 */
char *bank_text_convert(const struct bank_text *text, const char *utf8, size_t max, char *result);

#endif
