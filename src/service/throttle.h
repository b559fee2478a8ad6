/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts wrong passwords per name and address, in memory of fixed size. Counting by both keeps an
 * attacker from locking a user out: the user comes from another address.
 */
#ifndef FARTHING_SERVICE_THROTTLE_H
#define FARTHING_SERVICE_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

struct throttle;

/* NULL: no memory or entropy. Owner calls throttle_free. */
struct throttle *throttle_new(int attempts, int window_s);
void throttle_free(struct throttle *throttle);

/*
 * Counts an attempt before it is made, so that parallel guesses count too. False: attempts were
 * used up within the window. Names compare without case; of an IPv6 address the network (64 bits)
 * counts. now_us: time_monotonic_us().
 */
bool throttle_take(struct throttle *throttle, const char *name, const char *address,
                   int64_t now_us);
/*
 * How the attempt ended. FT_OK forgets all attempts of name and address, FT_AUTHENTICATION_FAILED
 * leaves it counted; anything else means that no password was tried, and gives it back.
 */
void throttle_settle(struct throttle *throttle, const char *name, const char *address,
                     enum ft_error outcome);

#endif
