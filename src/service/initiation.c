/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parameters of InitiateTransaction (V1) and InitiateCheckout (V12). */
#include "service/initiation.h"

#include <inttypes.h>
#include <limits.h>

#include "service/check.h"
#include "service/url.h"

/* Answers state times as xsd:dateTime, whose years we end at 9999; 7000 years are for ever. */
#define VALID_HOURS_MAX (7000LL * 365 * 24)

/* The contract of InitiateTransaction, as far as it is not the database's (V1). */
static enum ft_error check_offer(struct call *call, const struct purchase_initiate_request *request)
{
    const struct purchase_offer *offer = &request->offer;
    char text[TIME_TEXT_SIZE];
    const struct check_text texts[] = {
        {.parameter = "ContentTitle", .text = offer->title, .min = 1, .max = 200},
        {.parameter = "VendorContentID", .text = offer->vendor_content_id, .max = 128},
        {.parameter = "IncentiveIDs", .text = offer->incentive_ids, .max = INT_MAX},
        {.parameter = "ShortDescription", .text = offer->description, .max = 1000},
        {.parameter = "OptionalData", .text = request->optional_data, .max = 4096},
        {.parameter = "RequestID", .text = request->request_id, .max = 64},
    };
    enum ft_error error = check_texts(call, texts, sizeof texts / sizeof texts[0]);
    if (error != FT_OK)
        return error;
    error = check_amount(call, "Price", offer->price);
    if (error != FT_OK)
        return error;
    if (offer->views < 0)
        return call_invalid(call, "NumberOfTimesToView", "at least 1",
                            arena_printf(call->arena, "%d", offer->views));
    if (offer->absolute_expiry != 0 && offer->absolute_expiry <= time_now_us())
        return call_invalid(call, "AbsoluteExpTime", "a time in the future",
                            time_format(offer->absolute_expiry, text));
    if (offer->valid_hours < 0)
        return call_invalid(call, "NumberOfHoursToView", "at least 1",
                            arena_printf(call->arena, "%" PRId64, offer->valid_hours));
    return FT_OK;
}

enum ft_error initiation_prepare(struct call *call, const struct purchase_initiate_request *request,
                                 struct purchase_initiation *initiation_r)
{
    enum ft_error error = check_offer(call, request);
    if (error != FT_OK)
        return error;
    *initiation_r = (struct purchase_initiation){
        .offer = request->offer,
        .optional_data = check_optional(request->optional_data),
        .request_id = check_optional(request->request_id),
    };
    struct purchase_offer *offer = &initiation_r->offer;
    offer->vendor_content_id = check_optional(offer->vendor_content_id);
    offer->incentive_ids = check_optional(offer->incentive_ids);
    offer->description = check_optional(offer->description);
    if (offer->valid_hours > VALID_HOURS_MAX)
        offer->valid_hours = VALID_HOURS_MAX;
    return service_url_split(call, "ContentURL", offer->content_url, &initiation_r->content_origin,
                             &initiation_r->content_path);
}

enum ft_error checkout_prepare(struct call *call, const struct purchase_checkout_request *request,
                               struct purchase_initiation *initiation_r,
                               const char **cancel_origin_r, const char **cancel_path_r)
{
    const struct check_text texts[] = {
        {.parameter = "OrderID", .text = request->order_id, .min = 1, .max = 128},
        {.parameter = "Description", .text = request->description, .min = 1, .max = 200},
        {.parameter = "RequestID", .text = request->request_id, .max = 64},
    };
    *initiation_r = (struct purchase_initiation){
        .offer = {.title = request->description,
                  .price = request->amount,
                  .content_url = request->return_url,
                  .vendor_content_id = request->order_id,
                  .is_checkout = true,
                  .cancel_url = request->cancel_url,
                  .asks_shipping = request->asks_shipping},
        .request_id = check_optional(request->request_id),
    };
    enum ft_error error = check_texts(call, texts, sizeof texts / sizeof texts[0]);
    if (error == FT_OK)
        error = check_amount(call, "Amount", request->amount);
    if (error == FT_OK)
        error = service_url_split(call, "ReturnURL", request->return_url,
                                  &initiation_r->content_origin, &initiation_r->content_path);
    if (error == FT_OK)
        error = service_url_split(call, "CancelURL", request->cancel_url, cancel_origin_r,
                                  cancel_path_r);
    return error;
}
