/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/royalty: who is due a share of an item's sales. */
#ifndef FARTHING_DB_ROYALTY_H
#define FARTHING_DB_ROYALTY_H

#include "core/money.h"
#include "core/time.h"
#include "db/db.h"

/* One of share_ppm and amount is 0. */
struct royalty_owner {
    const char *owner_id;
    int share_ppm;  /* parts per million of the price */
    money_t amount; /* of each sale */
};

struct royalty_owner_list {
    const char *content_url; /* an item, or what begins with a prefix that ends in "/" */
    const struct royalty_owner *owners;
    int owners_count;     /* 0: nobody is due anything */
    time_us_t valid_from; /* 0, or what is past: from now on */
};

struct royalty_setting {
    struct royalty_owner_list list;
    const char *content_origin; /* of content_url, as db/purchase.h has them */
    const char *content_path;
    const char *request_id; /* NULL: none */
};

/*
 * A new list of owners; earlier ones stay for sales that were made under them (V14, O5). Gives the
 * list with the time from which it is valid; a repeated request_id gives the first answer.
 * FT_CREDENTIAL_CHANGED, FT_VENDOR_DISABLED, FT_URL_NOT_REGISTERED, FT_IDEMPOTENCY_CONFLICT,
 * FT_INVALID_PARAMETER (shares of more than the whole).
 */
enum ft_error db_royalty_set_content_owners(struct db *db, struct call *call, int vendor_id,
                                            int credential_version,
                                            const struct royalty_setting *setting,
                                            struct royalty_owner_list *list_r);

#endif
