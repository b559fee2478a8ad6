/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/account: users, their wallets (one per currency), logins, funds. */
#ifndef FARTHING_DB_ACCOUNT_H
#define FARTHING_DB_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/money.h"
#include "core/time.h"
#include "db/db.h"

struct account_identifier {
    const char *question;    /* key: "mothers_maiden_name", "first_pet", "siblings" */
    const char *answer_hash; /* scrypt of the answer in lower case */
};

struct account_registration {
    const char *login_name;
    const char *password_hash;
    const char *full_name;
    const char *email;
    const char *address;  /* NULL: not given */
    const char *language; /* "en", "de" */
    const char *currency;
    const char *payment_method;     /* "bank_transfer", "check", "money_order", "purchase_order" */
    const char *via_transaction_id; /* NULL, or the transaction whose vendor sent the user */
    money_t sign_up_bonus;          /* booked as an entry of its own; 0: none */
    const struct account_identifier *identifiers;
    int identifiers_count;
};

/* U1. FT_LOGIN_NAME_TAKEN, FT_CURRENCY_UNKNOWN. */
enum ft_error db_account_register(struct db *db, struct call *call,
                                  const struct account_registration *registration,
                                  int64_t *user_id_r);

struct account_credential {
    int64_t user_id;
    const char *password_hash;
    const char *language;
    bool disabled;
    bool session_from_last_purchase; /* what the user chose last */
    int session_minutes;
};

/* FT_USER_NOT_FOUND. Names compare without case. */
enum ft_error db_account_find_credential(struct db *db, struct call *call, const char *login_name,
                                         struct account_credential *credential_r);

/* Remembers the choice with the user. FT_ACCOUNT_DISABLED. */
enum ft_error db_account_login_start(struct db *db, struct call *call, int64_t user_id,
                                     bool from_last_purchase, int minutes, int64_t *login_id_r);
/* Ending an ended login is no error. */
enum ft_error db_account_login_end(struct db *db, struct call *call, int64_t user_id,
                                   int64_t login_id);

struct account_wallet {
    const char *currency;
    money_t balance;
    money_t credit_line;
};

struct account_transaction {
    time_us_t booked_at;
    const char *kind;        /* "purchase", "deposit", "bonus"; later "refund" … */
    const char *title;       /* NULL where there is none */
    const char *vendor_name; /* NULL likewise */
    const char *currency;
    money_t amount; /* signed, as it changed the balance */
};

struct account_summary {
    const char *login_name;
    const char *full_name;
    const char *payment_reference; /* what the user writes on a bank transfer */
    struct account_wallet *wallets;
    int wallets_count;
    struct account_transaction *transactions; /* the last 10, newest first */
    int transactions_count;
};

/* U5. FT_LOGIN_ENDED. */
enum ft_error db_account_summary(struct db *db, struct call *call, int64_t user_id,
                                 int64_t login_id, struct account_summary *summary_r);

/* --- for operators --- */
struct account_funds {
    const char *login_name;
    const char *currency;
    money_t amount;
    const char *method;    /* "bank_transfer", "check", "money_order", "purchase_order", "cash" */
    const char *reference; /* unique: the same reference books once */
};

/* FT_USER_NOT_FOUND, FT_CURRENCY_UNKNOWN, FT_IDEMPOTENCY_CONFLICT. */
enum ft_error db_account_receive_funds(struct db *db, struct call *call,
                                       const struct account_funds *funds,
                                       char entry_id_r[DB_UUID_TEXT_SIZE], money_t *balance_r);

/* Limits in micro-units, -1: none. */
struct account_limits {
    money_t credit_line; /* 0: none */
    money_t transaction;
    money_t session;
    money_t day;
    money_t week;
    money_t month;
};

/* FT_USER_NOT_FOUND, FT_CURRENCY_UNKNOWN, FT_INVALID_PARAMETER. */
enum ft_error db_account_set_limits(struct db *db, struct call *call, const char *login_name,
                                    const char *currency, const struct account_limits *limits);

/* FT_USER_NOT_FOUND. Disabling ends every login. */
enum ft_error db_account_set_disabled(struct db *db, struct call *call, const char *login_name,
                                      bool disabled);

#endif
