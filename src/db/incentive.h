/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/incentive: codes that pay in users' place. */
#ifndef FARTHING_DB_INCENTIVE_H
#define FARTHING_DB_INCENTIVE_H

#include "core/money.h"
#include "core/time.h"
#include "db/db.h"

struct incentive_issue {
    money_t amount; /* that each code can pay */
    time_us_t expires_at;
    const char *const *codes; /* unguessable */
    int codes_count;
    const char *prefix;     /* that was asked for; NULL: none */
    const char *request_id; /* NULL: none */
};

struct incentive_issued {
    int incentive_id; /* as IncentiveIDs names it */
    const char *const *codes;
    int codes_count;
};

/*
 * Stores an issue of a vendor (V14). A repeated request_id gives the first issue's codes.
 * FT_CREDENTIAL_CHANGED, FT_VENDOR_DISABLED, FT_IDEMPOTENCY_CONFLICT, FT_INVALID_STATE (a code
 * exists), FT_INVALID_PARAMETER (expires_at is not in the future).
 */
enum ft_error db_incentive_issue(struct db *db, struct call *call, int vendor_id,
                                 int credential_version, const struct incentive_issue *issue,
                                 struct incentive_issued *issued_r);

/* The provider's own; prefix and request_id do not count. FT_CURRENCY_UNKNOWN, FT_INVALID_STATE,
 * FT_INVALID_PARAMETER. */
enum ft_error db_incentive_issue_by_provider(struct db *db, struct call *call, const char *currency,
                                             const struct incentive_issue *issue,
                                             int *incentive_id_r);

#endif
