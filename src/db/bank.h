/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our bank accounts, and the files of payments for banks (schema/bank). */
#ifndef FARTHING_DB_BANK_H
#define FARTHING_DB_BANK_H

#include "core/money.h"
#include "core/time.h"
#include "db/db.h"

struct bank_account {
    int account_id;
    const char *name;
    const char *iban;
    const char *bic; /* NULL here and below: none */
    const char *currency;
    const char *creditor_id; /* for direct debits */
    bool is_default;         /* pays what is due in its currency */
};

/* Adds it, or changes the one of this IBAN and currency. FT_CURRENCY_UNKNOWN, FT_INVALID_PARAMETER.
 */
enum ft_error db_bank_set_account(struct db *db, struct call *call,
                                  const struct bank_account *account, int *account_id_r);
enum ft_error db_bank_list_accounts(struct db *db, struct call *call,
                                    struct bank_account **accounts_r, int *count_r);

/* Payouts by credit transfer that are due in a currency of which no account is ours. */
struct bank_stranded {
    const char *currency;
    int64_t count;
    money_t total;
};

enum ft_error db_bank_list_stranded(struct db *db, struct call *call,
                                    struct bank_stranded **stranded_r, int *count_r);

struct bank_mandate {
    const char *login_name;
    const char *currency;
    const char *mandate_id;
    const char *debtor_name;
    const char *iban;
    const char *bic;
    const char *signed_on; /* "2026-12-31" */
};

/* FT_USER_NOT_FOUND, FT_CURRENCY_UNKNOWN, FT_INVALID_PARAMETER, FT_IDEMPOTENCY_CONFLICT: another
 * mandate has this ID. */
enum ft_error db_bank_add_mandate(struct db *db, struct call *call,
                                  const struct bank_mandate *mandate);
/* FT_USER_NOT_FOUND. *ended_r: whether there was one. */
enum ft_error db_bank_end_mandate(struct db *db, struct call *call, const char *login_name,
                                  const char *currency, bool *ended_r);
/* A deposit with the next file. FT_USER_NOT_FOUND, FT_INVALID_STATE: no mandate,
 * FT_INVALID_PARAMETER: not a whole amount in minor units. */
enum ft_error db_bank_request_debit(struct db *db, struct call *call, const char *login_name,
                                    const char *currency, money_t amount,
                                    char debit_id_r[DB_UUID_TEXT_SIZE]);

/* Records a file of all that is due in the account's currency: *file_id_r, 0: nothing is.
 * FT_INVALID_STATE: no such account, or one without creditor ID. */
enum ft_error db_bank_order_transfers(struct db *db, struct call *call,
                                      const struct bank_account *account, const char *version,
                                      const char *execute_on, int *file_id_r);
enum ft_error db_bank_order_debits(struct db *db, struct call *call,
                                   const struct bank_account *account, const char *execute_on,
                                   int *file_id_r);

struct bank_file {
    int file_id;
    const char *message_id;
    const char *kind;
    const char *version;
    time_us_t created_at;
    const char *execute_on;
    int count;
    money_t total;
    const char *currency;
    int minor_digits;
    const char *name;
    const char *iban;
    const char *bic;
    const char *creditor_id;
    const char *checksum; /* NULL: never written to a disk */
    const char *state;
};

/* By its number, or by its message ID (number 0). file_r->file_id is 0 when there is none. */
enum ft_error db_bank_find_file(struct db *db, struct call *call, int file_id,
                                const char *message_id, struct bank_file *file_r);

struct bank_line {
    int line;
    const char *end_to_end_id;
    money_t amount;
    const char *name;
    const char *iban;
    const char *bic;
    const char *remittance;
    const char *mandate_id; /* of direct debits */
    const char *signed_on;
};

/* Its payments after a line, at most limit. */
enum ft_error db_bank_list_lines(struct db *db, struct call *call, int file_id, int after,
                                 int limit, struct bank_line **lines_r, int *count_r);
/* FT_IDEMPOTENCY_CONFLICT: it was written before, with other content. */
enum ft_error db_bank_written(struct db *db, struct call *call, int file_id, const char *checksum);

/* What a user writes on a bank transfer (ISO 11649). FT_USER_NOT_FOUND. */
enum ft_error db_bank_find_reference(struct db *db, struct call *call, const char *login_name,
                                     const char **reference_r);

#endif
