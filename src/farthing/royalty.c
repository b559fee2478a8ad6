/* SPDX-License-Identifier: GPL-3.0-or-later */
/* farthing royalty: what the provider gets of sales, and vendors of deposits. */
#include "db/royalty.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/vendor.h"
#include "farthing/slices.h"

/* "10000:3%+0.0001" */
static bool read_tier(const struct invocation *invocation, const char *text,
                      struct royalty_tier *tier_r)
{
    char part[3][MONEY_TEXT_SIZE] = {"", "", "0"};
    int used = 0;
    int parts =
        sscanf(text, "%31[^:]:%31[^+]%n+%31[^\n]%n", part[0], part[1], &used, part[2], &used);
    if (parts < 2 || text[used] != '\0') {
        invocation_fail(invocation, "--tier must be VOLUME:RATE%% or VOLUME:RATE%%+AMOUNT: %s",
                        text);
        return false;
    }
    return session_amount(invocation, "VOLUME of --tier", part[0], &tier_r->from_volume) &&
           session_share(invocation, "RATE of --tier", part[1], &tier_r->rate_ppm) &&
           session_amount(invocation, "AMOUNT of --tier", part[2], &tier_r->fixed_amount);
}

static bool read_tiers(const struct invocation *invocation, struct royalty_tier *tiers,
                       int *count_r)
{
    bool good = true;
    *count_r = 0;
    for (int i = 0; i < invocation->given_count && good; i++)
        if (strcmp(invocation->given[i].name, "tier") == 0)
            good = read_tier(invocation, invocation->given[i].value, &tiers[(*count_r)++]);
    return good;
}

static int print_valid(const struct invocation *invocation, const struct session *session,
                       enum ft_error error, time_us_t valid_from)
{
    char text[TIME_TEXT_SIZE];
    if (error != FT_OK)
        return invocation_fail_with(invocation, &session->call, error);
    printf("valid from %s\n", time_format(valid_from, text));
    return EXIT_SUCCESS;
}

static int run_schedule(struct invocation *invocation)
{
    struct session session;
    struct royalty_tier tiers[COMMAND_GIVEN_MAX];
    struct royalty_schedule schedule = {.period = invocation_value(invocation, "period", NULL),
                                        .tiers = tiers};
    time_us_t valid_from = 0;
    int vendor_id = 0;
    int status = EXIT_FAILURE;
    if (!invocation_vendor(invocation, &vendor_id) ||
        !invocation_optional_time(invocation, "from", &schedule.valid_from) ||
        !read_tiers(invocation, tiers, &schedule.tiers_count))
        return EXIT_FAILURE;
    if (session_open(&session, invocation)) {
        enum ft_error error =
            db_royalty_set_schedule(session.db, &session.call, vendor_id, &schedule, &valid_from);
        status = print_valid(invocation, &session, error, valid_from);
    }
    session_close(&session);
    return status;
}

static int run_commission(struct invocation *invocation)
{
    struct session session;
    money_t per_user = 0;
    int rate_ppm = 0, vendor_id = 0;
    time_us_t asked = 0, valid_from = 0;
    int status = EXIT_FAILURE;
    if (!invocation_vendor(invocation, &vendor_id) ||
        !invocation_optional_time(invocation, "from", &asked) ||
        !session_amount(invocation, "--per-user", invocation_value(invocation, "per-user", "0"),
                        &per_user) ||
        !session_share(invocation, "--deposits", invocation_value(invocation, "deposits", "0%"),
                       &rate_ppm))
        return EXIT_FAILURE;
    if (session_open(&session, invocation)) {
        enum ft_error error = db_royalty_set_commission(session.db, &session.call, vendor_id,
                                                        per_user, rate_ppm, asked, &valid_from);
        status = print_valid(invocation, &session, error, valid_from);
    }
    session_close(&session);
    return status;
}

static const char *share_text(int share_ppm, char text[MONEY_TEXT_SIZE])
{
    return money_format(share_ppm * 100LL, text);
}

