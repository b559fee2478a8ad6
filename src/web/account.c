/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The account's summary, and the front page. */
#include "web/handlers.h"

void web_account(struct http_request *request, void *context)
{
    struct visit visit = visit_open(context, request);
    struct account_summary summary = {0};
    const enum ft_error error =
        service_account_summary(visit.web->service, visit.call, &visit.login, &summary);
    if (error == FT_LOGIN_ENDED) {
        visit_redirect(&visit, web_login_url(&visit, NULL, NULL), ft_error_name(error));
        return;
    }
    if (error != FT_OK) {
        visit_fail(&visit, error, "/account");
        return;
    }
    const struct page_account page = {
        .summary = &summary,
        .bank_account = visit.web->config->provider.bank_account,
    };
    visit_answer(&visit, 200, RENDER_account, page_account(visit_frame(&visit, "/account"), &page),
                 NULL, "OK");
}

void web_home(struct http_request *request, void *context)
{
    struct visit visit = visit_open(context, request);
    const struct page_home page = {
        .sign_up_bonus = visit.web->config->provider.sign_up_bonus,
        .currency = visit.web->config->provider.currency,
    };
    visit_answer(&visit, 200, RENDER_home, page_home(visit_frame(&visit, "/"), &page), NULL, "OK");
}
