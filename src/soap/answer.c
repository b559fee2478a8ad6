/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One exchange: prescan, envelope, operation, or a fault. */
#include <assert.h>
#include <string.h>

#include "soap/fault.h"
#include "soap/operation.h"
#include "soap/parameter.h"
#include "soap/prescan.h"

static const struct {
    const char *name;
    const char *tag;
    soap_operation *operation;
} operations[] = {
    {"InitiateTransaction", "vendor:InitiateTransaction", soap_purchase_initiate},
    {"Lock_Content", "vendor:Lock_Content", soap_license_lock_content},
    {"GetTransaction", "vendor:GetTransaction", soap_purchase_get},
    {"RefundTransaction", "vendor:RefundTransaction", soap_purchase_refund},
    {"ListTransactions", "vendor:ListTransactions", soap_purchase_list},
    {"InitiateCheckout", "vendor:InitiateCheckout", soap_purchase_checkout},
    {"GetAccount", "vendor:GetAccount", soap_vendor_account},
    {"ListSettlements", "vendor:ListSettlements", soap_settlement_list},
    {"IssueIncentive", "vendor:IssueIncentive", soap_incentive_issue},
    {"SetContentOwners", "vendor:SetContentOwners", soap_royalty_set_content_owners},
    {"ChangePassword", "vendor:ChangePassword", soap_vendor_change_password},
};

int soap_version_of(const char *content_type)
{
    return content_type != NULL && strcasestr(content_type, "application/soap+xml") != NULL ? 2 : 1;
}

/* A charset of the media type would overrule what the document says of itself. */
static bool charset_is_utf8(const char *content_type)
{
    const char *charset = content_type != NULL ? strcasestr(content_type, "charset=") : NULL;
    if (charset == NULL)
        return true;
    charset += strlen("charset=");
    charset += *charset == '"';
    return strncasecmp(charset, "utf-8", 5) == 0 || strncasecmp(charset, "utf8", 4) == 0 ||
           strncasecmp(charset, "us-ascii", 8) == 0;
}

/* Says what is wrong with a request that no operation reads. */
static enum ft_error refuse(struct soap *soap, struct call *call)
{
    const enum ft_error error = parameter_problem(soap, call, NULL);
    codec_release(soap);
    return error;
}

static enum ft_error dispatch(struct soap *soap, struct service *service, struct call *call,
                              struct soap_exchange *exchange)
{
    for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
        if (soap_match_tag(soap, soap->tag, operations[i].tag) == SOAP_OK) {
            exchange->operation = operations[i].name;
            return operations[i].operation(soap, service, call, exchange);
        }
    }
    soap->error = SOAP_NO_METHOD;
    return refuse(soap, call);
}

static void answer(struct service *service, struct call *call, const struct prescan *prescan,
                   struct soap_exchange *exchange)
{
    struct soap *soap = codec_acquire(call);
    if (soap == NULL) {
        fault_answer_last(exchange);
        return;
    }
    const int problem = codec_begin_request(soap, prescan->text, prescan->bytes);
    if (soap->version != 0)
        exchange->version = soap->version;
    const enum ft_error error =
        problem == SOAP_OK ? dispatch(soap, service, call, exchange) : refuse(soap, call);
    if (error == FT_OK)
        exchange->status = 200;
    else if (problem == SOAP_VERSIONMISMATCH)
        fault_answer_standard(call, "VersionMismatch",
                              "The envelope is of neither SOAP 1.1 nor SOAP 1.2.", exchange);
    else if (problem == SOAP_MUSTUNDERSTAND)
        fault_answer_standard(call, "MustUnderstand",
                              "The request has a header that must be understood and is not.",
                              exchange);
    else
        fault_answer(call, error, NULL, exchange);
}

void soap_answer(struct service *service, struct call *call, struct soap_exchange *exchange)
{
    assert(exchange->body != NULL || exchange->body_bytes == 0);
    exchange->version = soap_version_of(exchange->content_type);
    exchange->operation = "unknown";
    struct prescan prescan;
    soap_prescan(call->arena, exchange->body != NULL ? exchange->body : "", exchange->body_bytes,
                 &prescan);
    if (prescan.problem == NULL && !charset_is_utf8(exchange->content_type))
        prescan.problem = "The request must be in UTF-8.";
    if (prescan.problem != NULL)
        fault_answer(call, FT_INVALID_PARAMETER, prescan.problem, exchange);
    else if (prescan.text == NULL)
        fault_answer_last(exchange);
    else
        answer(service, call, &prescan, exchange);
}
