/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes and ends calls of the server's own. */
#include "service/background.h"

#include "core/time.h"

#define MEMORY_BYTES (64 << 20) /* at most; nobody from outside decides how much it is */

bool background_begin(const struct config *config, struct call *call_r)
{
    *call_r = (struct call){
        .arena = arena_new(MEMORY_BYTES),
        .deadline_us = time_monotonic_us() + config->database.timeout_ms * 1000LL,
        .correlation_id = "background",
        .remote_address = "",
    };
    return call_r->arena != NULL;
}

void background_end(struct call *call)
{
    arena_free(call->arena);
    call->arena = NULL;
}
