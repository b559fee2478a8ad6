/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/notification: what vendors are told, and where. */
#ifndef FARTHING_DB_NOTIFICATION_H
#define FARTHING_DB_NOTIFICATION_H

#include <stddef.h>

#include "core/money.h"
#include "core/time.h"
#include "db/db.h"

/* Claimed, to be sent. Of the transaction: as it is now. Of a settlement: its ID, price is its
 * amount, the rest is not there. */
struct notification_event {
    const char *event_id;
    int vendor_id;
    const char *kind; /* "purchased", "refunded", "settled" */
    time_us_t occurred_at;
    int attempts; /* this one counted */
    int tried_s;  /* for how long delivery has been tried */
    const char *url;
    const unsigned char *sealed_secret;
    size_t sealed_bytes;
    const char *transaction_id;
    const char *transaction_kind; /* "content", "checkout"; NULL: there is no such transaction */
    const char *state;
    money_t price;
    const char *currency;
    money_t incentive_amount;
    money_t refunded_amount;
    time_us_t purchased_at; /* 0: not */
    time_us_t refunded_at;
    const char *vendor_content_id; /* of a checkout, its order; NULL: none */
    const char *optional_data;     /* NULL: none */
};

struct notification_claim {
    int limit;
    int vendor_limit; /* of one vendor; of one that fails, a single event */
    const int *busy;  /* vendors of which none is wanted */
    int busy_count;
    int lease_s; /* then they are due again */
};

/* Takes events that are due. */
enum ft_error db_notification_claim(struct db *db, struct call *call,
                                    const struct notification_claim *claim,
                                    struct notification_event **events_r, int *count_r);
enum ft_error db_notification_delivered(struct db *db, struct call *call, const char *event_id);
/* attempts as claimed; retry_s -1: given up. */
enum ft_error db_notification_failed(struct db *db, struct call *call, const char *event_id,
                                     int attempts, const char *problem, int retry_s);
enum ft_error db_notification_count_waiting(struct db *db, struct call *call, int64_t *count_r);

/* --- for operators --- */

/* Where a vendor is told from now on; url NULL: nowhere. FT_VENDOR_NOT_FOUND. */
enum ft_error db_notification_set_endpoint(struct db *db, struct call *call, int vendor_id,
                                           const char *url, const void *sealed_secret,
                                           size_t sealed_bytes);

struct notification_selection {
    const char *event_id; /* one event, or with NULL: */
    time_us_t since;      /* what occurred from here */
    time_us_t until;      /* and before this */
};

/* Sends again, and gives how many. FT_VENDOR_NOT_FOUND, FT_INVALID_STATE (the vendor is not told
 * anything), FT_INVALID_PARAMETER (event_id is no ID). */
enum ft_error db_notification_redeliver(struct db *db, struct call *call, int vendor_id,
                                        const struct notification_selection *selection,
                                        int *count_r);

#endif
