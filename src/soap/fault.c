/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The faults of the vendor API and their table, kept equal to core/error.h. */
#include "soap/fault.h"

#include <assert.h>
#include <string.h>

#define NOT_EXPECTED "INTERNAL", true, "An internal error occurred."
#define WRONG_LOGIN "AUTHENTICATION_FAILED", false, "VendorID or VendorPassword is wrong."

static const struct {
    const char *code;
    bool retry;
    const char *message;
} faults[FT_ERROR_COUNT] = {
    [FT_AUTHENTICATION_FAILED] = {WRONG_LOGIN},
    [FT_CREDENTIAL_CHANGED] = {WRONG_LOGIN},
    [FT_VENDOR_DISABLED] = {"VENDOR_DISABLED", false, "The vendor's account is disabled."},
    [FT_URL_NOT_REGISTERED] = {"URL_NOT_REGISTERED", false,
                               "The URL is under none that the vendor registered."},
    [FT_TRANSACTION_NOT_FOUND] = {"TRANSACTION_NOT_FOUND", false, "There is no such transaction."},
    [FT_TRANSACTION_EXPIRED] = {"INVALID_STATE", false, "The transaction has expired."},
    [FT_TRANSACTION_CANCELLED] = {"INVALID_STATE", false, "The transaction was cancelled."},
    [FT_TRANSACTION_TAKEN] = {"INVALID_STATE", false,
                              "The transaction was bought by another user."},
    [FT_IDEMPOTENCY_CONFLICT] = {"IDEMPOTENCY_CONFLICT", false,
                                 "RequestID was used before with other parameters."},
    [FT_INVALID_STATE] = {"INVALID_STATE", false, "The transaction's state does not allow this."},
    [FT_AMOUNT_EXCEEDS_REMAINING] = {"AMOUNT_EXCEEDS_REMAINING", false,
                                     "The amount is more than what is left."},
    [FT_INSUFFICIENT_FUNDS] = {NOT_EXPECTED}, /* what concerns users is told to them */
    [FT_LIMIT_TRANSACTION] = {NOT_EXPECTED},
    [FT_LIMIT_SESSION] = {NOT_EXPECTED},
    [FT_LIMIT_DAY] = {NOT_EXPECTED},
    [FT_LIMIT_WEEK] = {NOT_EXPECTED},
    [FT_LIMIT_MONTH] = {NOT_EXPECTED},
    [FT_ACCOUNT_DISABLED] = {NOT_EXPECTED},
    [FT_LOGIN_ENDED] = {NOT_EXPECTED},
    [FT_LOGIN_NAME_TAKEN] = {NOT_EXPECTED},
    [FT_USER_NOT_FOUND] = {NOT_EXPECTED},
    [FT_VENDOR_NOT_FOUND] = {WRONG_LOGIN},
    [FT_CURRENCY_UNKNOWN] = {NOT_EXPECTED},
    [FT_ENTRY_UNBALANCED] = {NOT_EXPECTED},
    [FT_CONTENT_NOT_FOUND] = {NOT_EXPECTED},
    [FT_OWNER_NOT_FOUND] = {NOT_EXPECTED},
    [FT_SETTLEMENT_NOT_FOUND] = {NOT_EXPECTED},
    [FT_PAYOUT_NOT_FOUND] = {NOT_EXPECTED},
    [FT_TERMS_NOT_FOUND] = {NOT_EXPECTED},
    [FT_ROLLUP_AHEAD] = {NOT_EXPECTED},
    [FT_INCENTIVE_INVALID] = {NOT_EXPECTED},
    [FT_AUDIT_FAILED] = {NOT_EXPECTED},
    [FT_PRICE_CHANGED] = {NOT_EXPECTED},
    [FT_INVALID_PARAMETER] = {"INVALID_PARAMETER", false, "A parameter is not valid."},
    [FT_RATE_LIMITED] = {"RATE_LIMITED", true, "There were too many calls; try again later."},
    [FT_UNAVAILABLE] = {"UNAVAILABLE", true,
                        "The service is not available; nothing was done; try again."},
    [FT_OUTCOME_UNKNOWN] =
        {"OUTCOME_UNKNOWN", true,
         "Whether it was done is not known; repeat the call with the same RequestID."},
    [FT_INTERNAL] = {NOT_EXPECTED},
};

