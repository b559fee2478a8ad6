/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Amounts and their decimal text, exactly. The currencies are in currency.c. */
#include "core/money.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FRACTION_DIGITS 6

/* amount * 10 - digit; amounts are gathered below zero, where there is room for INT64_MIN. */
static bool append_digit(money_t *amount, char digit)
{
    return !__builtin_mul_overflow(*amount, 10, amount) &&
           !__builtin_sub_overflow(*amount, digit - '0', amount);
}

bool money_parse(const char *text, money_t *amount_r)
{
    assert(text != NULL && amount_r != NULL);
    bool negative = *text == '-';
    if (*text == '-' || *text == '+')
        text++;
    size_t whole = strspn(text, "0123456789");
    const char *fraction = text[whole] == '.' ? &text[whole + 1] : &text[whole];
    size_t digits = strspn(fraction, "0123456789");
    if (fraction[digits] != '\0' || whole + digits == 0)
        return false;

    money_t amount = 0;
    for (size_t i = 0; i < whole; i++)
        if (!append_digit(&amount, text[i]))
            return false;
    for (size_t i = 0; i < FRACTION_DIGITS; i++)
        if (!append_digit(&amount, i < digits ? fraction[i] : '0'))
            return false;
    for (size_t i = FRACTION_DIGITS; i < digits; i++)
        if (fraction[i] != '0')
            return false;
    if (!negative && __builtin_sub_overflow(0, amount, &amount))
        return false;
    *amount_r = amount;
    return true;
}

char *money_format(money_t amount, char text[MONEY_TEXT_SIZE])
{
    return money_format_padded(amount, 0, text);
}

char *money_format_padded(money_t amount, int min_fraction_digits, char text[MONEY_TEXT_SIZE])
{
    assert(min_fraction_digits >= 0 && min_fraction_digits <= FRACTION_DIGITS);
    uint64_t magnitude = amount < 0 ? 0 - (uint64_t)amount : (uint64_t)amount;
    int length = snprintf(text, MONEY_TEXT_SIZE, "%s%" PRIu64 ".%06" PRIu64, amount < 0 ? "-" : "",
                          magnitude / MONEY_UNIT, magnitude % MONEY_UNIT);
    int surplus = FRACTION_DIGITS - min_fraction_digits;
    while (surplus-- > 0 && text[length - 1] == '0')
        length--;
    if (text[length - 1] == '.')
        length--;
    text[length] = '\0';
    return text;
}
