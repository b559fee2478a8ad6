/* SPDX-License-Identifier: GPL-3.0-or-later */
/* farthing settle: what is agreed with vendors and content owners, and what they were paid. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/settlement.h"
#include "farthing/bank_number.h"
#include "farthing/session.h"
#include "farthing/settle_run.h"
#include "farthing/slices.h"

#define FACTS_PAGE 1000
#define FACTS_MEMORY_BYTES (8 << 20)

/* An amount that may have been given, else fallback. */
static bool read_amount(const struct invocation *invocation, const char *name, money_t fallback,
                        money_t *amount_r)
{
    char label[32];
    const char *text = invocation_value(invocation, name, NULL);
    *amount_r = fallback;
    snprintf(label, sizeof label, "--%s", name);
    return text == NULL || session_amount(invocation, label, text, amount_r);
}

static bool read_terms(const struct invocation *invocation, struct settlement_terms *terms,
                       money_t *early, struct bank_numbers *numbers)
{
    terms->owner_id = invocation_value(invocation, "owner", NULL);
    terms->calendar = invocation_value(invocation, "calendar", "any_day");
    terms->method = invocation_value(invocation, "method", "credit_transfer");
    terms->creditor_name = invocation_value(invocation, "creditor", NULL);
    terms->creditor_address = invocation_value(invocation, "address", NULL);
    if (!invocation_number(invocation, "vendor", &terms->vendor_id) ||
        !invocation_number(invocation, "day", &terms->calendar_day) ||
        !read_amount(invocation, "threshold", 0, &terms->amount_threshold) ||
        !read_amount(invocation, "early", 0, early) ||
        !read_amount(invocation, "minimum", 0, &terms->minimum) ||
        !read_amount(invocation, "reserve", 0, &terms->reserve) ||
        !bank_numbers_read(invocation, "--iban", invocation_value(invocation, "iban", NULL),
                           invocation_value(invocation, "bic", NULL), numbers,
                           &terms->creditor_iban, &terms->creditor_bic))
        return false;
    if (invocation_value(invocation, "early", NULL) != NULL)
        terms->early_threshold = early;
    if ((terms->vendor_id > 0) == (terms->owner_id != NULL)) {
        invocation_fail(invocation, "give either --vendor or --owner");
        return false;
    }
    return invocation_optional_time(invocation, "from", &terms->valid_from);
}

static int run_terms(struct invocation *invocation)
{
    struct session session;
    struct settlement_terms terms = {0};
    struct bank_numbers numbers;
    money_t early = 0;
    if (!read_terms(invocation, &terms, &early, &numbers))
        return EXIT_FAILURE;
    if (!session_open(&session, invocation) ||
        (terms.owner_id != NULL &&
         (terms.currency = session_currency(&session, invocation)) == NULL)) {
        session_close(&session);
        return EXIT_FAILURE;
    }
    enum ft_error error = db_settlement_set_terms(session.db, &session.call, &terms);
    return session_end(&session, invocation, error,
                       error == FT_INVALID_STATE ? "play money is never paid out" : NULL);
}

static int run_hold(struct invocation *invocation)
{
    struct session session;
    enum ft_error error = FT_INTERNAL;
    if (session_open(&session, invocation))
        error = db_settlement_hold(session.db, &session.call, invocation->arguments[0],
                                   invocation_value(invocation, "reason", "dispute"));
    return session_end(&session, invocation, error,
                       error == FT_INVALID_STATE ? "all of it was refunded" : NULL);
}

static int run_release(struct invocation *invocation)
{
    struct session session;
    enum ft_error error = FT_INTERNAL;
    bool released = false;
    if (session_open(&session, invocation))
        error =
            db_settlement_release(session.db, &session.call, invocation->arguments[0], &released);
    return session_end(&session, invocation, error,
                       error == FT_OK && !released ? "the sale is not held" : NULL);
}

static void print_sheet(const struct settlement_sheet *sheet, const struct settlement_line *lines,
                        int count)
{
    char text[AMOUNT_TEXT_SIZE], time[TIME_TEXT_SIZE];
    if (sheet->owner_id != NULL)
        printf("owner %s %s\n", sheet->owner_id, sheet->name);
    else
        printf("vendor %d %s\n", sheet->vendor_id, sheet->name);
    printf("settled %s by %s%s%s\n", time_format(sheet->settled_at, time), sheet->trigger,
           sheet->due_on != NULL ? " of " : "", sheet->due_on != NULL ? sheet->due_on : "");
    printf("from %s", sheet->after_time != 0 ? time_format(sheet->after_time, time) : "the first");
    printf(" until %s\n", time_format(sheet->as_of, time));
    printf("  %-20s %10s %22s\n", "opening", "",
           amount_text(sheet->opening, sheet->currency, text));
    for (int i = 0; i < count; i++) {
        char number[24] = "";
        if (lines[i].count > 0)
            snprintf(number, sizeof number, "%" PRId64, lines[i].count);
        printf("  %-20s %10s %22s\n", lines[i].kind, number,
               amount_text(lines[i].amount, sheet->currency, text));
    }
    printf("  %-20s %10s %22s\n", "paid", "", amount_text(-sheet->amount, sheet->currency, text));
    printf("  %-20s %10s %22s\n", "closing", "",
           amount_text(sheet->closing, sheet->currency, text));
}

