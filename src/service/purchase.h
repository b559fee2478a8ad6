/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One purchase, from the vendor's call to the user's return. */
#ifndef FARTHING_SERVICE_PURCHASE_H
#define FARTHING_SERVICE_PURCHASE_H

#include "db/purchase.h"
#include "service/account.h"
#include "service/vendor.h"

struct purchase_initiate_request {
    struct vendor_login vendor;
    struct purchase_offer offer;
    const char *optional_data; /* NULL or "": none; likewise request_id */
    const char *request_id;
};

struct purchase_initiate_answer {
    const char *message; /* one sentence */
    const char *transaction_id;
    const char *buy_url;
    const char *buy_html;
    time_us_t expires_at;
};

/* V1-V4, S2. Checks every parameter against the contract. FT_AUTHENTICATION_FAILED,
 * FT_VENDOR_DISABLED, FT_URL_NOT_REGISTERED, FT_IDEMPOTENCY_CONFLICT, FT_RATE_LIMITED. */
enum ft_error service_purchase_initiate(struct service *service, struct call *call,
                                        const struct purchase_initiate_request *request,
                                        struct purchase_initiate_answer *answer_r);

/* B1. login->user_id 0: nobody. FT_TRANSACTION_NOT_FOUND, also for an ID that is no uuid. */
enum ft_error service_purchase_view(struct service *service, struct call *call,
                                    const struct account_login *login, const char *transaction_id,
                                    struct purchase_view *view_r);

/* What the browser carries to the vendor: these three and nothing else (B6, S1, V10). */
struct purchase_return {
    const char *content_url;    /* where to; for GET the parameters are already in it */
    const char *content_origin; /* of content_url, for the page's Content-Security-Policy */
    bool is_post;
    const char *encrypted_user_id;
    const char *content_id;    /* VendorContentID, "" when there is none */
    const char *optional_data; /* "" when there is none */
    bool charged;
    money_t price;
    const char *currency;
    money_t balance;
    const char *login_token; /* renewed by this purchase, for the cookie; NULL: unchanged */
    int login_max_age_s;     /* of that cookie; -1: until the browser closes */
};

/* B3, B5, B6, V7. FT_LOGIN_ENDED also when login->user_id is 0; else as db_purchase_buy. */
enum ft_error service_purchase_buy(struct service *service, struct call *call,
                                   const struct account_login *login, const char *transaction_id,
                                   struct purchase_return *return_r);

/* FT_TRANSACTION_NOT_FOUND, FT_INVALID_STATE. */
enum ft_error service_purchase_cancel(struct service *service, struct call *call,
                                      const char *transaction_id);

/* A new transaction of the item (V11). FT_TRANSACTION_NOT_FOUND, _EXPIRED; FT_VENDOR_DISABLED. */
enum ft_error service_purchase_offer_again(struct service *service, struct call *call,
                                           const char *transaction_id, const char **new_id_r);
/* A new transaction of an item's newest offer. FT_CONTENT_NOT_FOUND, FT_VENDOR_DISABLED. */
enum ft_error service_purchase_offer_item(struct service *service, struct call *call,
                                          const char *content_id, const char **new_id_r);

#endif
