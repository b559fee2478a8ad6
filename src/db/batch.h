/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Queues in front of the hot calls: what waits in one when a connection is free goes in one
 * statement and one commit.
 *
 * A thread for each connection takes all that waits in a queue and sends it: an idle server answers
 * a single call at once. What comes meanwhile waits, and becomes the next batch. The queues share
 * one connection, on which the longest line goes first, or who has waited longer than is patient; a
 * further one is used when far more wait than are under way, or when a batch takes longer than is
 * patiently waited. To send a batch costs as much as a dozen of its items: few large ones are the
 * cheapest, even if the server idles while the disk writes one.
 *
 * The statement's parameters are arrays with an element for each caller. It returns a row for each:
 * its place from 1, its outcome (an SQLSTATE), then what the caller reads.
 */
#ifndef FARTHING_DB_BATCH_H
#define FARTHING_DB_BATCH_H

#include "core/call.h"
#include "db/connection.h"
#include "db/result.h"

/* One kind of call; in static storage. */
struct db_batch_kind {
    const char *labels; /* in metrics: "queue=\"buy\"" */
    const struct db_statement *statement;
    /* Appends one caller's element to every array. */
    void (*encode)(const void *input, struct db_array *arrays);
};

/* The connections that several queues share. */
struct db_batches;
struct db_queue;

struct db_batch_limits {
    int connections;
    int size;    /* items in one batch */
    int wait_ms; /* so long a call waits for a connection */
    /* Who has waited so long goes before longer lines; what waits takes another connection when a
     * batch is that old, ... */
    int patience_ms;
    /* ... or when it is so many per cent of what is under way; 0: always. */
    int overlap_percent;
    /* Who comes alone has its call done by its own thread, for so long; 0: never. */
    int alone_ms;
};

/*
 * Connections are opened when they are first needed. NULL: no memory or thread. Owner calls
 * db_batches_free, when no call is under way.
 */
struct db_batches *db_batches_new(const struct db_options *options,
                                  const struct db_batch_limits *limits);
/* With its queues. NULL is allowed. */
void db_batches_free(struct db_batches *batches);

/* NULL: no memory. Lives as long as batches. */
struct db_queue *db_queue_new(struct db_batches *batches, const struct db_batch_kind *kind);

/* Registers the queue's metrics; called once, before threads start. */
void db_queue_measure(struct db_queue *queue);

/*
 * Has input done with others. Returns at the call's deadline at the latest; FT_UNAVAILABLE when no
 * batch took it by then, or within wait_ms. An item that fails in company is tried alone.
 * FT_OK: *row_r stands at the first column after the outcome; owner of *result_r calls
 * db_result_release.
 */
enum ft_error db_queue_call(struct db_queue *queue, struct call *call, const void *input,
                            struct db_row *row_r, struct db_result **result_r);

#endif
