/* SPDX-License-Identifier: GPL-3.0-or-later */
/* farthing ledger: shows an entry, and proves that the books balance. */
#include "db/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "farthing/session.h"

/* An entry's sum per currency; an entry has few. */
static money_t sum_of(const struct ledger_posting *postings, int count, const char *currency)
{
    money_t sum = 0;
    for (int i = 0; i < count; i++)
        if (strcmp(postings[i].currency, currency) == 0)
            if (__builtin_add_overflow(sum, postings[i].amount, &sum))
                return INT64_MAX; /* certainly not zero */
    return sum;
}

static bool seen_before(const struct ledger_posting *postings, int index)
{
    for (int i = 0; i < index; i++)
        if (strcmp(postings[i].currency, postings[index].currency) == 0)
            return true;
    return false;
}

static bool print_entry(const struct ledger_posting *postings, int count)
{
    char text[AMOUNT_TEXT_SIZE];
    char time[TIME_TEXT_SIZE];
    bool balanced = true;
    printf("%s %s\n", postings[0].kind, time_format(postings[0].booked_at, time));
    for (int i = 0; i < count; i++) {
        char account[64];
        snprintf(account, sizeof account, postings[i].holder != 0 ? "%s %" PRId64 : "%s",
                 postings[i].account, postings[i].holder);
        printf("  %-28s %20s\n", account,
               amount_text(postings[i].amount, postings[i].currency, text));
    }
    for (int i = 0; i < count; i++) {
        if (seen_before(postings, i))
            continue;
        money_t sum = sum_of(postings, count, postings[i].currency);
        printf("  %-28s %20s\n", "sum", amount_text(sum, postings[i].currency, text));
        balanced = balanced && sum == 0;
    }
    return balanced;
}

static int run_show(struct invocation *invocation)
{
    struct session session;
    struct ledger_posting *postings = NULL;
    int count = 0;
    int status = EXIT_FAILURE;
    if (!session_open(&session, invocation))
        goto out;
    enum ft_error error =
        db_ledger_show(session.db, &session.call, invocation->arguments[0], &postings, &count);
    if (error == FT_TRANSACTION_NOT_FOUND)
        invocation_fail(invocation, "the ledger has no entry of this ID");
    else if (error != FT_OK)
        invocation_fail_with(invocation, &session.call, error);
    else if (!print_entry(postings, count))
        invocation_fail(invocation, "the postings do not sum to zero");
    else
        status = EXIT_SUCCESS;

out:
    session_close(&session);
    return status;
}

static bool print_audit(const struct ledger_audit *audit)
{
    char text[AMOUNT_TEXT_SIZE], sum[AMOUNT_TEXT_SIZE];
    bool good = audit->differences_count == 0;
    for (int i = 0; i < audit->balances_count; i++) {
        const struct ledger_balance *balance = &audit->balances[i];
        printf("%s: %" PRId64 " postings, sum %s\n", balance->currency, balance->postings,
               amount_text(balance->balance, balance->currency, text));
        good = good && balance->balance == 0;
    }
    for (int i = 0; i < audit->differences_count; i++) {
        const struct ledger_difference *difference = &audit->differences[i];
        printf("user %" PRId64 ": balance %s, postings %s\n", difference->user_id,
               amount_text(difference->balance, difference->currency, text),
               amount_text(difference->postings, difference->currency, sum));
    }
    return good;
}

static int run_check(struct invocation *invocation)
{
    struct session session;
    struct ledger_audit audit;
    int status = EXIT_FAILURE;
    if (!session_open(&session, invocation))
        goto out;
    enum ft_error error = db_ledger_audit(session.db, &session.call, &audit);
    if (error != FT_OK) {
        invocation_fail_with(invocation, &session.call, error);
        goto out;
    }
    if (!print_audit(&audit)) {
        invocation_fail(invocation, "the books do not balance");
        goto out;
    }
    puts("every entry sums to zero, every balance equals its postings");
    status = EXIT_SUCCESS;

out:
    session_close(&session);
    return status;
}

const struct command ledger_commands[] = {
    {.group = "ledger",
     .name = "show",
     .arguments = "ID",
     .arguments_count = 1,
     .purpose = "shows the postings of an entry or a transaction",
     .run = run_show},
    {.group = "ledger",
     .name = "check",
     .arguments = "",
     .purpose = "proves that all postings sum to zero and make the balances",
     .run = run_check},
    {0},
};
