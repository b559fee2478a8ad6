/* SPDX-License-Identifier: GPL-3.0-or-later */
/* farthing owner: authors, publishers and artists whose items vendors sell. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "farthing/slices.h"
#include "service/royalty.h"
#include "service/url.h"

static int run_add(struct invocation *invocation)
{
    struct session session;
    enum ft_error error = FT_INTERNAL;
    int64_t number = 0;
    if (session_open(&session, invocation))
        error =
            db_royalty_register_owner(session.db, &session.call, invocation->arguments[0],
                                      invocation_value(invocation, "name", NULL),
                                      invocation_value(invocation, "time-zone", "UTC"), &number);
    if (error == FT_OK)
        printf("%" PRId64 "\n", number);
    return session_end(&session, invocation, error, NULL);
}

static void print_account(const struct royalty_owner_account *account)
{
    char text[AMOUNT_TEXT_SIZE] = "0";
    if (account->currency != NULL)
        amount_text(account->balance, account->currency, text);
    printf("%" PRId64 " %s %s%s%s\n", account->owner_number, account->owner_id, text,
           account->registered_at != 0 ? " " : " not registered",
           account->name != NULL ? account->name : "");
}

static int list_owners(struct invocation *invocation, const char *owner_id)
{
    struct session session;
    struct royalty_owner_account *accounts = NULL;
    enum ft_error error = FT_INTERNAL;
    int count = 0;
    if (session_open(&session, invocation))
        error = db_royalty_list_owners(session.db, &session.call, owner_id, &accounts, &count);
    for (int i = 0; error == FT_OK && i < count; i++)
        print_account(&accounts[i]);
    return session_end(&session, invocation, error,
                       error == FT_OK && owner_id != NULL && count == 0 ? "no such owner" : NULL);
}

static int run_list(struct invocation *invocation)
{
    return list_owners(invocation, NULL);
}

static int run_show(struct invocation *invocation)
{
    return list_owners(invocation, invocation->arguments[0]);
}

/* "OWNER=50%", or "OWNER=0.002" for an amount of each sale. */
static bool read_owner(const struct invocation *invocation, char *text,
                       struct royalty_owner *owner_r)
{
    char *sign = strrchr(text, '=');
    if (sign == NULL) {
        invocation_fail(invocation, "an owner must be OWNER=SHARE%% or OWNER=AMOUNT: %s", text);
        return false;
    }
    *sign = '\0';
    *owner_r = (struct royalty_owner){.owner_id = text};
    return strchr(sign + 1, '%') != NULL
               ? session_share(invocation, "SHARE", sign + 1, &owner_r->share_ppm)
               : session_amount(invocation, "AMOUNT", sign + 1, &owner_r->amount);
}

static bool read_owners(const struct invocation *invocation, struct royalty_owner *owners,
                        int *count_r)
{
    *count_r = invocation->arguments_count - invocation->command->arguments_count;
    if (*count_r > ROYALTY_OWNERS_MAX) {
        invocation_fail(invocation, "at most %d owners", ROYALTY_OWNERS_MAX);
        return false;
    }
    for (int i = 0; i < *count_r; i++)
        if (!read_owner(invocation, invocation->arguments[invocation->command->arguments_count + i],
                        &owners[i]))
            return false;
    return true;
}

static void print_list(const struct royalty_owner_list *list)
{
    char text[MONEY_TEXT_SIZE], time[TIME_TEXT_SIZE];
    printf("%s from %s%s\n", list->content_url, time_format(list->valid_from, time),
           list->owners_count == 0 ? ": nobody" : "");
    for (int i = 0; i < list->owners_count; i++)
        printf("  %s %s%s\n", list->owners[i].owner_id,
               money_format(list->owners[i].share_ppm != 0 ? list->owners[i].share_ppm * 100LL
                                                           : list->owners[i].amount,
                            text),
               list->owners[i].share_ppm != 0 ? "%" : "");
}

static int run_shares(struct invocation *invocation)
{
    struct session session;
    struct royalty_owner owners[ROYALTY_OWNERS_MAX];
    struct royalty_setting setting = {
        .list = {.content_url = invocation->arguments[1], .owners = owners}};
    struct royalty_owner_list list;
    int vendor_id = 0;
    int status = EXIT_FAILURE;
    if (!invocation_vendor(invocation, &vendor_id) ||
        !invocation_optional_time(invocation, "from", &setting.list.valid_from) ||
        !read_owners(invocation, owners, &setting.list.owners_count))
        return EXIT_FAILURE;
    if (session_open(&session, invocation)) {
        enum ft_error error = service_url_split(&session.call, "URL", setting.list.content_url,
                                                &setting.content_origin, &setting.content_path);
        if (error == FT_OK)
            error = royalty_check_list(&session.call, &setting.list);
        if (error == FT_OK)
            error = db_royalty_set_owners(session.db, &session.call, vendor_id, &setting, &list);
        if (error == FT_OK)
            print_list(&list);
        status =
            error == FT_OK ? EXIT_SUCCESS : invocation_fail_with(invocation, &session.call, error);
    }
    session_close(&session);
    return status;
}

static int run_collect(struct invocation *invocation)
{
    struct session session;
    struct slices slices = {.size = 1000000};
    enum ft_error error = FT_INTERNAL;
    int64_t total = 0;
    if (!slices_read(invocation, &slices))
        return EXIT_FAILURE;
    if (session_open(&session, invocation))
        error = slices_run(&slices, &session, db_royalty_collect, &total);
    return session_end(&session, invocation, error, NULL);
}

const struct command owner_commands[] = {
    {.group = "owner",
     .name = "add",
     .arguments = "OWNER",
     .arguments_count = 1,
     .purpose = "registers a content owner and prints its number",
     .note = "OWNER is the ID by which vendors name it. Repeating it changes name and time zone.",
     .options = {{"name", "TEXT", "who is paid", true},
                 {"time-zone", "NAME", "of its settlements: Europe/Berlin; by default UTC"}},
     .run = run_add},
    {.group = "owner",
     .name = "show",
     .arguments = "OWNER",
     .arguments_count = 1,
     .purpose = "shows a content owner and what it is owed",
     .run = run_show},
    {.group = "owner",
     .name = "list",
     .arguments = "",
     .purpose = "lists content owners and what they are owed",
     .run = run_list},
    {.group = "owner",
     .name = "shares",
     .arguments = "VENDOR URL [OWNER=SHARE...]",
     .arguments_count = 2,
     .arguments_more = true,
     .purpose = "says who is due what of an item's sales",
     .note = "SHARE is 12.5% of the price, or 0.002 of each sale. A URL that ends in / is of all\n"
             "items under it that have no owners of their own. Without owners, nobody is due\n"
             "anything any more.",
     .options = {{"from", "TIME", "2026-12-31T23:00:00Z; by default now"}},
     .run = run_shares},
    {.group = "owner",
     .name = "collect",
     .arguments = "",
     .purpose = "credits owners with what vendors withheld for them",
     .options = {{"slice", "NUMBER", "transactions of the database in one, by default 1000000"},
                 SLICES_SHARE},
     .run = run_collect},
    {0},
};
