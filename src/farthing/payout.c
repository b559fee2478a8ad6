/* SPDX-License-Identifier: GPL-3.0-or-later */
/* farthing payout: money on its way to vendors and content owners; checks, which no bank reports.
 */
#include "db/payout.h"

#include <stdio.h>
#include <stdlib.h>

#include "farthing/session.h"

#define PAGE 1000
#define PAGE_MEMORY_BYTES (16 << 20)

static const char *or_none(const char *text)
{
    return text != NULL ? text : "";
}

static void print_payout(const struct payout *payout)
{
    char text[AMOUNT_TEXT_SIZE], time[TIME_TEXT_SIZE], vendor[16];
    snprintf(vendor, sizeof vendor, "%d", payout->vendor_id);
    printf(
        "%s %-8s %-15s %20s  %s  %s  %s %s", payout->payout_id, payout->state, payout->method,
        amount_text(payout->amount, payout->currency, text), time_format(payout->changed_at, time),
        payout->owner_id != NULL ? payout->owner_id : vendor, payout->creditor_name,
        or_none(payout->creditor_iban != NULL ? payout->creditor_iban : payout->creditor_address));
    printf("%s%s%s%s\n", payout->bank_reference != NULL ? "  " : "",
           or_none(payout->bank_reference), payout->reason != NULL ? "  " : "",
           or_none(payout->reason));
}

static enum ft_error print_all(struct session *session, struct payout_query *query)
{
    char after[DB_UUID_TEXT_SIZE];
    struct call call = session->call;
    enum ft_error error = FT_OK;
    int count = PAGE;
    query->limit = PAGE;
    while (error == FT_OK && count == PAGE) {
        struct payout *payouts = NULL;
        call.arena = arena_new(PAGE_MEMORY_BYTES);
        error = call.arena == NULL ? FT_INTERNAL
                                   : db_payout_list(session->db, &call, query, &payouts, &count);
        for (int i = 0; error == FT_OK && i < count; i++) {
            print_payout(&payouts[i]);
            snprintf(after, sizeof after, "%s", payouts[i].payout_id);
            query->after = after;
        }
        arena_free(call.arena);
    }
    return error;
}

static int run_list(struct invocation *invocation)
{
    struct session session;
    struct payout_query query = {.state = invocation_value(invocation, "state", NULL),
                                 .settlement_id = invocation_value(invocation, "settlement", NULL)};
    enum ft_error error = FT_INTERNAL;
    if (session_open(&session, invocation))
        error = print_all(&session, &query);
    return session_end(&session, invocation, error, NULL);
}

/* Pays, or returns for a reason. */
static int change(struct invocation *invocation, const char *reason)
{
    struct session session;
    const char *payout_id = invocation->arguments[0];
    const char *reference = invocation_value(invocation, "reference", NULL);
    enum ft_error error = FT_INTERNAL;
    bool changed = false;
    if (session_open(&session, invocation))
        error = reason != NULL
                    ? db_payout_return(session.db, &session.call, payout_id, reason, reference,
                                       &changed)
                    : db_payout_pay(session.db, &session.call, payout_id, reference, &changed);
    if (error == FT_OK && !changed)
        puts("it was so already");
    return session_end(&session, invocation, error,
                       error == FT_INVALID_STATE
                           ? "it came back; the next settlement makes another payout"
                           : NULL);
}

static int run_paid(struct invocation *invocation)
{
    return change(invocation, NULL);
}

static int run_return(struct invocation *invocation)
{
    return change(invocation, invocation_value(invocation, "reason", ""));
}

const struct command payout_commands[] = {
    {.group = "payout",
     .name = "list",
     .arguments = "",
     .purpose = "lists payouts with where they go",
     .options = {{"state", "NAME", "due, sent, paid, rejected or returned"},
                 {"settlement", "ID", "of this settlement"}},
     .run = run_list},
    {.group = "payout",
     .name = "paid",
     .arguments = "PAYOUT",
     .arguments_count = 1,
     .purpose = "records a check that was handed out, or what the bank confirmed",
     .note = "Repeating it is harmless.",
     .options = {{"reference", "TEXT", "the check's number, the bank's reference"}},
     .run = run_paid},
    {.group = "payout",
     .name = "return",
     .arguments = "PAYOUT",
     .arguments_count = 1,
     .purpose = "records that it did not reach the payee; the next settlement pays again",
     .note = "Repeating it is harmless.",
     .options = {{"reason", "TEXT", "why", true}, {"reference", "TEXT", "the bank's"}},
     .run = run_return},
    {0},
};
