/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Batches under way (db/batch.c), who goes in the next one (db/batch_lines.c), and how one ends for
 * its callers (db/batch_end.c). */
#ifndef FARTHING_DB_BATCH_INTERNAL_H
#define FARTHING_DB_BATCH_INTERNAL_H

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
    bool borrowed;       /* by a caller who came alone, while the thread rests */
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

struct db_batches {
    struct db_batch_limits limits;
    pthread_mutex_t lock;
    struct db_queue *last; /* of the ring of queues, the one last served; NULL: there is none */
    struct item *finished; /* to be told when the lock is released */
    struct batch *batches; /* one for each connection */
    int count;
    int alone; /* callers in a row who found nobody else */
    bool stopping;
};

/* --- all with the lock held --- */

/* When a batch that is under way will be slow, at the earliest. INT64_MAX: none will. */
int64_t lines_patient_until(const struct db_batches *batches);

/* The queue to serve. NULL: none has enough to be worth a batch beside those under way. */
struct db_queue *lines_find_work(const struct db_batches *batches);

/* Gives up those in all lines whose time is over. Returns when the next one's will be. */
int64_t lines_expire(const struct db_batches *batches);

/* The server, or we, refused what was sent as a whole; nothing of it was done. */
void settle_refused(struct batch *batch, enum ft_error error);

/* The connection broke. */
void settle_lost(struct batch *batch);

/* The server answered. */
void settle_answered(struct batch *batch, PGresult *pg);

/* Gives up those whose time is over. When the next one's will be; 0: nobody is left. */
int64_t settle_late(struct batch *batch);

#endif
