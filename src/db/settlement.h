/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/settlement: what vendors and content owners are paid, and when. */
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

/* What is agreed with a vendor, or with a content owner about one currency. */
struct settlement_terms {
    int vendor_id;        /* 0: an owner */
    const char *owner_id; /* NULL: a vendor */
    const char *currency; /* of an owner; a vendor has its own */
    money_t amount_threshold;
    const char *calendar; /* "any_day", "weekly", "twice_monthly", "monthly", "day_of_month" */
    int calendar_day;     /* 0: none */
    const money_t *early_threshold; /* NULL: none */
    money_t minimum;
    money_t reserve;
    const char *method;        /* "credit_transfer", "check" */
    const char *creditor_name; /* NULL: the payee's */
    const char *creditor_iban; /* these may be NULL */
    const char *creditor_bic;
    const char *creditor_address;
    time_us_t valid_from; /* 0 and what is past: now */
};

/* O6, O7. FT_VENDOR_NOT_FOUND, FT_OWNER_NOT_FOUND, FT_CURRENCY_UNKNOWN, FT_INVALID_STATE (play
 * money), FT_INVALID_PARAMETER. */
enum ft_error db_settlement_set_terms(struct db *db, struct call *call,
                                      const struct settlement_terms *terms);

/* A disputed sale. FT_TRANSACTION_NOT_FOUND; hold: FT_INVALID_STATE (all of it was refunded);
 * release: *released_r is false when it was not held. */
enum ft_error db_settlement_hold(struct db *db, struct call *call, const char *transaction_id,
                                 const char *reason);
enum ft_error db_settlement_release(struct db *db, struct call *call, const char *transaction_id,
                                    bool *released_r);

/* Who is settled, and as if when. */
struct settlement_run {
    const char *kind;     /* "vendors", "owners" */
    int vendor_id;        /* this one only; 0: all */
    const char *owner_id; /* this one only; NULL: all */
    const char *as_of; /* the beginning of a day, "2026-12-31", in each payee's zone; NULL: now */
    bool dry_run;
    int slice; /* so many payees at a time */
};

/* What came out for a payee and a currency. */
struct settlement_outcome {
    int64_t payee_id;
    int vendor_id;        /* 0: an owner */
    const char *owner_id; /* NULL: a vendor */
    const char *name;
    const char *currency; /* NULL: not settled in any */
    const char *outcome;  /* "paid", or why not: "not_due" */
    const char *trigger;  /* "amount", "time" */
    const char *due_on;   /* the day that came; NULL: none */
    money_t payable;
    money_t held;
    money_t amount;            /* paid */
    const char *settlement_id; /* NULL: none */
};

/* How many payees there are of a kind, "vendors" or "owners". */
enum ft_error db_settlement_count(struct db *db, struct call *call, const char *kind,
                                  int64_t *count_r);

/*
 * Settles the next slice after payee after (0: from the first), in one transaction. None: there is
 * no payee left. FT_VENDOR_NOT_FOUND, FT_OWNER_NOT_FOUND, FT_TERMS_NOT_FOUND, FT_INVALID_PARAMETER
 * (a day that has begun nowhere).
 */
enum ft_error db_settlement_slice(struct db *db, struct call *call,
                                  const struct settlement_run *run, int64_t after,
                                  struct settlement_outcome **outcomes_r, int *count_r);

/* One settlement with its payee. */
struct settlement_sheet {
    const char *settlement_id;
    int vendor_id; /* 0: an owner */
    const char *owner_id;
    const char *name;
    const char *currency;
    const char *trigger;
    const char *due_on;
    time_us_t after_time; /* 0: the first */
    time_us_t as_of;
    time_us_t settled_at;
    money_t opening;
    money_t amount;
    money_t closing;
};

struct settlement_line {
    const char *kind;
    int64_t count;
    money_t amount;
};

/* FT_SETTLEMENT_NOT_FOUND, also when it is no ID. */
enum ft_error db_settlement_show(struct db *db, struct call *call, const char *settlement_id,
                                 struct settlement_sheet *sheet_r);
enum ft_error db_settlement_lines(struct db *db, struct call *call, const char *settlement_id,
                                  struct settlement_line **lines_r, int *count_r);

/* A sale, refund or other fact under a line. */
struct settlement_fact {
    const char *fact_id;
    time_us_t occurred_at;
    const char *subject_id; /* NULL: none */
    money_t amount;
};

/* The next facts of a line, after one of them (NULL: from the first). FT_SETTLEMENT_NOT_FOUND. */
enum ft_error db_settlement_facts(struct db *db, struct call *call, const char *settlement_id,
                                  const char *kind, const char *after, int limit,
                                  struct settlement_fact **facts_r, int *count_r);

#endif
