/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Serializers of amounts, times, counts and texts for the generated stubs; see wsdl/typemap.dat. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/money.h"
#include "core/time.h"
#include "soap/codec.h"

#define VALUE_TEXT_SIZE 24 /* any int64_t */
#define FLAG_NO_CHILDREN 3 /* of soap_string_in */

typedef bool value_parse(const char *text, LONG64 *value_r);

static bool parse_price(const char *text, LONG64 *value_r)
{
    money_t amount;
    if (!money_parse(text, &amount) || amount <= 0 || amount > MONEY_PRICE_MAX)
        return false;
    *value_r = amount;
    return true;
}

/* In millionths of the price. */
static bool parse_share(const char *text, LONG64 *value_r)
{
    return parse_price(text, value_r) && *value_r <= MONEY_UNIT;
}

static bool parse_money(const char *text, LONG64 *value_r)
{
    money_t amount;
    if (!money_parse(text, &amount))
        return false;
    *value_r = amount;
    return true;
}

/* Time 0 stands for none, and what ends before 1970 could not be meant. */
static bool parse_time(const char *text, LONG64 *value_r)
{
    time_us_t time;
    if (!time_parse(text, &time) || time <= 0)
        return false;
    *value_r = time;
    return true;
}

static bool parse_whole(const char *text, LONG64 max, LONG64 *value_r)
{
    text += *text == '+';
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || text[digits] != '\0')
        return false;
    errno = 0;
    *value_r = strtoll(text, NULL, 10);
    return errno == 0 && *value_r >= 1 && *value_r <= max;
}

static bool parse_count(const char *text, LONG64 *value_r)
{
    return parse_whole(text, INT32_MAX, value_r);
}

static bool parse_thousand(const char *text, LONG64 *value_r)
{
    return parse_whole(text, 1000, value_r);
}

/* Its xsi:type must be absent, the schema's or what that restricts: nothing is reinterpreted. */
static int begin_in(struct soap *soap, const char *tag, bool nillable, const char *type,
                    const char *base)
{
    codec_refuse(soap, SOAP_OK, NULL);
    if (soap_element_begin_in(soap, tag, nillable, NULL) != SOAP_OK)
        return soap->error;
    if (*soap->type != '\0' && soap_match_tag(soap, soap->type, type) != SOAP_OK &&
        soap_match_tag(soap, soap->type, base) != SOAP_OK)
        return soap->error = SOAP_TYPE;
    return soap->error = SOAP_OK;
}

static LONG64 *value_in(struct soap *soap, const char *tag, LONG64 *value, const char *type,
                        const char *base, value_parse *parse)
{
    if (begin_in(soap, tag, false, type, base) != SOAP_OK)
        return NULL;
    if (value == NULL)
        value = codec_malloc(soap, sizeof(*value));
    if (value == NULL)
        return NULL;
    const char *text = codec_value(soap);
    if (text == NULL || !parse(text, value)) {
        soap->error = SOAP_TYPE;
        return NULL;
    }
    if (soap->body && soap_element_end_in(soap, tag) != SOAP_OK)
        return NULL;
    return value;
}

/* Here and not in soap_string_in, which would not say what it refuses. */
static int check_text(struct soap *soap, const char *text, long min, long max, const char *pattern)
{
    long characters = (long)soap_utf8len(text);
    if (characters < min || (max >= 0 && characters > max))
        return codec_refuse(soap, SOAP_LENGTH, text);
    if (pattern != NULL && soap->fsvalidate(soap, pattern, text) != SOAP_OK)
        return codec_refuse(soap, soap->error, text);
    return SOAP_OK;
}

char **value_text_in(struct soap *soap, const char *tag, char **text, const char *type, int id,
                     int flag, long min, long max, const char *pattern)
{
    (void)id;
    (void)flag;
    if (begin_in(soap, tag, true, type, "xsd:string") != SOAP_OK)
        return NULL;
    if (text == NULL)
        text = codec_malloc(soap, sizeof(*text));
    if (text == NULL)
        return NULL;
    if (soap->null) {
        *text = NULL;
    } else if (soap->body) {
        *text = codec_keep(soap, soap_string_in(soap, FLAG_NO_CHILDREN, 0, -1, NULL));
    } else {
        *text = codec_malloc(soap, 1);
    }
    if (!soap->null && (*text == NULL || check_text(soap, *text, min, max, pattern) != SOAP_OK))
        return NULL;
    if (soap->body && soap_element_end_in(soap, tag) != SOAP_OK)
        return NULL;
    return text;
}

