/* SPDX-License-Identifier: GPL-3.0-or-later */
/* farthing bank: orders for banks, one file for each account and run. */
#include "bank/order.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/time.h"
#include "db/bank.h"
#include "farthing/session.h"

#define PAGE_LINES 1000
#define PAGE_BYTES (8 << 20)
#define DAY_US (24 * 3600 * TIME_SECOND)
#define NOTICE_DAYS 14 /* that a debtor must have, if nothing else was agreed */

/* A file's payments, page by page. */
struct pages {
    struct session *session;
    const struct bank_file *file;
    struct arena *arena; /* of the page */
    struct bank_line *lines;
    int count;
    int next;
    int after;
    struct bank_payment payment;
};

static enum ft_error turn_page(struct pages *pages)
{
    arena_free(pages->arena);
    pages->arena = arena_new(PAGE_BYTES);
    pages->next = pages->count = 0;
    struct call call = {.arena = pages->arena,
                        .deadline_us = time_monotonic_us() + SESSION_TIMEOUT_MS * 1000LL,
                        .correlation_id = "",
                        .remote_address = ""};
    if (pages->arena == NULL)
        return FT_INTERNAL;
    return db_bank_list_lines(pages->session->db, &call, pages->file->file_id, pages->after,
                              PAGE_LINES, &pages->lines, &pages->count);
}

static enum ft_error next_payment(void *context, const struct bank_payment **payment_r)
{
    struct pages *pages = context;
    *payment_r = NULL;
    if (pages->next == pages->count) {
        enum ft_error error = turn_page(pages);
        if (error != FT_OK || pages->count == 0)
            return error;
    }
    const struct bank_line *line = &pages->lines[pages->next++];
    pages->after = line->line;
    pages->payment = (struct bank_payment){.end_to_end_id = line->end_to_end_id,
                                           .amount = line->amount,
                                           .name = line->name,
                                           .iban = line->iban,
                                           .bic = line->bic,
                                           .remittance = line->remittance,
                                           .mandate_id = line->mandate_id,
                                           .signed_on = line->signed_on};
    *payment_r = &pages->payment;
    return FT_OK;
}

/* Writes a recorded file. False: said why. */
static bool write_file(const struct invocation *invocation, struct session *session,
                       const struct bank_file *file)
{
    const char *directory = invocation_value(invocation, "output", NULL);
    const struct bank_order order = {.message_id = file->message_id,
                                     .version = file->version,
                                     .created_at = file->created_at,
                                     .execute_on = file->execute_on,
                                     .count = file->count,
                                     .total = file->total,
                                     .currency = file->currency,
                                     .minor_digits = file->minor_digits,
                                     .name = file->name,
                                     .iban = file->iban,
                                     .bic = file->bic,
                                     .creditor_id = file->creditor_id};
    struct pages pages = {.session = session, .file = file};
    struct bank_written written = {.path = ""};
    const char *problem = NULL;
    char text[AMOUNT_TEXT_SIZE];
    enum ft_error error =
        bank_order_write(&order, next_payment, &pages, directory, &written, &problem);
    arena_free(pages.arena);
    if (error == FT_OK)
        error = db_bank_written(session->db, &session->call, file->file_id, written.checksum);
    if (error == FT_OK) {
        printf("%s %d %s\n", written.path, file->count,
               amount_text(file->total, file->currency, text));
        return true;
    }
    if (error == FT_IDEMPOTENCY_CONFLICT)
        invocation_fail(invocation,
                        "%s: written before with other content; was the account changed?",
                        file->message_id);
    else
        invocation_fail(invocation,
                        "%s is recorded but not written: %s; when that is mended, run"
                        " \"farthing bank export %s\"",
                        file->message_id, problem != NULL ? problem : ft_error_name(error),
                        file->message_id);
    return false;
}

/* Finds a file and writes it. */
static bool write_recorded(const struct invocation *invocation, struct session *session,
                           int file_id, const char *message_id)
{
    struct bank_file file;
    enum ft_error error =
        db_bank_find_file(session->db, &session->call, file_id, message_id, &file);
    if (error != FT_OK) {
        invocation_fail_with(invocation, &session->call, error);
        return false;
    }
    if (file.file_id == 0) {
        invocation_fail(invocation, "no file has this message ID");
        return false;
    }
    return write_file(invocation, session, &file);
}

/* Records what is due for one account; *file_id_r 0: nothing is. */
typedef enum ft_error record_due(struct session *session, const struct bank_account *account,
                                 const char *format, const char *execute_on, int *file_id_r);

static enum ft_error record_transfers(struct session *session, const struct bank_account *account,
                                      const char *format, const char *execute_on, int *file_id_r)
{
    return db_bank_order_transfers(session->db, &session->call, account, format, execute_on,
                                   file_id_r);
}

/* An account without creditor ID collects nothing. */
static enum ft_error record_debits(struct session *session, const struct bank_account *account,
                                   const char *format, const char *execute_on, int *file_id_r)
{
    (void)format;
    *file_id_r = 0;
    if (account->creditor_id == NULL)
        return FT_OK;
    return db_bank_order_debits(session->db, &session->call, account, execute_on, file_id_r);
}

