/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "db/payout.h"

#include "db/handle.h"

static const struct db_statement list_statement = {
    .name = "settlement_list_payouts",
    .sql = "SELECT payout_id, settlement_id, vendor_id, owner_id, state, method, currency, amount,"
           " creditor_name, creditor_iban, creditor_address, changed_at, bank_reference, reason"
           " FROM settlement.list_payouts($1, $2, $3, $4)",
    .reads = true,
    .types = {DB_TEXT, DB_UUID, DB_UUID, DB_INT4},
};

static void read_payout(struct db_row *row, void *element)
{
    struct payout *payout = element;
    payout->payout_id = db_row_uuid_text(row);
    payout->settlement_id = db_row_uuid_text(row);
    payout->vendor_id = db_row_int4(row);
    payout->owner_id = db_row_text(row);
    payout->state = db_row_text(row);
    payout->method = db_row_text(row);
    payout->currency = db_row_text(row);
    payout->amount = db_row_int8(row);
    payout->creditor_name = db_row_text(row);
    payout->creditor_iban = db_row_text(row);
    payout->creditor_address = db_row_text(row);
    payout->changed_at = db_row_time(row);
    payout->bank_reference = db_row_text(row);
    payout->reason = db_row_text(row);
}

enum ft_error db_payout_list(struct db *db, struct call *call, const struct payout_query *query,
                             struct payout **payouts_r, int *count_r)
{
    struct db_parameters parameters = {0};
    struct db_list list;
    *payouts_r = NULL;
    *count_r = 0;
    db_parameters_text(&parameters, query->state);
    if (query->settlement_id == NULL)
        db_parameters_null(&parameters);
    else if (!db_parameters_uuid(&parameters, query->settlement_id))
        return FT_SETTLEMENT_NOT_FOUND;
    if (query->after == NULL || !db_parameters_uuid(&parameters, query->after))
        db_parameters_null(&parameters);
    db_parameters_int4(&parameters, query->limit);
    enum ft_error error =
        db_list(db, call, &list_statement, &parameters, sizeof(struct payout), read_payout, &list);
    *payouts_r = list.elements;
    *count_r = list.count;
    return error;
}

static enum ft_error change(struct db *db, struct call *call, const struct db_statement *statement,
                            const struct db_parameters *parameters, bool *changed_r)
{
    int64_t changed = 0;
    enum ft_error error = db_ask_int8(db, call, statement, parameters, &changed);
    *changed_r = changed != 0;
    return error;
}

static const struct db_statement pay_statement = {
    .name = "settlement_mark_payout",
    .sql = "SELECT settlement.mark_payout($1, 'paid', $2)::int::bigint",
    .types = {DB_UUID, DB_TEXT},
};

enum ft_error db_payout_pay(struct db *db, struct call *call, const char *payout_id,
                            const char *reference, bool *changed_r)
{
    struct db_parameters parameters = {0};
    if (!db_parameters_uuid(&parameters, payout_id))
        return FT_PAYOUT_NOT_FOUND;
    db_parameters_text(&parameters, reference);
    return change(db, call, &pay_statement, &parameters, changed_r);
}

static const struct db_statement return_statement = {
    .name = "settlement_return_payout",
    .sql = "SELECT settlement.return_payout($1, $2, $3)::int::bigint",
    .types = {DB_UUID, DB_TEXT, DB_TEXT},
};

enum ft_error db_payout_return(struct db *db, struct call *call, const char *payout_id,
                               const char *reason, const char *reference, bool *changed_r)
{
    struct db_parameters parameters = {0};
    if (!db_parameters_uuid(&parameters, payout_id))
        return FT_PAYOUT_NOT_FOUND;
    db_parameters_text(&parameters, reason);
    db_parameters_text(&parameters, reference);
    return change(db, call, &return_statement, &parameters, changed_r);
}
