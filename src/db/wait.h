/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waiting on a condition until a point of the monotonic clock. */
#ifndef FARTHING_DB_WAIT_H
#define FARTHING_DB_WAIT_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

#include "core/time.h"

static inline int64_t min_us(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Returns when signalled, at until_us, or for no reason: the caller looks again. */
static inline void wait_until(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t until_us)
{
    struct timespec until = {.tv_sec = until_us / TIME_SECOND,
                             .tv_nsec = until_us % TIME_SECOND * 1000};
    pthread_cond_clockwait(condition, lock, CLOCK_MONOTONIC, &until);
}

#endif
