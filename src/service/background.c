/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes and ends calls of the server's own; starts, wakes and ends its threads. */
#include "service/background.h"

#include <time.h>

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

bool background_start(struct background *background, void *(*run)(void *context), void *context)
{
    background->stopping = false;
    pthread_mutex_init(&background->lock, NULL);
    pthread_cond_init(&background->stop, NULL);
    if (pthread_create(&background->thread, NULL, run, context) == 0)
        return true;
    pthread_cond_destroy(&background->stop);
    pthread_mutex_destroy(&background->lock);
    return false;
}

bool background_wait(struct background *background, int64_t wait_us)
{
    int64_t due_us = time_monotonic_us() + wait_us;
    const struct timespec due = {.tv_sec = due_us / TIME_SECOND,
                                 .tv_nsec = due_us % TIME_SECOND * 1000};
    int waited = 0;
    pthread_mutex_lock(&background->lock);
    while (!background->stopping && waited == 0)
        waited =
            pthread_cond_clockwait(&background->stop, &background->lock, CLOCK_MONOTONIC, &due);
    bool stopping = background->stopping;
    pthread_mutex_unlock(&background->lock);
    return !stopping;
}

void background_stop(struct background *background)
{
    pthread_mutex_lock(&background->lock);
    background->stopping = true;
    pthread_cond_signal(&background->stop);
    pthread_mutex_unlock(&background->lock);
    pthread_join(background->thread, NULL);
    pthread_cond_destroy(&background->stop);
    pthread_mutex_destroy(&background->lock);
}
