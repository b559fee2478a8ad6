/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Views of schema/ledger, for operators and auditors. */
#ifndef FARTHING_DB_LEDGER_H
#define FARTHING_DB_LEDGER_H

#include <stdint.h>

#include "core/money.h"
#include "core/time.h"
#include "db/db.h"

/* What an account owes its holder is positive. */
struct ledger_posting {
    time_us_t booked_at;
    const char *kind; /* of its entry: "purchase", "deposit", "bonus" */
    const char *account;
    int64_t holder; /* user or vendor; 0: the provider */
    const char *currency;
    money_t amount;
};

/* The postings of an entry or a sale, line by line. FT_TRANSACTION_NOT_FOUND. */
enum ft_error db_ledger_show(struct db *db, struct call *call, const char *entry_id,
                             struct ledger_posting **postings_r, int *count_r);

struct ledger_balance {
    const char *currency;
    money_t balance; /* of all postings: 0, or the books are wrong */
    int64_t postings;
};

struct ledger_difference {
    int64_t user_id;
    const char *currency;
    money_t balance;  /* the wallet's */
    money_t postings; /* their sum, which it should be */
};

struct ledger_audit {
    struct ledger_balance *balances;
    int balances_count;
    struct ledger_difference *differences;
    int differences_count; /* at most LEDGER_DIFFERENCES_MAX are read */
};
#define LEDGER_DIFFERENCES_MAX 1000

/* Sums up the whole ledger (O10). */
enum ft_error db_ledger_audit(struct db *db, struct call *call, struct ledger_audit *audit_r);

#endif
