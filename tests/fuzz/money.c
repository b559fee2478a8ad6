/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is read as an amount is written as a text that is read as the same amount. */
#include "core/money.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    char written[MONEY_TEXT_SIZE];
    money_t amount, again;
    char *text = fuzz_text(data, bytes);
    if (money_parse(text, &amount)) {
        MUST(strspn(text, "+-.0123456789") == strlen(text));
        MUST(money_parse(money_format(amount, written), &again) && again == amount);
        MUST(money_parse(money_format_padded(amount, 6, written), &again) && again == amount);
    }
    free(text);
    return 0;
}
