/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "farthing/bank_number.h"

bool bank_numbers_read(const struct invocation *invocation, const char *iban_name, const char *iban,
                       const char *bic, struct bank_numbers *numbers, const char **iban_r,
                       const char **bic_r)
{
    const char *problem = NULL;
    if (iban != NULL && !bank_iban_check(iban, numbers->iban, &problem)) {
        invocation_fail(invocation, "%s must be %s", iban_name, problem);
        return false;
    }
    if (bic != NULL && !bank_bic_check(bic, numbers->bic, &problem)) {
        invocation_fail(invocation, "--bic must be %s", problem);
        return false;
    }
    *iban_r = iban != NULL ? numbers->iban : NULL;
    *bic_r = bic != NULL ? numbers->bic : NULL;
    return true;
}
