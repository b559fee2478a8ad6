/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files of payments for a bank: credit transfers (pain.001.001.03 and .09), direct debits
 * (pain.008.001.08). The same order is always the same file, byte by byte.
 */
#ifndef FARTHING_BANK_ORDER_H
#define FARTHING_BANK_ORDER_H

#include <stdbool.h>

#include "core/error.h"
#include "core/money.h"
#include "core/secret.h"
#include "core/time.h"

#define BANK_TRANSFER_VERSION "pain.001.001.09"
#define BANK_TRANSFER_VERSION_OLD "pain.001.001.03"
#define BANK_PATH_SIZE 4096
#define BANK_DEBIT_VERSION "pain.008.001.08"

struct bank_order {
    const char *message_id; /* at most 33 characters */
    const char *version;
    time_us_t created_at;
    const char *execute_on; /* "2026-12-31" */
    int count;
    money_t total;
    const char *currency;
    int minor_digits;
    const char *name; /* ours; creditor_id is for direct debits, bic may be NULL */
    const char *iban;
    const char *bic;
    const char *creditor_id;
};

/* Where the file is, and its SHA-256. */
struct bank_written {
    char path[BANK_PATH_SIZE];
    char checksum[SECRET_DIGEST_TEXT_SIZE];
};

struct bank_payment {
    const char *end_to_end_id;
    money_t amount;
    const char *name; /* the other side's; its bic may be NULL */
    const char *iban;
    const char *bic;
    const char *remittance;
    const char *mandate_id; /* of direct debits */
    const char *signed_on;
};

/* Gives the next payment; it lives until the next call. *payment_r NULL: there are no more. */
typedef enum ft_error bank_payments(void *context, const struct bank_payment **payment_r);

/*
 * Writes directory/MESSAGE_ID.xml as a whole or not at all: it is on the disk under its name when
 * this returns FT_OK. One that is there is replaced.
 *
 * Whatever next returns ends it. FT_INTERNAL: *problem_r says why; the payments were not those of
 * count and total, an amount is not whole in minor units, or the disk failed.
 */
enum ft_error bank_order_write(const struct bank_order *order, bank_payments *next, void *context,
                               const char *directory, struct bank_written *written_r,
                               const char **problem_r);

#endif
