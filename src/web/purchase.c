/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The buy window and what follows from it (B1-B8). */
#include <stdlib.h>
#include <string.h>

#include "service/url.h"
#include "web/handlers.h"

static const char *buy_url(const struct visit *visit, const char *transaction_id)
{
    return arena_printf(visit->call->arena, "/buy/%s", transaction_id);
}

static bool is_action(const struct visit *visit, const char *action)
{
    const char *sent = http_request_form(visit->request, "action");
    return sent != NULL && strcmp(sent, action) == 0;
}

static bool view(struct visit *visit, const char *transaction_id, struct purchase_view **view_r)
{
    *view_r = arena_alloc(visit->call->arena, sizeof **view_r);
    const enum ft_error error = *view_r != NULL
                                    ? service_purchase_view(visit->web->service, visit->call,
                                                            &visit->login, transaction_id, *view_r)
                                    : FT_INTERNAL;
    if (error != FT_OK) {
        visit_fail(visit, error,
                   error != FT_TRANSACTION_NOT_FOUND ? buy_url(visit, transaction_id) : NULL);
        return false;
    }
    if (!(*view_r)->logged_in)
        visit->login = (struct account_login){0};
    return true;
}

const char *web_purchase_origin(struct visit *visit, const struct page_transaction *transaction)
{
    const char *origin = NULL;
    const char *path = NULL;
    const char *url = transaction->id != NULL ? transaction->view->offer.content_url : NULL;
    return url != NULL && service_url_split(visit->call, "ContentURL", url, &origin, &path) == FT_OK
               ? origin
               : NULL;
}

bool web_purchase_find(struct visit *visit, struct page_transaction *transaction_r)
{
    const char *id = http_request_is_post(visit->request)
                         ? http_request_form(visit->request, "transaction")
                         : http_request_query(visit->request, "transaction");
    struct purchase_view *found = NULL;
    *transaction_r = (struct page_transaction){0};
    if (id == NULL || *id == '\0')
        return true;
    if (!view(visit, id, &found))
        return false;
    *transaction_r = (struct page_transaction){.id = id, .view = found};
    return !http_request_is_post(visit->request) || web_purchase_choose(visit, transaction_r);
}

/* What the user chose, as the form that was sent has it. */
static void read_choice(struct visit *visit, struct page_transaction *transaction)
{
    const char *code = http_request_form(visit->request, "incentive_code");
    const char *sum = http_request_form(visit->request, "to_pay");
    transaction->choice = (struct purchase_choice){
        .incentive_code = code != NULL && *code != '\0' ? code : NULL,
        .shares_shipping = http_request_form(visit->request, "shares_shipping") != NULL,
        .says_sum = sum != NULL,
        .sum = sum != NULL ? strtoll(sum, NULL, 10) : 0,
    };
}

bool web_purchase_choose(struct visit *visit, struct page_transaction *transaction)
{
    read_choice(visit, transaction);
    transaction->incentive_amount = 0;
    if (transaction->choice.incentive_code == NULL)
        return true;
    const enum ft_error error =
        service_purchase_quote(visit->web->service, visit->call, transaction->id,
                               transaction->choice.incentive_code, &transaction->incentive_amount);
    if (error == FT_OK || error == FT_INCENTIVE_INVALID)
        return true;
    visit_fail(visit, error, buy_url(visit, transaction->id));
    return false;
}

void web_purchase_hand_over(struct visit *visit, const struct purchase_return *back, bool as_page)
{
    const char *outcome = back->charged ? "OK" : "NOT_CHARGED";
    if (back->login_token != NULL)
        visit_renew_login(visit, back->login_token, back->login_max_age_s);
    size_t longest = (size_t)visit->web->config->http.redirect_bytes;
    bool long_url = back->content_url != NULL && strlen(back->content_url) > longest;
    if (back->is_post || as_page || long_url) {
        visit_answer(visit, 200, RENDER_return, page_return(visit_frame(visit, "/"), back),
                     back->content_origin, outcome);
    } else {
        visit_redirect(visit, back->content_url, outcome);
    }
}

/*
 * This transaction cannot be bought any more: the same item under a new one (V11). suffix says
 * so where the user did not ask for it.
 */
static void offer_again(struct visit *visit, const char *transaction_id, const char *suffix)
{
    const char *new_id = NULL;
    const enum ft_error error =
        service_purchase_offer_again(visit->web->service, visit->call, transaction_id, &new_id);
    if (error == FT_OK)
        visit_redirect(visit, arena_printf(visit->call->arena, "/buy/%s%s", new_id, suffix),
                       "RENEWED");
    else if (error == FT_CONTENT_NOT_FOUND) /* an order, whose page says so */
        visit_redirect(visit, buy_url(visit, transaction_id), ft_error_name(error));
    else
        visit_fail(visit, error, NULL);
}

