/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/settlement. */
#include "db/settlement.h"

#include "db/handle.h"

static const struct db_statement list_statement = {
    .name = "settlement_list",
    .sql = "SELECT settlement_id, currency, sold_from, sold_until, sales, refunds, royalties,"
           " amount, settled_at FROM settlement.list($1, $2, $3, $4, $5, $6)",
    .reads = true,
    .types = {DB_INT4, DB_INT4, DB_TIMESTAMPTZ, DB_TIMESTAMPTZ, DB_UUID, DB_INT4},
};

static void read_settlement(struct db_row *row, void *element)
{
    struct settlement *settlement = element;
    settlement->settlement_id = db_row_uuid_text(row);
    settlement->currency = db_row_text(row);
    settlement->sold_from = db_row_time(row);
    settlement->sold_until = db_row_time(row);
    settlement->sales = db_row_int8(row);
    settlement->refunds = db_row_int8(row);
    settlement->royalties = db_row_int8(row);
    settlement->amount = db_row_int8(row);
    settlement->settled_at = db_row_time(row);
}

enum ft_error db_settlement_list(struct db *db, struct call *call, int vendor_id,
                                 int credential_version, const struct settlement_query *query,
                                 struct settlement **settlements_r, int *count_r)
{
    struct db_parameters parameters = {0};
    struct db_list list;
    *settlements_r = NULL;
    *count_r = 0;
    db_parameters_int4(&parameters, vendor_id);
    db_parameters_int4(&parameters, credential_version);
    db_parameters_time(&parameters, query->since);
    db_parameters_time(&parameters, query->until);
    if (query->after == NULL)
        db_parameters_null(&parameters);
    else if (!db_parameters_uuid(&parameters, query->after))
        return call_invalid(call, "PageToken", "what an answer gave as NextPageToken",
                            query->after);
    db_parameters_int4(&parameters, query->limit);
    enum ft_error error = db_list(db, call, &list_statement, &parameters, sizeof(struct settlement),
                                  read_settlement, &list);
    *settlements_r = list.elements;
    *count_r = list.count;
    return error;
}

static const struct db_statement set_vendor_terms_statement = {
    .name = "settlement_set_vendor_terms",
    .sql = "SELECT settlement.set_vendor_terms($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
           " $13)",
    .types = {DB_INT4, DB_INT8, DB_TEXT, DB_INT4, DB_INT8, DB_INT8, DB_INT8, DB_TEXT, DB_TEXT,
              DB_TEXT, DB_TEXT, DB_TEXT, DB_TIMESTAMPTZ},
};

static const struct db_statement set_owner_terms_statement = {
    .name = "settlement_set_owner_terms",
    .sql = "SELECT settlement.set_owner_terms($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
           " $13, $14)",
    .types = {DB_TEXT, DB_TEXT, DB_INT8, DB_TEXT, DB_INT4, DB_INT8, DB_INT8, DB_INT8, DB_TEXT,
              DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TIMESTAMPTZ},
};

enum ft_error db_settlement_set_terms(struct db *db, struct call *call,
                                      const struct settlement_terms *terms)
{
    struct db_parameters parameters = {0};
    if (terms->owner_id == NULL) {
        db_parameters_int4(&parameters, terms->vendor_id);
    } else {
        db_parameters_text(&parameters, terms->owner_id);
        db_parameters_text(&parameters, terms->currency);
    }
    db_parameters_int8(&parameters, terms->amount_threshold);
    db_parameters_text(&parameters, terms->calendar);
    if (terms->calendar_day > 0)
        db_parameters_int4(&parameters, terms->calendar_day);
    else
        db_parameters_null(&parameters);
    if (terms->early_threshold != NULL)
        db_parameters_int8(&parameters, *terms->early_threshold);
    else
        db_parameters_null(&parameters);
    db_parameters_int8(&parameters, terms->minimum);
    db_parameters_int8(&parameters, terms->reserve);
    db_parameters_text(&parameters, terms->method);
    db_parameters_text(&parameters, terms->creditor_name);
    db_parameters_text(&parameters, terms->creditor_iban);
    db_parameters_text(&parameters, terms->creditor_bic);
    db_parameters_text(&parameters, terms->creditor_address);
    db_parameters_time(&parameters, terms->valid_from);
    return db_do(db, call,
                 terms->owner_id == NULL ? &set_vendor_terms_statement : &set_owner_terms_statement,
                 &parameters);
}

