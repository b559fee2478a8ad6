/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each parameter must be, in words. */
#include "soap/parameter.h"

#include <ctype.h>
#include <string.h>

#define NAME_BYTES_MAX 64
#define UNNAMED "An element"

static const struct parameter parameters[] = {
    {"VendorID", "1 to 64 characters"},
    {"VendorPassword", "1 to 128 characters"},
    {"ContentTitle", "1 to 200 characters"},
    {"Price", "a decimal greater than 0 and at most 1000000, with at most 6 fraction digits and no "
              "exponent"},
    {"ContentURL", "an http or https URL of 1 to 2048 characters"},
    {"IsPost", "true or false"},
    {"VendorContentID", "at most 128 characters"},
    {"NumberOfTimesToView", "a whole number from 1 to 2147483647"},
    {"AbsoluteExpTime", "a date and time after 1970 with a zone, such as 2026-12-31T23:00:00Z"},
    {"NumberOfDaysToView", "a whole number from 1 to 2147483647"},
    {"NumberOfHoursToView", "a whole number from 1 to 2147483647"},
    {"IncentiveIDs", "empty, -1 or a comma-separated list"},
    {"ShortDescription", "at most 1000 characters"},
    {"OptionalData", "at most 4096 characters"},
    {"RequestID", "at most 64 characters"},
    {"TransactionID", "at most 64 characters"},
    {"Amount", "a decimal greater than 0 and at most 1000000, with at most 6 fraction digits and "
               "no exponent"},
    {"Reason", "at most 1000 characters"},
    {"Since", "a date and time after 1970 with a zone, such as 2026-12-31T23:00:00Z"},
    {"Until", "a date and time after 1970 with a zone, such as 2026-12-31T23:00:00Z"},
    {"State", "a state of a transaction"},
    {"PageToken", "NextPageToken of the page before, at most 64 characters"},
    {"PageSize", "a whole number from 1 to 1000"},
    {"OrderID", "1 to 128 characters"},
    {"Description", "1 to 200 characters"},
    {"ReturnURL", "an http or https URL of 1 to 2048 characters"},
    {"CancelURL", "an http or https URL of 1 to 2048 characters"},
    {"ShippingRequested", "true or false"},
    {"NewPassword", "12 to 128 characters"},
    {"Count", "a whole number from 1 to 1000"},
    {"ExpiresAt", "a date and time after 1970 with a zone, such as 2026-12-31T23:00:00Z"},
    {"CodePrefix", "at most 16 capital letters, digits and hyphens"},
    {"Owners", "a list of at most 100 owners, each with OwnerID and with Share or AmountPerSale"},
    {"Owner", "an owner with OwnerID and with Share or AmountPerSale"},
    {"OwnerID", "1 to 64 characters"},
    {"Share", "a decimal greater than 0 and at most 1, with at most 6 fraction digits and no "
              "exponent"},
    {"AmountPerSale", "a decimal greater than 0 and at most 1000000, with at most 6 fraction "
                      "digits and no exponent"},
    {"ValidFrom", "a date and time after 1970 with a zone, such as 2026-12-31T23:00:00Z"},
    {"EncryptedUserID", "what came with the browser"},
};

static const char *local_name(const char *tag)
{
    const char *colon = strchr(tag, ':');
    return colon != NULL ? colon + 1 : tag;
}

const struct parameter *parameter_find(const char *tag)
{
    const char *name = local_name(tag);
    for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++)
        if (strcmp(name, parameters[i].name) == 0)
            return &parameters[i];
    return NULL;
}

/* A name the client chose, safe to log: of the letters that names here have, and not too long. */
static const char *safe_name(struct call *call, const char *tag)
{
    const char *name = local_name(tag);
    size_t bytes = 0;
    while (isalnum((unsigned char)name[bytes]) || name[bytes] == '_')
        bytes++;
    if (bytes == 0 || bytes > NAME_BYTES_MAX || name[bytes] != '\0')
        return UNNAMED;
    const char *copy = arena_strndup(call->arena, name, bytes);
    return copy != NULL ? copy : UNNAMED;
}

static bool is_secret(const char *name)
{
    static const char *const secrets[] = {"VendorPassword", "NewPassword", "EncryptedUserID"};
    for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
        if (strcmp(name, secrets[i]) == 0)
            return true;
    return false;
}

/* The content of the element that was read last, or its xsi:type, is not what it must be. */
static enum ft_error off_facet(struct soap *soap, struct call *call)
{
    const struct parameter *parameter = parameter_find(soap->tag);
    const char *name = safe_name(call, soap->tag);
    const char *rule = parameter != NULL ? parameter->rule : "as the WSDL says";
    const char *value = codec_refused(soap);
    if (*soap->type != '\0' && value == NULL) {
        rule = arena_printf(call->arena, "%s, with the schema's xsi:type or none", rule);
        value = arena_printf(call->arena, "xsi:type=%s", soap->type);
    }
    if (rule == NULL)
        return FT_INTERNAL;
    return call_invalid(call, name, rule, is_secret(name) ? NULL : value);
}

/* An element of a name that is not expected, which is in the sentence if it can be. */
static enum ft_error off_name(struct soap *soap, struct call *call, const char *rule)
{
    const char *name = safe_name(call, soap->tag);
    bool is_told = strcmp(name, UNNAMED) != 0 || *soap->tag == '\0';
    return call_invalid(call, name, rule, is_told ? NULL : local_name(soap->tag));
}

enum ft_error parameter_problem(struct soap *soap, struct call *call, const char *missing)
{
    switch (soap->error) {
    case SOAP_EOM:
        return FT_INTERNAL;
    case SOAP_OK:
    case SOAP_OCCURS:
        return call_invalid(call, missing != NULL ? missing : "A parameter", "given once", NULL);
    case SOAP_TAG_MISMATCH:
    case SOAP_NO_TAG:
    case SOAP_MUSTUNDERSTAND:
        return off_name(soap, call, "a parameter of this operation, and given once");
    case SOAP_TYPE:
    case SOAP_LENGTH:
    case SOAP_EMPTY:
    case SOAP_NULL:
        return off_facet(soap, call);
    case SOAP_NO_METHOD:
        return off_name(soap, call, "an operation of this service");
    case SOAP_NO_DATA:
        return call_invalid(call, "Request", "a SOAP envelope with an operation in its body", NULL);
    case SOAP_END_TAG:
        if (parameter_find(soap->tag) != NULL)
            return call_invalid(call, safe_name(call, soap->tag), "text, without elements in it",
                                NULL);
        return call_invalid(call, "Request", "elements as the WSDL says, without text between",
                            NULL);
    case SOAP_LEVEL:
        return call_invalid(call, "Request", "elements nested less deeply", NULL);
    default:
        return call_invalid(call, "Request", "well-formed XML", NULL);
    }
}

const char *parameter_missing(const struct parameter_text *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (texts[i].text == NULL)
            return texts[i].name;
    return NULL;
}
