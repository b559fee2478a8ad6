/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ISO 13616 (IBAN), ISO 9362 (BIC), creditor IDs of SEPA: check digits of ISO 7064, mod 97. */
#include "bank/check.h"

#include <stdlib.h>
#include <string.h>

/* The registry of ISO 13616: a country's code and how long its IBANs are. */
static const char lengths[] =
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 "
    "DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 "
    "IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 "
    "MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 "
    "SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Without blanks, in capitals; letters and digits of ASCII only. False: others, or too many. */
static bool normalize(const char *text, char *normal_r, size_t size)
{
    size_t used = 0;
    for (; *text != '\0'; text++) {
        char c = *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text;
        if (c == ' ')
            continue;
        if ((!is_digit(c) && !is_letter(c)) || used + 1 >= size)
            return false;
        normal_r[used++] = c;
    }
    normal_r[used] = '\0';
    return true;
}

static unsigned int mod97_on(unsigned int rest, const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rest = is_digit(text[i]) ? (rest * 10 + (unsigned int)(text[i] - '0')) % 97
                                 : (rest * 100 + (unsigned int)(text[i] - 'A' + 10)) % 97;
    return rest;
}

/* Of the text from skip on, followed by its first four characters: right when 1 remains. */
static bool check_digits_right(const char *text, size_t skip)
{
    return is_digit(text[2]) && is_digit(text[3]) &&
           mod97_on(mod97_on(0, text + skip, strlen(text) - skip), text, 4) == 1;
}

static bool starts_with_country(const char *text)
{
    return is_letter(text[0]) && is_letter(text[1]);
}

bool bank_iban_check(const char *text, char iban_r[BANK_IBAN_SIZE], const char **problem_r)
{
    *problem_r = "an IBAN: a country, two check digits and at most 30 letters and digits";
    if (!normalize(text, iban_r, BANK_IBAN_SIZE) || !starts_with_country(iban_r))
        return false;
    const char *found = lengths;
    while ((found = strstr(found, (char[]){iban_r[0], iban_r[1], '\0'})) != NULL &&
           !is_digit(found[2]))
        found++;
    *problem_r = "an IBAN of a country that has them";
    if (found == NULL)
        return false;
    *problem_r = "as long as the IBANs of its country";
    if (strlen(iban_r) != strtoul(found + 2, NULL, 10))
        return false;
    *problem_r = "an IBAN with the right check digits: something in it is mistyped";
    return strncmp(iban_r + 2, "02", 2) >= 0 && strncmp(iban_r + 2, "98", 2) <= 0 &&
           check_digits_right(iban_r, 4);
}

bool bank_bic_check(const char *text, char bic_r[BANK_BIC_SIZE], const char **problem_r)
{
    *problem_r = "a BIC of 8 or 11 letters and digits, the fifth and sixth a country";
    return normalize(text, bic_r, BANK_BIC_SIZE) && (strlen(bic_r) == 8 || strlen(bic_r) == 11) &&
           starts_with_country(bic_r + 4);
}

bool bank_creditor_id_check(const char *text, char creditor_id_r[BANK_CREDITOR_ID_SIZE],
                            const char **problem_r)
{
    *problem_r = "a creditor ID: a country, two check digits, three characters, a number";
    if (!normalize(text, creditor_id_r, BANK_CREDITOR_ID_SIZE) || strlen(creditor_id_r) < 8 ||
        !starts_with_country(creditor_id_r))
        return false;
    *problem_r = "a creditor ID with the right check digits: something in it is mistyped";
    return check_digits_right(creditor_id_r, 7);
}
