/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "farthing/slices.h"

#include "core/time.h"
#include "farthing/progress.h"

#define SHARE_PERCENT 10

bool slices_read(const struct invocation *invocation, struct slices *slices)
{
    slices->share_percent = SHARE_PERCENT;
    if (!invocation_number(invocation, "slice", &slices->size) ||
        !invocation_number(invocation, "share", &slices->share_percent))
        return false;
    if (slices->share_percent <= 100)
        return true;
    invocation_fail(invocation, "--share must be from 1 to 100");
    return false;
}

bool slices_next(struct slices *slices, struct session *session)
{
    if (slices->begun_us != 0)
        progress_wait(time_rest_us(time_monotonic_us() - slices->begun_us, slices->share_percent));
    slices->begun_us = time_monotonic_us();
    session->call.deadline_us = slices->begun_us + SESSION_TIMEOUT_MS * 1000LL;
    return !progress_is_stopped();
}

enum ft_error slices_run(struct slices *slices, struct session *session, slices_work *work,
                         int64_t *total_r)
{
    enum ft_error error = FT_OK;
    int64_t until = 0, count = 1;
    *total_r = 0;
    while (error == FT_OK && count > 0 && slices_next(slices, session)) {
        error = work(session->db, &session->call, slices->size, &until, &count);
        *total_r += error == FT_OK ? count : 0;
    }
    return error;
}
