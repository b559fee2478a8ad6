/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of texts, with libxml2's idea of UTF-8 and of characters. */
#include "service/check.h"

#include <libxml/parserInternals.h>
#include <libxml/xmlstring.h>
#include <string.h>
#include <uuid/uuid.h>

/* In characters; -1: not UTF-8, or not text. */
static long length_of(const char *text)
{
    long characters = 0;
    for (const xmlChar *at = (const xmlChar *)text; *at != '\0'; characters++) {
        if (*at < 0x80 && IS_CHAR_CH(*at)) { /* most are */
            at++;
            continue;
        }
        int bytes = 4; /* xmlGetUTF8Char may look so far, but not past the NUL */
        int code = xmlGetUTF8Char(at, &bytes);
        xmlChar shortest[4];
        if (code < 0 || !IS_CHAR(code) || xmlCopyCharMultiByte(shortest, code) != bytes ||
            memcmp(shortest, at, (size_t)bytes) != 0)
            return -1;
        at += bytes;
    }
    return characters;
}

static enum ft_error check_one(struct call *call, const struct check_text *check)
{
    const char *text = check->text != NULL ? check->text : "";
    long length = length_of(text);
    if (length < 0)
        return call_invalid(call, check->parameter, "text in UTF-8 without control characters",
                            check->secret ? NULL : text);
    if (length >= check->min && length <= check->max)
        return FT_OK;
    const char *rule =
        check->min > 0 ? arena_printf(call->arena, "%d to %d characters", check->min, check->max)
                       : arena_printf(call->arena, "at most %d characters", check->max);
    if (rule == NULL)
        return FT_INTERNAL;
    return call_invalid(call, check->parameter, rule, check->secret ? NULL : text);
}

enum ft_error check_texts(struct call *call, const struct check_text *texts, size_t count)
{
    enum ft_error error = FT_OK;
    for (size_t i = 0; i < count && error == FT_OK; i++)
        error = check_one(call, &texts[i]);
    return error;
}

enum ft_error check_amount(struct call *call, const char *parameter, money_t amount)
{
    char text[MONEY_TEXT_SIZE];
    if (amount > 0 && amount <= MONEY_PRICE_MAX)
        return FT_OK;
    return call_invalid(call, parameter, "greater than 0 and at most 1000000",
                        money_format(amount, text));
}

const char *check_optional(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : NULL;
}

bool check_is_uuid(const char *text)
{
    uuid_t uuid;
    return text != NULL && uuid_parse(text, uuid) == 0;
}
