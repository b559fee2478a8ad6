/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Serializers of amounts and times for the generated stubs; see wsdl/typemap.dat. */
#include "core/money.h"
#include "core/time.h"
#include "soap/codec.h"
#include "soap/parameter.h"

typedef bool value_parse(const char *text, LONG64 *value_r);

static bool parse_price(const char *text, LONG64 *value_r)
{
    money_t amount;
    if (!money_parse(text, &amount) || amount <= 0 || amount > MONEY_PRICE_MAX)
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

static LONG64 *value_in(struct soap *soap, const char *tag, LONG64 *value, value_parse *parse)
{
    if (soap_element_begin_in(soap, tag, 0, NULL) != SOAP_OK)
        return NULL;
    if (*soap->type != '\0' && !parameter_type_fits(soap, soap->tag)) {
        soap->error = SOAP_TYPE;
        return NULL;
    }
    if (value == NULL)
        value = soap_malloc(soap, sizeof(*value));
    if (value == NULL)
        return NULL;
    const char *text = soap_value(soap);
    if (text == NULL || !parse(text, value)) {
        soap->error = SOAP_TYPE;
        return NULL;
    }
    if (soap->body && soap_element_end_in(soap, tag) != SOAP_OK)
        return NULL;
    return value;
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
    (void)type;
    return value_in(soap, tag, value, parse_price);
}

int soap_out_vendor__Price(struct soap *soap, const char *tag, int id, const LONG64 *value,
                           const char *type)
{
    char text[MONEY_TEXT_SIZE];
    (void)id;
    return value_out(soap, tag, type, money_format(*value, text));
}

void soap_default_xsd__dateTime(struct soap *soap, LONG64 *value)
{
    (void)soap;
    *value = 0;
}

LONG64 *soap_in_xsd__dateTime(struct soap *soap, const char *tag, LONG64 *value, const char *type)
{
    (void)type;
    return value_in(soap, tag, value, parse_time);
}

int soap_out_xsd__dateTime(struct soap *soap, const char *tag, int id, const LONG64 *value,
                           const char *type)
{
    char text[TIME_TEXT_SIZE];
    (void)id;
    return value_out(soap, tag, type, time_format(*value, text));
}
