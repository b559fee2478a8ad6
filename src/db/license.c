/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/license. */
#include "db/license.h"

#include "db/handle.h"

static const char *const reason_names[] = {
#define REASON_NAME(name) [LICENSE_##name] = #name,
    LICENSE_REASONS(REASON_NAME)
#undef REASON_NAME
};
#define REASONS (int)(sizeof reason_names / sizeof reason_names[0])

static void encode_lock(const void *input, struct db_array *arrays)
{
    const struct license_query *query = input;
    db_array_int4(&arrays[0], query->vendor_id);
    db_array_int4(&arrays[1], query->credential_version);
    db_array_int8(&arrays[2], query->user_id);
    db_array_text(&arrays[3], reason_names[query->id_reason]);
    db_array_text(&arrays[4], query->content_url);
    db_array_text(&arrays[5], query->request_id);
}

static const struct db_statement lock_statement = {
    .name = "license_lock_content",
    .sql = "SELECT item, outcome, reason, transaction_id, vendor_content_id, optional_data,"
           " views_left, expires_at, content_id"
           " FROM license.lock_content_batch($1, $2, $3, $4, $5, $6)",
    .types = {DB_INT4S, DB_INT4S, DB_INT8S, DB_TEXTS, DB_TEXTS, DB_TEXTS},
};

const struct db_batch_kind db_license_lock_content_kind = {
    .labels = "queue=\"lock_content\"",
    .statement = &lock_statement,
    .encode = encode_lock,
};

enum ft_error db_license_lock_content(struct db *db, struct call *call,
                                      const struct license_query *query,
                                      struct license_answer *answer_r)
{
    struct db_result *result = NULL;
    struct db_row row;
    *answer_r = (struct license_answer){0};
    enum ft_error error = db_queue_call(db->lock_content, call, query, &row, &result);
    if (error == FT_OK) {
        answer_r->reason = (enum license_reason)db_row_name(&row, reason_names, REASONS);
        answer_r->transaction_id = db_row_uuid_text(&row);
        answer_r->vendor_content_id = db_row_text(&row);
        answer_r->optional_data = db_row_text(&row);
        answer_r->views_left = db_row_int4_or(&row, -1);
        answer_r->expires_at = db_row_time(&row);
        answer_r->content_id = db_row_uuid_text(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement reopen_statement = {
    .name = "license_reopen",
    .sql = "SELECT charged, transaction_id, vendor_id, content_url, is_post, vendor_content_id,"
           " optional_data, price, currency, balance FROM license.reopen($1, $2, $3)",
    .reads = true,
    .types = {DB_INT8, DB_INT8, DB_UUID},
};

enum ft_error db_license_reopen(struct db *db, struct call *call, int64_t user_id, int64_t login_id,
                                const char *content_id, struct purchase_receipt *receipt_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    *receipt_r = (struct purchase_receipt){0};
    db_parameters_int8(&parameters, user_id);
    db_parameters_int8(&parameters, login_id);
    if (!db_parameters_uuid(&parameters, content_id))
        return FT_CONTENT_NOT_FOUND;
    enum ft_error error = db_ask(db, call, &reopen_statement, &parameters, &row, &result);
    if (error == FT_OK && row.pg == NULL)
        error = FT_CONTENT_NOT_FOUND;
    if (error == FT_OK) {
        db_purchase_read_receipt(&row, receipt_r);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement list_statement = {
    .name = "license_list",
    .sql =
        "SELECT content_id, title, vendor_name, bought_at, views_left, expires_at, valid, sandbox"
        " FROM license.list($1, $2, $3, $4)",
    .reads = true,
    .types = {DB_INT8, DB_INT8, DB_INT4, DB_INT4},
};

static void read_item(struct db_row *row, void *element)
{
    struct license_item *item = element;
    item->content_id = db_row_uuid_text(row);
    item->title = db_row_text(row);
    item->vendor_name = db_row_text(row);
    item->bought_at = db_row_time(row);
    item->views_left = db_row_int4_or(row, -1);
    item->expires_at = db_row_time(row);
    item->valid = db_row_bool(row);
    item->is_sandbox = db_row_bool(row);
}

enum ft_error db_license_list(struct db *db, struct call *call, int64_t user_id, int64_t login_id,
                              int offset, int limit, struct license_item **items_r, int *count_r)
{
    struct db_parameters parameters = {0};
    struct db_list list;
    db_parameters_int8(&parameters, user_id);
    db_parameters_int8(&parameters, login_id);
    db_parameters_int4(&parameters, offset);
    db_parameters_int4(&parameters, limit);
    enum ft_error error = db_list(db, call, &list_statement, &parameters,
                                  sizeof(struct license_item), read_item, &list);
    *items_r = list.elements;
    *count_r = list.count;
    return error;
}
