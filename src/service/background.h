/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What nobody sent: calls of the server's own, and the threads that make them by turns. */
#ifndef FARTHING_SERVICE_BACKGROUND_H
#define FARTHING_SERVICE_BACKGROUND_H

#include <pthread.h>
#include <stdbool.h>

#include "core/call.h"
#include "core/config.h"

/* A call with an arena and the database's deadline. False: no memory. Owner: background_end. */
bool background_begin(const struct config *config, struct call *call_r);
void background_end(struct call *call);

/* A thread that works by turns. */
struct background {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stop;
    bool stopping;
};

/* False: no thread. Owner: background_stop. */
bool background_start(struct background *background, void *(*run)(void *context), void *context);
/* Of the thread: waits for its next turn. False: to stop, at once. */
bool background_wait(struct background *background, int64_t wait_us);
/* Returns when the thread has ended. */
void background_stop(struct background *background);

#endif
