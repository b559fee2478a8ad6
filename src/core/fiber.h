/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Functions that wait without holding up their thread: each has a stack of its own, which is left
 * when it waits and returned to later. Handing a thread from one to the next costs a fraction of
 * what waking another thread does.
 */
#ifndef FARTHING_CORE_FIBER_H
#define FARTHING_CORE_FIBER_H

#include <stdbool.h>

struct fiber;

/* Does not run yet. NULL: no memory. Ended by fiber_resume alone. */
struct fiber *fiber_new(void (*function)(void *argument), void *argument);

/*
 * Runs it until it waits (true) or its function returns (false: it is freed). Also from another
 * thread than before, never from two at once.
 */
bool fiber_resume(struct fiber *fiber);

/* From within its function: returns when it is resumed. */
void fiber_wait(struct fiber *fiber);

#endif
