/* SPDX-License-Identifier: GPL-3.0-or-later */
/* InitiateTransaction (V1-V4). */
#include "service/purchase.h"

#include "soap/operation.h"
#include "soap/parameter.h"

#define HOURS_PER_DAY 24

/* Only IsPost cannot be told from what is in it; it is what lacks when nothing else does. */
static const char *missing(const struct _vendor__InitiateTransaction *in)
{
    const struct parameter_text texts[] = {
        {"VendorID", in->VendorID},         {"VendorPassword", in->VendorPassword},
        {"ContentTitle", in->ContentTitle}, {"Price", in->Price != 0 ? "" : NULL},
        {"ContentURL", in->ContentURL},
    };
    return parameter_missing(texts, sizeof(texts) / sizeof(texts[0]));
}

static enum ft_error decode(struct soap *soap, struct call *call,
                            struct _vendor__InitiateTransaction *in)
{
    soap_default__vendor__InitiateTransaction(soap, in);
    bool whole = soap_in__vendor__InitiateTransaction(soap, "vendor:InitiateTransaction", in,
                                                      NULL) != NULL &&
                 codec_end_request(soap) == SOAP_OK;
    const char *name = missing(in);
    if (!whole || name != NULL)
        return parameter_problem(soap, call, name != NULL ? name : "IsPost");
    return FT_OK;
}

static struct purchase_initiate_request request_of(const struct _vendor__InitiateTransaction *in)
{
    int64_t days = in->NumberOfDaysToView != NULL ? *in->NumberOfDaysToView : 0;
    int64_t hours = in->NumberOfHoursToView != NULL ? *in->NumberOfHoursToView : 0;
    return (struct purchase_initiate_request){
        .vendor = {.vendor_id = in->VendorID, .password = in->VendorPassword},
        .offer =
            {
                .title = in->ContentTitle,
                .price = in->Price,
                .content_url = in->ContentURL,
                .is_post = in->IsPost == true_,
                .vendor_content_id = in->VendorContentID,
                .views = in->NumberOfTimesToView != NULL ? (int)*in->NumberOfTimesToView : 0,
                .absolute_expiry = in->AbsoluteExpTime != NULL ? *in->AbsoluteExpTime : 0,
                .valid_hours = days * HOURS_PER_DAY + hours,
                .incentive_ids = in->IncentiveIDs,
                .description = in->ShortDescription,
            },
        .optional_data = in->OptionalData,
        .request_id = in->RequestID,
    };
}

CODEC_ANSWER(InitiateTransaction)

static enum ft_error encode(struct call *call, const struct purchase_initiate_answer *answer,
                            struct soap_exchange *exchange)
{
    struct _vendor__InitiateTransactionResponse out = {
        .Message = codec_text(answer->message),
        .TransactionID = codec_text(answer->transaction_id),
        .BuyURL = codec_text(answer->buy_url),
        .BuyHTML = codec_text(answer->buy_html),
        .ExpiresAt = answer->expires_at,
    };
    return answer_InitiateTransaction(call, exchange, &out);
}

enum ft_error soap_purchase_initiate(struct soap *soap, struct service *service, struct call *call,
                                     struct soap_exchange *exchange)
{
    struct _vendor__InitiateTransaction in;
    struct purchase_initiate_answer answer;
    enum ft_error error = decode(soap, call, &in);
    codec_release(soap);
    if (error == FT_OK) {
        struct purchase_initiate_request request = request_of(&in);
        error = service_purchase_initiate(service, call, &request, &answer);
    }
    codec_wipe(in.VendorPassword);
    return error == FT_OK ? encode(call, &answer, exchange) : error;
}