const char *fault_code(enum ft_error error)
{
    assert(error > FT_OK && error < FT_ERROR_COUNT);
    return faults[error].code;
}

bool fault_retry(enum ft_error error)
{
    assert(error > FT_OK && error < FT_ERROR_COUNT);
    return faults[error].retry;
}

static const char *sentence(const struct call *call, enum ft_error error)
{
    const char *refusal = error == FT_INVALID_PARAMETER ? call_refusal(call) : NULL;
    const char *text = refusal != NULL ? arena_printf(call->arena, "%s.", refusal) : NULL;
    if (error == FT_AUTHENTICATION_FAILED && call->refusal != NULL)
        text = call->refusal;
    return text != NULL ? text : faults[error].message;
}

static void put(struct call *call, const char *code, const char *message,
                struct SOAP_ENV__Detail *detail, struct soap_exchange *exchange)
{
    struct soap *soap = codec_begin_answer(call, exchange);
    if (soap != NULL)
        soap_fault(soap);
    if (soap != NULL && soap->fault != NULL) {
        *soap_faultcode(soap) = code;
        *soap_faultstring(soap) = message;
        if (exchange->version == 2)
            soap->fault->SOAP_ENV__Detail = detail;
        else
            soap->fault->detail = detail;
        (void)soap_putfault(soap);
    }
    if (codec_end_answer(soap, exchange) != FT_OK)
        fault_answer_last(exchange);
}

void fault_answer(struct call *call, enum ft_error error, const char *message,
                  struct soap_exchange *exchange)
{
    const bool retry = fault_retry(error);
    const bool is_v12 = exchange->version == 2;
    if (message == NULL)
        message = sentence(call, error);
    struct vendor__FaultDetail fault = {
        .Code = codec_text(fault_code(error)),
        .Message = codec_text(message),
        .CorrelationID = codec_text(call->correlation_id),
        .Retry = retry ? true_ : false_,
    };
    struct SOAP_ENV__Detail detail = {.vendor__VendorFault = &fault};
    const char *code = is_v12 ? (retry ? "SOAP-ENV:Receiver" : "SOAP-ENV:Sender")
                              : (retry ? "SOAP-ENV:Server" : "SOAP-ENV:Client");
    exchange->status = is_v12 && !retry ? 400 : 500;
    exchange->outcome = fault_code(error);
    put(call, code, message, &detail, exchange);
}

void fault_answer_standard(struct call *call, const char *code, const char *message,
                           struct soap_exchange *exchange)
{
    char name[32] = "SOAP-ENV:";
    strncat(name, code, sizeof(name) - strlen(name) - 1);
    exchange->status = 500;
    exchange->outcome = code;
    put(call, name, message, NULL, exchange);
}

void fault_answer_last(struct soap_exchange *exchange)
{
    exchange->status = 500;
    exchange->outcome = "INTERNAL";
    if (exchange->version == 2) {
        exchange->answer_type = "application/soap+xml; charset=utf-8";
        exchange->answer =
            "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body><e:Fault>"
            "<e:Code><e:Value>e:Receiver</e:Value></e:Code>"
            "<e:Reason><e:Text xml:lang=\"en\">An internal error occurred.</e:Text></e:Reason>"
            "</e:Fault></e:Body></e:Envelope>";
    } else {
        exchange->answer_type = "text/xml; charset=utf-8";
        exchange->answer =
            "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body><e:Fault>"
            "<faultcode>e:Server</faultcode><faultstring>An internal error occurred.</faultstring>"
            "</e:Fault></e:Body></e:Envelope>";
    }
    exchange->answer_bytes = strlen(exchange->answer);
}
