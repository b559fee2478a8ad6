/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The languages of the pages, and how each writes amounts and times. What a language says stands
 * in messages/<code>.xml; how it counts stands here; pages/layout.xsl lists them for the user.
 */
#ifndef FARTHING_WEB_LOCALE_H
#define FARTHING_WEB_LOCALE_H

#include <stddef.h>
#include <time.h>

#include "core/arena.h"
#include "core/money.h"
#include "core/time.h"

#define LOCALE_COUNT 2

struct locale {
    const char *code; /* "en": file of messages, lang attribute, cookie */
    char decimal_mark;
    size_t (*write_time)(char *text, size_t size, const struct tm *time);
};

/* The first is the default. */
extern const struct locale locales[LOCALE_COUNT];

/* By code, the region ignored: "de", "de-AT". NULL: absent, or not spoken here. */
const struct locale *locale_find(const char *code);

/* The best that an Accept-Language header allows (RFC 9110, 12.5.4); header may be NULL. */
const struct locale *locale_choose(const char *header);

/* "2.50 EUR", "2,50 EUR", "0.0005 EUR": exact, at least the currency's own digits. */
const char *locale_money(const struct locale *locale, struct arena *arena, money_t amount,
                         const char *currency);

/* "22 Nov 2026, 05:15 UTC". */
const char *locale_time(const struct locale *locale, struct arena *arena, time_us_t time);

#endif
