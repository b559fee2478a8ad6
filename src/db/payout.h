/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/settlement/functions/payout.sql: money on its way to payees. */
#ifndef FARTHING_DB_PAYOUT_H
#define FARTHING_DB_PAYOUT_H

#include "core/money.h"
#include "core/time.h"
#include "db/db.h"

struct payout {
    const char *payout_id;
    const char *settlement_id;
    int vendor_id;        /* 0: an owner */
    const char *owner_id; /* NULL: a vendor */
    const char *state;    /* "due", "sent", "paid", "rejected", "returned" */
    const char *method;   /* "credit_transfer", "check" */
    const char *currency;
    money_t amount;
    const char *creditor_name;
    const char *creditor_iban; /* these may be NULL */
    const char *creditor_address;
    time_us_t changed_at;
    const char *bank_reference;
    const char *reason;
};

struct payout_query {
    const char *state;         /* NULL: any */
    const char *settlement_id; /* NULL: any */
    const char *after;         /* a payout's ID, NULL: from the first */
    int limit;
};

/* Oldest first. FT_SETTLEMENT_NOT_FOUND (that is no ID). */
enum ft_error db_payout_list(struct db *db, struct call *call, const struct payout_query *query,
                             struct payout **payouts_r, int *count_r);

/*
 * Confirmed by the bank or handed out; or back again, for a reason. reference may be NULL.
 * *changed_r is false when it was so already. FT_PAYOUT_NOT_FOUND; pay: FT_INVALID_STATE (it came
 * back).
 */
enum ft_error db_payout_pay(struct db *db, struct call *call, const char *payout_id,
                            const char *reference, bool *changed_r);
enum ft_error db_payout_return(struct db *db, struct call *call, const char *payout_id,
                               const char *reason, const char *reference, bool *changed_r);

#endif
