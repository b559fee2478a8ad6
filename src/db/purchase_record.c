/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/purchase: records of transactions, and refunds. */
#include "db/purchase_record.h"

#include <string.h>

#include "db/handle.h"

#define RECORD_COLUMNS                                                                \
    "transaction_id, state, title, content_url, price, currency, incentive_amount,"   \
    " refunded_amount, royalty, initiated_at, purchased_at, refunded_at, expires_at," \
    " vendor_content_id, optional_data, kind, shipping"

static void read_record(struct db_row *row, void *element)
{
    static const char *const kinds[] = {"content", "checkout"};
    struct purchase_record *record = element;
    record->transaction_id = db_row_uuid_text(row);
    record->state = db_row_text(row);
    record->title = db_row_text(row);
    record->content_url = db_row_text(row);
    record->price = db_row_int8(row);
    record->currency = db_row_text(row);
    record->incentive_amount = db_row_int8(row);
    record->refunded_amount = db_row_int8(row);
    record->royalty = db_row_int8(row);
    record->initiated_at = db_row_time(row);
    record->purchased_at = db_row_time(row);
    record->refunded_at = db_row_time(row);
    record->expires_at = db_row_time(row);
    record->vendor_content_id = db_row_text(row);
    record->optional_data = db_row_text(row);
    record->is_checkout = db_row_name(row, kinds, sizeof kinds / sizeof kinds[0]) == 1;
    record->shipping = db_row_text(row);
}

static const struct db_statement get_statement = {
    .name = "purchase_get",
    .sql = "SELECT " RECORD_COLUMNS " FROM purchase.get($1, $2, $3, $4)",
    .reads = true,
    .types = {DB_INT4, DB_INT4, DB_UUID, DB_TEXT},
};

enum ft_error db_purchase_get(struct db *db, struct call *call, int vendor_id,
                              int credential_version, const char *transaction_id,
                              const char *request_id, struct purchase_record *record_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    *record_r = (struct purchase_record){0};
    db_parameters_int4(&parameters, vendor_id);
    db_parameters_int4(&parameters, credential_version);
    if (transaction_id == NULL)
        db_parameters_null(&parameters);
    else if (!db_parameters_uuid(&parameters, transaction_id))
        return FT_TRANSACTION_NOT_FOUND;
    db_parameters_text(&parameters, request_id);
    enum ft_error error = db_ask(db, call, &get_statement, &parameters, &row, &result);
    if (error == FT_OK) {
        read_record(&row, record_r);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement list_statement = {
    .name = "purchase_list",
    .sql = "SELECT " RECORD_COLUMNS " FROM purchase.list($1, $2, $3, $4, $5, $6, $7)",
    .reads = true,
    .types = {DB_INT4, DB_INT4, DB_TIMESTAMPTZ, DB_TIMESTAMPTZ, DB_TEXT, DB_UUID, DB_INT4},
};

enum ft_error db_purchase_list(struct db *db, struct call *call, int vendor_id,
                               int credential_version, const struct purchase_list_query *query,
                               struct purchase_record **records_r, int *count_r)
{
    struct db_parameters parameters = {0};
    struct db_list list;
    db_parameters_int4(&parameters, vendor_id);
    db_parameters_int4(&parameters, credential_version);
    db_parameters_time(&parameters, query->since);
    db_parameters_time(&parameters, query->until);
    db_parameters_text(&parameters, query->state);
    if (query->after == NULL || !db_parameters_uuid(&parameters, query->after))
        db_parameters_null(&parameters);
    db_parameters_int4(&parameters, query->limit);
    enum ft_error error = db_list(db, call, &list_statement, &parameters,
                                  sizeof(struct purchase_record), read_record, &list);
    *records_r = list.elements;
    *count_r = list.count;
    return error;
}

static const struct db_statement refund_statement = {
    .name = "purchase_refund",
    .sql = "SELECT refund_id, amount, refunded_total, state"
           " FROM purchase.refund($1, $2, $3, $4, $5, $6)",
    .types = {DB_INT4, DB_INT4, DB_UUID, DB_INT8, DB_TEXT, DB_TEXT},
};

enum ft_error db_purchase_refund(struct db *db, struct call *call, int vendor_id,
                                 int credential_version, const struct purchase_refund_order *order,
                                 struct purchase_refund *refund_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    *refund_r = (struct purchase_refund){0};
    db_parameters_int4(&parameters, vendor_id);
    db_parameters_int4(&parameters, credential_version);
    if (!db_parameters_uuid(&parameters, order->transaction_id))
        return FT_TRANSACTION_NOT_FOUND;
    if (order->amount != 0)
        db_parameters_int8(&parameters, order->amount);
    else
        db_parameters_null(&parameters);
    db_parameters_text(&parameters, order->reason);
    db_parameters_text(&parameters, order->request_id);
    enum ft_error error = db_ask(db, call, &refund_statement, &parameters, &row, &result);
    if (error == FT_OK) {
        refund_r->refund_id = db_row_uuid_text(&row);
        refund_r->amount = db_row_int8(&row);
        refund_r->total = db_row_int8(&row);
        refund_r->state = db_row_text(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}