/* Every fact of a line, page by page. */
static enum ft_error print_facts(struct session *session, const struct settlement_sheet *sheet,
                                 const char *kind)
{
    char after[DB_UUID_TEXT_SIZE] = "";
    struct call call = session->call;
    enum ft_error error = FT_OK;
    int count = FACTS_PAGE;
    while (error == FT_OK && count == FACTS_PAGE) {
        struct settlement_fact *facts = NULL;
        char text[AMOUNT_TEXT_SIZE], time[TIME_TEXT_SIZE];
        call.arena = arena_new(FACTS_MEMORY_BYTES);
        call.deadline_us = time_monotonic_us() + SESSION_TIMEOUT_MS * 1000LL;
        error = call.arena == NULL ? FT_INTERNAL
                                   : db_settlement_facts(session->db, &call, sheet->settlement_id,
                                                         kind, after[0] != '\0' ? after : NULL,
                                                         FACTS_PAGE, &facts, &count);
        for (int i = 0; error == FT_OK && i < count; i++) {
            printf("%s %-27s %20s %s\n", facts[i].fact_id, time_format(facts[i].occurred_at, time),
                   amount_text(facts[i].amount, sheet->currency, text),
                   facts[i].subject_id != NULL ? facts[i].subject_id : "");
            snprintf(after, sizeof after, "%s", facts[i].fact_id);
        }
        arena_free(call.arena);
    }
    return error;
}

static int run_show(struct invocation *invocation)
{
    struct session session;
    struct settlement_sheet sheet;
    struct settlement_line *lines = NULL;
    const char *settlement_id = invocation->arguments[0];
    const char *kind = invocation_value(invocation, "line", NULL);
    enum ft_error error = FT_INTERNAL;
    int count = 0;
    if (session_open(&session, invocation))
        error = db_settlement_show(session.db, &session.call, settlement_id, &sheet);
    if (error == FT_OK)
        error = db_settlement_lines(session.db, &session.call, settlement_id, &lines, &count);
    if (error == FT_OK && kind == NULL)
        print_sheet(&sheet, lines, count);
    else if (error == FT_OK)
        error = print_facts(&session, &sheet, kind);
    return session_end(&session, invocation, error, NULL);
}

#define RUN_NOTE                                                                               \
    "Settled in slices, each committed for itself: what is interrupted goes on with the next " \
    "run,\n"                                                                                   \
    "and nobody is paid twice. Exits with 130 when a signal stopped it between two slices."

const struct command settle_commands[] = {
    {.group = "settle",
     .name = "vendors",
     .arguments = "",
     .purpose = "pays the vendors whose thresholds are reached",
     .note = RUN_NOTE,
     .options = {{"as-of", "DAY", "as if when this day begins, in each vendor's time zone"},
                 {"vendor", "ID", "this one only"},
                 {"dry-run", "", "says what would be paid, and changes nothing"},
                 {"slice", "NUMBER", "vendors in one transaction, by default 200"},
                 SLICES_SHARE},
     .run = settle_run_vendors},
    {.group = "settle",
     .name = "owners",
     .arguments = "",
     .purpose = "pays the content owners whose thresholds are reached",
     .note = RUN_NOTE,
     .options = {{"as-of", "DAY", "as if when this day begins, in each owner's time zone"},
                 {"owner", "ID", "this one only"},
                 {"dry-run", "", "says what would be paid, and changes nothing"},
                 {"slice", "NUMBER", "owners in one transaction, by default 200"},
                 SLICES_SHARE},
     .run = settle_run_owners},
    {.group = "settle",
     .name = "terms",
     .arguments = "",
     .purpose = "sets when, how and from which amount on somebody is paid",
     .note = "The terms before are kept for the settlements that were made by them.",
     .options = {{"threshold", "AMOUNT", "below it nothing is paid", true},
                 {"vendor", "ID", "a vendor, in its currency"},
                 {"owner", "ID", "or a content owner, in --currency"},
                 {"currency", "CODE", "of an owner's terms; by default the provider's"},
                 {"calendar", "NAME",
                  "any_day (default), weekly, twice_monthly, monthly, day_of_month"},
                 {"day", "NUMBER", "weekly: 1 (Monday) to 7; day_of_month: 1 to 31"},
                 {"early", "AMOUNT", "paid between the days when so much is due"},
                 {"minimum", "AMOUNT", "less is not paid out"},
                 {"reserve", "AMOUNT", "always kept back"},
                 {"method", "NAME", "credit_transfer (default) or check"},
                 {"creditor", "TEXT", "whose account it is; by default the payee's name"},
                 {"iban", "TEXT", "the account"},
                 {"bic", "TEXT", "its bank, where one is needed"},
                 {"address", "TEXT", "where a check goes"},
                 {"from", "TIME", "valid from then on; by default now"}},
     .run = run_terms},
    {.group = "settle",
     .name = "hold",
     .arguments = "TRANSACTION",
     .arguments_count = 1,
     .purpose = "keeps back what a disputed sale gave its vendor",
     .options = {{"reason", "TEXT", "by default \"dispute\""}},
     .run = run_hold},
    {.group = "settle",
     .name = "release",
     .arguments = "TRANSACTION",
     .arguments_count = 1,
     .purpose = "pays it with the next settlement after all",
     .run = run_release},
    {.group = "settle",
     .name = "show",
     .arguments = "SETTLEMENT",
     .arguments_count = 1,
     .purpose = "shows a settlement line by line",
     .options = {{"line", "KIND", "every sale, refund … of this line: \"sales\""}},
     .run = run_show},
    {0},
};
