/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Registration, directly or on the way from a vendor (U1). */
#include <string.h>

#include "web/handlers.h"

/* Offered besides the provider's own and the vendor's. */
static const char *const common_currencies[] = {"CHF", "EUR", "GBP", "JPY", "USD"};
#define CURRENCIES_MAX (sizeof common_currencies / sizeof common_currencies[0] + 2)

struct form {
    struct page_transaction transaction;
    struct account_application typed;
};

static void add_currency(const char *currencies[], const char *currency)
{
    size_t i = 0;
    while (currencies[i] != NULL && strcmp(currencies[i], currency) != 0)
        i++;
    currencies[i] = currency;
}

static const char *own_url(const struct visit *visit, const struct form *form)
{
    return form->transaction.id == NULL
               ? "/register"
               : arena_printf(visit->call->arena, "/register?transaction=%s", form->transaction.id);
}

static void show(struct visit *visit, const struct form *form, int status, const char *error,
                 const char *field)
{
    const struct config *config = visit->web->config;
    const char *currencies[CURRENCIES_MAX + 1] = {0};
    add_currency(currencies, config->provider.currency);
    if (form->transaction.id != NULL && !form->transaction.view->is_sandbox)
        add_currency(currencies, form->transaction.view->currency);
    for (size_t i = 0; i < sizeof common_currencies / sizeof common_currencies[0]; i++)
        add_currency(currencies, common_currencies[i]);
    const struct page_register page = {
        .transaction = form->transaction,
        .form_token = visit_form_token(visit, "/register"),
        .typed = &form->typed,
        .sign_up_bonus = config->provider.sign_up_bonus,
        .bonus_currency = config->provider.currency,
        .currencies = currencies,
        .password_min_length = config->security.password_min_length,
        .error = error,
        .field = field,
    };
    visit_answer(visit, status, RENDER_register,
                 page_register(visit_frame(visit, own_url(visit, form)), &page), NULL,
                 error != NULL ? error : "OK");
}

static void refuse(struct visit *visit, const struct form *form, enum ft_error error)
{
    const char *name = ft_error_name(error);
    switch (error) {
    case FT_INVALID_PARAMETER:
        show(visit, form, 422, name, visit->call->parameter);
        break;
    case FT_LOGIN_NAME_TAKEN:
        show(visit, form, 422, name, "login_name");
        break;
    case FT_CURRENCY_UNKNOWN:
        show(visit, form, 422, name, "currency");
        break;
    case FT_RATE_LIMITED:
        show(visit, form, 429, name, NULL);
        break;
    default:
        visit_fail(visit, error, own_url(visit, form));
        break;
    }
}

/*
 * Who has just chosen name and password need not type them again. As on a public computer: nobody
 * was asked yet. Should it fail, the user logs in by hand.
 */
static void log_in(struct visit *visit, const struct form *form)
{
    const char *transaction_id = form->transaction.id;
    struct account_login_started started = {0};
    const struct account_login_request login = {
        .login_name = form->typed.login_name,
        .password = form->typed.password,
        .public_computer = true,
        .minutes = visit->web->config->security.login_default_minutes,
    };
    const enum ft_error error =
        service_account_login(visit->web->service, visit->call, &login, &started);
    if (error != FT_OK) {
        visit_redirect(visit, web_login_url(visit, transaction_id, NULL), ft_error_name(error));
        return;
    }
    visit_set_login(visit, &started.login, started.token, -1);
    visit_redirect(visit,
                   transaction_id != NULL
                       ? arena_printf(visit->call->arena, "/buy/%s", transaction_id)
                       : "/account",
                   "OK");
}

static void post_register(struct visit *visit, struct form *form)
{
    struct http_request *request = visit->request;
    const char *again = http_request_form(request, "password_again");
    struct account_application *typed = &form->typed;
    int64_t user_id = 0;
    *typed = (struct account_application){
        .login_name = http_request_form(request, "login_name"),
        .password = http_request_form(request, "password"),
        .full_name = http_request_form(request, "full_name"),
        .email = http_request_form(request, "email"),
        .address = http_request_form(request, "address"),
        .language = visit->locale->code,
        .currency = http_request_form(request, "currency"),
        .payment_method = http_request_form(request, "payment_method"),
        .via_transaction_id = form->transaction.id,
        .answer = {http_request_form(request, "question"), http_request_form(request, "answer")},
    };
    if (!visit_form_is_valid(visit, "/register")) {
        show(visit, form, 403, "FORM_EXPIRED", NULL);
        return;
    }
    if (typed->password != NULL && (again == NULL || strcmp(typed->password, again) != 0)) {
        refuse(visit, form, call_invalid(visit->call, "password_again", "the same", NULL));
        return;
    }
    const enum ft_error error =
        service_account_register(visit->web->service, visit->call, typed, &user_id);
    if (error == FT_OK)
        log_in(visit, form);
    else
        refuse(visit, form, error);
}

void web_register(struct http_request *request, void *context)
{
    struct visit visit = visit_open(context, request);
    struct form form = {0};
    visit.login = (struct account_login){0};
    if (!web_purchase_find(&visit, &form.transaction))
        return;
    if (http_request_is_post(request)) {
        post_register(&visit, &form);
        return;
    }
    /* Play money needs no account of its own. */
    const struct purchase_view *view = form.transaction.view;
    form.typed.currency =
        view != NULL && !view->is_sandbox ? view->currency : visit.web->config->provider.currency;
    show(&visit, &form, 200, NULL, NULL);
}
