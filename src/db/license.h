/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/license: access to bought content. */
#ifndef FARTHING_DB_LICENSE_H
#define FARTHING_DB_LICENSE_H

#include "db/purchase.h"

/* Why access is given or not; the names are the vendor API's. */
#define LICENSE_REASONS(X) \
    X(OK)                  \
    X(ID_INVALID)          \
    X(ID_EXPIRED)          \
    X(NOT_PURCHASED)       \
    X(LICENSE_EXPIRED)     \
    X(VIEWS_EXHAUSTED)     \
    X(REFUNDED)            \
    X(ACCOUNT_DISABLED)

enum license_reason {
#define LICENSE_REASON_ENUM(name) LICENSE_##name,
    LICENSE_REASONS(LICENSE_REASON_ENUM)
#undef LICENSE_REASON_ENUM
};

struct license_query {
    int vendor_id;
    int credential_version;
    /* What the encrypted user ID said; 0: nothing. A reason other than LICENSE_OK is the answer:
     * then only the vendor is checked and the item looked up. */
    int64_t user_id;
    enum license_reason id_reason; /* LICENSE_OK, LICENSE_ID_INVALID or LICENSE_ID_EXPIRED */
    const char *content_url;
    const char *request_id;
};

struct license_answer {
    enum license_reason reason;
    const char *transaction_id; /* NULL, as the rest, when there is none */
    const char *vendor_content_id;
    const char *optional_data;
    int views_left;         /* -1: not limited by views */
    time_us_t expires_at;   /* 0: never */
    const char *content_id; /* the item's uuid if it was ever offered, for its BuyURL */
};

/*
 * Checks access and uses up one view (V6). A repeated request_id gives the first answer again.
 * FT_CREDENTIAL_CHANGED, FT_VENDOR_DISABLED, FT_IDEMPOTENCY_CONFLICT. Batched.
 */
enum ft_error db_license_lock_content(struct db *db, struct call *call,
                                      const struct license_query *query,
                                      struct license_answer *answer_r);

/*
 * What is needed to return to bought content while its licence lasts. Reads only.
 * content_id: the item. FT_CONTENT_NOT_FOUND (never bought, expired, used up), FT_LOGIN_ENDED.
 */
enum ft_error db_license_reopen(struct db *db, struct call *call, int64_t user_id, int64_t login_id,
                                const char *content_id, struct purchase_receipt *receipt_r);

struct license_item {
    const char *content_id;
    const char *title;
    const char *vendor_name;
    time_us_t bought_at;
    int views_left;       /* -1: not limited */
    time_us_t expires_at; /* 0: never */
    bool valid;           /* still opens */
    bool is_sandbox;      /* bought with play money */
};

/* Newest first, at most limit, below page (a content_id's place, NULL: from the newest). U7. */
enum ft_error db_license_list(struct db *db, struct call *call, int64_t user_id, int64_t login_id,
                              int offset, int limit, struct license_item **items_r, int *count_r);

#endif
