/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Callers of two batch queues, "busy" and "quiet", to a real PostgreSQL, whose procedure does what
 * a caller asks of it: marks a name, waits for the test, refuses, fails (at its commit, too),
 * or ends its own server process.
 */
#ifndef FARTHING_TESTS_DB_BATCH_CALLER_H
#define FARTHING_TESTS_DB_BATCH_CALLER_H

#include <pthread.h>
#include <stdatomic.h>

#include "db/batch.h"

/* SQL about the connections of the queue. */
#define CALLERS_OURS " FROM pg_stat_activity WHERE application_name = 'db_batch_test'"
#define CALLERS_GONE "SELECT count(*) = 0" CALLERS_OURS
#define CALLERS_WAIT "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"

extern struct db_options callers_options;
extern struct db_batches *callers_batches;

/* Opens the queues; patience is 20 ms, batches do not overlap. False: there is no server. */
bool callers_open(int connections, int batch_size);
/* Others in their place, with two connections and batches of 16. */
#define CALLERS_NO_OVERLAP 1000000
void callers_open_again(const struct db_options *options, int patience_ms, int overlap_percent);
/* Others with one connection and much patience, for who comes alone (db_batch_limits.alone_ms). */
void callers_open_alone(int alone_ms);
void callers_close(void);

/* One call in a thread of its own. */
struct caller {
    pthread_t thread;
    char name[24];
    const char *action;
    int timeout_ms;
    bool quiet;       /* calls the quiet queue, not the busy one */
    bool hosted;      /* its call has a host, who counts */
    atomic_int waits; /* of a hosted call, for other threads */
    enum ft_error error;
    int items; /* of its batch */
    char name_seen[24];
    int64_t took_us;
};

struct caller prepare(int number, const char *action, int timeout_ms);
void *run_caller(void *caller); /* in this thread */
void start(struct caller *caller);
void join(struct caller *caller);

/* Waits until so many wait in the queue of that name. */
void await_length(const char *queue_name, int length);

/* The how manyth of the marks a name is. */
int64_t place(const char *name);

/* How often a name was marked. */
int64_t times(const char *name);

/* A first caller holds its connection until release(). */
void hold(struct caller *first);
void release(void);

#endif
