/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the views of schema/ledger. */
#include "db/ledger.h"

#include "db/handle.h"

static const struct db_statement show_statement = {
    .name = "ledger_show",
    .sql = "SELECT booked_at, kind, account, holder, currency, amount FROM ledger.all_postings"
           " WHERE entry_id = $1 ORDER BY line",
    .reads = true,
    .types = {DB_UUID},
};

static void read_posting(struct db_row *row, void *element)
{
    struct ledger_posting *posting = element;
    posting->booked_at = db_row_time(row);
    posting->kind = db_row_text(row);
    posting->account = db_row_text(row);
    posting->holder = db_row_int8(row);
    posting->currency = db_row_text(row);
    posting->amount = db_row_int8(row);
}

enum ft_error db_ledger_show(struct db *db, struct call *call, const char *entry_id,
                             struct ledger_posting **postings_r, int *count_r)
{
    struct db_parameters parameters = {0};
    struct db_list list = {0};
    enum ft_error error = FT_TRANSACTION_NOT_FOUND;
    if (db_parameters_uuid(&parameters, entry_id)) {
        error = db_list(db, call, &show_statement, &parameters, sizeof(struct ledger_posting),
                        read_posting, &list);
        if (error == FT_OK && list.count == 0)
            error = FT_TRANSACTION_NOT_FOUND;
    }
    *postings_r = list.elements;
    *count_r = list.count;
    return error;
}

static const struct db_statement balances_statement = {
    .name = "ledger_trial_balance",
    .sql = "SELECT currency, balance::bigint, postings FROM ledger.trial_balance ORDER BY currency",
    .reads = true,
};

static void read_balance(struct db_row *row, void *element)
{
    struct ledger_balance *balance = element;
    balance->currency = db_row_text(row);
    balance->balance = db_row_int8(row);
    balance->postings = db_row_int8(row);
}

static const struct db_statement differences_statement = {
    .name = "ledger_wallet_differences",
    .sql = "SELECT user_id, currency, balance, postings::bigint FROM ledger.wallet_differences"
           " ORDER BY user_id, currency LIMIT $1",
    .reads = true,
    .types = {DB_INT4},
};

static void read_difference(struct db_row *row, void *element)
{
    struct ledger_difference *difference = element;
    difference->user_id = db_row_int8(row);
    difference->currency = db_row_text(row);
    difference->balance = db_row_int8(row);
    difference->postings = db_row_int8(row);
}

enum ft_error db_ledger_audit(struct db *db, struct call *call, struct ledger_audit *audit_r)
{
    const struct db_parameters none = {0};
    struct db_parameters parameters = {0};
    struct db_list list;
    *audit_r = (struct ledger_audit){0};
    enum ft_error error = db_list(db, call, &balances_statement, &none,
                                  sizeof(struct ledger_balance), read_balance, &list);
    audit_r->balances = list.elements;
    audit_r->balances_count = list.count;
    if (error != FT_OK)
        return error;

    db_parameters_int4(&parameters, LEDGER_DIFFERENCES_MAX);
    error = db_list(db, call, &differences_statement, &parameters, sizeof(struct ledger_difference),
                    read_difference, &list);
    audit_r->differences = list.elements;
    audit_r->differences_count = list.count;
    return error;
}
