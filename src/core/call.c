/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a call says about a wrong parameter; who waits. */
#include "core/call.h"

#include <limits.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define VALUE_CHARACTERS_MAX 64
#define SHOWN_BYTES_MAX 10 /* "\U0001f600" */
#define CUT "…"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static locale_t utf8;

static void make_locale(void)
{
    utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (utf8 == (locale_t)0)
        abort(); /* it is part of the C library */
}

/* Writes the character at text, *bytes_r long, so that it is seen and means nothing to HTML. */
static char *show_character(char *out, const char *text, size_t *bytes_r)
{
    static const char plain[] = "<>\"\\";
    wchar_t character = 0;
    mbstate_t state = {0};
    *bytes_r = mbrtowc(&character, text, strlen(text), &state);
    if (*bytes_r > MB_LEN_MAX) { /* not UTF-8, or not whole */
        *bytes_r = 1;
        return out + sprintf(out, "\\x%02x", (unsigned char)*text);
    }
    if (wcwidth(character) > 0 && strchr(plain, *text) == NULL)
        return mempcpy(out, text, *bytes_r);
    return out + sprintf(out, character > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)character);
}

/* NULL: no memory. */
static const char *show(struct arena *arena, const char *text)
{
    char *shown = arena_alloc(arena, VALUE_CHARACTERS_MAX * SHOWN_BYTES_MAX + sizeof CUT);
    char *out = shown;
    if (shown == NULL)
        return NULL;
    pthread_once(&once, make_locale);
    locale_t before = uselocale(utf8);
    for (int i = 0; i < VALUE_CHARACTERS_MAX && *text != '\0'; i++) {
        size_t bytes;
        out = show_character(out, text, &bytes);
        text += bytes;
    }
    uselocale(before);
    strcpy(out, *text != '\0' ? CUT : "");
    return shown;
}

bool call_may_block(struct call *call)
{
    return call->host == NULL || call->host->leave(call);
}

enum ft_error call_refuse(struct call *call, const char *refusal)
{
    call->refusal = refusal;
    return FT_AUTHENTICATION_FAILED;
}

enum ft_error call_invalid(struct call *call, const char *parameter, const char *rule,
                           const char *value)
{
    call->parameter = parameter;
    call->rule = rule;
    call->value = value != NULL ? show(call->arena, value) : NULL;
    return FT_INVALID_PARAMETER;
}

const char *call_refusal(const struct call *call)
{
    if (call->parameter == NULL || call->rule == NULL)
        return NULL;
    if (call->value == NULL)
        return arena_printf(call->arena, "%s must be %s", call->parameter, call->rule);
    return arena_printf(call->arena, "%s must be %s; it was \"%s\"", call->parameter, call->rule,
                        call->value);
}
