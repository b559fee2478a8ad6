/* SPDX-License-Identifier: GPL-3.0-or-later */
/* iconv does the transliteration, by the rules of the locale C.UTF-8. */
#include "bank/text.h"

#include <errno.h>
#include <iconv.h>
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct bank_text {
    iconv_t conversion;
    locale_t locale;
};

struct bank_text *bank_text_new(void)
{
    struct bank_text *text = calloc(1, sizeof *text);
    if (text == NULL)
        return NULL;
    text->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    text->conversion = iconv_open("ASCII//TRANSLIT", "UTF-8");
    if (text->locale == (locale_t)0 || text->conversion == (iconv_t)-1) {
        bank_text_free(text);
        return NULL;
    }
    return text;
}

void bank_text_free(struct bank_text *text)
{
    if (text == NULL)
        return;
    if (text->conversion != (iconv_t)-1)
        iconv_close(text->conversion);
    if (text->locale != (locale_t)0)
        freelocale(text->locale);
    free(text);
}

/* Of ASCII: what banks do not take becomes what is nearest. */
static char allowed(char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
        (c != '\0' && strchr(" /-?:().,'+", c) != NULL))
        return c;
    switch (c) {
    case '&':
        return '+';
    case '"':
    case '`':
        return '\'';
    case '<':
    case '[':
    case '{':
        return '(';
    case '>':
    case ']':
    case '}':
        return ')';
    case '_':
    case '~':
        return '-';
    case ';':
        return ',';
    case '!':
        return '.';
    default:
        return c > 0 && c <= ' ' ? ' ' : '.';
    }
}

char *bank_text_convert(const struct bank_text *text, const char *utf8, size_t max, char *result)
{
    char *in = (char *)(uintptr_t)(utf8 != NULL ? utf8 : ""); /* iconv only reads it */
    size_t in_left = strlen(in);
    char *out = result;
    size_t out_left = max;
    locale_t before = uselocale(text->locale);
    iconv(text->conversion, NULL, NULL, NULL, NULL);
    while (iconv(text->conversion, &in, &in_left, &out, &out_left) == (size_t)-1 &&
           errno != E2BIG && out_left > 0) {
        *out++ = '?'; /* no counterpart, or no UTF-8 */
        out_left--;
        do {
            in++;
            in_left--;
        } while (in_left > 0 && (*in & 0xC0) == 0x80);
    }
    uselocale(before);
    *out = '\0';
    for (char *c = result; *c != '\0'; c++) {
        *c = allowed(*c);
        if (*c == '/' && (c == result || c[-1] == '/' || c[1] == '\0'))
            *c = '-'; /* a slash may not begin, end or double */
    }
    if (strspn(result, " ") == strlen(result))
        strcpy(result, "-");
    return result;
}