static void refuse(struct visit *visit, const struct page_transaction *transaction,
                   enum ft_error error)
{
    struct account_summary summary = {0};
    /* Without it the page still says what is short. */
    if (error == FT_INSUFFICIENT_FUNDS &&
        service_account_summary(visit->web->service, visit->call, &visit->login, &summary) != FT_OK)
        summary.payment_reference = NULL;
    const char *here = buy_url(visit, transaction->id);
    const struct page_refused page = {
        .transaction = *transaction,
        .form_token = visit_form_token(visit, here),
        .error = error,
        .bank_account = visit->web->config->provider.bank_account,
        .payment_reference = summary.payment_reference,
    };
    visit_answer(visit, 200, RENDER_refused, page_refused(visit_frame(visit, here), &page),
                 web_purchase_origin(visit, transaction), ft_error_name(error));
}

static void show(struct visit *visit, const struct page_transaction *transaction,
                 const char *notice)
{
    const char *here = buy_url(visit, transaction->id);
    const bool is_refused = page_incentive_is_refused(transaction);
    const bool asks = is_action(visit, "incentive") && transaction->incentive_amount == 0;
    const struct page_buy page = {
        .transaction = *transaction,
        .form_token = visit_form_token(visit, here),
        .notice = notice,
        .asks_incentive = is_refused || asks,
    };
    const char *outcome = is_refused ? ft_error_name(FT_INCENTIVE_INVALID) : "OK";
    int status = is_refused ? 422 : 200;
    if (notice != NULL && strcmp(notice, "form_expired") == 0) {
        outcome = "FORM_EXPIRED";
        status = 403;
    }
    visit_answer(visit, status, RENDER_buy, page_buy(visit_frame(visit, here), &page),
                 web_purchase_origin(visit, transaction), outcome);
}

/* To show a page is no order: were the licence to end this very moment, nothing is bought. */
static void reopen(struct visit *visit, const struct page_transaction *transaction)
{
    struct purchase_return back = {0};
    const char *here = buy_url(visit, transaction->id);
    const enum ft_error error = service_license_reopen(
        visit->web->service, visit->call, &visit->login, transaction->view->content_id, &back);
    if (error == FT_OK)
        web_purchase_hand_over(visit, &back, false);
    else if (error == FT_CONTENT_NOT_FOUND || error == FT_LOGIN_ENDED)
        visit_redirect(visit, here, ft_error_name(error));
    else
        visit_fail(visit, error, here);
}

/* What follows a purchase that was not made, for which the view is needed. */
static void explain(struct visit *visit, struct page_transaction *transaction, enum ft_error error)
{
    struct purchase_view *found = NULL;
    if (!web_purchase_choose(visit, transaction) || !view(visit, transaction->id, &found))
        return;
    transaction->view = found;
    if (found->state == PURCHASE_OWNED) { /* the button was pressed twice (V7) */
        reopen(visit, transaction);
    } else if (error == FT_LOGIN_ENDED) {
        web_login_ask(visit, transaction, NULL);
    } else if (error == FT_INCENTIVE_INVALID) {
        show(visit, transaction, NULL);
    } else if (error == FT_PRICE_CHANGED) {
        show(visit, transaction, "incentive_changed");
    } else {
        refuse(visit, transaction, error);
    }
}

void web_purchase_complete(struct visit *visit, struct page_transaction *transaction)
{
    const struct purchase_choice *choice = &transaction->choice;
    struct purchase_return back = {0};
    const enum ft_error error = service_purchase_buy(visit->web->service, visit->call,
                                                     &visit->login, transaction->id, choice, &back);
    switch (error) {
    case FT_OK:
        web_purchase_hand_over(visit, &back, false);
        break;
    case FT_LOGIN_ENDED:
        if (choice->incentive_code != NULL || choice->shares_shipping)
            explain(visit, transaction, error);
        else
            visit_redirect(visit, web_login_url(visit, transaction->id, NULL),
                           ft_error_name(error));
        break;
    case FT_TRANSACTION_EXPIRED:
    case FT_TRANSACTION_TAKEN:
        offer_again(visit, transaction->id, "?renewed");
        break;
    case FT_TRANSACTION_CANCELLED:
        visit_redirect(visit, buy_url(visit, transaction->id), ft_error_name(error));
        break;
    case FT_INCENTIVE_INVALID:
    case FT_PRICE_CHANGED:
    case FT_INSUFFICIENT_FUNDS:
    case FT_LIMIT_TRANSACTION:
    case FT_LIMIT_SESSION:
    case FT_LIMIT_DAY:
    case FT_LIMIT_WEEK:
    case FT_LIMIT_MONTH:
    case FT_ACCOUNT_DISABLED:
    case FT_VENDOR_DISABLED:
        explain(visit, transaction, error);
        break;
    default:
        visit_fail(visit, error, buy_url(visit, transaction->id));
        break;
    }
}

