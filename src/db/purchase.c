/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/purchase. */
#include "db/purchase.h"

#include "db/handle.h"

/* --- initiate --- */

struct initiate_input {
    const struct purchase_initiation *initiation;
    int lifetime_s;
};

static void encode_initiate(const void *input, struct db_array *arrays)
{
    const struct initiate_input *initiate = input;
    const struct purchase_initiation *initiation = initiate->initiation;
    const struct purchase_offer *offer = &initiation->offer;
    struct db_array *next = arrays;

    db_array_int4(next++, initiation->vendor_id);
    db_array_int4(next++, initiation->credential_version);
    db_array_text(next++, offer->title);
    db_array_int8(next++, offer->price);
    db_array_text(next++, offer->content_url);
    db_array_text(next++, initiation->content_origin);
    db_array_text(next++, initiation->content_path);
    db_array_bool(next++, offer->is_post);
    db_array_text(next++, offer->vendor_content_id);
    if (offer->views != 0)
        db_array_int4(next++, offer->views);
    else
        db_array_null(next++);
    db_array_time(next++, offer->absolute_expiry);
    if (offer->valid_hours != 0)
        db_array_int8(next++, offer->valid_hours);
    else
        db_array_null(next++);
    db_array_text(next++, offer->incentive_ids);
    db_array_text(next++, offer->description);
    db_array_text(next++, initiation->optional_data);
    db_array_text(next++, initiation->request_id);
    db_array_text(next++, offer->is_checkout ? offer->vendor_content_id : NULL);
    db_array_text(next++, offer->cancel_url);
    db_array_bool(next++, offer->asks_shipping);
    db_array_int4(next++, initiate->lifetime_s);
}

static const struct db_statement initiate_statement = {
    .name = "purchase_initiate",
    /* All of one batch come from one server, with one lifetime: the first element's. */
    .sql = "SELECT item, outcome, transaction_id, currency, expires_at"
           " FROM purchase.initiate_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
           " $14, $15, $16, $17, $18, $19, ($20)[1])",
    .types = {DB_INT4S, DB_INT4S, DB_TEXTS, DB_INT8S,        DB_TEXTS, DB_TEXTS, DB_TEXTS,
              DB_BOOLS, DB_TEXTS, DB_INT4S, DB_TIMESTAMPTZS, DB_INT8S, DB_TEXTS, DB_TEXTS,
              DB_TEXTS, DB_TEXTS, DB_TEXTS, DB_TEXTS,        DB_BOOLS, DB_INT4S},
};

const struct db_batch_kind db_purchase_initiate_kind = {
    .labels = "queue=\"initiate\"",
    .statement = &initiate_statement,
    .encode = encode_initiate,
};

