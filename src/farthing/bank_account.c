/* SPDX-License-Identifier: GPL-3.0-or-later */
/* farthing bank: our accounts, and the users who pay by direct debit. */
#include <stdio.h>
#include <stdlib.h>

#include "db/bank.h"
#include "farthing/bank_number.h"
#include "farthing/session.h"

static int run_account(struct invocation *invocation)
{
    struct session session;
    struct bank_numbers numbers;
    char creditor_id[BANK_CREDITOR_ID_SIZE];
    const char *creditor_text = invocation_value(invocation, "creditor-id", NULL);
    const char *problem = NULL;
    struct bank_account account = {.name = invocation->arguments[0],
                                   .currency = invocation->arguments[2],
                                   .creditor_id = creditor_text != NULL ? creditor_id : NULL};
    enum ft_error error = FT_INTERNAL;
    int account_id = 0;
    if (!bank_numbers_read(invocation, "IBAN", invocation->arguments[1],
                           invocation_value(invocation, "bic", NULL), &numbers, &account.iban,
                           &account.bic))
        return EXIT_FAILURE;
    if (creditor_text != NULL && !bank_creditor_id_check(creditor_text, creditor_id, &problem))
        return invocation_fail(invocation, "--creditor-id must be %s", problem);
    if (session_open(&session, invocation))
        error = db_bank_set_account(session.db, &session.call, &account, &account_id);
    if (error == FT_OK)
        printf("%d\n", account_id);
    return session_end(&session, invocation, error, NULL);
}

static int run_accounts(struct invocation *invocation)
{
    struct session session;
    struct bank_account *accounts = NULL;
    enum ft_error error = FT_INTERNAL;
    int count = 0;
    if (session_open(&session, invocation))
        error = db_bank_list_accounts(session.db, &session.call, &accounts, &count);
    for (int i = 0; error == FT_OK && i < count; i++)
        printf("%d %s %s%s %s\n", accounts[i].account_id, accounts[i].iban, accounts[i].currency,
               accounts[i].is_default ? " default" : "", accounts[i].name);
    return session_end(&session, invocation, error, NULL);
}

static int run_mandate(struct invocation *invocation)
{
    struct session session;
    struct bank_numbers numbers;
    struct bank_mandate mandate = {.login_name = invocation->arguments[0],
                                   .mandate_id = invocation_value(invocation, "id", NULL),
                                   .debtor_name = invocation_value(invocation, "name", NULL),
                                   .currency = invocation_value(invocation, "currency", "EUR")};
    enum ft_error error = FT_INTERNAL;
    if (!invocation_date(invocation, "signed", &mandate.signed_on) ||
        !bank_numbers_read(invocation, "IBAN", invocation->arguments[1],
                           invocation_value(invocation, "bic", NULL), &numbers, &mandate.iban,
                           &mandate.bic))
        return EXIT_FAILURE;
    if (session_open(&session, invocation))
        error = db_bank_add_mandate(session.db, &session.call, &mandate);
    return session_end(&session, invocation, error,
                       error == FT_INVALID_PARAMETER
                           ? "--id must be at most 35 letters, digits, blanks or /-?:().,'+"
                       : error == FT_IDEMPOTENCY_CONFLICT ? "another mandate has this --id"
                                                          : NULL);
}

static int run_revoke(struct invocation *invocation)
{
    struct session session;
    enum ft_error error = FT_INTERNAL;
    bool ended = false;
    if (session_open(&session, invocation))
        error = db_bank_end_mandate(session.db, &session.call, invocation->arguments[0],
                                    invocation_value(invocation, "currency", "EUR"), &ended);
    return session_end(&session, invocation, error,
                       error == FT_OK && !ended ? "the user has no mandate" : NULL);
}

static int run_debit(struct invocation *invocation)
{
    struct session session;
    const char *currency = invocation_value(invocation, "currency", "EUR");
    char debit_id[DB_UUID_TEXT_SIZE];
    enum ft_error error = FT_INTERNAL;
    money_t amount = 0;
    if (!session_amount(invocation, "AMOUNT", invocation->arguments[1], &amount))
        return EXIT_FAILURE;
    if (session_open(&session, invocation))
        error = db_bank_request_debit(session.db, &session.call, invocation->arguments[0], currency,
                                      amount, debit_id);
    if (error == FT_OK)
        puts(debit_id);
    return session_end(
        &session, invocation, error,
        error == FT_INVALID_STATE       ? "the user has no mandate; see \"farthing bank mandate\""
        : error == FT_INVALID_PARAMETER ? "AMOUNT must be whole in the currency's minor unit"
                                        : NULL);
}

const struct command bank_account_commands[] = {
    {.group = "bank",
     .name = "account",
     .arguments = "NAME IBAN CURRENCY",
     .arguments_count = 3,
     .purpose = "adds or changes an account of the provider's",
     .note = "Prints its number. The first of a currency pays and collects what is due in it.",
     .options = {{"bic", "BIC", "of the bank"},
                 {"creditor-id", "ID", "for direct debits, from the central bank"}},
     .run = run_account},
    {.group = "bank",
     .name = "accounts",
     .arguments = "",
     .purpose = "lists the provider's accounts",
     .run = run_accounts},
    {.group = "bank",
     .name = "mandate",
     .arguments = "LOGIN IBAN",
     .arguments_count = 2,
     .purpose = "notes that a user agreed to direct debits",
     .note = "What the user owes is then collected by \"farthing bank collect\". A former mandate\n"
             "in the currency ends; so does one whose debit fails.",
     .options = {{"id", "TEXT", "of the mandate, unique, as the user has it", true},
                 {"signed", "DATE", "when the user signed: 2026-12-31", true},
                 {"name", "TEXT", "of the holder of the account", true},
                 {"bic", "BIC", "of the user's bank"},
                 {"currency", "CODE", "by default EUR"}},
     .run = run_mandate},
    {.group = "bank",
     .name = "revoke",
     .arguments = "LOGIN",
     .arguments_count = 1,
     .purpose = "ends a user's mandate",
     .options = {{"currency", "CODE", "by default EUR"}},
     .run = run_revoke},
    {.group = "bank",
     .name = "debit",
     .arguments = "LOGIN AMOUNT",
     .arguments_count = 2,
     .purpose = "asks for a deposit by direct debit",
     .note = "The next \"farthing bank collect\" orders it; it is booked when the bank says so.",
     .options = {{"currency", "CODE", "by default EUR"}},
     .run = run_debit},
    {0},
};
