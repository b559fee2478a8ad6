/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "soap/parameter.h"

#include <ctype.h>
#include <string.h>

#define NAME_BYTES_MAX 64

/* clang-format off */
static const struct parameter parameters[] = {
    {"VendorID", "VendorNumber", "string", "1 to 64 characters"},
    {"VendorPassword", "Password", "string", "1 to 128 characters"},
    {"ContentTitle", "Title", "string", "1 to 200 characters"},
    {"Price", "Price", "decimal",
     "a decimal greater than 0 and at most 1000000, with at most 6 fraction digits and no exponent"},
    {"ContentURL", "HttpURL", "string", "an http or https URL of 1 to 2048 characters"},
    {"IsPost", "boolean", "boolean", "true or false"},
    {"VendorContentID", "VendorKey", "string", "at most 128 characters"},
    {"NumberOfTimesToView", "Count", "int", "a whole number from 1 to 2147483647"},
    {"AbsoluteExpTime", "dateTime", "dateTime",
     "a date and time after 1970 with a zone, such as 2026-12-31T23:00:00Z"},
    {"NumberOfDaysToView", "Count", "int", "a whole number from 1 to 2147483647"},
    {"NumberOfHoursToView", "Count", "int", "a whole number from 1 to 2147483647"},
    {"IncentiveIDs", "string", "string", "empty, -1 or a comma-separated list"},
    {"ShortDescription", "Description", "string", "at most 1000 characters"},
    {"OptionalData", "PassedThrough", "string", "at most 4096 characters"},
    {"RequestID", "RequestKey", "string", "at most 64 characters"},
    {"EncryptedUserID", "string", "string", "what came with the browser"},
};
/* clang-format on */

#define PARAMETER_COUNT (sizeof(parameters) / sizeof(parameters[0]))

const struct parameter *parameter_list(size_t *count_r)
{
    if (count_r != NULL)
        *count_r = PARAMETER_COUNT;
    return parameters;
}

static const char *local_name(const char *tag)
{
    const char *colon = strchr(tag, ':');
    return colon != NULL ? colon + 1 : tag;
}

const struct parameter *parameter_find(const char *tag)
{
    const char *name = local_name(tag);
    for (size_t i = 0; i < PARAMETER_COUNT; i++)
        if (strcmp(name, parameters[i].name) == 0)
            return &parameters[i];
    return NULL;
}

static bool type_is(struct soap *soap, const char *prefix, const char *name)
{
    char type[SOAP_TAGLEN];
    snprintf(type, sizeof(type), "%s:%s", prefix, name);
    return soap_match_tag(soap, soap->type, type) == SOAP_OK;
}

bool parameter_type_fits(struct soap *soap, const char *tag)
{
    const struct parameter *parameter = parameter_find(tag);
    return parameter == NULL || type_is(soap, "xsd", parameter->base) ||
           type_is(soap, "vendor", parameter->type);
}

/* A name the client chose, safe to log: of the letters that names here have, and not too long. */
static const char *safe_name(struct call *call, const char *tag)
{
    const char *name = local_name(tag);
    size_t bytes = 0;
    while (isalnum((unsigned char)name[bytes]) || name[bytes] == '_')
        bytes++;
    if (bytes == 0 || bytes > NAME_BYTES_MAX || name[bytes] != '\0')
        return "An element";
    const char *copy = arena_strndup(call->arena, name, bytes);
    return copy != NULL ? copy : "An element";
}

enum ft_error parameter_problem(struct soap *soap, struct call *call, const char *missing)
{
    const struct parameter *parameter = parameter_find(soap->tag);
    switch (soap->error) {
    case SOAP_EOM:
        return FT_INTERNAL;
    case SOAP_OK:
    case SOAP_OCCURS:
        return call_invalid(call, missing != NULL ? missing : "A parameter", "given once", NULL);
    case SOAP_TAG_MISMATCH:
    case SOAP_NO_TAG:
        return call_invalid(call, safe_name(call, soap->tag),
                            "a parameter of this operation, and given once", NULL);
    case SOAP_TYPE:
    case SOAP_LENGTH:
    case SOAP_EMPTY:
    case SOAP_NULL:
        if (parameter != NULL && *soap->type != '\0' && !parameter_type_fits(soap, soap->tag))
            return call_invalid(call, parameter->name,
                                "sent without an xsi:type, or with the schema's", NULL);
        if (parameter != NULL)
            return call_invalid(call, parameter->name, parameter->rule, NULL);
        return call_invalid(call, safe_name(call, soap->tag), "as the WSDL says", NULL);
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
