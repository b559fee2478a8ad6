/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What banks say happened: statements, status reports, the queue for staff (schema/bank). */
#ifndef FARTHING_DB_BANK_STATEMENT_H
#define FARTHING_DB_BANK_STATEMENT_H

#include "core/money.h"
#include "db/db.h"

struct bank_heading {
    const char *kind; /* "statement", "notification" */
    const char *iban;
    const char *currency; /* NULL: not said */
    const char *statement_id;
    const char *page;
    const char *made_at;
};

/* *number_r 0: the account is not ours. */
enum ft_error db_bank_open_statement(struct db *db, struct call *call,
                                     const struct bank_heading *heading, int64_t *number_r);
enum ft_error db_bank_close_statement(struct db *db, struct call *call, int64_t number);

struct bank_row {
    int position;
    int part;
    const char *key;
    money_t amount; /* nothing when problem says that it cannot be kept */
    bool has_amount;
    const char *amount_text;
    const char *currency;
    const char *booked_on; /* NULL here and below: not said */
    bool is_reversal;
    bool is_return;
    const char *end_to_end_id;
    const char *batch_id;
    const char *bank_reference;
    const char *party_name;
    const char *party_iban;
    const char *remittance;
    const char *reason;
    const char *problem;
};

/* Entries that are booked in one transaction. NULL: no memory. Owner calls db_bank_slice_free. */
struct db_bank_slice;
struct db_bank_slice *db_bank_slice_new(void);
void db_bank_slice_free(struct db_bank_slice *slice); /* NULL is allowed */
/* Copies the row. */
void db_bank_slice_add(struct db_bank_slice *slice, const struct bank_row *row);
int db_bank_slice_count(const struct db_bank_slice *slice);

struct bank_count {
    const char *state; /* of bank.entries, or "known" */
    int64_t count;
};

/* Books the slice, each entry once, and empties it. */
enum ft_error db_bank_slice_book(struct db *db, struct call *call, struct db_bank_slice *slice,
                                 int64_t number, struct bank_count **counts_r, int *count_r);

/* A status of an order, or of one of its payments. *count_r: payments that it rejected; -1: no such
 * order or payment. */
enum ft_error db_bank_read_status(struct db *db, struct call *call, const char *message_id,
                                  const char *end_to_end_id, bool is_rejected, const char *reason,
                                  int *count_r);

struct bank_queued {
    int64_t entry_id;
    const char *booked_on;
    money_t amount;
    const char *amount_text;
    const char *currency;
    const char *party_name;
    const char *party_iban;
    const char *end_to_end_id;
    const char *remittance;
    const char *reason;
};

enum ft_error db_bank_list_queue(struct db *db, struct call *call, int64_t after, int limit,
                                 struct bank_queued **entries_r, int *count_r);
/* FT_TRANSACTION_NOT_FOUND: no such entry, FT_INVALID_STATE: not queued, or not a receipt;
 * FT_USER_NOT_FOUND. */
enum ft_error db_bank_assign(struct db *db, struct call *call, int64_t entry_id,
                             const char *login_name, char ledger_id_r[DB_UUID_TEXT_SIZE]);
enum ft_error db_bank_dismiss(struct db *db, struct call *call, int64_t entry_id,
                              const char *reason);

#endif
