/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One login for all vendors' sites (B2, B3). */
#include "service/account.h"

#include <stdio.h>

#include "service/check.h"
#include "service/internal.h"
#include "service/login_token.h"

#define THROTTLE_NAME_SIZE 300

static enum ft_error check_request(const struct service *service, struct call *call,
                                   const struct account_login_request *request)
{
    const struct check_text texts[] = {
        {.parameter = "login_name", .text = request->login_name, .min = 1, .max = 64},
        {.parameter = "password", .text = request->password, .min = 1, .max = 128, .secret = true},
    };
    enum ft_error error = check_texts(call, texts, sizeof texts / sizeof texts[0]);
    if (error != FT_OK)
        return error;
    int max = service->config->security.login_max_minutes;
    if (request->minutes >= 1 && request->minutes <= max)
        return FT_OK;
    const char *rule = arena_printf(call->arena, "1 to %d minutes", max);
    return rule != NULL ? call_invalid(call, "minutes", rule, NULL) : FT_INTERNAL;
}

/* An unknown name costs as much time as a wrong password. */
static enum ft_error verify(struct service *service, struct call *call,
                            const struct account_login_request *request,
                            struct account_credential *credential_r)
{
    char name[THROTTLE_NAME_SIZE];
    snprintf(name, sizeof name, "user %s", request->login_name);
    if (!throttle_take(service->throttle, name, call->remote_address, time_monotonic_us()))
        return FT_RATE_LIMITED;
    enum ft_error error =
        db_account_find_credential(service->db, call, request->login_name, credential_r);
    if (error == FT_OK || error == FT_USER_NOT_FOUND)
        error = password_gate_verify(service->user_gate, call, request->password,
                                     error == FT_OK ? credential_r->password_hash : NULL);
    throttle_settle(service->throttle, name, call->remote_address, error);
    return error;
}

enum ft_error service_account_login(struct service *service, struct call *call,
                                    const struct account_login_request *request,
                                    struct account_login_started *started_r)
{
    struct account_credential credential = {0};
    *started_r = (struct account_login_started){0};
    enum ft_error error = check_request(service, call, request);
    if (error == FT_OK)
        error = verify(service, call, request, &credential);
    if (error == FT_OK && credential.disabled)
        error = FT_ACCOUNT_DISABLED;
    if (error != FT_OK)
        return error;
    struct account_login *login = &started_r->login;
    error = db_account_login_start(service->db, call, credential.user_id,
                                   request->from_last_purchase, request->minutes, &login->login_id);
    if (error != FT_OK)
        return error;
    login->user_id = credential.user_id;
    login->expires_at = time_now_us() + request->minutes * 60 * TIME_SECOND;
    login->from_last_purchase = request->from_last_purchase;
    login->public_computer = request->public_computer;
    login->minutes = request->minutes;
    started_r->language = credential.language;
    char *token = arena_alloc(call->arena, LOGIN_TOKEN_TEXT_SIZE);
    started_r->token = token;
    return token != NULL && login_token_seal(service->ring, login, token) ? FT_OK : FT_INTERNAL;
}

bool service_account_login_open(struct service *service, const char *token,
                                struct account_login *login_r)
{
    return login_token_open(service->ring, token, time_now_us(), login_r);
}

enum ft_error service_account_logout(struct service *service, struct call *call,
                                     const struct account_login *login)
{
    if (login->user_id == 0)
        return FT_OK;
    return db_account_login_end(service->db, call, login->user_id, login->login_id);
}
