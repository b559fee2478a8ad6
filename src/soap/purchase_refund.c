/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RefundTransaction (V14). */
#include "service/purchase_record.h"

#include "soap/operation.h"
#include "soap/parameter.h"

static enum ft_error decode(struct soap *soap, struct call *call,
                            struct _vendor__RefundTransaction *in)
{
    soap_default__vendor__RefundTransaction(soap, in);
    bool whole =
        soap_in__vendor__RefundTransaction(soap, "vendor:RefundTransaction", in, NULL) != NULL &&
        codec_end_request(soap) == SOAP_OK;
    const struct parameter_text texts[] = {
        {"VendorID", in->VendorID},
        {"VendorPassword", in->VendorPassword},
        {"TransactionID", in->TransactionID},
    };
    const char *name = parameter_missing(texts, sizeof(texts) / sizeof(texts[0]));
    return whole && name == NULL ? FT_OK : parameter_problem(soap, call, name);
}

CODEC_ANSWER(RefundTransaction)

static enum ft_error encode(struct call *call, const struct purchase_refund *refund,
                            struct soap_exchange *exchange)
{
    struct vendor__RefundRecord record = {
        .RefundID = codec_text(refund->refund_id),
        .RefundedAmount = refund->amount,
        .RefundedTotal = refund->total,
        .State = codec_text(refund->state),
    };
    struct _vendor__RefundTransactionResponse out = {
        .Message = codec_text("The amount was paid back to the user."),
        .Refund = &record,
    };
    return answer_RefundTransaction(call, exchange, &out);
}

enum ft_error soap_purchase_refund(struct soap *soap, struct service *service, struct call *call,
                                   struct soap_exchange *exchange)
{
    struct _vendor__RefundTransaction in;
    struct purchase_refund refund;
    enum ft_error error = decode(soap, call, &in);
    codec_release(soap);
    if (error == FT_OK) {
        const struct purchase_refund_request request = {
            .vendor = {.vendor_id = in.VendorID, .password = in.VendorPassword},
            .order = {.transaction_id = in.TransactionID,
                      .amount = in.Amount != NULL ? *in.Amount : 0,
                      .reason = in.Reason,
                      .request_id = in.RequestID},
        };
        error = service_purchase_refund(service, call, &request, &refund);
    }
    codec_wipe(in.VendorPassword);
    return error == FT_OK ? encode(call, &refund, exchange) : error;
}
