/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One purchase: what the vendor asks for, what the user sees and decides. */
#include "service/purchase.h"

#include <ctype.h>
#include <string.h>

#include "db/vendor.h"
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
    const char *cancel_origin; /* of a checkout */
    const char *cancel_path;
    struct purchase_initiated initiated;
};

static enum ft_error initiate(struct service *service, struct call *call, int vendor_id,
                              int credential_version, void *context)
{
    struct initiating *initiating = context;
    initiating->initiation.vendor_id = vendor_id;
    initiating->initiation.credential_version = credential_version;
    if (initiating->initiation.offer.is_checkout) {
        enum ft_error error = db_vendor_require_url(
            service->db, call, vendor_id, initiating->cancel_origin, initiating->cancel_path);
        if (error != FT_OK)
            return error;
    }
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

enum ft_error service_purchase_checkout(struct service *service, struct call *call,
                                        const struct purchase_checkout_request *request,
                                        struct purchase_initiate_answer *answer_r)
{
    *answer_r = (struct purchase_initiate_answer){0};
    struct initiating *context = arena_alloc(call->arena, sizeof *context);
    if (context == NULL)
        return FT_INTERNAL;
    enum ft_error error = checkout_prepare(call, request, &context->initiation,
                                           &context->cancel_origin, &context->cancel_path);
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

/*
 * A code as it was issued: people type small letters, and blanks where it has none. *code_r is NULL
 * when nothing was typed. FT_INCENTIVE_INVALID: no code is made of this.
 */
static enum ft_error read_code(struct call *call, const char *typed, const char **code_r)
{
    char *code = arena_strdup(call->arena, typed != NULL ? typed : "");
    size_t length = 0;
    *code_r = NULL;
    if (code == NULL)
        return FT_INTERNAL;
    for (const char *at = code; *at != '\0'; at++) {
        unsigned char letter = (unsigned char)*at;
        if (isspace(letter))
            continue;
        if (letter >= 0x80 || (!isalnum(letter) && letter != '-'))
            return FT_INCENTIVE_INVALID;
        code[length++] = (char)toupper(letter);
    }
    code[length] = '\0';
    *code_r = check_optional(code);
    return FT_OK;
}

enum ft_error service_purchase_quote(struct service *service, struct call *call,
                                     const char *transaction_id, const char *incentive_code,
                                     money_t *amount_r)
{
    const char *code = NULL;
    *amount_r = 0;
    if (!check_is_uuid(transaction_id))
        return FT_TRANSACTION_NOT_FOUND;
    enum ft_error error = read_code(call, incentive_code, &code);
    if (error == FT_OK && code == NULL)
        error = FT_INCENTIVE_INVALID;
    if (error == FT_OK)
        error = db_purchase_quote(service->db, call, transaction_id, code, amount_r);
    return error;
}

enum ft_error service_purchase_buy(struct service *service, struct call *call,
                                   const struct account_login *login, const char *transaction_id,
                                   const struct purchase_choice *choice,
                                   struct purchase_return *return_r)
{
    struct purchase_choice read = *choice;
    struct purchase_receipt receipt;
    if (!check_is_uuid(transaction_id))
        return FT_TRANSACTION_NOT_FOUND;
    if (login->user_id == 0)
        return FT_LOGIN_ENDED;
    enum ft_error error = read_code(call, choice->incentive_code, &read.incentive_code);
    if (error == FT_OK)
        error = db_purchase_buy(service->db, call, transaction_id, login->user_id, login->login_id,
                                &read, &receipt);
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
