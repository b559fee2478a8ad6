/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A batch under way (db/batch.c), and how it ends for its callers (db/batch_end.c). */
#ifndef FARTHING_DB_BATCH_END_H
#define FARTHING_DB_BATCH_END_H

#include <pthread.h>

#include "db/batch.h"
#include "db/item.h"

struct db_queue {
    const struct db_batch_kind *kind;
    struct db_batches *batches;
    struct db_queue *next; /* in a ring */
    int parameters;
    struct item_line line;
    struct metric *sizes; /* NULL: not measured */
};

/* A connection, and what runs on it: items[first] and the span - 1 that follow. */
struct batch {
    struct db_batches *batches;
    pthread_t thread;
    int alarm;           /* an eventfd that ends the thread's waiting */
    bool rests;          /* nothing is to be done that it may take */
    bool called;         /* to take what waits, and is not here yet */
    int64_t wakes_at_us; /* to see whose time is over; 0: it is awake */
    struct db_connection *connection;
    struct db_queue *queue; /* the items' */
    struct item **items;    /* NULL: gave up, or has its row */
    int count;
    int first;
    int span;
    int retries;
    int64_t patience_until_us; /* so long it counts as under way; 0: none is */
    bool one_by_one;           /* together they failed */
    struct db_array arrays[DB_PARAMETERS_MAX];
    struct db_result *result; /* made before anything is sent: what is done must not be lost */
};

/* All with the lock held. */

/* The server, or we, refused what was sent as a whole; nothing of it was done. */
void settle_refused(struct batch *batch, enum ft_error error);

/* The connection broke. */
void settle_lost(struct batch *batch);

/* The server answered. */
void settle_answered(struct batch *batch, PGresult *pg);

/* Gives up those whose time is over. When the next one's will be; 0: nobody is left. */
int64_t settle_late(struct batch *batch);

#endif