static int value_out(struct soap *soap, const char *tag, const char *type, const char *text)
{
    if (soap_element_begin_out(soap, tag, 0, type) != SOAP_OK ||
        soap_string_out(soap, text, 0) != SOAP_OK)
        return soap->error;
    return soap_element_end_out(soap, tag);
}

void soap_default_vendor__Price(struct soap *soap, LONG64 *value)
{
    (void)soap;
    *value = 0;
}

LONG64 *soap_in_vendor__Price(struct soap *soap, const char *tag, LONG64 *value, const char *type)
{
    return value_in(soap, tag, value, type, "xsd:decimal", parse_price);
}

int soap_out_vendor__Price(struct soap *soap, const char *tag, int id, const LONG64 *value,
                           const char *type)
{
    char text[MONEY_TEXT_SIZE];
    (void)id;
    return value_out(soap, tag, type, money_format(*value, text));
}

void soap_default_vendor__Money(struct soap *soap, LONG64 *value)
{
    soap_default_vendor__Price(soap, value);
}

LONG64 *soap_in_vendor__Money(struct soap *soap, const char *tag, LONG64 *value, const char *type)
{
    return value_in(soap, tag, value, type, "xsd:decimal", parse_money);
}

int soap_out_vendor__Money(struct soap *soap, const char *tag, int id, const LONG64 *value,
                           const char *type)
{
    return soap_out_vendor__Price(soap, tag, id, value, type);
}

void soap_default_vendor__Share(struct soap *soap, LONG64 *value)
{
    soap_default_vendor__Price(soap, value);
}

LONG64 *soap_in_vendor__Share(struct soap *soap, const char *tag, LONG64 *value, const char *type)
{
    return value_in(soap, tag, value, type, "xsd:decimal", parse_share);
}

int soap_out_vendor__Share(struct soap *soap, const char *tag, int id, const LONG64 *value,
                           const char *type)
{
    return soap_out_vendor__Price(soap, tag, id, value, type);
}

void soap_default_xsd__dateTime(struct soap *soap, LONG64 *value)
{
    (void)soap;
    *value = 0;
}

LONG64 *soap_in_xsd__dateTime(struct soap *soap, const char *tag, LONG64 *value, const char *type)
{
    return value_in(soap, tag, value, type, type, parse_time);
}

int soap_out_xsd__dateTime(struct soap *soap, const char *tag, int id, const LONG64 *value,
                           const char *type)
{
    char text[TIME_TEXT_SIZE];
    (void)id;
    return value_out(soap, tag, type, time_format(*value, text));
}

void soap_default_vendor__Count(struct soap *soap, LONG64 *value)
{
    (void)soap;
    *value = 0;
}

LONG64 *soap_in_vendor__Count(struct soap *soap, const char *tag, LONG64 *value, const char *type)
{
    return value_in(soap, tag, value, type, "xsd:int", parse_count);
}

int soap_out_vendor__Count(struct soap *soap, const char *tag, int id, const LONG64 *value,
                           const char *type)
{
    char text[VALUE_TEXT_SIZE];
    (void)id;
    snprintf(text, sizeof(text), "%" PRId64, (int64_t)*value);
    return value_out(soap, tag, type, text);
}

void soap_default_vendor__PageSize(struct soap *soap, LONG64 *value)
{
    soap_default_vendor__Count(soap, value);
}

LONG64 *soap_in_vendor__PageSize(struct soap *soap, const char *tag, LONG64 *value,
                                 const char *type)
{
    return value_in(soap, tag, value, type, "xsd:int", parse_thousand);
}

int soap_out_vendor__PageSize(struct soap *soap, const char *tag, int id, const LONG64 *value,
                              const char *type)
{
    return soap_out_vendor__Count(soap, tag, id, value, type);
}

void soap_default_vendor__CodeCount(struct soap *soap, LONG64 *value)
{
    soap_default_vendor__Count(soap, value);
}

LONG64 *soap_in_vendor__CodeCount(struct soap *soap, const char *tag, LONG64 *value,
                                  const char *type)
{
    return value_in(soap, tag, value, type, "xsd:int", parse_thousand);
}

int soap_out_vendor__CodeCount(struct soap *soap, const char *tag, int id, const LONG64 *value,
                               const char *type)
{
    return soap_out_vendor__Count(soap, tag, id, value, type);
}
