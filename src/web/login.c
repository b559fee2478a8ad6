/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logging in, for a purchase or for itself, and logging out (B2, B3). */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "web/handlers.h"

/* What the form holds, typed or not yet. */
struct form {
    struct page_transaction transaction;
    const char *next;
    const char *login_name;
    bool public_computer;
    bool from_last_purchase;
    const char *minutes;
};

const char *web_login_url(struct visit *visit, const char *transaction_id, const char *next)
{
    const char *value = transaction_id != NULL ? transaction_id : next;
    return value == NULL ? "/login"
                         : arena_printf(visit->call->arena, "/login?%s=%s",
                                        transaction_id != NULL ? "transaction" : "next", value);
}

/* The pages that a login may lead to; any other name leads to the account. */
static const char *known_next(const char *next)
{
    return next != NULL && strcmp(next, "content") == 0 ? "content" : NULL;
}

static void show(struct visit *visit, const struct form *form, int status, const char *error)
{
    const struct config *config = visit->web->config;
    const struct page_login page = {
        .transaction = form->transaction,
        .form_token = visit_form_token(visit, "/login"),
        .next = form->next,
        .login_name = form->login_name,
        .public_computer = form->public_computer,
        .from_last_purchase = form->from_last_purchase,
        .minutes = form->minutes,
        .max_minutes = config->security.login_max_minutes,
        .error = error,
        .field = error != NULL ? visit->call->parameter : NULL,
    };
    const struct purchase_choice *choice = &form->transaction.choice;
    /* The other language would forget what was chosen, and so begins with choosing. */
    const char *here = choice->incentive_code != NULL || choice->shares_shipping
                           ? arena_printf(visit->call->arena, "/buy/%s", form->transaction.id)
                           : web_login_url(visit, form->transaction.id, form->next);
    visit_answer(visit, status, RENDER_login, page_login(visit_frame(visit, here), &page),
                 web_purchase_origin(visit, &form->transaction), error != NULL ? error : "OK");
}

static void refuse(struct visit *visit, const struct form *form, enum ft_error error)
{
    const char *parameter = visit->call->parameter;
    /* A name or password that none can have is as wrong as any other. */
    if (error == FT_INVALID_PARAMETER && (parameter == NULL || strcmp(parameter, "minutes") != 0))
        error = FT_AUTHENTICATION_FAILED;
    switch (error) {
    case FT_INVALID_PARAMETER:
        show(visit, form, 422, ft_error_name(error));
        break;
    case FT_AUTHENTICATION_FAILED:
    case FT_ACCOUNT_DISABLED:
        show(visit, form, 403, ft_error_name(error));
        break;
    case FT_RATE_LIMITED:
        show(visit, form, 429, ft_error_name(error));
        break;
    default:
        visit_fail(visit, error, web_login_url(visit, form->transaction.id, form->next));
        break;
    }
}

/* What is no number is refused as 0 is. */
static int read_minutes(const char *text)
{
    const long minutes = text != NULL ? strtol(text, NULL, 10) : 0;
    return minutes > 0 && minutes <= INT_MAX ? (int)minutes : 0;
}

static void begin_login(struct visit *visit, const struct account_login_started *started)
{
    visit_set_login(visit, &started->login, started->token,
                    started->login.public_computer ? -1 : started->login.minutes * 60);
    visit_suggest_language(visit, started->language);
}

static void post_login(struct visit *visit, struct form *form)
{
    struct http_request *request = visit->request;
    const char *from_last_purchase = http_request_form(request, "from_last_purchase");
    form->next = known_next(http_request_form(request, "next"));
    form->login_name = http_request_form(request, "login_name");
    form->minutes = http_request_form(request, "minutes");
    form->public_computer = http_request_form(request, "public_computer") != NULL;
    form->from_last_purchase = from_last_purchase != NULL && strcmp(from_last_purchase, "1") == 0;
    if (!visit_form_is_valid(visit, "/login")) {
        show(visit, form, 403, "FORM_EXPIRED");
        return;
    }
    const struct account_login_request login = {
        .login_name = form->login_name,
        .password = http_request_form(request, "password"),
        .public_computer = form->public_computer,
        .from_last_purchase = form->from_last_purchase,
        .minutes = read_minutes(form->minutes),
    };
    struct account_login_started started = {0};
    const enum ft_error error =
        service_account_login(visit->web->service, visit->call, &login, &started);
    if (error != FT_OK) {
        refuse(visit, form, error);
        return;
    }
    begin_login(visit, &started);
    if (form->transaction.id != NULL)
        web_purchase_complete(visit, &form->transaction);
    else
        visit_redirect(visit, form->next != NULL ? "/content" : "/account", "OK");
}

void web_login_ask(struct visit *visit, const struct page_transaction *transaction,
                   const char *next)
{
    const struct form form = {
        .transaction = *transaction,
        .next = next,
        .public_computer = true,
        .minutes = arena_printf(visit->call->arena, "%d",
                                visit->web->config->security.login_default_minutes),
    };
    visit->login = (struct account_login){0}; /* who comes here is about to say who they are */
    show(visit, &form, 200, NULL);
}

void web_login(struct http_request *request, void *context)
{
    struct visit visit = visit_open(context, request);
    struct form form = {0};
    visit.login = (struct account_login){0};
    if (!web_purchase_find(&visit, &form.transaction))
        return;
    if (http_request_is_post(request)) {
        post_login(&visit, &form);
        return;
    }
    web_login_ask(&visit, &form.transaction, known_next(http_request_query(request, "next")));
}

void web_logout(struct http_request *request, void *context)
{
    static const struct account_login nobody;
    struct visit visit = visit_open(context, request);
    if (!visit_form_is_valid(&visit, "/logout")) {
        visit_redirect(&visit, "/account", "FORM_EXPIRED"); /* with a button that works */
        return;
    }
    const enum ft_error error =
        service_account_logout(visit.web->service, visit.call, &visit.login);
    if (error != FT_OK) {
        visit_fail(&visit, error, "/account");
        return;
    }
    visit_set_login(&visit, &nobody, "", 0);
    visit_redirect(&visit, "/", "OK");
}
