/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One purchase: what the vendor asks for, what the user sees and decides. */
#include "service/purchase.h"

#include <limits.h>

#include "service/buy_fragment.h"
#include "service/check.h"
#include "service/internal.h"
#include "service/purchase_return.h"

/* Answers state times as xsd:dateTime, whose years we end at 9999; 7000 years are for ever. */
#define VALID_HOURS_MAX (7000LL * 365 * 24)

/* The contract of InitiateTransaction, as far as it is not the database's (V1). */
static enum ft_error check_offer(struct call *call, const struct purchase_initiate_request *request)
{
    const struct purchase_offer *offer = &request->offer;
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
    if (offer->price <= 0 || offer->price > MONEY_PRICE_MAX) {
        char price[MONEY_TEXT_SIZE];
        return call_invalid(call, "Price", "greater than 0 and at most 1000000",
                            money_format(offer->price, price));
    }
    if (offer->views < 0)
        return call_invalid(call, "NumberOfTimesToView", "at least 1", NULL);
    if (offer->valid_hours < 0)
        return call_invalid(call, "NumberOfHoursToView", "at least 1", NULL);
    return FT_OK;
}

/* What the database is told: absent and empty are one. */
static enum ft_error prepare(struct call *call, const struct purchase_initiate_request *request,
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
    return check_url(call, "ContentURL", offer->content_url, &initiation_r->content_origin,
                     &initiation_r->content_path);
}

static enum ft_error describe(const struct service *service, struct call *call,
                              const struct purchase_offer *offer,
                              const struct purchase_initiated *initiated,
                              struct purchase_initiate_answer *answer_r)
{
    answer_r->message = "The transaction is stored; open BuyURL in the user's browser.";
    answer_r->transaction_id = initiated->transaction_id;
    answer_r->expires_at = initiated->expires_at;
    answer_r->buy_url = arena_printf(call->arena, "%s/buy/%s", service->config->public_url,
                                     initiated->transaction_id);
    if (answer_r->buy_url != NULL)
        answer_r->buy_html = buy_fragment_make(call, answer_r->buy_url, offer->title, offer->price,
                                               initiated->currency);
    return answer_r->buy_html != NULL ? FT_OK : FT_INTERNAL;
}

enum ft_error service_purchase_initiate(struct service *service, struct call *call,
                                        const struct purchase_initiate_request *request,
                                        struct purchase_initiate_answer *answer_r)
{
    struct purchase_initiation initiation;
    *answer_r = (struct purchase_initiate_answer){0};
    enum ft_error error = prepare(call, request, &initiation);
    if (error != FT_OK)
        return error;
    struct purchase_initiated *initiated = arena_alloc(call->arena, sizeof *initiated);
    if (initiated == NULL)
        return FT_INTERNAL;
    for (int attempt = 0; attempt < VENDOR_ATTEMPTS; attempt++) {
        error = service_vendor_authenticate(service, call, &request->vendor, &initiation.vendor_id,
                                            &initiation.credential_version);
        if (error == FT_OK)
            error = db_purchase_initiate(service->db, call, &initiation, initiated);
        if (error != FT_CREDENTIAL_CHANGED)
            break;
        service_vendor_forget(service, initiation.vendor_id, initiation.credential_version);
    }
    if (error == FT_CREDENTIAL_CHANGED) /* twice within milliseconds */
        return FT_UNAVAILABLE;
    return error == FT_OK ? describe(service, call, &initiation.offer, initiated, answer_r) : error;
}

enum ft_error service_purchase_view(struct service *service, struct call *call,
                                    const struct account_login *login, const char *transaction_id,
                                    struct purchase_view *view_r)
{
    if (!check_is_uuid(transaction_id))
        return FT_TRANSACTION_NOT_FOUND;
    return db_purchase_view(service->db, call, transaction_id, login->user_id, login->login_id,
                            view_r);
}

enum ft_error service_purchase_buy(struct service *service, struct call *call,
                                   const struct account_login *login, const char *transaction_id,
                                   struct purchase_return *return_r)
{
    struct purchase_receipt receipt;
    if (!check_is_uuid(transaction_id))
        return FT_TRANSACTION_NOT_FOUND;
    if (login->user_id == 0)
        return FT_LOGIN_ENDED;
    enum ft_error error = db_purchase_buy(service->db, call, transaction_id, login->user_id,
                                          login->login_id, &receipt);
    return error == FT_OK ? purchase_return_make(service, call, login, &receipt, return_r) : error;
}

enum ft_error service_purchase_cancel(struct service *service, struct call *call,
                                      const char *transaction_id)
{
    if (!check_is_uuid(transaction_id))
        return FT_TRANSACTION_NOT_FOUND;
    return db_purchase_cancel(service->db, call, transaction_id);
}

enum ft_error service_purchase_offer_again(struct service *service, struct call *call,
                                           const char *transaction_id, const char **new_id_r)
{
    *new_id_r = NULL;
    if (!check_is_uuid(transaction_id))
        return FT_TRANSACTION_NOT_FOUND;
    char *new_id = arena_alloc(call->arena, DB_UUID_TEXT_SIZE);
    if (new_id == NULL)
        return FT_INTERNAL;
    *new_id_r = new_id;
    return db_purchase_offer_again(service->db, call, transaction_id, new_id);
}

enum ft_error service_purchase_offer_item(struct service *service, struct call *call,
                                          const char *content_id, const char **new_id_r)
{
    *new_id_r = NULL;
    if (!check_is_uuid(content_id))
        return FT_CONTENT_NOT_FOUND;
    char *new_id = arena_alloc(call->arena, DB_UUID_TEXT_SIZE);
    if (new_id == NULL)
        return FT_INTERNAL;
    *new_id_r = new_id;
    return db_purchase_offer_item(service->db, call, content_id, new_id);
}