enum ft_error db_purchase_initiate(struct db *db, struct call *call,
                                   const struct purchase_initiation *initiation,
                                   struct purchase_initiated *initiated_r)
{
    const struct initiate_input input = {initiation, db->transaction_s};
    struct db_result *result = NULL;
    struct db_row row;
    *initiated_r = (struct purchase_initiated){0};
    enum ft_error error = db_queue_call(db->initiate, call, &input, &row, &result);
    if (error == FT_OK) {
        db_row_uuid(&row, initiated_r->transaction_id);
        db_row_text_into(&row, initiated_r->currency, sizeof initiated_r->currency);
        initiated_r->expires_at = db_row_time(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

/* --- view and buy: a transaction, and who asks --- */

struct buyer_input {
    unsigned char transaction_id[DB_UUID_BYTES];
    int64_t user_id;
    int64_t login_id;
    struct purchase_choice choice; /* of who buys */
};

static void encode_buyer(const void *input, struct db_array *arrays)
{
    const struct buyer_input *buyer = input;
    db_array_uuid(&arrays[0], buyer->transaction_id);
    db_array_int8(&arrays[1], buyer->user_id);
    db_array_int8(&arrays[2], buyer->login_id);
}

static void encode_choice(const void *input, struct db_array *arrays)
{
    const struct buyer_input *buyer = input;
    encode_buyer(input, arrays);
    db_array_text(&arrays[3], buyer->choice.incentive_code);
    db_array_bool(&arrays[4], buyer->choice.shares_shipping);
    if (buyer->choice.says_sum)
        db_array_int8(&arrays[5], buyer->choice.sum);
    else
        db_array_null(&arrays[5]);
}

static const struct db_statement view_statement = {
    .name = "purchase_view",
    .sql = "SELECT item, outcome, state, title, description, price, currency, content_url, is_post,"
           " vendor_content_id, views, absolute_expiry, valid_hours, incentive_ids, vendor_id,"
           " vendor_name, vendor_home_url, expires_at, logged_in, has_wallet, balance, credit_line,"
           " content_id, kind, cancel_url, shipping, incentive, sandbox"
           " FROM purchase.view_batch($1, $2, $3)",
    .reads = true,
    .types = {DB_UUIDS, DB_INT8S, DB_INT8S},
};

const struct db_batch_kind db_purchase_view_kind = {
    .labels = "queue=\"view\"",
    .statement = &view_statement,
    .encode = encode_buyer,
};

static const struct db_statement buy_statement = {
    .name = "purchase_buy",
    .sql = "SELECT item, outcome, charged, transaction_id, vendor_id, content_url, is_post,"
           " vendor_content_id, optional_data, price, currency, balance"
           " FROM purchase.buy_batch($1, $2, $3, $4, $5, $6)",
    .types = {DB_UUIDS, DB_INT8S, DB_INT8S, DB_TEXTS, DB_BOOLS, DB_INT8S},
};

const struct db_batch_kind db_purchase_buy_kind = {
    .labels = "queue=\"buy\"",
    .statement = &buy_statement,
    .encode = encode_choice,
};

static enum purchase_state read_state(struct db_row *row)
{
    static const char *const names[] = {[PURCHASE_PENDING] = "PENDING",
                                        [PURCHASE_OWNED] = "OWNED",
                                        [PURCHASE_TAKEN] = "TAKEN",
                                        [PURCHASE_EXPIRED] = "EXPIRED",
                                        [PURCHASE_CANCELLED] = "CANCELLED"};
    return (enum purchase_state)db_row_name(row, names, sizeof names / sizeof names[0]);
}

static void read_view(struct db_row *row, struct purchase_view *view)
{
    static const char *const kinds[] = {"content", "checkout"};
    view->state = read_state(row);
    view->offer.title = db_row_text(row);
    view->offer.description = db_row_text(row);
    view->offer.price = db_row_int8(row);
    view->currency = db_row_text(row);
    view->offer.content_url = db_row_text(row);
    view->offer.is_post = db_row_bool(row);
    view->offer.vendor_content_id = db_row_text(row);
    view->offer.views = db_row_int4(row);
    view->offer.absolute_expiry = db_row_time(row);
    view->offer.valid_hours = db_row_int8(row);
    view->offer.incentive_ids = db_row_text(row);
    view->vendor_id = db_row_int4(row);
    view->vendor_name = db_row_text(row);
    view->vendor_home_url = db_row_text(row);
    view->expires_at = db_row_time(row);
    view->logged_in = db_row_bool(row);
    view->has_wallet = db_row_bool(row);
    view->balance = db_row_int8(row);
    view->credit_line = db_row_int8(row);
    view->content_id = db_row_uuid_text(row);
    view->offer.is_checkout = db_row_name(row, kinds, sizeof kinds / sizeof kinds[0]) == 1;
    view->offer.cancel_url = db_row_text(row);
    view->offer.asks_shipping = db_row_bool(row);
    view->takes_incentives = db_row_bool(row);
    view->is_sandbox = db_row_bool(row);
}

enum ft_error db_purchase_view(struct db *db, struct call *call, const char *transaction_id,
                               int64_t user_id, int64_t login_id, struct purchase_view *view_r)
{
    struct buyer_input input = {.user_id = user_id, .login_id = login_id};
    struct db_result *result = NULL;
    struct db_row row;
    *view_r = (struct purchase_view){0};
    if (!db_uuid_parse(transaction_id, input.transaction_id))
        return FT_TRANSACTION_NOT_FOUND;
    enum ft_error error = db_queue_call(db->view, call, &input, &row, &result);
    if (error == FT_OK) {
        read_view(&row, view_r);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

void db_purchase_read_receipt(struct db_row *row, struct purchase_receipt *receipt)
{
    receipt->charged = db_row_bool(row);
    db_row_uuid(row, receipt->transaction_id);
    receipt->vendor_id = db_row_int4(row);
    receipt->content_url = db_row_text(row);
    receipt->is_post = db_row_bool(row);
    receipt->vendor_content_id = db_row_text(row);
    receipt->optional_data = db_row_text(row);
    receipt->price = db_row_int8(row);
    receipt->currency = db_row_text(row);
    receipt->balance = db_row_int8(row);
}

enum ft_error db_purchase_buy(struct db *db, struct call *call, const char *transaction_id,
                              int64_t user_id, int64_t login_id,
                              const struct purchase_choice *choice,
                              struct purchase_receipt *receipt_r)
{
    struct buyer_input input = {.user_id = user_id, .login_id = login_id, .choice = *choice};
    struct db_result *result = NULL;
    struct db_row row;
    *receipt_r = (struct purchase_receipt){0};
    if (!db_uuid_parse(transaction_id, input.transaction_id))
        return FT_TRANSACTION_NOT_FOUND;
    enum ft_error error = db_queue_call(db->buy, call, &input, &row, &result);
    if (error == FT_OK) {
        db_purchase_read_receipt(&row, receipt_r);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

/* --- the rest, one at a time --- */

static const struct db_statement quote_statement = {
    .name = "purchase_quote",
    .sql = "SELECT purchase.quote($1, $2)",
    .reads = true,
    .types = {DB_UUID, DB_TEXT},
};

enum ft_error db_purchase_quote(struct db *db, struct call *call, const char *transaction_id,
                                const char *incentive_code, money_t *amount_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    if (!db_parameters_uuid(&parameters, transaction_id))
        return FT_TRANSACTION_NOT_FOUND;
    db_parameters_text(&parameters, incentive_code);
    enum ft_error error = db_ask(db, call, &quote_statement, &parameters, &row, &result);
    if (error == FT_OK) {
        *amount_r = db_row_int8(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement cancel_statement = {
    .name = "purchase_cancel",
    .sql = "SELECT purchase.cancel($1)",
    .types = {DB_UUID},
};

enum ft_error db_purchase_cancel(struct db *db, struct call *call, const char *transaction_id)
{
    struct db_parameters parameters = {0};
    if (!db_parameters_uuid(&parameters, transaction_id))
        return FT_TRANSACTION_NOT_FOUND;
    return db_do(db, call, &cancel_statement, &parameters);
}

static enum ft_error offer(struct db *db, struct call *call, const struct db_statement *statement,
                           struct db_parameters *parameters,
                           char new_transaction_id_r[DB_UUID_TEXT_SIZE])
{
    struct db_result *result = NULL;
    struct db_row row;
    db_parameters_int4(parameters, db->transaction_s);
    enum ft_error error = db_ask(db, call, statement, parameters, &row, &result);
    if (error == FT_OK) {
        db_row_uuid(&row, new_transaction_id_r);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement offer_again_statement = {
    .name = "purchase_offer_again",
    .sql = "SELECT purchase.offer_again($1, $2)",
    .types = {DB_UUID, DB_INT4},
};

enum ft_error db_purchase_offer_again(struct db *db, struct call *call, const char *transaction_id,
                                      char new_transaction_id_r[DB_UUID_TEXT_SIZE])
{
    struct db_parameters parameters = {0};
    if (!db_parameters_uuid(&parameters, transaction_id))
        return FT_TRANSACTION_NOT_FOUND;
    return offer(db, call, &offer_again_statement, &parameters, new_transaction_id_r);
}

static const struct db_statement offer_item_statement = {
    .name = "purchase_offer_item",
    .sql = "SELECT purchase.offer_item($1, $2)",
    .types = {DB_UUID, DB_INT4},
};

enum ft_error db_purchase_offer_item(struct db *db, struct call *call, const char *content_id,
                                     char new_transaction_id_r[DB_UUID_TEXT_SIZE])
{
    struct db_parameters parameters = {0};
    if (!db_parameters_uuid(&parameters, content_id))
        return FT_CONTENT_NOT_FOUND;
    return offer(db, call, &offer_item_statement, &parameters, new_transaction_id_r);
}
