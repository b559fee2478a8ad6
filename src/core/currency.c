/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ISO 4217's list one: every code of a currency or fund that has minor units. Metals and drawing
 * rights have none, and nobody's account can be kept in them. XTS, the code for tests, is the play
 * money of sandboxes; it has the two digits of most.
 */
#include <assert.h>
#include <string.h>

#include "core/money.h"

/* One text per number of minor unit digits; the blanks keep a code from matching across two. */
static const char digits_0[] =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
static const char digits_2[] =
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD "
    "CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS "
    "GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD "
    "LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB "
    "PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP "
    "SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG XTS YER ZAR "
    "ZMW ZWG";
static const char digits_3[] = "BHD IQD JOD KWD LYD OMR TND";
static const char digits_4[] = "CLF UYW";

static const struct {
    const char *codes;
    int digits;
} lists[] = {{digits_2, 2}, {digits_0, 0}, {digits_3, 3}, {digits_4, 4}};

int money_currency_digits(const char *code)
{
    assert(code != NULL);
    if (strlen(code) != 3 || strchr(code, ' ') != NULL)
        return -1;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (strstr(lists[i].codes, code) != NULL)
            return lists[i].digits;
    return -1;
}
