/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/settlement: what was paid out to vendors. */
#ifndef FARTHING_DB_SETTLEMENT_H
#define FARTHING_DB_SETTLEMENT_H

#include "core/money.h"
#include "core/time.h"
#include "db/db.h"

struct settlement {
    const char *settlement_id;
    const char *currency;
    time_us_t sold_from; /* it pays for what was sold from here */
    time_us_t sold_until;
    money_t sales;
    money_t refunds;
    money_t royalties;
    money_t amount; /* paid out */
    time_us_t settled_at;
};

struct settlement_query {
    time_us_t since;   /* settled from here */
    time_us_t until;   /* and before this */
    const char *after; /* a settlement's ID, NULL: from the first */
    int limit;
};

/* Oldest first (V14). FT_CREDENTIAL_CHANGED, FT_VENDOR_DISABLED, FT_INVALID_PARAMETER (after is no
 * ID). */
enum ft_error db_settlement_list(struct db *db, struct call *call, int vendor_id,
                                 int credential_version, const struct settlement_query *query,
                                 struct settlement **settlements_r, int *count_r);

#endif
