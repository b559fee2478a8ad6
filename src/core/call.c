/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a call says about a wrong parameter; who waits. */
#include "core/call.h"

#include <string.h>

#define VALUE_BYTES_MAX 64

/* The longest prefix of at most VALUE_BYTES_MAX bytes that ends between two characters of UTF-8. */
static size_t cut(const char *text)
{
    size_t bytes = strnlen(text, VALUE_BYTES_MAX + 1);
    if (bytes <= VALUE_BYTES_MAX)
        return bytes;
    bytes = VALUE_BYTES_MAX;
    while (bytes > 0 && ((unsigned char)text[bytes] & 0xc0) == 0x80)
        bytes--;
    return bytes;
}

bool call_may_block(struct call *call)
{
    return call->host == NULL || call->host->leave(call);
}

enum ft_error call_invalid(struct call *call, const char *parameter, const char *rule,
                           const char *value)
{
    call->parameter = parameter;
    call->rule = rule;
    call->value = value != NULL ? arena_strndup(call->arena, value, cut(value)) : NULL;
    return FT_INVALID_PARAMETER;
}
