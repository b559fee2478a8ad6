/* SPDX-License-Identifier: GPL-3.0-or-later */
/* farthing bank: reads what banks say, and leads staff through what nothing matched. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bank/statement.h"
#include "bank/status.h"
#include "bank/text.h"
#include "core/time.h"
#include "db/bank_statement.h"
#include "farthing/session.h"

#define SLICE_ENTRIES 500 /* in one transaction */
#define SLICE_BYTES (1 << 20)
#define QUEUE_PAGE 1000
#define STATES_MAX 16

/* One file on its way into the database. */
struct work {
    const struct invocation *invocation;
    struct session *session;
    const char *path;
    struct db_bank_slice *slice;
    int64_t number; /* of the statement */
    struct {
        char state[24];
        int64_t count;
    } states[STATES_MAX];
    int states_count;
    int rejected, reported;
    bool failed; /* said why */
};

static bool fail_with(struct work *work, enum ft_error error)
{
    fprintf(stderr, "%s: ", work->path);
    invocation_fail_with(work->invocation, &work->session->call, error);
    work->failed = true;
    return false;
}

/* Each call of a long reading has its own time and memory. */
static bool begin_call(struct work *work, struct call *call)
{
    *call = (struct call){.arena = arena_new(SLICE_BYTES),
                          .deadline_us = time_monotonic_us() + SESSION_TIMEOUT_MS * 1000LL,
                          .correlation_id = "",
                          .remote_address = ""};
    return call->arena != NULL || fail_with(work, FT_INTERNAL);
}

static void count_state(struct work *work, const struct bank_count *count)
{
    int i = 0;
    while (i < work->states_count && strcmp(work->states[i].state, count->state) != 0)
        i++;
    if (i == STATES_MAX)
        return; /* there are not so many */
    if (i == work->states_count)
        snprintf(work->states[work->states_count++].state, sizeof work->states[i].state, "%s",
                 count->state);
    work->states[i].count += count->count;
}

static bool book_slice(struct work *work)
{
    struct bank_count *counts = NULL;
    struct call call;
    int count = 0;
    if (db_bank_slice_count(work->slice) == 0)
        return true;
    if (!begin_call(work, &call))
        return false;
    enum ft_error error =
        db_bank_slice_book(work->session->db, &call, work->slice, work->number, &counts, &count);
    for (int i = 0; error == FT_OK && i < count; i++)
        count_state(work, &counts[i]);
    arena_free(call.arena);
    return error == FT_OK || fail_with(work, error);
}

