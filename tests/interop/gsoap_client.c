/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gSOAP: calls what each line of standard input says; see clients.py. */

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "VendorBinding.nsmap"
#include "soapH.h"

static const char *endpoint;
static struct soap *soap;

/* A parameter by the type of its field in the stub; soap owns what is allocated. */

static char *text(const json_t *parameters, const char *name)
{
    return soap_strdup(soap, json_string_value(json_object_get(parameters, name)));
}

static int *number(const json_t *parameters, const char *name)
{
    json_t *value = json_object_get(parameters, name);
    int *number = NULL;

    if (value != NULL && !json_is_null(value)) {
        number = soap_malloc(soap, sizeof(*number));
        *number = (int)json_integer_value(value);
    }
    return number;
}

static time_t *moment(const json_t *parameters, const char *name)
{
    const char *value = json_string_value(json_object_get(parameters, name));
    time_t *moment = NULL;

    if (value != NULL) {
        moment = soap_malloc(soap, sizeof(*moment));
        soap_s2dateTime(soap, value, moment);
    }
    return moment;
}

static enum xsd__boolean truth(const json_t *parameters, const char *name)
{
    return json_is_true(json_object_get(parameters, name)) ? true_ : false_;
}

static json_t *time_of(const time_t *moment)
{
    return moment == NULL ? NULL : json_string(soap_dateTime2s(soap, *moment));
}

static json_t *initiate(const json_t *given)
{
    struct _ns1__InitiateTransactionResponse answer = {0};
    struct _ns1__InitiateTransaction request = {
        .VendorID = text(given, "VendorID"),
        .VendorPassword = text(given, "VendorPassword"),
        .ContentTitle = text(given, "ContentTitle"),
        .Price = text(given, "Price"),
        .ContentURL = text(given, "ContentURL"),
        .IsPost = truth(given, "IsPost"),
        .VendorContentID = text(given, "VendorContentID"),
        .NumberOfTimesToView = number(given, "NumberOfTimesToView"),
        .AbsoluteExpTime = moment(given, "AbsoluteExpTime"),
        .NumberOfDaysToView = number(given, "NumberOfDaysToView"),
        .NumberOfHoursToView = number(given, "NumberOfHoursToView"),
        .IncentiveIDs = text(given, "IncentiveIDs"),
        .ShortDescription = text(given, "ShortDescription"),
        .OptionalData = text(given, "OptionalData"),
        .RequestID = text(given, "RequestID"),
    };

    if (soap_call___ns1__InitiateTransaction(soap, endpoint, NULL, &request, &answer) != SOAP_OK)
        return NULL;
    return json_pack("{s:s, s:s, s:s, s:s, s:o}", "Message", answer.Message, "TransactionID",
                     answer.TransactionID, "BuyURL", answer.BuyURL, "BuyHTML", answer.BuyHTML,
                     "ExpiresAt", time_of(&answer.ExpiresAt));
}

static json_t *lock_content(const json_t *given)
{
    struct _ns1__Lock_USCOREContentResponse answer = {0};
    struct _ns1__Lock_USCOREContent request = {
        .VendorID = text(given, "VendorID"),
        .VendorPassword = text(given, "VendorPassword"),
        .EncryptedUserID = text(given, "EncryptedUserID"),
        .ContentURL = text(given, "ContentURL"),
        .RequestID = text(given, "RequestID"),
    };

    if (soap_call___ns1__Lock_USCOREContent(soap, endpoint, NULL, &request, &answer) != SOAP_OK)
        return NULL;
    return json_pack("{s:s, s:b, s:s, s:s*, s:s*, s:s*, s:o*, s:o*, s:s*}", "Message",
                     answer.Message, "Authorized", answer.Authorized == true_, "Reason",
                     soap_ns1__AccessReason2s(soap, answer.Reason), "TransactionID",
                     answer.TransactionID, "VendorContentID", answer.VendorContentID,
                     "OptionalData", answer.OptionalData, "ViewsLeft",
                     answer.ViewsLeft ? json_integer(*answer.ViewsLeft) : NULL, "ExpiresAt",
                     time_of(answer.ExpiresAt), "BuyURL", answer.BuyURL);
}

static json_t *fault(void)
{
    struct SOAP_ENV__Detail *detail = NULL;
    struct ns1__FaultDetail *why;

    soap_set_fault(soap);
    if (soap->fault != NULL)
        detail = soap->version == 2 ? soap->fault->SOAP_ENV__Detail : soap->fault->detail;
    why = detail == NULL ? NULL : detail->ns1__VendorFault;
    if (why == NULL)
        return json_pack("{s:s}", "error", *soap_faultstring(soap));
    return json_pack("{s:{s:s, s:s, s:s, s:b}}", "fault", "Code",
                     soap_ns1__FaultCode2s(soap, why->Code), "Message", why->Message,
                     "CorrelationID", why->CorrelationID, "Retry", why->Retry == true_);
}

static json_t *call(const json_t *line)
{
    const char *operation = json_string_value(json_object_get(line, "operation"));
    json_t *given = json_object_get(line, "parameters");
    json_t *vendor = json_pack("{s:s, s:s}", "VendorID", getenv("VENDOR_ID"), "VendorPassword",
                               getenv("VENDOR_PASSWORD"));
    json_t *answer = NULL;

    json_object_update_missing(given, vendor);
    json_decref(vendor);
    if (strcmp(operation, "InitiateTransaction") == 0)
        answer = initiate(given);
    else if (strcmp(operation, "Lock_Content") == 0)
        answer = lock_content(given);
    return answer == NULL ? fault() : json_pack("{s:o}", "answer", answer);
}

int main(void)
{
    json_t *line;
    json_t *said;

    endpoint = getenv("FARTHING_ENDPOINT");
    soap = soap_new1(SOAP_C_UTFSTRING);
    soap->connect_timeout = soap->send_timeout = soap->recv_timeout = 60; /* seconds */
    while ((line = json_loadf(stdin, JSON_DISABLE_EOF_CHECK, NULL)) != NULL) {
        said = call(line);
        json_dumpf(said, stdout, JSON_COMPACT);
        puts("");
        fflush(stdout);
        json_decref(said);
        json_decref(line);
        soap_destroy(soap);
        soap_end(soap);
    }
    soap_free(soap);
    return 0;
}
