/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/notification. */
#include "db/notification.h"

#include "db/handle.h"

static const struct db_statement claim_statement = {
    .name = "notification_claim",
    .sql = "SELECT event_id, vendor_id, kind, occurred_at, attempts, tried_s, url, secret,"
           " subject_id, transaction_kind, state, price, currency, incentive_amount,"
           " refunded_amount, purchased_at, refunded_at, vendor_content_id, optional_data"
           " FROM notification.claim($1, $2, $3, $4)",
    .types = {DB_INT4, DB_INT4, DB_INT4S, DB_INT4},
};

static void read_event(struct db_row *row, void *element)
{
    struct notification_event *event = element;
    event->event_id = db_row_uuid_text(row);
    event->vendor_id = db_row_int4(row);
    event->kind = db_row_text(row);
    event->occurred_at = db_row_time(row);
    event->attempts = db_row_int4(row);
    event->tried_s = db_row_int4(row);
    event->url = db_row_text(row);
    event->sealed_secret = db_row_bytes(row, &event->sealed_bytes);
    event->transaction_id = db_row_uuid_text(row);
    event->transaction_kind = db_row_text(row);
    event->state = db_row_text(row);
    event->price = db_row_int8(row);
    event->currency = db_row_text(row);
    event->incentive_amount = db_row_int8(row);
    event->refunded_amount = db_row_int8(row);
    event->purchased_at = db_row_time(row);
    event->refunded_at = db_row_time(row);
    event->vendor_content_id = db_row_text(row);
    event->optional_data = db_row_text(row);
}

enum ft_error db_notification_claim(struct db *db, struct call *call,
                                    const struct notification_claim *claim,
                                    struct notification_event **events_r, int *count_r)
{
    struct db_parameters parameters = {0};
    struct db_array busy = {0};
    struct db_list list = {0};
    enum ft_error error = FT_INTERNAL;
    db_array_begin(&busy, DB_INT4S);
    for (int i = 0; i < claim->busy_count; i++)
        db_array_int4(&busy, claim->busy[i]);
    db_parameters_int4(&parameters, claim->limit);
    db_parameters_int4(&parameters, claim->vendor_limit);
    if (db_parameters_array(&parameters, &busy)) {
        db_parameters_int4(&parameters, claim->lease_s);
        error = db_list(db, call, &claim_statement, &parameters, sizeof(struct notification_event),
                        read_event, &list);
    }
    db_array_free(&busy);
    *events_r = list.elements;
    *count_r = list.count;
    return error;
}

static const struct db_statement delivered_statement = {
    .name = "notification_delivered",
    .sql = "SELECT notification.delivered($1)",
    .types = {DB_UUID},
};

enum ft_error db_notification_delivered(struct db *db, struct call *call, const char *event_id)
{
    struct db_parameters parameters = {0};
    if (!db_parameters_uuid(&parameters, event_id))
        return FT_INTERNAL;
    return db_do(db, call, &delivered_statement, &parameters);
}

static const struct db_statement failed_statement = {
    .name = "notification_failed",
    .sql = "SELECT notification.failed($1, $2, $3, nullif($4, -1))",
    .types = {DB_UUID, DB_INT4, DB_TEXT, DB_INT4},
};

enum ft_error db_notification_failed(struct db *db, struct call *call, const char *event_id,
                                     int attempts, const char *problem, int retry_s)
{
    struct db_parameters parameters = {0};
    if (!db_parameters_uuid(&parameters, event_id))
        return FT_INTERNAL;
    db_parameters_int4(&parameters, attempts);
    db_parameters_text(&parameters, problem);
    db_parameters_int4(&parameters, retry_s);
    return db_do(db, call, &failed_statement, &parameters);
}

static const struct db_statement count_waiting_statement = {
    .name = "notification_count_waiting",
    .sql = "SELECT notification.count_waiting()",
    .reads = true,
};

enum ft_error db_notification_count_waiting(struct db *db, struct call *call, int64_t *count_r)
{
    const struct db_parameters none = {0};
    struct db_result *result = NULL;
    struct db_row row;
    enum ft_error error = db_ask(db, call, &count_waiting_statement, &none, &row, &result);
    if (error == FT_OK) {
        *count_r = db_row_int8(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement set_endpoint_statement = {
    .name = "notification_set_endpoint",
    .sql = "SELECT notification.set_endpoint($1, $2, $3)",
    .types = {DB_INT4, DB_TEXT, DB_BYTEA},
};

enum ft_error db_notification_set_endpoint(struct db *db, struct call *call, int vendor_id,
                                           const char *url, const void *sealed_secret,
                                           size_t sealed_bytes)
{
    struct db_parameters parameters = {0};
    db_parameters_int4(&parameters, vendor_id);
    db_parameters_text(&parameters, url);
    db_parameters_bytes(&parameters, sealed_secret, sealed_bytes);
    return db_do(db, call, &set_endpoint_statement, &parameters);
}

static const struct db_statement redeliver_statement = {
    .name = "notification_redeliver",
    .sql = "SELECT notification.redeliver($1, $2, $3, $4)",
    .types = {DB_INT4, DB_UUID, DB_TIMESTAMPTZ, DB_TIMESTAMPTZ},
};

enum ft_error db_notification_redeliver(struct db *db, struct call *call, int vendor_id,
                                        const struct notification_selection *selection,
                                        int *count_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    db_parameters_int4(&parameters, vendor_id);
    if (selection->event_id == NULL)
        db_parameters_null(&parameters);
    else if (!db_parameters_uuid(&parameters, selection->event_id))
        return call_invalid(call, "--event", "an event's ID", selection->event_id);
    db_parameters_time(&parameters, selection->since);
    db_parameters_time(&parameters, selection->until);
    enum ft_error error = db_ask(db, call, &redeliver_statement, &parameters, &row, &result);
    if (error == FT_OK) {
        *count_r = db_row_int4(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}