static void show_cancelled(struct visit *visit, const struct page_transaction *transaction)
{
    const char *here = buy_url(visit, transaction->id);
    const struct page_cancelled page = {
        .transaction = *transaction,
        .form_token = visit_form_token(visit, here),
        .just_now = http_request_has_query(visit->request, "cancelled"),
        .is_order = transaction->view->offer.is_checkout,
    };
    visit_answer(visit, 200, RENDER_cancelled, page_cancelled(visit_frame(visit, here), &page),
                 web_purchase_origin(visit, transaction), "TRANSACTION_CANCELLED");
}

/* An order that nobody can pay any more: what follows is between the user and the vendor (V12). */
static void show_closed(struct visit *visit, const struct page_transaction *transaction)
{
    const char *here = buy_url(visit, transaction->id);
    visit_answer(visit, 200, RENDER_closed, page_closed(visit_frame(visit, here), transaction),
                 NULL, "CLOSED");
}

static void get_buy(struct visit *visit, const char *transaction_id)
{
    struct purchase_view *found = NULL;
    if (!view(visit, transaction_id, &found))
        return;
    const struct page_transaction transaction = {.id = transaction_id, .view = found};
    switch (found->state) {
    case PURCHASE_OWNED: /* V7 */
        reopen(visit, &transaction);
        break;
    case PURCHASE_TAKEN:
    case PURCHASE_EXPIRED:
        if (found->offer.is_checkout)
            show_closed(visit, &transaction);
        else
            offer_again(visit, transaction_id, "?renewed");
        break;
    case PURCHASE_CANCELLED:
        show_cancelled(visit, &transaction);
        break;
    case PURCHASE_PENDING:
        show(visit, &transaction,
             http_request_has_query(visit->request, "renewed") ? "renewed" : NULL);
        break;
    }
}

static void cancel(struct visit *visit, const char *transaction_id)
{
    const enum ft_error error =
        service_purchase_cancel(visit->web->service, visit->call, transaction_id);
    if (error != FT_OK) {
        visit_fail(visit, error, buy_url(visit, transaction_id));
        return;
    }
    visit_redirect(visit, arena_printf(visit->call->arena, "/buy/%s?cancelled", transaction_id),
                   "TRANSACTION_CANCELLED");
}

/* The incentive was asked for, or typed: the window says what it pays (B7). */
static void show_choice(struct visit *visit, const char *transaction_id, const char *notice)
{
    struct page_transaction transaction = {.id = transaction_id};
    struct purchase_view *found = NULL;
    if (!web_purchase_choose(visit, &transaction) || !view(visit, transaction_id, &found))
        return;
    transaction.view = found;
    show(visit, &transaction, notice);
}

static void buy(struct visit *visit, const char *transaction_id)
{
    struct page_transaction transaction = {.id = transaction_id};
    read_choice(visit, &transaction);
    web_purchase_complete(visit, &transaction);
}

static void post_buy(struct visit *visit, const char *transaction_id)
{
    if (!visit_form_is_valid(visit, buy_url(visit, transaction_id)))
        show_choice(visit, transaction_id, "form_expired");
    else if (is_action(visit, "cancel"))
        cancel(visit, transaction_id);
    else if (is_action(visit, "again"))
        offer_again(visit, transaction_id, "");
    else if (is_action(visit, "incentive"))
        show_choice(visit, transaction_id, NULL);
    else if (is_action(visit, "buy"))
        buy(visit, transaction_id);
    else
        visit_redirect(visit, buy_url(visit, transaction_id), "INVALID_PARAMETER");
}

void web_buy(struct http_request *request, void *context)
{
    struct visit visit = visit_open(context, request);
    const char *transaction_id = http_request_tail(request);
    if (http_request_is_post(request))
        post_buy(&visit, transaction_id);
    else
        get_buy(&visit, transaction_id);
}

/* From Lock_Content's BuyURL: who bought the item goes on to it, anybody else may buy it (V11). */
void web_item(struct http_request *request, void *context)
{
    struct visit visit = visit_open(context, request);
    const char *content_id = http_request_tail(request);
    struct purchase_return back = {0};
    const char *new_id = NULL;
    enum ft_error error = FT_LOGIN_ENDED;
    if (visit.login.user_id != 0) {
        error =
            service_license_reopen(visit.web->service, visit.call, &visit.login, content_id, &back);
    }
    if (error == FT_OK) {
        web_purchase_hand_over(&visit, &back, false);
        return;
    }
    if (error == FT_CONTENT_NOT_FOUND || error == FT_LOGIN_ENDED)
        error = service_purchase_offer_item(visit.web->service, visit.call, content_id, &new_id);
    if (error == FT_OK)
        visit_redirect(&visit, buy_url(&visit, new_id), "OFFERED");
    else
        visit_fail(&visit, error, NULL);
}
