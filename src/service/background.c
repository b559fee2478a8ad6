/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes and ends calls of the server's own. */
#include "service/background.h"

#include "core/time.h"

bool background_begin(const struct config *config, struct call *call_r)
{
    *call_r = (struct call){
        .arena = arena_new((size_t)config->http.memory_per_request_bytes),
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
