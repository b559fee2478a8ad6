/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A queue in front of a hot call: what waits when a connection is free goes in one statement and
 * one commit.
 *
 * It has no thread of its own. A caller that finds a connection free takes all that waits and sends
 * it (an idle server answers a single call at once); callers that find none wait, and become the
 * next batch. A further connection is taken for what a full batch leaves, or when a batch takes
 * longer than is patiently waited. Whoever waits for the server's answer to a batch gives every
 * caller of it its row, sends the next batch, and leaves the waiting for that one to one of its
 * callers.
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

struct db_queue;

/*
 * Connections are opened when they are first needed. wait_ms: how long a call waits for one.
 * patience_ms: how old a batch is before what waits takes another connection. NULL: no memory.
 * Owner calls db_queue_free, when no call is under way.
 */
struct db_queue *db_queue_new(const struct db_batch_kind *kind, const struct db_options *options,
                              int connections, int batch_size, int wait_ms, int patience_ms);
void db_queue_free(struct db_queue *queue);

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
