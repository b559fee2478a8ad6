/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes the buyers through the phases of a run. */
#include "load.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_AT_ONCE 256
#define POLL_MS 5 /* how late a phase may end */

int64_t load_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static int64_t cpu_us(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000LL + usage.ru_utime.tv_usec +
           usage.ru_stime.tv_usec;
}

/* The caller reads the servers' counters when it sees this line. */
static void announce(const char *event)
{
    printf("{\"event\": \"%s\"}\n", event);
    fflush(stdout);
}

static void enter(struct load *load, enum load_phase phase)
{
    load->phase = phase;
    load->phase_us = load_now_us();
    if (phase == LOAD_MEASURING) {
        announce("measuring");
        load->cpu_us = -cpu_us();
    } else if (phase == LOAD_DRAINING) {
        load->cpu_us += cpu_us();
        announce("measured");
    }
}

/* False: a buyer could not begin. */
static bool advance(struct load *load)
{
    const struct load_options *options = &load->options;
    int64_t elapsed_us = load_now_us() - load->phase_us;
    if (load->phase == LOAD_PREPARING && load->preparing == 0) {
        enter(load, LOAD_WARMING);
        for (int i = 0; i < options->buyers; i++) {
            if (!load->buyers[i].waiting && !buyer_begin(load, &load->buyers[i]))
                return false;
        }
    } else if (load->phase == LOAD_WARMING && elapsed_us >= options->warmup_ms * 1000LL) {
        enter(load, LOAD_MEASURING);
    } else if (load->phase == LOAD_MEASURING) {
        bool over =
            options->count > 0 ? load->waiting == 0 : elapsed_us >= options->measure_ms * 1000LL;
        if (over || load->sold_out) {
            load->measured_us = elapsed_us;
            enter(load, LOAD_DRAINING);
        }
    }
    return true;
}

static bool start(struct load *load)
{
    int buyers = load->options.buyers;
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    load->buyers = calloc((size_t)buyers, sizeof(*load->buyers));
    if (load->epoll < 0 || load->buyers == NULL)
        return false;
    for (int i = 0; i < buyers; i++) {
        struct buyer *buyer = &load->buyers[i];
        buyer->client.fd = -1;
        buyer->next_user = i;
        buyer->stock = calloc((size_t)load->options.stock + 1, sizeof(*buyer->stock));
        if (buyer->stock == NULL)
            return false;
    }
    enter(load, LOAD_PREPARING);
    for (int i = 0; i < buyers; i++) {
        if (!buyer_prepare(load, &load->buyers[i]))
            return false;
    }
    return true;
}

bool load_run(struct load *load)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    if (!start(load))
        return false;
    int64_t last_us = load_now_us();
    while (load->phase != LOAD_DRAINING || load->waiting > 0) {
        sched_yield(); /* answers that are nearly there come at once, as to a distant client */
        int count = epoll_wait(load->epoll, events, EVENTS_AT_ONCE, POLL_MS);
        for (int i = 0; i < count; i++) {
            if (!buyer_ready(load, events[i].data.ptr, events[i].events))
                return false;
        }
        if (!advance(load))
            return false;
        if (count > 0)
            last_us = load_now_us();
        if (load->waiting > 0 && load_now_us() - last_us > load->options.timeout_ms * 1000LL) {
            fprintf(stderr, "load: no answer for %d ms\n", load->options.timeout_ms);
            return false;
        }
    }
    return true;
}

void load_free(struct load *load)
{
    for (int i = 0; load->buyers != NULL && i < load->options.buyers; i++) {
        client_close(&load->buyers[i].client);
        free(load->buyers[i].stock);
    }
    for (int i = 0; i < load->users_count; i++)
        free(load->users[i].cookie);
    if (load->epoll > 0)
        close(load->epoll);
    free(load->buyers);
    free(load->users);
}
