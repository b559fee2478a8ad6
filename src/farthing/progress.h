/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a long command is: a bar on the terminal, nothing where there is none. */
#ifndef FARTHING_FARTHING_PROGRESS_H
#define FARTHING_FARTHING_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Zeroed but for total: nothing was drawn yet. */
struct progress {
    int64_t total;
    bool drawn;
};

/* Draws done of total on stderr, if that is a terminal. */
void progress_show(struct progress *progress, int64_t done);
/* Takes the bar away, before anything else is printed. */
void progress_clear(struct progress *progress);

/*
 * From now on SIGINT and SIGTERM ask the command to stop where it can go on later; asked twice,
 * they end it at once.
 */
void progress_catch_signals(void);
bool progress_is_stopped(void);
/* Waits so long, or until it is asked to stop. */
void progress_wait(int64_t us);

#endif
