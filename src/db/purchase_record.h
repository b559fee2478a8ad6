/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/purchase for a vendor that asks after its transactions (V14). */
#ifndef FARTHING_DB_PURCHASE_RECORD_H
#define FARTHING_DB_PURCHASE_RECORD_H

#include <stdbool.h>

#include "core/money.h"
#include "core/time.h"
#include "db/db.h"

/* States of a transaction; the names are the vendor API's. */
#define PURCHASE_RECORD_STATES(X) \
    X(PENDING)                    \
    X(PURCHASED)                  \
    X(CANCELLED)                  \
    X(EXPIRED)                    \
    X(REFUNDED)                   \
    X(PARTLY_REFUNDED)            \
    X(DISPUTED)

struct purchase_record {
    const char *transaction_id;
    const char *state;
    const char *title;
    const char *content_url;
    money_t price;
    const char *currency;
    money_t incentive_amount; /* of the price */
    money_t refunded_amount;  /* to the user, so far */
    money_t royalty;          /* so far */
    time_us_t initiated_at;
    time_us_t purchased_at; /* 0: not bought */
    time_us_t refunded_at;  /* the last time; 0: never */
    time_us_t expires_at;   /* 0: bought */
    const char *vendor_content_id;
    const char *optional_data;
    bool is_checkout;     /* then vendor_content_id is the order */
    const char *shipping; /* NULL: the user did not agree, or was not asked */
};

/*
 * By its ID, or when that is NULL by the request ID that it was initiated with.
 * FT_CREDENTIAL_CHANGED, FT_VENDOR_DISABLED, FT_TRANSACTION_NOT_FOUND.
 */
enum ft_error db_purchase_get(struct db *db, struct call *call, int vendor_id,
                              int credential_version, const char *transaction_id,
                              const char *request_id, struct purchase_record *record_r);

struct purchase_list_query {
    time_us_t since; /* initiated then or later */
    time_us_t until; /* and before */
    const char *state;
    const char *after; /* the last ID of the page before; NULL: the first page */
    int limit;
};

/* Oldest first. FT_CREDENTIAL_CHANGED, FT_VENDOR_DISABLED. */
enum ft_error db_purchase_list(struct db *db, struct call *call, int vendor_id,
                               int credential_version, const struct purchase_list_query *query,
                               struct purchase_record **records_r, int *count_r);

struct purchase_refund_order {
    const char *transaction_id;
    money_t amount; /* 0: all that is left */
    const char *reason;
    const char *request_id;
};

struct purchase_refund {
    const char *refund_id;
    money_t amount;
    money_t total; /* with those before */
    const char *state;
};

/*
 * Pays back. FT_CREDENTIAL_CHANGED, FT_VENDOR_DISABLED, FT_TRANSACTION_NOT_FOUND, FT_INVALID_STATE
 * (not bought, or nothing left), FT_AMOUNT_EXCEEDS_REMAINING, FT_IDEMPOTENCY_CONFLICT.
 */
enum ft_error db_purchase_refund(struct db *db, struct call *call, int vendor_id,
                                 int credential_version, const struct purchase_refund_order *order,
                                 struct purchase_refund *refund_r);

#endif
