/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The load generator: buyers who each repeat the steps of a mode over one connection.
 *
 * A run has three phases. PREPARING does what the mode needs beforehand, then the mode itself for
 * warmup_ms; MEASURING records; DRAINING waits for the answers still under way.
 */
#ifndef FARTHING_BENCH_LOAD_H
#define FARTHING_BENCH_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "histogram.h"
#include "steps.h"

enum load_mode {
    LOAD_FLOW,     /* all four steps */
    LOAD_INITIATE, /* one step; what comes before it is prepared */
    LOAD_VIEW,
    LOAD_BUY,
    LOAD_LOCK,
};

enum load_phase { LOAD_PREPARING, LOAD_WARMING, LOAD_MEASURING, LOAD_DRAINING };

struct load_options {
    struct sockaddr_un address;
    struct market market;
    enum load_mode mode;
    int buyers;
    int first;     /* each user has bought so many items in earlier runs */
    int stock;     /* purchases that each buyer prepares for LOAD_BUY */
    int64_t count; /* end after so many loops instead of measure_ms; 0: by time */
    int warmup_ms;
    int measure_ms;
    int timeout_ms; /* longest wait for any answer */
};

struct user {
    char *cookie;
    int bought; /* the next item, counted from the user's own first */
};

struct buyer {
    struct client client;
    enum step step;
    int64_t started_us;
    int next_user;
    bool preparing;
    bool waiting; /* for an answer */
    struct purchase purchase;
    struct purchase *stock;
    int stocked;
};

struct load {
    struct load_options options;
    int epoll;
    enum load_phase phase;
    int64_t phase_us; /* when it began */
    int64_t measured_us;
    int64_t cpu_us; /* of this process while measuring */
    struct buyer *buyers;
    struct user *users;
    int users_count;
    int preparing;  /* buyers that still do */
    int waiting;    /* buyers that wait for an answer */
    bool sold_out;  /* a buyer's stock is empty */
    int64_t begun;  /* items given out in LOAD_INITIATE */
    int64_t loops;  /* completed while measuring */
    int64_t bought; /* purchases acknowledged in all phases */
    int64_t errors;
    struct histogram durations[STEP_COUNT];
};

/* --- buyer.c: what a buyer does next; false: the run cannot go on, stderr says why --- */

/* Sends the first step of the preparation, or of the mode when there is none. */
bool buyer_prepare(struct load *load, struct buyer *buyer);
/* Sends the first step of the mode. */
bool buyer_begin(struct load *load, struct buyer *buyer);
/* epoll reported events of the buyer's socket. */
bool buyer_ready(struct load *load, struct buyer *buyer, uint32_t events);

/* --- load.c --- */
int64_t load_now_us(void);

/* Runs all phases. False: stderr says why. Owner calls load_free in either case. */
bool load_run(struct load *load);
void load_free(struct load *load);

#endif
