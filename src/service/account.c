/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A user's account and forms; logging in is in account_login.c. */
#include "service/account.h"

#include "service/form_token.h"
#include "service/internal.h"
#include "service/registration.h"

enum ft_error service_account_register(struct service *service, struct call *call,
                                       const struct account_application *application,
                                       int64_t *user_id_r)
{
    if (application->answer.question == NULL)
        return call_invalid(call, "question", "one of those offered", NULL);
    enum ft_error error = password_gate_enter(service->user_gate, call);
    if (error != FT_OK)
        return error;
    error = service_registration_submit(service->config, service->db, call, application, user_id_r);
    password_gate_leave(service->user_gate);
    return error;
}

enum ft_error service_account_summary(struct service *service, struct call *call,
                                      const struct account_login *login,
                                      struct account_summary *summary_r)
{
    if (login->user_id == 0)
        return FT_LOGIN_ENDED;
    return db_account_summary(service->db, call, login->user_id, login->login_id, summary_r);
}

enum ft_error service_visit_new(struct service *service, struct call *call, const char **visit_r)
{
    (void)service;
    char *visit = arena_alloc(call->arena, FORM_VISIT_TEXT_SIZE);
    *visit_r = visit;
    return visit != NULL && form_visit_new(visit) ? FT_OK : FT_INTERNAL;
}

enum ft_error service_form_token(struct service *service, struct call *call, const char *visit,
                                 const char *form, const char **token_r)
{
    char *token = arena_alloc(call->arena, FORM_TOKEN_TEXT_SIZE);
    *token_r = token;
    return token != NULL && form_token_sign(service->ring, visit, form, token) ? FT_OK
                                                                               : FT_INTERNAL;
}

bool service_form_token_valid(struct service *service, const char *visit, const char *form,
                              const char *token)
{
    return form_token_verify(service->ring, visit, form, token);
}
