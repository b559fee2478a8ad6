/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "farthing/progress.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define WIDTH 40

static volatile sig_atomic_t stopped;
static int stop_event = -1; /* wakes who waits; -1: signals are not caught */

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
    const uint64_t one = 1;
    const int error = errno;
    (void)signal;
    stopped = 1;
    (void)!write(stop_event, &one, sizeof one); /* without it the pause goes on to its end */
    errno = error;
}

void progress_catch_signals(void)
{
    struct sigaction action = {.sa_handler = stop, .sa_flags = SA_RESTART | (int)SA_RESETHAND};
    stop_event = eventfd(0, EFD_CLOEXEC);
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool progress_is_stopped(void)
{
    return stopped != 0;
}

void progress_wait(int64_t us)
{
    const struct timespec wait = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    struct pollfd event = {.fd = stop_event, .events = POLLIN};
    ppoll(&event, 1, &wait, NULL);
}
