/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Amounts are integers of 10^-6 of the currency's unit: 2.50 EUR is 2500000.
 */
#ifndef FARTHING_CORE_MONEY_H
#define FARTHING_CORE_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int64_t money_t;

#define MONEY_UNIT 1000000
#define MONEY_PRICE_MAX (1000000LL * MONEY_UNIT) /* vendor API: at most 1000000 units */
#define MONEY_TEXT_SIZE 32                       /* any amount with sign, point and NUL */

/*
 * Reads an xsd:decimal exactly: optional sign, digits, optional point; no exponent, no spaces, at
 * most 6 fraction digits (further zeros are allowed). False: not that, or it does not fit.
 */
bool money_parse(const char *text, money_t *amount_r);

/* The shortest exact decimal, "0.0005", "2.5", "-3"; returns text. */
char *money_format(money_t amount, char text[MONEY_TEXT_SIZE]);

/* For people: at least min_fraction_digits (the currency's minor unit), "2.50"; returns text. */
char *money_format_padded(money_t amount, int min_fraction_digits, char text[MONEY_TEXT_SIZE]);

/* Minor unit digits of an ISO 4217 code that is in use (EUR 2, JPY 0, KWD 3); -1: no such code. */
int money_currency_digits(const char *code);

#endif
