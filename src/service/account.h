/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Users: registration, login, what they own. */
#ifndef FARTHING_SERVICE_ACCOUNT_H
#define FARTHING_SERVICE_ACCOUNT_H

#include "db/account.h"
#include "service/service.h"

/* A user's login, from a token that only this server can make. user_id 0: nobody. */
struct account_login {
    int64_t user_id;
    int64_t login_id;
    time_us_t expires_at;
    bool from_last_purchase; /* a purchase renews it */
    bool public_computer;    /* nothing is remembered when the browser closes */
    int minutes;
};

struct account_login_request {
    const char *login_name;
    const char *password;
    bool public_computer;
    bool from_last_purchase;
    int minutes; /* 1 to login_max_minutes */
};

struct account_login_started {
    struct account_login login;
    const char *token;    /* for the cookie */
    const char *language; /* the user's */
};

/* FT_AUTHENTICATION_FAILED (one error for unknown name and wrong password), FT_RATE_LIMITED,
 * FT_ACCOUNT_DISABLED. B2, B3. */
enum ft_error service_account_login(struct service *service, struct call *call,
                                    const struct account_login_request *request,
                                    struct account_login_started *started_r);

/*
 * Opens the token of a cookie, without the database. False, and *login_r all zero, when it is
 * absent (NULL), altered, of a past key or expired. Whether it was revoked shows in the database
 * call that follows: FT_LOGIN_ENDED.
 */
bool service_account_login_open(struct service *service, const char *token,
                                struct account_login *login_r);

enum ft_error service_account_logout(struct service *service, struct call *call,
                                     const struct account_login *login);

struct account_answer {
    const char *question; /* "mothers_maiden_name", "first_pet", "siblings" */
    const char *answer;
};

struct account_application {
    const char *login_name; /* 3-64: letters, digits, . _ - @ */
    const char *password;   /* password_min_length-128 */
    const char *full_name;  /* 1-200 */
    const char *email;      /* 3-254 */
    const char *address;    /* <= 500, may be absent */
    const char *language;
    const char *currency;
    const char *payment_method;
    const char *via_transaction_id; /* may be NULL */
    struct account_answer answer;   /* other identifier, required */
};

/* U1. FT_INVALID_PARAMETER names the form's field; FT_LOGIN_NAME_TAKEN, FT_CURRENCY_UNKNOWN. */
enum ft_error service_account_register(struct service *service, struct call *call,
                                       const struct account_application *application,
                                       int64_t *user_id_r);

/* U5. FT_LOGIN_ENDED. */
enum ft_error service_account_summary(struct service *service, struct call *call,
                                      const struct account_login *login,
                                      struct account_summary *summary_r);

/*
 * Form tokens against cross-site requests: bound to the visit (a random cookie) and the form.
 * The visit is made by the first, 22 characters of base64url.
 */
enum ft_error service_visit_new(struct service *service, struct call *call, const char **visit_r);
enum ft_error service_form_token(struct service *service, struct call *call, const char *visit,
                                 const char *form, const char **token_r);
bool service_form_token_valid(struct service *service, const char *visit, const char *form,
                              const char *token);

#endif
