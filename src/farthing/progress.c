/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "farthing/progress.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define WIDTH 40

static volatile sig_atomic_t stopped;

void progress_show(struct progress *progress, int64_t done)
{
    if (isatty(STDERR_FILENO) != 1 || progress->total <= 0)
        return;
    if (done > progress->total)
        done = progress->total;
    int filled = (int)(done * WIDTH / progress->total);
    fprintf(stderr, "\r[%.*s%*s] %3d %%  %" PRId64 " of %" PRId64, filled,
            "########################################", WIDTH - filled, "",
            (int)(done * 100 / progress->total), done, progress->total);
    fflush(stderr);
    progress->drawn = true;
}

void progress_clear(struct progress *progress)
{
    if (progress->drawn)
        fputs("\r\033[K", stderr);
    progress->drawn = false;
}

static void stop(int signal)
{
    (void)signal;
    stopped = 1;
}

void progress_catch_signals(void)
{
    struct sigaction action = {.sa_handler = stop, .sa_flags = SA_RESTART | (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool progress_is_stopped(void)
{
    return stopped != 0;
}