static const struct db_statement hold_statement = {
    .name = "settlement_hold",
    .sql = "SELECT settlement.hold($1, $2)",
    .types = {DB_UUID, DB_TEXT},
};

enum ft_error db_settlement_hold(struct db *db, struct call *call, const char *transaction_id,
                                 const char *reason)
{
    struct db_parameters parameters = {0};
    if (!db_parameters_uuid(&parameters, transaction_id))
        return FT_TRANSACTION_NOT_FOUND;
    db_parameters_text(&parameters, reason);
    return db_do(db, call, &hold_statement, &parameters);
}

static const struct db_statement release_statement = {
    .name = "settlement_release",
    .sql = "SELECT settlement.release($1)::int::bigint",
    .types = {DB_UUID},
};

enum ft_error db_settlement_release(struct db *db, struct call *call, const char *transaction_id,
                                    bool *released_r)
{
    struct db_parameters parameters = {0};
    int64_t released = 0;
    if (!db_parameters_uuid(&parameters, transaction_id))
        return FT_TRANSACTION_NOT_FOUND;
    enum ft_error error = db_ask_int8(db, call, &release_statement, &parameters, &released);
    *released_r = released != 0;
    return error;
}

static const struct db_statement count_statement = {
    .name = "settlement_count_payees",
    .sql = "SELECT settlement.count_payees($1)",
    .reads = true,
    .types = {DB_TEXT},
};

enum ft_error db_settlement_count(struct db *db, struct call *call, const char *kind,
                                  int64_t *count_r)
{
    struct db_parameters parameters = {0};
    db_parameters_text(&parameters, kind);
    return db_ask_int8(db, call, &count_statement, &parameters, count_r);
}

static const struct db_statement slice_statement = {
    .name = "settlement_settle_slice",
    .sql = "SELECT payee_id, vendor_id, owner_id, name, currency, outcome, trigger, due_on::text,"
           " payable, held, amount, settlement_id"
           " FROM settlement.settle_slice($1, nullif($2, 0), $3, $4, $5, $6::text::date, $7)",
    .types = {DB_TEXT, DB_INT4, DB_TEXT, DB_INT8, DB_INT4, DB_TEXT, DB_BOOL},
};

static void read_outcome(struct db_row *row, void *element)
{
    struct settlement_outcome *outcome = element;
    outcome->payee_id = db_row_int8(row);
    outcome->vendor_id = db_row_int4(row);
    outcome->owner_id = db_row_text(row);
    outcome->name = db_row_text(row);
    outcome->currency = db_row_text(row);
    outcome->outcome = db_row_text(row);
    outcome->trigger = db_row_text(row);
    outcome->due_on = db_row_text(row);
    outcome->payable = db_row_int8(row);
    outcome->held = db_row_int8(row);
    outcome->amount = db_row_int8(row);
    outcome->settlement_id = db_row_uuid_text(row);
}

enum ft_error db_settlement_slice(struct db *db, struct call *call,
                                  const struct settlement_run *run, int64_t after,
                                  struct settlement_outcome **outcomes_r, int *count_r)
{
    struct db_parameters parameters = {0};
    struct db_list list;
    db_parameters_text(&parameters, run->kind);
    db_parameters_int4(&parameters, run->vendor_id);
    db_parameters_text(&parameters, run->owner_id);
    db_parameters_int8(&parameters, after);
    db_parameters_int4(&parameters, run->slice);
    db_parameters_text(&parameters, run->as_of);
    db_parameters_bool(&parameters, run->dry_run);
    enum ft_error error = db_list(db, call, &slice_statement, &parameters,
                                  sizeof(struct settlement_outcome), read_outcome, &list);
    *outcomes_r = list.elements;
    *count_r = list.count;
    return error;
}

