/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user's return to the vendor, with an ID made for this vendor and this moment. */
#include "service/purchase_return.h"

#include "service/internal.h"
#include "service/login_token.h"
#include "service/return_url.h"
#include "service/url.h"
#include "service/user_id_token.h"

static enum ft_error renew_login(struct service *service, struct call *call,
                                 const struct account_login *login,
                                 struct purchase_return *return_r)
{
    struct account_login renewed = *login;
    renewed.expires_at = time_now_us() + login->minutes * 60 * TIME_SECOND;
    char *token = arena_alloc(call->arena, LOGIN_TOKEN_TEXT_SIZE);
    if (token == NULL || !login_token_seal(service->ring, &renewed, token))
        return FT_INTERNAL;
    return_r->login_token = token;
    return_r->login_max_age_s = login->public_computer ? -1 : login->minutes * 60;
    return FT_OK;
}

enum ft_error purchase_return_make(struct service *service, struct call *call,
                                   const struct account_login *login,
                                   const struct purchase_receipt *receipt,
                                   struct purchase_return *return_r)
{
    const char *path = NULL;
    char *user_id = arena_alloc(call->arena, USER_ID_TOKEN_TEXT_SIZE);
    if (user_id == NULL || !user_id_token_seal(service->ring, receipt->vendor_id, login->user_id,
                                               time_now_us(), user_id))
        return FT_INTERNAL;
    *return_r = (struct purchase_return){
        .content_url = receipt->content_url,
        .is_post = receipt->is_post,
        .encrypted_user_id = user_id,
        .content_id = receipt->vendor_content_id != NULL ? receipt->vendor_content_id : "",
        .optional_data = receipt->optional_data != NULL ? receipt->optional_data : "",
        .charged = receipt->charged,
        .price = receipt->price,
        .currency = receipt->currency,
        .balance = receipt->balance,
    };
    enum ft_error error = service_url_split(call, "ContentURL", receipt->content_url,
                                            &return_r->content_origin, &path);
    if (error != FT_OK)
        return error;
    if (!receipt->is_post)
        return_r->content_url = return_url_make(call, receipt->content_url, user_id,
                                                return_r->content_id, return_r->optional_data);
    if (return_r->content_url == NULL)
        return FT_INTERNAL;
    if (receipt->charged && login->from_last_purchase)
        return renew_login(service, call, login, return_r);
    return FT_OK;
}