/* NULL for "not said". */
static const char *said(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

static bool begin_statement(void *context, const struct bank_statement *statement)
{
    struct work *work = context;
    const struct bank_heading heading = {.kind = statement->is_notification ? "notification"
                                                                            : "statement",
                                         .iban = statement->iban,
                                         .currency = said(statement->currency),
                                         .statement_id = statement->statement_id,
                                         .page = statement->page,
                                         .made_at = statement->made_at};
    struct call call;
    if (!begin_call(work, &call))
        return false;
    enum ft_error error = db_bank_open_statement(work->session->db, &call, &heading, &work->number);
    arena_free(call.arena);
    if (error != FT_OK)
        return fail_with(work, error);
    if (work->number == 0) {
        invocation_fail(work->invocation, "%s: statement %s is of account %s %s, which is not ours",
                        work->path, statement->statement_id, statement->iban, statement->currency);
        work->failed = true;
    }
    return !work->failed;
}

static bool take_entry(void *context, const struct bank_entry *entry)
{
    struct work *work = context;
    const struct bank_row row = {.position = entry->position,
                                 .part = entry->part,
                                 .key = entry->key,
                                 .amount = entry->amount,
                                 .has_amount = entry->problem == NULL || entry->amount != 0,
                                 .amount_text = entry->amount_text,
                                 .currency = entry->currency,
                                 .booked_on = said(entry->booked_on),
                                 .is_reversal = entry->is_reversal,
                                 .is_return = entry->is_return,
                                 .end_to_end_id = said(entry->end_to_end_id),
                                 .batch_id = said(entry->batch_id),
                                 .bank_reference = said(entry->bank_reference),
                                 .party_name = said(entry->party_name),
                                 .party_iban = said(entry->party_iban),
                                 .remittance = said(entry->remittance),
                                 .reason = said(entry->reason),
                                 .problem = entry->problem};
    db_bank_slice_add(work->slice, &row);
    return db_bank_slice_count(work->slice) < SLICE_ENTRIES || book_slice(work);
}

static bool end_statement(void *context)
{
    struct work *work = context;
    struct call call;
    if (!book_slice(work) || !begin_call(work, &call))
        return false;
    enum ft_error error = db_bank_close_statement(work->session->db, &call, work->number);
    arena_free(call.arena);
    return error == FT_OK || fail_with(work, error);
}

static bool take_status(void *context, const struct bank_status *status)
{
    struct work *work = context;
    struct call call;
    int count = 0;
    if (!begin_call(work, &call))
        return false;
    enum ft_error error = db_bank_read_status(work->session->db, &call, status->message_id,
                                              said(status->end_to_end_id), status->is_rejected,
                                              said(status->reason), &count);
    arena_free(call.arena);
    if (error != FT_OK)
        return fail_with(work, error);
    if (count < 0) {
        invocation_fail(
            work->invocation, "%s: no order %s%s%s of ours", work->path, status->message_id,
            status->end_to_end_id[0] != '\0' ? " with payment " : "", status->end_to_end_id);
        work->failed = true;
        return false;
    }
    work->reported++;
    work->rejected += count;
    return true;
}

static bool refuse_file(struct work *work, const char *problem)
{
    if (!work->failed)
        invocation_fail(work->invocation, "%s: %s", work->path, problem);
    work->failed = true;
    return false;
}

/* Reads the file once; without a sink only to see that it is whole and what it should be. */
static bool pass(struct work *work, int file, bool books, struct bank_statement_counts *counts_r)
{
    static const struct bank_statement_sink nobody = {0};
    static const struct bank_statement_sink sink = {begin_statement, take_entry, end_statement};
    bool success = false;
    *counts_r = (struct bank_statement_counts){0};
    struct bank_reader *reader = lseek(file, 0, SEEK_SET) == 0 ? bank_reader_new(file) : NULL;
    if (reader == NULL)
        return refuse_file(work, "cannot be read");
    const char *message = bank_reader_message(reader);
    if (message != NULL && bank_statement_is(message))
        success = bank_statement_read(reader, message, books ? &sink : &nobody, work, counts_r);
    else if (message != NULL && bank_status_is(message))
        success = bank_status_read(reader, books ? take_status : NULL, work);
    else if (message != NULL)
        bank_reader_refuse(reader, "neither camt.053, camt.054 nor pain.002");
    if (!success)
        refuse_file(work, bank_reader_problem(reader));
    bank_reader_free(reader);
    return success;
}

static void print_summary(const struct work *work, const struct bank_statement_counts *counts)
{
    printf("%s:", work->path);
    if (work->reported > 0)
        printf(" %d statuses, %d payments rejected", work->reported, work->rejected);
    else
        printf(" %d statements, %d entries", counts->statements, counts->entries);
    for (int i = 0; i < work->states_count; i++)
        printf(", %" PRId64 " %s", work->states[i].count, work->states[i].state);
    if (counts->pending > 0)
        printf(", %d not booked yet", counts->pending);
    if (counts->unreferenced > 0)
        printf(", %d left to the statement", counts->unreferenced);
    putchar('\n');
}

static bool read_file(const struct invocation *invocation, struct session *session,
                      const char *path)
{
    struct work work = {
        .invocation = invocation, .session = session, .path = path, .slice = db_bank_slice_new()};
    struct bank_statement_counts counts;
    bool success = false;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        refuse_file(&work, strerror(errno));
    else if (work.slice == NULL)
        refuse_file(&work, "out of memory");
    else
        success = pass(&work, file, false, &counts) && pass(&work, file, true, &counts);
    if (success)
        print_summary(&work, &counts);
    if (file >= 0)
        close(file);
    db_bank_slice_free(work.slice);
    return success;
}

/* Every file that can be read is; what happened to the others is said. */
static int run_read(struct invocation *invocation)
{
    struct session session;
    bool good = session_open(&session, invocation);
    for (int i = 0; session.db != NULL && i < invocation->arguments_count; i++)
        good = read_file(invocation, &session, invocation->arguments[i]) && good;
    session_close(&session);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void print_queued(const struct bank_text *text, const struct bank_queued *entry)
{
    char line[BANK_TEXT_MAX + 1];
    printf("%" PRId64 " %s %s %s: %s\n", entry->entry_id,
           entry->booked_on != NULL ? entry->booked_on : "no date", entry->amount_text,
           entry->currency, bank_text_convert(text, entry->reason, BANK_TEXT_MAX, line));
    if (entry->party_name != NULL || entry->party_iban != NULL) {
        printf("    %s", bank_text_convert(text, entry->party_name, BANK_NAME_MAX, line));
        printf(" %s\n", bank_text_convert(text, entry->party_iban, BANK_NAME_MAX, line));
    }
    if (entry->remittance != NULL)
        printf("    %s\n", bank_text_convert(text, entry->remittance, BANK_TEXT_MAX, line));
}

/* What strangers wrote is shown in plain characters: a terminal might obey others. */
static int run_queue(struct invocation *invocation)
{
    struct session session;
    struct bank_queued *entries = NULL;
    struct bank_text *text = bank_text_new();
    int64_t after = 0;
    int count = 0;
    int status = EXIT_FAILURE;
    if (text == NULL || !session_open(&session, invocation))
        goto out;
    do {
        enum ft_error error =
            db_bank_list_queue(session.db, &session.call, after, QUEUE_PAGE, &entries, &count);
        if (error != FT_OK) {
            invocation_fail_with(invocation, &session.call, error);
            goto out;
        }
        for (int i = 0; i < count; i++) {
            print_queued(text, &entries[i]);
            after = entries[i].entry_id;
        }
    } while (count == QUEUE_PAGE);
    status = EXIT_SUCCESS;

out:
    if (text != NULL)
        session_close(&session);
    bank_text_free(text);
    return status;
}

static bool read_entry_id(const struct invocation *invocation, int64_t *entry_id_r)
{
    char *end = NULL;
    errno = 0;
    *entry_id_r = strtoll(invocation->arguments[0], &end, 10);
    if (errno == 0 && end != invocation->arguments[0] && *end == '\0' && *entry_id_r > 0)
        return true;
    invocation_fail(invocation, "ENTRY must be a number of \"farthing bank queue\"");
    return false;
}

/* What staff said of an entry; 0 on success. */
static int conclude(const struct invocation *invocation, const struct call *call,
                    enum ft_error error)
{
    if (error == FT_TRANSACTION_NOT_FOUND)
        return invocation_fail(invocation, "no entry has this number");
    if (error == FT_INVALID_STATE)
        return invocation_fail(invocation, "the entry is not queued, or is not a receipt");
    return error == FT_OK ? EXIT_SUCCESS : invocation_fail_with(invocation, call, error);
}

static int run_assign(struct invocation *invocation)
{
    struct session session;
    char ledger_id[DB_UUID_TEXT_SIZE];
    int64_t entry_id = 0;
    int status = EXIT_FAILURE;
    if (!read_entry_id(invocation, &entry_id))
        return EXIT_FAILURE;
    if (session_open(&session, invocation)) {
        status = conclude(invocation, &session.call,
                          db_bank_assign(session.db, &session.call, entry_id,
                                         invocation->arguments[1], ledger_id));
        if (status == EXIT_SUCCESS)
            puts(ledger_id);
    }
    session_close(&session);
    return status;
}

static int run_dismiss(struct invocation *invocation)
{
    struct session session;
    int64_t entry_id = 0;
    int status = EXIT_FAILURE;
    if (!read_entry_id(invocation, &entry_id))
        return EXIT_FAILURE;
    if (session_open(&session, invocation))
        status = conclude(
            invocation, &session.call,
            db_bank_dismiss(session.db, &session.call, entry_id, invocation->arguments[1]));
    session_close(&session);
    return status;
}

const struct command bank_read_commands[] = {
    {.group = "bank",
     .name = "read",
     .arguments = "FILE...",
     .arguments_count = 1,
     .arguments_more = true,
     .purpose = "reads statements and status reports",
     .note = "camt.053 and camt.054, pain.002. Receipts become deposits by the user's reference,\n"
             "payouts are confirmed or returned, the rest is queued. An entry is booked once,\n"
             "however often and in whatever file it comes. A file that is not whole books nothing.",
     .run = run_read},
    {.group = "bank",
     .name = "queue",
     .arguments = "",
     .purpose = "lists what nothing matched",
     .run = run_queue},
    {.group = "bank",
     .name = "assign",
     .arguments = "ENTRY LOGIN",
     .arguments_count = 2,
     .purpose = "books a queued receipt as a user's deposit",
     .note = "Prints the ledger entry.",
     .run = run_assign},
    {.group = "bank",
     .name = "dismiss",
     .arguments = "ENTRY REASON",
     .arguments_count = 2,
     .purpose = "takes an entry off the queue that is nothing of Farthing's",
     .note = "Such as a bank's fee. Its amount stays among unmatched receipts.",
     .run = run_dismiss},
    {0},
};
