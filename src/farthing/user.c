/* SPDX-License-Identifier: GPL-3.0-or-later */
/* farthing user: accounts as an operator sees them. */
#include <stdio.h>
#include <stdlib.h>

#include "core/secret.h"
#include "db/bank.h"
#include "farthing/password.h"
#include "farthing/session.h"
#include "service/registration.h"

static int run_add(struct invocation *invocation)
{
    struct session session;
    char password[PASSWORD_SIZE];
    int64_t user_id = 0;
    int status = EXIT_FAILURE;

    if (!session_open(&session, invocation) || !password_read(invocation, password))
        goto out;
    if (session.file == NULL) {
        invocation_fail(invocation, "needs the configuration too: -c FILE");
        goto out;
    }
    const struct account_application application = {
        .login_name = invocation->arguments[0],
        .password = password,
        .full_name = invocation_value(invocation, "name", NULL),
        .email = invocation_value(invocation, "email", NULL),
        .address = invocation_value(invocation, "address", NULL),
        .language = invocation_value(invocation, "language", "en"),
        .currency = session_currency(&session, invocation),
        .payment_method = invocation_value(invocation, "payment-method", "bank_transfer"),
    };
    enum ft_error error = service_registration_submit(&session.config, session.db, &session.call,
                                                      &application, &user_id);
    if (error != FT_OK) {
        invocation_fail_with(invocation, &session.call, error);
        goto out;
    }
    printf("%jd\n", (intmax_t)user_id);
    status = EXIT_SUCCESS;

out:
    secret_wipe(password, sizeof password);
    session_close(&session);
    return status;
}

/* A limit that is not named is none. */
static bool read_limits(const struct invocation *invocation, struct account_limits *limits_r)
{
    const struct {
        const char *name;
        money_t *limit;
    } names[] = {
        {"credit-line", &limits_r->credit_line},
        {"transaction", &limits_r->transaction},
        {"session", &limits_r->session},
        {"day", &limits_r->day},
        {"week", &limits_r->week},
        {"month", &limits_r->month},
    };
    *limits_r = (struct account_limits){0, -1, -1, -1, -1, -1};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *text = invocation_value(invocation, names[i].name, NULL);
        if (text != NULL && !session_amount(invocation, names[i].name, text, names[i].limit))
            return false;
    }
    return true;
}

static int run_limits(struct invocation *invocation)
{
    struct session session;
    struct account_limits limits;
    if (!read_limits(invocation, &limits))
        return EXIT_FAILURE;
    const char *currency =
        session_open(&session, invocation) ? session_currency(&session, invocation) : NULL;
    if (currency != NULL)
        return session_end(&session, invocation,
                           db_account_set_limits(session.db, &session.call,
                                                 invocation->arguments[0], currency, &limits),
                           NULL);
    session_close(&session);
    return EXIT_FAILURE;
}

static int set_disabled(struct invocation *invocation, bool disabled)
{
    struct session session;
    enum ft_error error = FT_INTERNAL;
    if (session_open(&session, invocation))
        error =
            db_account_set_disabled(session.db, &session.call, invocation->arguments[0], disabled);
    return session_end(&session, invocation, error, NULL);
}

static int run_enable(struct invocation *invocation)
{
    return set_disabled(invocation, false);
}

static int run_disable(struct invocation *invocation)
{
    return set_disabled(invocation, true);
}

static int run_reference(struct invocation *invocation)
{
    struct session session;
    const char *reference = NULL;
    enum ft_error error = FT_INTERNAL;
    if (session_open(&session, invocation))
        error =
            db_bank_find_reference(session.db, &session.call, invocation->arguments[0], &reference);
    if (error == FT_OK)
        puts(reference);
    return session_end(&session, invocation, error, NULL);
}

const struct command user_commands[] = {
    {.group = "user",
     .name = "add",
     .arguments = "LOGIN",
     .arguments_count = 1,
     .purpose = "adds a user and prints the user's number",
     .note = "The user's password is read from standard input, or asked for.",
     .options = {{"name", "TEXT", "full name", true},
                 {"email", "ADDRESS", "for mail to the user", true},
                 {"address", "TEXT", "postal address"},
                 {"language", "CODE", "of pages and mail; by default en"},
                 {"currency", "CODE", "of the account; by default the provider's"},
                 {"payment-method", "NAME", "bank_transfer, check, money_order, purchase_order"}},
     .run = run_add},
    {.group = "user",
     .name = "limits",
     .arguments = "LOGIN",
     .arguments_count = 1,
     .purpose = "sets a user's credit line and spending limits",
     .note = "All of them at once: what is not given is no limit, and no credit.",
     .options = {{"credit-line", "AMOUNT", "how far below zero the balance may go; by default 0"},
                 {"transaction", "AMOUNT", "to spend in one purchase"},
                 {"session", "AMOUNT", "from login to logout"},
                 {"day", "AMOUNT", ""},
                 {"week", "AMOUNT", "from Monday"},
                 {"month", "AMOUNT", ""},
                 {"currency", "CODE", "of the wallet; by default the provider's"}},
     .run = run_limits},
    {.group = "user",
     .name = "enable",
     .arguments = "LOGIN",
     .arguments_count = 1,
     .purpose = "lets a disabled user log in again",
     .run = run_enable},
    {.group = "user",
     .name = "disable",
     .arguments = "LOGIN",
     .arguments_count = 1,
     .purpose = "disables an account and ends its logins",
     .run = run_disable},
    {.group = "user",
     .name = "reference",
     .arguments = "LOGIN",
     .arguments_count = 1,
     .purpose = "prints what a user writes on a bank transfer",
     .note = "A creditor reference of ISO 11649, the same in every currency.",
     .run = run_reference},
    {0},
};