static const struct db_statement show_statement = {
    .name = "settlement_show",
    .sql = "SELECT settlement_id, vendor_id, owner_id, name, currency, trigger, due_on::text,"
           " after_time, as_of, settled_at, opening, amount, closing FROM settlement.show($1)",
    .reads = true,
    .types = {DB_UUID},
};

enum ft_error db_settlement_show(struct db *db, struct call *call, const char *settlement_id,
                                 struct settlement_sheet *sheet_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    if (!db_parameters_uuid(&parameters, settlement_id))
        return FT_SETTLEMENT_NOT_FOUND;
    enum ft_error error = db_ask(db, call, &show_statement, &parameters, &row, &result);
    if (error == FT_OK) {
        sheet_r->settlement_id = db_row_uuid_text(&row);
        sheet_r->vendor_id = db_row_int4(&row);
        sheet_r->owner_id = db_row_text(&row);
        sheet_r->name = db_row_text(&row);
        sheet_r->currency = db_row_text(&row);
        sheet_r->trigger = db_row_text(&row);
        sheet_r->due_on = db_row_text(&row);
        sheet_r->after_time = db_row_time(&row);
        sheet_r->as_of = db_row_time(&row);
        sheet_r->settled_at = db_row_time(&row);
        sheet_r->opening = db_row_int8(&row);
        sheet_r->amount = db_row_int8(&row);
        sheet_r->closing = db_row_int8(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement lines_statement = {
    .name = "settlement_lines",
    .sql = "SELECT kind, count, amount::bigint FROM settlement.lines WHERE settlement_id = $1"
           " ORDER BY array_position(ARRAY['sales', 'incentives', 'refunds', 'royalties',"
           " 'content_royalties', 'commissions', 'collections', 'payout_returns'], kind)",
    .reads = true,
    .types = {DB_UUID},
};

static void read_line(struct db_row *row, void *element)
{
    struct settlement_line *line = element;
    line->kind = db_row_text(row);
    line->count = db_row_int8(row);
    line->amount = db_row_int8(row);
}

enum ft_error db_settlement_lines(struct db *db, struct call *call, const char *settlement_id,
                                  struct settlement_line **lines_r, int *count_r)
{
    struct db_parameters parameters = {0};
    struct db_list list;
    if (!db_parameters_uuid(&parameters, settlement_id))
        return FT_SETTLEMENT_NOT_FOUND;
    enum ft_error error = db_list(db, call, &lines_statement, &parameters,
                                  sizeof(struct settlement_line), read_line, &list);
    *lines_r = list.elements;
    *count_r = list.count;
    return error;
}

static const struct db_statement facts_statement = {
    .name = "settlement_explain",
    .sql = "SELECT fact_id, occurred_at, subject_id, amount"
           " FROM settlement.explain($1, $2, $3, $4)",
    .reads = true,
    .types = {DB_UUID, DB_TEXT, DB_UUID, DB_INT4},
};

static void read_fact(struct db_row *row, void *element)
{
    struct settlement_fact *fact = element;
    fact->fact_id = db_row_uuid_text(row);
    fact->occurred_at = db_row_time(row);
    fact->subject_id = db_row_uuid_text(row);
    fact->amount = db_row_int8(row);
}

enum ft_error db_settlement_facts(struct db *db, struct call *call, const char *settlement_id,
                                  const char *kind, const char *after, int limit,
                                  struct settlement_fact **facts_r, int *count_r)
{
    struct db_parameters parameters = {0};
    struct db_list list;
    if (!db_parameters_uuid(&parameters, settlement_id))
        return FT_SETTLEMENT_NOT_FOUND;
    db_parameters_text(&parameters, kind);
    if (after == NULL || !db_parameters_uuid(&parameters, after))
        db_parameters_null(&parameters);
    db_parameters_int4(&parameters, limit);
    enum ft_error error = db_list(db, call, &facts_statement, &parameters,
                                  sizeof(struct settlement_fact), read_fact, &list);
    *facts_r = list.elements;
    *count_r = list.count;
    return error;
}
