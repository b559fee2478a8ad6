/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How languages write amounts and times, and which one a browser prefers. */
#include "web/locale.h"

#include <string.h>
#include <strings.h>

static size_t write_english_time(char *text, size_t size, const struct tm *time)
{
    return strftime(text, size, "%-d %b %Y, %H:%M UTC", time);
}

static size_t write_german_time(char *text, size_t size, const struct tm *time)
{
    return strftime(text, size, "%d.%m.%Y, %H:%M UTC", time);
}

const struct locale locales[LOCALE_COUNT] = {
    {"en", '.', write_english_time},
    {"de", ',', write_german_time},
};

/* The language that the first bytes of text name, up to a region ("-AT"). */
static const struct locale *find(const char *text, size_t bytes)
{
    size_t primary = 0;
    while (primary < bytes && text[primary] != '-')
        primary++;
    for (size_t i = 0; i < LOCALE_COUNT; i++)
        if (strlen(locales[i].code) == primary && strncasecmp(text, locales[i].code, primary) == 0)
            return &locales[i];
    return NULL;
}

const struct locale *locale_find(const char *code)
{
    return code != NULL ? find(code, strlen(code)) : NULL;
}

/* A qvalue in thousandths, "0.8" is 800; what is none counts as 0. */
static int read_quality(const char *text)
{
    int quality = 0;
    if (*text != '0' && *text != '1')
        return 0;
    quality = (*text++ - '0') * 1000;
    if (*text == '.') {
        text++;
        for (int weight = 100; weight > 0 && *text >= '0' && *text <= '9'; weight /= 10)
            quality += (*text++ - '0') * weight;
    }
    return quality > 1000 ? 1000 : quality;
}

const struct locale *locale_choose(const char *header)
{
    const struct locale *best = &locales[0];
    int best_quality = 0;
    const char *at = header != NULL ? header : "";
    while (*at != '\0') {
        at += strspn(at, ", \t");
        const size_t name = strcspn(at, ",; \t");
        const size_t entry = strcspn(at, ",");
        const struct locale *locale = find(at, name);
        int quality = 1000;
        const char *rest = at + name + strspn(at + name, " \t");
        if (*rest == ';') {
            rest += 1 + strspn(rest + 1, " \t");
            quality = strncasecmp(rest, "q=", 2) == 0 ? read_quality(rest + 2) : 0;
        }
        if (locale != NULL && quality > best_quality) {
            best = locale;
            best_quality = quality;
        }
        at += entry;
    }
    return best;
}

/*
 * Thousands are not grouped: what one language reads as a group another reads as a fraction, and
 * small amounts have real fractions of three digits.
 */
const char *locale_money(const struct locale *locale, struct arena *arena, money_t amount,
                         const char *currency)
{
    const int digits = money_currency_digits(currency);
    char text[MONEY_TEXT_SIZE];
    money_format_padded(amount, digits > 0 ? digits : 0, text);
    char *mark = strchr(text, '.');
    if (mark != NULL)
        *mark = locale->decimal_mark;
    const char *minus = text[0] == '-' ? "\u2212" : "";
    return arena_printf(arena, "%s%s %s", minus, text + (text[0] == '-'), currency);
}

const char *locale_time(const struct locale *locale, struct arena *arena, time_us_t time)
{
    const time_t seconds = (time_t)(time / TIME_SECOND);
    struct tm parts;
    char text[64];
    if (gmtime_r(&seconds, &parts) == NULL || locale->write_time(text, sizeof text, &parts) == 0)
        return NULL;
    return arena_strdup(arena, text);
}