static void print_terms(const struct royalty_term *terms, int count)
{
    char time[TIME_TEXT_SIZE], volume[MONEY_TEXT_SIZE], rate[MONEY_TEXT_SIZE];
    char fixed[MONEY_TEXT_SIZE];
    for (int i = 0; i < count; i++) {
        const struct royalty_term *term = &terms[i];
        if (i == 0 || term->valid_from != terms[i - 1].valid_from)
            printf("royalty from %s by %s, of which %s was sold\n",
                   time_format(term->valid_from, time), term->period,
                   money_format(term->volume, volume));
        printf("  %s: %s%%+%s\n", money_format(term->tier.from_volume, volume),
               share_text(term->tier.rate_ppm, rate), money_format(term->tier.fixed_amount, fixed));
    }
}

static void print_commissions(const struct royalty_commission *commissions, int count)
{
    char time[TIME_TEXT_SIZE], amount[MONEY_TEXT_SIZE], rate[MONEY_TEXT_SIZE];
    for (int i = 0; i < count; i++)
        printf("commission from %s: %s for a user, %s%% of deposits\n",
               time_format(commissions[i].valid_from, time),
               money_format(commissions[i].per_user, amount),
               share_text(commissions[i].deposit_rate_ppm, rate));
}

static int run_show(struct invocation *invocation)
{
    struct session session;
    struct royalty_term *terms = NULL;
    struct royalty_commission *commissions = NULL;
    int vendor_id = 0, terms_count = 0, commissions_count = 0;
    int status = EXIT_FAILURE;
    if (!invocation_vendor(invocation, &vendor_id))
        return EXIT_FAILURE;
    if (session_open(&session, invocation)) {
        enum ft_error error = db_royalty_show(session.db, &session.call, vendor_id, &terms,
                                              &terms_count, &commissions, &commissions_count);
        if (error != FT_OK) {
            invocation_fail_with(invocation, &session.call, error);
        } else {
            print_terms(terms, terms_count);
            print_commissions(commissions, commissions_count);
            status = EXIT_SUCCESS;
        }
    }
    session_close(&session);
    return status;
}

static int run_roll_up(struct invocation *invocation)
{
    struct session session;
    struct slices slices = {.size = 10000};
    enum ft_error error = FT_INTERNAL;
    int64_t total = 0;
    if (!slices_read(invocation, &slices))
        return EXIT_FAILURE;
    if (session_open(&session, invocation)) {
        error = slices_run(&slices, &session, db_royalty_roll_up, &total);
        printf("%" PRId64 "\n", total);
    }
    return session_end(&session, invocation, error, NULL);
}

const struct command royalty_commands[] = {
    {.group = "royalty",
     .name = "schedule",
     .arguments = "VENDOR",
     .arguments_count = 1,
     .purpose = "sets the provider's royalty of a vendor's sales",
     .note = "Each part of a period's sales is charged at its tier's rate, and each sale with the\n"
             "amount of the tier in which it begins. The schedule before ends when this begins.",
     .options = {{"period", "NAME", "week, month, quarter or year, in the vendor's time zone",
                  true},
                 {"tier", "TEXT", "0:5% or 10000:3%+0.0001: volume, rate, amount; again for more",
                  true},
                 {"from", "TIME", "2026-12-31T23:00:00Z; by default now"}},
     .run = run_schedule},
    {.group = "royalty",
     .name = "commission",
     .arguments = "VENDOR",
     .arguments_count = 1,
     .purpose = "sets what a vendor gets for users who came through it",
     .options = {{"per-user", "AMOUNT", "at a user's first deposit; by default 0"},
                 {"deposits", "RATE", "2.5%: of all their deposits in its currency; by default 0%"},
                 {"from", "TIME", "2026-12-31T23:00:00Z; by default now"}},
     .run = run_commission},
    {.group = "royalty",
     .name = "show",
     .arguments = "VENDOR",
     .arguments_count = 1,
     .purpose = "shows a vendor's schedules and commissions",
     .run = run_show},
    {.group = "royalty",
     .name = "roll-up",
     .arguments = "",
     .purpose = "accrues what was sold and not accrued yet",
     .note = "Prints how many sales, refunds and commissions that was. The server does it all the\n"
             "time.",
     .options = {{"slice", "NUMBER", "sales in one, refunds and deposits likewise; by default 10000"},
                 SLICES_SHARE},
     .run = run_roll_up},
    {0},
};
