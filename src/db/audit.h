/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/audit: the auditor's proofs. */
#ifndef FARTHING_DB_AUDIT_H
#define FARTHING_DB_AUDIT_H

#include "core/time.h"
#include "db/db.h"

/* What an audit reads. */
struct audit_scope {
    int64_t sales;
    int64_t accruals;
    int64_t entries;
    int64_t links;            /* of the chain */
    time_us_t last_closed_at; /* 0: no link yet */
    const char *last_hash;    /* hexadecimal; NULL: no link yet */
};

/* One finding, or that a check found nothing. Rows of one check follow each other. */
struct audit_result {
    const char *check;       /* "check_wallets" */
    const char *description; /* of what it proves */
    int64_t duration_ms;     /* of the whole check */
    const char *finding; /* "wallet_balance"; NULL: nothing was found, nor are there the others */
    const char *subject;
    const char *expected;
    const char *actual;
};

struct audit {
    struct audit_scope scope;
    struct audit_result *results;
    int results_count;
    int findings_count; /* of each check at most AUDIT_FINDINGS_MAX are read */
};
#define AUDIT_FINDINGS_MAX 1000

/* Runs every check, since the newest link or from the beginning (is_full), in one snapshot. */
enum ft_error db_audit_run(struct db *db, struct call *call, bool is_full, struct audit *audit_r);

struct audit_link {
    int64_t number; /* 0: nothing new, none was added */
    int64_t facts;
    const char *hash; /* hexadecimal */
};

/* Adds a link over all that is new. FT_AUDIT_FAILED: something in it is wrong. */
enum ft_error db_audit_close(struct db *db, struct call *call, struct audit_link *link_r);

#endif