/* Says what no file has, because no account pays in its currency. */
static enum ft_error report_stranded(struct session *session)
{
    struct bank_stranded *stranded = NULL;
    char text[AMOUNT_TEXT_SIZE];
    int count = 0;
    enum ft_error error = db_bank_list_stranded(session->db, &session->call, &stranded, &count);
    for (int i = 0; i < count; i++)
        fprintf(stderr,
                "farthing bank pay: no account pays in %s: %" PRId64 " payouts stay due, %s; see"
                " \"farthing bank account\"\n",
                stranded[i].currency, stranded[i].count,
                amount_text(stranded[i].total, stranded[i].currency, text));
    return error;
}

static bool order_all(const struct invocation *invocation, struct session *session,
                      record_due *record, const char *format, const char *execute_on)
{
    struct bank_account *accounts = NULL;
    int chosen = 0; /* every default account */
    int count = 0, used = 0;
    bool good = true;
    if (!invocation_number(invocation, "account", &chosen))
        return false;
    enum ft_error error = db_bank_list_accounts(session->db, &session->call, &accounts, &count);
    for (int i = 0; i < count && error == FT_OK; i++) {
        int file_id = 0;
        if (chosen == 0 ? !accounts[i].is_default : accounts[i].account_id != chosen)
            continue;
        used++;
        error = record(session, &accounts[i], format, execute_on, &file_id);
        if (error == FT_OK && file_id != 0)
            good = write_recorded(invocation, session, file_id, NULL) && good;
    }
    if (error == FT_OK && chosen == 0 && record == record_transfers)
        error = report_stranded(session);
    if (error != FT_OK)
        return invocation_fail_with(invocation, &session->call, error) == EXIT_SUCCESS;
    if (good && used == 0)
        return invocation_fail(invocation, "no such account; see \"farthing bank accounts\"") ==
               EXIT_SUCCESS;
    return good;
}

static int order(const struct invocation *invocation, record_due *record, const char *format,
                 int days_ahead)
{
    struct session session;
    char soon[TIME_TEXT_SIZE];
    time_format(time_now_us() + days_ahead * DAY_US, soon);
    soon[10] = '\0'; /* the date */
    const char *execute_on = NULL;
    const char *directory = invocation_value(invocation, "output", NULL);
    bool good = false;
    if (!invocation_date(invocation, "on", &execute_on))
        return EXIT_FAILURE;
    if (execute_on == NULL)
        execute_on = soon;
    if (access(directory, W_OK | X_OK) != 0)
        return invocation_fail(invocation, "--output must be a directory to write to");
    if (session_open(&session, invocation))
        good = order_all(invocation, &session, record, format, execute_on);
    session_close(&session);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int run_pay(struct invocation *invocation)
{
    const char *format = invocation_value(invocation, "format", "09");
    if (strcmp(format, "09") == 0)
        return order(invocation, record_transfers, BANK_TRANSFER_VERSION, 0);
    if (strcmp(format, "03") == 0)
        return order(invocation, record_transfers, BANK_TRANSFER_VERSION_OLD, 0);
    return invocation_fail(invocation, "--format must be 09 or 03");
}

static int run_collect(struct invocation *invocation)
{
    return order(invocation, record_debits, BANK_DEBIT_VERSION, NOTICE_DAYS);
}

static int run_export(struct invocation *invocation)
{
    struct session session;
    bool good = session_open(&session, invocation) &&
                write_recorded(invocation, &session, 0, invocation->arguments[0]);
    session_close(&session);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

const struct command bank_order_commands[] = {
    {.group = "bank",
     .name = "pay",
     .arguments = "",
     .purpose = "orders the payouts that are due",
     .note = "Writes a file of ISO 20022 for each account, and prints its path, the number of\n"
             "payouts and their sum. A payout is ordered once; see \"farthing bank export\".\n"
             "Says which payouts stay due because no account pays in their currency.",
     .options = {{"output", "DIRECTORY", "where the file goes", true},
                 {"format", "NUMBER", "of pain.001.001: 09, or 03"},
                 {"account", "NUMBER", "by default the first of each currency"},
                 {"on", "DATE", "when the bank pays; by default today"}},
     .run = run_pay},
    {.group = "bank",
     .name = "collect",
     .arguments = "",
     .purpose = "orders direct debits of what users owe",
     .note = "Balances below zero of users with a mandate, and deposits that were asked for; in a\n"
             "file of pain.008.001.08 for each account with a creditor ID.",
     .options = {{"output", "DIRECTORY", "where the file goes", true},
                 {"account", "NUMBER", "by default the first of each currency"},
                 {"on", "DATE", "when it is due; by default in 14 days"}},
     .run = run_collect},
    {.group = "bank",
     .name = "export",
     .arguments = "MESSAGE",
     .arguments_count = 1,
     .purpose = "writes the file of an order again",
     .note = "MESSAGE is its message ID. It is the same file: the bank takes it once.",
     .options = {{"output", "DIRECTORY", "where the file goes", true}},
     .run = run_export},
    {0},
};
