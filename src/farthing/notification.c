/* SPDX-License-Identifier: GPL-3.0-or-later */
/* farthing notification: tells vendors again what they were told. */
#include "db/notification.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "farthing/session.h"

/* One event, or those of a time. */
static bool read_selection(const struct invocation *invocation,
                           struct notification_selection *selection_r)
{
    *selection_r = (struct notification_selection){
        .event_id = invocation_value(invocation, "event", NULL), .until = time_now_us()};
    bool has_since = invocation_value(invocation, "since", NULL) != NULL;
    bool has_until = invocation_value(invocation, "until", NULL) != NULL;
    if ((selection_r->event_id != NULL) == has_since || (has_until && !has_since)) {
        invocation_fail(invocation, "give either --event, or --since and perhaps --until");
        return false;
    }
    return (!has_since || invocation_time(invocation, "since", &selection_r->since)) &&
           (!has_until || invocation_time(invocation, "until", &selection_r->until));
}

static int run_redeliver(struct invocation *invocation)
{
    struct session session;
    struct notification_selection selection;
    int vendor_id = 0, count = 0;
    int status = EXIT_FAILURE;
    if (!invocation_vendor(invocation, &vendor_id) || !read_selection(invocation, &selection))
        return EXIT_FAILURE;
    if (!session_open(&session, invocation))
        goto out;
    enum ft_error error =
        db_notification_redeliver(session.db, &session.call, vendor_id, &selection, &count);
    if (error == FT_INVALID_STATE)
        invocation_fail(invocation, "the vendor has no URL; see \"farthing vendor notify\"");
    else if (error != FT_OK)
        invocation_fail_with(invocation, &session.call, error);
    else if (selection.event_id != NULL && count == 0)
        invocation_fail(invocation, "the vendor has no event of this ID");
    else
        status = EXIT_SUCCESS;
    if (status == EXIT_SUCCESS)
        printf("%d\n", count);

out:
    session_close(&session);
    return status;
}

const struct command notification_commands[] = {
    {.group = "notification",
     .name = "redeliver",
     .arguments = "ID",
     .arguments_count = 1,
     .purpose = "sends notifications to a vendor again",
     .note = "Prints how many. They tell the state of now.",
     .options = {{"event", "ID", "this one"},
                 {"since", "TIME", "what occurred from here: 2026-12-31T23:00:00Z"},
                 {"until", "TIME", "and before this; by default now"}},
     .run = run_redeliver},
    {0},
};
