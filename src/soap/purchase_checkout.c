/* SPDX-License-Identifier: GPL-3.0-or-later */
/* InitiateCheckout (V12). */
#include "service/purchase.h"

#include "soap/operation.h"
#include "soap/parameter.h"

/* Only ShippingRequested cannot be told from what is in it. */
static enum ft_error decode(struct soap *soap, struct call *call,
                            struct _vendor__InitiateCheckout *in)
{
    soap_default__vendor__InitiateCheckout(soap, in);
    bool whole =
        soap_in__vendor__InitiateCheckout(soap, "vendor:InitiateCheckout", in, NULL) != NULL &&
        codec_end_request(soap) == SOAP_OK;
    const struct parameter_text texts[] = {
        {"VendorID", in->VendorID},       {"VendorPassword", in->VendorPassword},
        {"OrderID", in->OrderID},         {"Amount", in->Amount != 0 ? "" : NULL},
        {"Description", in->Description}, {"ReturnURL", in->ReturnURL},
        {"CancelURL", in->CancelURL},
    };
    const char *name = parameter_missing(texts, sizeof(texts) / sizeof(texts[0]));
    if (!whole || name != NULL)
        return parameter_problem(soap, call, name != NULL ? name : "ShippingRequested");
    return FT_OK;
}

CODEC_ANSWER(InitiateCheckout)

static enum ft_error encode(struct call *call, const struct purchase_initiate_answer *answer,
                            struct soap_exchange *exchange)
{
    struct _vendor__InitiateCheckoutResponse out = {
        .Message = codec_text(answer->message),
        .TransactionID = codec_text(answer->transaction_id),
        .BuyURL = codec_text(answer->buy_url),
        .BuyHTML = codec_text(answer->buy_html),
        .ExpiresAt = answer->expires_at,
    };
    return answer_InitiateCheckout(call, exchange, &out);
}

enum ft_error soap_purchase_checkout(struct soap *soap, struct service *service, struct call *call,
                                     struct soap_exchange *exchange)
{
    struct _vendor__InitiateCheckout in;
    struct purchase_initiate_answer answer;
    enum ft_error error = decode(soap, call, &in);
    codec_release(soap);
    if (error == FT_OK) {
        const struct purchase_checkout_request request = {
            .vendor = {.vendor_id = in.VendorID, .password = in.VendorPassword},
            .order_id = in.OrderID,
            .amount = in.Amount,
            .description = in.Description,
            .return_url = in.ReturnURL,
            .cancel_url = in.CancelURL,
            .asks_shipping = in.ShippingRequested == true_,
            .request_id = in.RequestID,
        };
        error = service_purchase_checkout(service, call, &request, &answer);
    }
    codec_wipe(in.VendorPassword);
    return error == FT_OK ? encode(call, &answer, exchange) : error;
}
