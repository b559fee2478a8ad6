/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The callers of a batch queue (db/batch.c), and the line in which they wait. */
#ifndef FARTHING_DB_ITEM_H
#define FARTHING_DB_ITEM_H

#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "core/metrics.h"
#include "db/result.h"

struct batch;

enum item_state { ITEM_WAITING, ITEM_TAKEN, ITEM_DONE };

/*
 * A caller, on its own stack; others reach it under the queue's lock only, and to post to it. A
 * caller that is done leaves without the lock, but not before all posts have come that it was
 * promised: nobody touches it after those.
 */
struct item {
    const void *input;
    int64_t deadline_us;
    int64_t wait_until_us; /* for a batch that takes it */
    sem_t wake;
    int posts;           /* promised */
    int posts_taken;     /* by the caller */
    atomic_int state;    /* of enum item_state */
    struct item *next;   /* while it waits, or is to be told */
    struct batch *batch; /* while it is taken */
    bool leads;          /* makes a connection ready, and so needs no signal */
    bool drives;         /* was handed its batch */
    int retries;
    enum ft_error error; /* when done; with FT_OK: */
    struct db_result *result;
    int row;
};

struct item_line {
    struct item *head;
    struct item **tail;
    int length;
    struct item *finished; /* to be told when the lock is released */
    struct metric *gauge;  /* of the length; NULL: not measured */
};

void item_init(struct item *item, const void *input, int64_t deadline_us, int64_t wait_until_us);

void item_append(struct item_line *line, struct item *item);
/* To the front: what was sent of it came to nothing. */
void item_put_back(struct item_line *line, struct item *item);
void item_remove(struct item_line *line, struct item *item);
struct item *item_take_first(struct item_line *line); /* the line is not empty */

/*
 * Someone who waits looks whether a connection is free, or when one may be tried again. To be
 * called whenever one becomes free, and whenever a caller leaves that may have been called so.
 */
void item_wake_next(struct item_line *line);

/* Wakes it to look around. */
void item_signal(struct item *item);

/* It has its outcome, and is to be told by item_tell. */
void item_finish(struct item_line *line, struct item *item, enum ft_error error);

/* Tells those in the list line->finished, which was taken from there with the lock held; without
 * the lock, or each would wake up only to wait for it. */
void item_tell(struct item *finished);

/* Waits for a post; without the lock. */
void item_sleep(struct item *item, int64_t until_us);

/* Takes leave of a done item. */
void item_end(struct item *item);

#endif
