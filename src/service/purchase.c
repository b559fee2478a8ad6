/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One purchase: what the vendor asks for, what the user sees and decides. */
#include "service/purchase.h"

#include "service/buy_fragment.h"
#include "service/check.h"
#include "service/initiation.h"
#include "service/internal.h"
#include "service/purchase_return.h"

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

struct initiating {
    struct purchase_initiation initiation;
    struct purchase_initiated initiated;
};

static enum ft_error initiate(struct service *service, struct call *call, int vendor_id,
                              int credential_version, void *context)
{
    struct initiating *initiating = context;
    initiating->initiation.vendor_id = vendor_id;
    initiating->initiation.credential_version = credential_version;
    return db_purchase_initiate(service->db, call, &initiating->initiation, &initiating->initiated);
}

enum ft_error service_purchase_initiate(struct service *service, struct call *call,
                                        const struct purchase_initiate_request *request,
                                        struct purchase_initiate_answer *answer_r)
{
    *answer_r = (struct purchase_initiate_answer){0};
    struct initiating *context = arena_alloc(call->arena, sizeof *context);
    if (context == NULL)
        return FT_INTERNAL;
    enum ft_error error = initiation_prepare(call, request, &context->initiation);
    if (error == FT_OK)
        error = service_vendor_act(service, call, &request->vendor, initiate, context);
    if (error != FT_OK)
        return error;
    return describe(service, call, &context->initiation.offer, &context->initiated, answer_r);
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
