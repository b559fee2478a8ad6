/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a bank would refuse: numbers of accounts, banks and creditors that were mistyped. The
 * database checks the same; here the person who typed learns what is wrong.
 */
#ifndef FARTHING_BANK_CHECK_H
#define FARTHING_BANK_CHECK_H

#include <stdbool.h>

#define BANK_IBAN_SIZE 35 /* ISO 13616: at most 34 characters, and NUL */
#define BANK_BIC_SIZE 12
#define BANK_CREDITOR_ID_SIZE 36

/*
 * Each reads a number as people write it, with blanks and in any case, and gives it as machines do.
 * False: *problem_r (static storage) says what it must be, to follow "must be" .
 */
bool bank_iban_check(const char *text, char iban_r[BANK_IBAN_SIZE], const char **problem_r);
bool bank_bic_check(const char *text, char bic_r[BANK_BIC_SIZE], const char **problem_r);
/* Who collects direct debits, in the SEPA scheme. */
bool bank_creditor_id_check(const char *text, char creditor_id_r[BANK_CREDITOR_ID_SIZE],
                            const char **problem_r);

#endif
