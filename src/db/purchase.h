/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Wrappers of schema/purchase. The four hot calls (initiate, view, buy here, lock in db/license.h)
 * are batched: what waits when a connection is free goes in one statement and one commit.
 */
#ifndef FARTHING_DB_PURCHASE_H
#define FARTHING_DB_PURCHASE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/money.h"
#include "core/time.h"
#include "db/db.h"

/* What a vendor says of an item when it offers it. 0 and NULL: not said. */
struct purchase_offer {
    const char *title;
    money_t price;
    const char *content_url;
    bool is_post; /* the user returns by form POST, else GET */
    const char *vendor_content_id;
    int views;
    time_us_t absolute_expiry;
    int64_t valid_hours;       /* days and hours added up */
    const char *incentive_ids; /* NULL: all; "-1": none; else a comma-separated list */
    const char *description;
    /* Of an order of goods (V12): content_url is where the user returns, vendor_content_id the
     * vendor's order. */
    bool is_checkout;
    const char *cancel_url;
    bool asks_shipping; /* the vendor wants to know where to ship to */
};

struct purchase_initiation {
    int vendor_id;
    int credential_version; /* of the password that was verified */
    struct purchase_offer offer;
    const char *content_origin; /* of content_url, normalised: "https://shop.example:8443" */
    const char *content_path;   /* likewise, dot segments removed: "/songs/7" */
    const char *optional_data;
    const char *request_id;
};

struct purchase_initiated {
    char transaction_id[DB_UUID_TEXT_SIZE];
    char currency[4];
    time_us_t expires_at;
};

/*
 * Stores the offer and a pending transaction (V1, V2, V3).
 * FT_CREDENTIAL_CHANGED, FT_VENDOR_DISABLED, FT_URL_NOT_REGISTERED, FT_IDEMPOTENCY_CONFLICT.
 */
enum ft_error db_purchase_initiate(struct db *db, struct call *call,
                                   const struct purchase_initiation *initiation,
                                   struct purchase_initiated *initiated_r);

enum purchase_state {
    PURCHASE_PENDING,
    PURCHASE_OWNED, /* this user may open the content without paying (V7) */
    PURCHASE_TAKEN, /* another user bought this transaction (V11) */
    PURCHASE_EXPIRED,
    PURCHASE_CANCELLED,
};

/* What the buy window shows. */
struct purchase_view {
    enum purchase_state state;
    struct purchase_offer offer;
    const char *currency;
    const char *content_id; /* the item */
    int vendor_id;
    const char *vendor_name;
    const char *vendor_home_url;
    time_us_t expires_at;
    bool logged_in; /* the login given is still valid; else the rest is 0 */
    bool has_wallet;
    money_t balance;
    money_t credit_line;
    bool takes_incentives; /* one could pay (B1) */
    bool is_sandbox;       /* play money */
};

/*
 * user_id and login_id 0: nobody is logged in. FT_TRANSACTION_NOT_FOUND. Reads only.
 */
enum ft_error db_purchase_view(struct db *db, struct call *call, const char *transaction_id,
                               int64_t user_id, int64_t login_id, struct purchase_view *view_r);

/*
 * What a code would pay of a transaction (B7); nothing is taken from it. Reads only.
 * FT_TRANSACTION_NOT_FOUND, FT_INCENTIVE_INVALID.
 */
enum ft_error db_purchase_quote(struct db *db, struct call *call, const char *transaction_id,
                                const char *incentive_code, money_t *amount_r);

/* What the user chose in the buy window. */
struct purchase_choice {
    const char *incentive_code; /* pays first; NULL: none */
    bool shares_shipping;       /* the vendor may have name and address, if it asked for them */
    bool says_sum;
    money_t sum; /* if it says one: the user pays no more */
};

/* What the user returns to the vendor with. */
struct purchase_receipt {
    bool charged;                           /* false: was owned already, or a repeat */
    char transaction_id[DB_UUID_TEXT_SIZE]; /* of the sale that grants access */
    int vendor_id;
    const char *content_url;
    bool is_post;
    const char *vendor_content_id; /* NULL: none */
    const char *optional_data;     /* NULL: none */
    money_t price;
    const char *currency;
    money_t balance; /* after it */
};

/*
 * Charges the user, records the sale, grants the licence; all of it or nothing. Repeating is safe.
 * FT_TRANSACTION_NOT_FOUND, _EXPIRED, _CANCELLED, _TAKEN; FT_LOGIN_ENDED; FT_ACCOUNT_DISABLED;
 * FT_VENDOR_DISABLED; FT_INCENTIVE_INVALID; FT_PRICE_CHANGED (it is more than the choice says);
 * FT_INSUFFICIENT_FUNDS; FT_LIMIT_*.
 */
enum ft_error db_purchase_buy(struct db *db, struct call *call, const char *transaction_id,
                              int64_t user_id, int64_t login_id,
                              const struct purchase_choice *choice,
                              struct purchase_receipt *receipt_r);

/* FT_TRANSACTION_NOT_FOUND; a purchased transaction stays purchased: FT_INVALID_STATE. */
enum ft_error db_purchase_cancel(struct db *db, struct call *call, const char *transaction_id);

/*
 * A new pending transaction of the item that transaction_id was for, as it is offered now, for a
 * copied or expired link. FT_TRANSACTION_NOT_FOUND, FT_CONTENT_NOT_FOUND (an order of goods),
 * FT_VENDOR_DISABLED, FT_TRANSACTION_EXPIRED (the offer's absolute expiry has passed).
 */
enum ft_error db_purchase_offer_again(struct db *db, struct call *call, const char *transaction_id,
                                      char new_transaction_id_r[DB_UUID_TEXT_SIZE]);

/*
 * The same of the newest offer of an item. content_id is the item's uuid, from Lock_Content.
 * FT_CONTENT_NOT_FOUND, FT_VENDOR_DISABLED, FT_TRANSACTION_EXPIRED.
 */
enum ft_error db_purchase_offer_item(struct db *db, struct call *call, const char *content_id,
                                     char new_transaction_id_r[DB_UUID_TEXT_SIZE]);

#endif
