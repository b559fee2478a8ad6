/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/bank: statements, status reports, the queue. */
#include "db/bank_statement.h"

#include <stdlib.h>

#include "db/handle.h"

static const struct db_statement open_statement = {
    .name = "bank_open_statement",
    .sql = "SELECT bank.open_statement($1, $2, $3, $4, $5, $6)",
    .types = {DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT},
};

enum ft_error db_bank_open_statement(struct db *db, struct call *call,
                                     const struct bank_heading *heading, int64_t *number_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    db_parameters_text(&parameters, heading->kind);
    db_parameters_text(&parameters, heading->iban);
    db_parameters_text(&parameters, heading->currency);
    db_parameters_text(&parameters, heading->statement_id);
    db_parameters_text(&parameters, heading->page);
    db_parameters_text(&parameters, heading->made_at);
    enum ft_error error = db_ask(db, call, &open_statement, &parameters, &row, &result);
    if (error == FT_OK) {
        *number_r = db_row_int8(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement close_statement = {
    .name = "bank_close_statement",
    .sql = "SELECT bank.close_statement($1)",
    .types = {DB_INT8},
};

enum ft_error db_bank_close_statement(struct db *db, struct call *call, int64_t number)
{
    struct db_parameters parameters = {0};
    db_parameters_int8(&parameters, number);
    return db_do(db, call, &close_statement, &parameters);
}

/* The columns of a slice, in the order of bank.read_entries. */
enum {
    POSITIONS,
    PARTS,
    KEYS,
    AMOUNTS,
    AMOUNT_TEXTS,
    CURRENCIES,
    BOOKED_ON,
    REVERSALS,
    RETURNS,
    END_TO_END_IDS,
    BATCH_IDS,
    BANK_REFERENCES,
    PARTY_NAMES,
    PARTY_IBANS,
    REMITTANCES,
    REASONS,
    PROBLEMS,
    COLUMNS
};

static const struct db_statement read_entries_statement = {
    .name = "bank_read_entries",
    .sql = "SELECT state, count FROM bank.read_entries($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
           " $11, $12, $13, $14, $15, $16, $17, $18)",
    .types = {DB_INT8, DB_INT4S, DB_INT4S, DB_TEXTS, DB_INT8S, DB_TEXTS, DB_TEXTS, DB_TEXTS,
              DB_BOOLS, DB_BOOLS, DB_TEXTS, DB_TEXTS, DB_TEXTS, DB_TEXTS, DB_TEXTS, DB_TEXTS,
              DB_TEXTS, DB_TEXTS},
};

struct db_bank_slice {
    struct db_array columns[COLUMNS];
    int count;
};

static void empty(struct db_bank_slice *slice)
{
    for (int i = 0; i < COLUMNS; i++)
        db_array_begin(&slice->columns[i], read_entries_statement.types[i + 1]);
    slice->count = 0;
}

struct db_bank_slice *db_bank_slice_new(void)
{
    struct db_bank_slice *slice = calloc(1, sizeof *slice);
    if (slice != NULL)
        empty(slice);
    return slice;
}

void db_bank_slice_free(struct db_bank_slice *slice)
{
    if (slice == NULL)
        return;
    for (int i = 0; i < COLUMNS; i++)
        db_array_free(&slice->columns[i]);
    free(slice);
}

int db_bank_slice_count(const struct db_bank_slice *slice)
{
    return slice->count;
}

void db_bank_slice_add(struct db_bank_slice *slice, const struct bank_row *row)
{
    struct db_array *columns = slice->columns;
    db_array_int4(&columns[POSITIONS], row->position);
    db_array_int4(&columns[PARTS], row->part);
    db_array_text(&columns[KEYS], row->key);
    if (row->has_amount)
        db_array_int8(&columns[AMOUNTS], row->amount);
    else
        db_array_null(&columns[AMOUNTS]);
    db_array_text(&columns[AMOUNT_TEXTS], row->amount_text);
    db_array_text(&columns[CURRENCIES], row->currency);
    db_array_text(&columns[BOOKED_ON], row->booked_on);
    db_array_bool(&columns[REVERSALS], row->is_reversal);
    db_array_bool(&columns[RETURNS], row->is_return);
    db_array_text(&columns[END_TO_END_IDS], row->end_to_end_id);
    db_array_text(&columns[BATCH_IDS], row->batch_id);
    db_array_text(&columns[BANK_REFERENCES], row->bank_reference);
    db_array_text(&columns[PARTY_NAMES], row->party_name);
    db_array_text(&columns[PARTY_IBANS], row->party_iban);
    db_array_text(&columns[REMITTANCES], row->remittance);
    db_array_text(&columns[REASONS], row->reason);
    db_array_text(&columns[PROBLEMS], row->problem);
    slice->count++;
}

static void read_count(struct db_row *row, void *element)
{
    struct bank_count *count = element;
    count->state = db_row_text(row);
    count->count = db_row_int8(row);
}

enum ft_error db_bank_slice_book(struct db *db, struct call *call, struct db_bank_slice *slice,
                                 int64_t number, struct bank_count **counts_r, int *count_r)
{
    struct db_parameters parameters = {0};
    struct db_list list = {0};
    enum ft_error error = FT_OK;
    db_parameters_int8(&parameters, number);
    for (int i = 0; i < COLUMNS && error == FT_OK; i++)
        if (!db_parameters_array(&parameters, &slice->columns[i]))
            error = FT_INTERNAL;
    if (error == FT_OK)
        error = db_list(db, call, &read_entries_statement, &parameters, sizeof(struct bank_count),
                        read_count, &list);
    *counts_r = list.elements;
    *count_r = list.count;
    empty(slice);
    return error;
}

static const struct db_statement read_status_statement = {
    .name = "bank_read_status",
    .sql = "SELECT bank.read_status($1, $2, $3, $4)",
    .types = {DB_TEXT, DB_TEXT, DB_BOOL, DB_TEXT},
};

enum ft_error db_bank_read_status(struct db *db, struct call *call, const char *message_id,
                                  const char *end_to_end_id, bool is_rejected, const char *reason,
                                  int *count_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    db_parameters_text(&parameters, message_id);
    db_parameters_text(&parameters, end_to_end_id);
    db_parameters_bool(&parameters, is_rejected);
    db_parameters_text(&parameters, reason);
    enum ft_error error = db_ask(db, call, &read_status_statement, &parameters, &row, &result);
    if (error == FT_OK) {
        *count_r = db_row_int4(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement list_queue_statement = {
    .name = "bank_list_queue",
    .sql = "SELECT entry_id, booked_on, amount, amount_text, currency, party_name, party_iban,"
           " end_to_end_id, remittance, reason FROM bank.list_queue($1, $2)",
    .reads = true,
    .types = {DB_INT8, DB_INT4},
};

static void read_queued(struct db_row *row, void *element)
{
    struct bank_queued *entry = element;
    entry->entry_id = db_row_int8(row);
    entry->booked_on = db_row_text(row);
    entry->amount = db_row_int8(row);
    entry->amount_text = db_row_text(row);
    entry->currency = db_row_text(row);
    entry->party_name = db_row_text(row);
    entry->party_iban = db_row_text(row);
    entry->end_to_end_id = db_row_text(row);
    entry->remittance = db_row_text(row);
    entry->reason = db_row_text(row);
}

enum ft_error db_bank_list_queue(struct db *db, struct call *call, int64_t after, int limit,
                                 struct bank_queued **entries_r, int *count_r)
{
    struct db_parameters parameters = {0};
    struct db_list list;
    db_parameters_int8(&parameters, after);
    db_parameters_int4(&parameters, limit);
    enum ft_error error = db_list(db, call, &list_queue_statement, &parameters,
                                  sizeof(struct bank_queued), read_queued, &list);
    *entries_r = list.elements;
    *count_r = list.count;
    return error;
}

static const struct db_statement assign_statement = {
    .name = "bank_assign",
    .sql = "SELECT bank.assign($1, $2)",
    .types = {DB_INT8, DB_TEXT},
};

enum ft_error db_bank_assign(struct db *db, struct call *call, int64_t entry_id,
                             const char *login_name, char ledger_id_r[DB_UUID_TEXT_SIZE])
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    db_parameters_int8(&parameters, entry_id);
    db_parameters_text(&parameters, login_name);
    enum ft_error error = db_ask(db, call, &assign_statement, &parameters, &row, &result);
    if (error == FT_OK) {
        db_row_uuid(&row, ledger_id_r);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement dismiss_statement = {
    .name = "bank_dismiss",
    .sql = "SELECT bank.dismiss($1, $2)",
    .types = {DB_INT8, DB_TEXT},
};

enum ft_error db_bank_dismiss(struct db *db, struct call *call, int64_t entry_id,
                              const char *reason)
{
    struct db_parameters parameters = {0};
    db_parameters_int8(&parameters, entry_id);
    db_parameters_text(&parameters, reason);
    return db_do(db, call, &dismiss_statement, &parameters);
}
