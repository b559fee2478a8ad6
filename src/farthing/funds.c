/* SPDX-License-Identifier: GPL-3.0-or-later */
/* farthing funds: books what users paid in. */
#include <stdio.h>
#include <stdlib.h>

#include "db/account.h"
#include "farthing/session.h"

static int run_receive(struct invocation *invocation)
{
    struct session session;
    struct account_funds funds = {.login_name = invocation->arguments[0],
                                  .currency = invocation->arguments[2],
                                  .method = invocation_value(invocation, "method", "bank_transfer"),
                                  .reference = invocation_value(invocation, "reference", NULL)};
    char entry_id[DB_UUID_TEXT_SIZE];
    char text[AMOUNT_TEXT_SIZE];
    money_t balance = 0;
    int status = EXIT_FAILURE;

    if (!session_amount(invocation, "AMOUNT", invocation->arguments[1], &funds.amount))
        return EXIT_FAILURE;
    if (!session_open(&session, invocation))
        goto out;
    enum ft_error error =
        db_account_receive_funds(session.db, &session.call, &funds, entry_id, &balance);
    if (error != FT_OK) {
        invocation_fail_with(invocation, &session.call, error);
        goto out;
    }
    printf("%s balance %s\n", entry_id, amount_text(balance, funds.currency, text));
    status = EXIT_SUCCESS;

out:
    session_close(&session);
    return status;
}

const struct command funds_commands[] = {
    {.group = "funds",
     .name = "receive",
     .arguments = "LOGIN AMOUNT CURRENCY",
     .arguments_count = 3,
     .purpose = "books funds that a user paid in",
     .note = "Prints the ledger entry and the new balance. A reference is booked once: repeating\n"
             "the same is harmless, another amount is refused.",
     .options = {{"reference", "TEXT", "the payment's own mark, unique", true},
                 {"method", "NAME", "bank_transfer, check, money_order, purchase_order, cash"}},
     .run = run_receive},
    {0},
};
