/* SPDX-License-Identifier: GPL-3.0-or-later */
/* farthing incentive: codes with which users pay at the provider's cost. */
#include "service/incentive.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/time.h"
#include "farthing/session.h"

static bool read_count(const struct invocation *invocation, const char *text, int *count_r)
{
    char *end = NULL;
    errno = 0;
    long count = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || count < 1 || count > INCENTIVE_CODES_MAX) {
        invocation_fail(invocation, "COUNT must be a number from 1 to %d", INCENTIVE_CODES_MAX);
        return false;
    }
    *count_r = (int)count;
    return true;
}

static enum ft_error issue(const struct invocation *invocation, struct session *session,
                           struct incentive_issue *incentive, int *incentive_id_r)
{
    const char *currency = session_currency(session, invocation);
    if (currency == NULL)
        return FT_CURRENCY_UNKNOWN;
    enum ft_error error =
        incentive_codes_make(&session->call, invocation_value(invocation, "prefix", NULL),
                             incentive->codes_count, &incentive->codes);
    if (error != FT_OK)
        return error;
    error = db_incentive_issue_by_provider(session->db, &session->call, currency, incentive,
                                           incentive_id_r);
    if (error == FT_INVALID_PARAMETER)
        return call_invalid(&session->call, "--expires", "in the future", session->call.value);
    return error;
}

static int run_issue(struct invocation *invocation)
{
    struct session session;
    struct incentive_issue incentive = {0};
    int incentive_id = 0;
    int status = EXIT_FAILURE;
    if (!session_amount(invocation, "AMOUNT", invocation->arguments[0], &incentive.amount) ||
        !read_count(invocation, invocation->arguments[1], &incentive.codes_count) ||
        !invocation_time(invocation, "expires", &incentive.expires_at))
        return EXIT_FAILURE;
    if (incentive.amount == 0)
        return invocation_fail(invocation, "AMOUNT must be greater than 0");
    if (!session_open(&session, invocation))
        goto out;
    enum ft_error error = issue(invocation, &session, &incentive, &incentive_id);
    if (error != FT_OK) {
        invocation_fail_with(invocation, &session.call, error);
        goto out;
    }
    printf("incentive %d\n", incentive_id);
    for (int i = 0; i < incentive.codes_count; i++)
        puts(incentive.codes[i]);
    status = EXIT_SUCCESS;

out:
    session_close(&session);
    return status;
}

const struct command incentive_commands[] = {
    {.group = "incentive",
     .name = "issue",
     .arguments = "AMOUNT COUNT",
     .arguments_count = 2,
     .purpose = "makes codes that pay an amount at every vendor",
     .note = "Prints the incentive's number and the codes. The provider bears what they pay.",
     .options = {{"expires", "TIME", "until when they pay: 2026-12-31T23:00:00Z", true},
                 {"prefix", "TEXT", "what the codes begin with"},
                 {"currency", "CODE", "by default the provider's"}},
     .run = run_issue},
    {0},
};
