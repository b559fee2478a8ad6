/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IssueIncentive (V14, U15). */
#include "service/incentive.h"

#include "soap/operation.h"
#include "soap/parameter.h"

static enum ft_error decode(struct soap *soap, struct call *call,
                            struct _vendor__IssueIncentive *in)
{
    soap_default__vendor__IssueIncentive(soap, in);
    bool whole = soap_in__vendor__IssueIncentive(soap, "vendor:IssueIncentive", in, NULL) != NULL &&
                 codec_end_request(soap) == SOAP_OK;
    const struct parameter_text texts[] = {
        {"VendorID", in->VendorID},
        {"VendorPassword", in->VendorPassword},
        {"Amount", in->Amount != 0 ? "" : NULL},
        {"Count", in->Count != 0 ? "" : NULL},
        {"ExpiresAt", in->ExpiresAt != 0 ? "" : NULL},
    };
    const char *name = parameter_missing(texts, sizeof(texts) / sizeof(texts[0]));
    return whole && name == NULL ? FT_OK : parameter_problem(soap, call, name);
}

CODEC_ANSWER(IssueIncentive)

static enum ft_error encode(struct call *call, const struct incentive_issued *issued,
                            struct soap_exchange *exchange)
{
    struct vendor__CodeList codes = {
        .__sizeCode = issued->codes_count,
        .Code = arena_alloc(call->arena, (size_t)issued->codes_count * sizeof(char *)),
    };
    if (codes.Code == NULL)
        return FT_INTERNAL;
    for (int i = 0; i < issued->codes_count; i++)
        codes.Code[i] = codec_text(issued->codes[i]);
    struct vendor__IncentiveRecord record = {.IncentiveID = issued->incentive_id, .Codes = &codes};
    struct _vendor__IssueIncentiveResponse out = {
        .Message = codec_text("The codes are valid; who knows one may pay with it."),
        .Incentive = &record,
    };
    return answer_IssueIncentive(call, exchange, &out);
}

enum ft_error soap_incentive_issue(struct soap *soap, struct service *service, struct call *call,
                                   struct soap_exchange *exchange)
{
    struct _vendor__IssueIncentive in;
    struct incentive_issued issued;
    enum ft_error error = decode(soap, call, &in);
    codec_release(soap);
    if (error == FT_OK) {
        const struct incentive_issue_request request = {
            .vendor = {.vendor_id = in.VendorID, .password = in.VendorPassword},
            .amount = in.Amount,
            .count = (int)in.Count,
            .expires_at = in.ExpiresAt,
            .code_prefix = in.CodePrefix,
            .request_id = in.RequestID,
        };
        error = service_incentive_issue(service, call, &request, &issued);
    }
    codec_wipe(in.VendorPassword);
    return error == FT_OK ? encode(call, &issued, exchange) : error;
}
