/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The callers of a batch queue (db/batch.c), and the line in which they wait. */
#ifndef FARTHING_DB_ITEM_H
#define FARTHING_DB_ITEM_H

#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/call.h"
#include "core/metrics.h"
#include "db/result.h"

struct db_queue;

/*
 * A caller, on its own stack; others reach it under the queue's lock only. Who is done is told
 * once, and gone then.
 */
struct item {
    struct db_queue *queue;
    const void *input;
    struct call *call;
    int64_t since_us;      /* it waits, */
    int64_t wait_until_us; /* for a batch that takes it */
    sem_t wake;            /* of a call without a host */
    struct item *next;     /* while it waits, or is to be told */
    int retries;
    struct batch *borrowed; /* in which it is under way, as it came alone; NULL: none */
    enum ft_error error;    /* when done; with FT_OK: */
    struct db_result *result;
    int row;
};

struct item_line {
    struct item *head;
    struct item **tail;
    int length;
    struct item **finished; /* those to be told when the lock is released */
    struct metric *gauge;   /* of the length; NULL: not measured */
};

/* Waits for wait_ms at most. */
void item_init(struct item *item, struct db_queue *queue, struct call *call, const void *input,
               int wait_ms);

void item_append(struct item_line *line, struct item *item);
/* To the front: what was sent of it came to nothing. */
void item_put_back(struct item_line *line, struct item *item);
struct item *item_take_first(struct item_line *line); /* the line is not empty */

/* It has its outcome, and is to be told by item_tell. */
void item_finish(struct item_line *line, struct item *item, enum ft_error error);

/* Gives up those whose time is over. Returns when the next one's will be; INT64_MAX: never. */
int64_t item_expire(struct item_line *line);

/* Tells those in the list *line->finished, which was taken from there with the lock held; without
 * the lock, or each would wake up only to wait for it. */
void item_tell(struct item *finished);

/* Calls submit with item, and returns when it was told. */
void item_await(struct item *item, void (*submit)(void *item));

#endif
