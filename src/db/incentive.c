/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/incentive. */
#include "db/incentive.h"

#include "db/handle.h"

static void list_codes(const struct incentive_issue *issue, struct db_array *codes)
{
    db_array_begin(codes, DB_TEXTS);
    for (int i = 0; i < issue->codes_count; i++)
        db_array_text(codes, issue->codes[i]);
}

struct issued_code {
    int incentive_id;
    const char *code;
};

static void read_code(struct db_row *row, void *element)
{
    struct issued_code *issued = element;
    issued->incentive_id = db_row_int4(row);
    issued->code = db_row_text(row);
}

static enum ft_error collect(struct call *call, const struct db_list *list,
                             struct incentive_issued *issued_r)
{
    const struct issued_code *issued = list->elements;
    if (list->count == 0)
        return FT_INTERNAL;
    const char **codes = arena_alloc(call->arena, (size_t)list->count * sizeof *codes);
    if (codes == NULL)
        return FT_INTERNAL;
    for (int i = 0; i < list->count; i++)
        codes[i] = issued[i].code;
    *issued_r = (struct incentive_issued){issued[0].incentive_id, codes, list->count};
    return FT_OK;
}

static const struct db_statement issue_statement = {
    .name = "incentive_issue",
    .sql = "SELECT i.incentive_id, c.code FROM incentive.issue($1, $2, $3, $4, $5, $6, $7) i,"
           " unnest(i.codes) WITH ORDINALITY c (code, place) ORDER BY c.place",
    .types = {DB_INT4, DB_INT4, DB_INT8, DB_TIMESTAMPTZ, DB_TEXTS, DB_TEXT, DB_TEXT},
};

enum ft_error db_incentive_issue(struct db *db, struct call *call, int vendor_id,
                                 int credential_version, const struct incentive_issue *issue,
                                 struct incentive_issued *issued_r)
{
    struct db_parameters parameters = {0};
    struct db_array codes = {0};
    struct db_list list;
    enum ft_error error = FT_INTERNAL;
    *issued_r = (struct incentive_issued){0};
    list_codes(issue, &codes);
    db_parameters_int4(&parameters, vendor_id);
    db_parameters_int4(&parameters, credential_version);
    db_parameters_int8(&parameters, issue->amount);
    db_parameters_time(&parameters, issue->expires_at);
    if (db_parameters_array(&parameters, &codes)) {
        db_parameters_text(&parameters, issue->prefix);
        db_parameters_text(&parameters, issue->request_id);
        error = db_list(db, call, &issue_statement, &parameters, sizeof(struct issued_code),
                        read_code, &list);
    }
    if (error == FT_OK)
        error = collect(call, &list, issued_r);
    db_array_free(&codes);
    return error;
}

static const struct db_statement issue_by_provider_statement = {
    .name = "incentive_issue_by_provider",
    .sql = "SELECT incentive.issue_by_provider($1, $2, $3, $4)",
    .types = {DB_TEXT, DB_INT8, DB_TIMESTAMPTZ, DB_TEXTS},
};

enum ft_error db_incentive_issue_by_provider(struct db *db, struct call *call, const char *currency,
                                             const struct incentive_issue *issue,
                                             int *incentive_id_r)
{
    struct db_parameters parameters = {0};
    struct db_array codes = {0};
    struct db_result *result = NULL;
    struct db_row row;
    enum ft_error error = FT_INTERNAL;
    list_codes(issue, &codes);
    db_parameters_text(&parameters, currency);
    db_parameters_int8(&parameters, issue->amount);
    db_parameters_time(&parameters, issue->expires_at);
    if (db_parameters_array(&parameters, &codes))
        error = db_ask(db, call, &issue_by_provider_statement, &parameters, &row, &result);
    if (error == FT_OK) {
        *incentive_id_r = db_row_int4(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    db_array_free(&codes);
    return error;
}
