/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/audit. */
#include "db/audit.h"

#include "db/handle.h"

static const struct db_statement scope_statement = {
    .name = "audit_scope",
    .sql = "SELECT sales, accruals, entries, links, last_closed_at, last_hash FROM audit.scope($1)",
    .reads = true,
    .types = {DB_BOOL},
};

static enum ft_error ask_scope(struct db *db, struct call *call, bool is_full,
                               struct audit_scope *scope_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    db_parameters_bool(&parameters, is_full);
    enum ft_error error = db_ask(db, call, &scope_statement, &parameters, &row, &result);
    if (error == FT_OK) {
        scope_r->sales = db_row_int8(&row);
        scope_r->accruals = db_row_int8(&row);
        scope_r->entries = db_row_int8(&row);
        scope_r->links = db_row_int8(&row);
        scope_r->last_closed_at = db_row_time(&row);
        scope_r->last_hash = db_row_text(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement run_statement = {
    .name = "audit_run",
    .sql = "SELECT check_function, description, duration_ms, check_name, subject, expected, actual"
           " FROM audit.run($1, $2)",
    .reads = true,
    .types = {DB_BOOL, DB_INT4},
};

static void read_result(struct db_row *row, void *element)
{
    struct audit_result *result = element;
    result->check = db_row_text(row);
    result->description = db_row_text(row);
    result->duration_ms = db_row_int8(row);
    result->finding = db_row_text(row);
    result->subject = db_row_text(row);
    result->expected = db_row_text(row);
    result->actual = db_row_text(row);
}

enum ft_error db_audit_run(struct db *db, struct call *call, bool is_full, struct audit *audit_r)
{
    struct db_parameters parameters = {0};
    struct db_list list;
    *audit_r = (struct audit){0};
    enum ft_error error = ask_scope(db, call, is_full, &audit_r->scope);
    if (error != FT_OK)
        return error;
    db_parameters_bool(&parameters, is_full);
    db_parameters_int4(&parameters, AUDIT_FINDINGS_MAX);
    error = db_list(db, call, &run_statement, &parameters, sizeof(struct audit_result), read_result,
                    &list);
    audit_r->results = list.elements;
    audit_r->results_count = list.count;
    for (int i = 0; i < list.count; i++)
        audit_r->findings_count += audit_r->results[i].finding != NULL;
    return error;
}

static const struct db_statement close_statement = {
    .name = "audit_close",
    .sql = "SELECT coalesce(link_id, 0), coalesce(facts, 0), coalesce(hash, '') FROM audit.close()",
};

enum ft_error db_audit_close(struct db *db, struct call *call, struct audit_link *link_r)
{
    const struct db_parameters none = {0};
    struct db_result *result = NULL;
    struct db_row row;
    *link_r = (struct audit_link){0};
    enum ft_error error = db_ask(db, call, &close_statement, &none, &row, &result);
    if (error == FT_OK) {
        link_r->number = db_row_int8(&row);
        link_r->facts = db_row_int8(&row);
        link_r->hash = db_row_text(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}
