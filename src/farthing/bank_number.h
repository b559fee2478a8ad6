/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of accounts and banks on the command line. */
#ifndef FARTHING_FARTHING_BANK_NUMBER_H
#define FARTHING_FARTHING_BANK_NUMBER_H

#include "bank/check.h"
#include "farthing/command.h"

struct bank_numbers {
    char iban[BANK_IBAN_SIZE];
    char bic[BANK_BIC_SIZE];
};

/*
 * Reads them as people write them; both may be NULL, and then *iban_r or *bic_r is. False: said
 * what is wrong with the one of that name.
 */
bool bank_numbers_read(const struct invocation *invocation, const char *iban_name, const char *iban,
                       const char *bic, struct bank_numbers *numbers, const char **iban_r,
                       const char **bic_r);

#endif
