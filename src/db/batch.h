/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A queue in front of a hot call: what waits when a connection is free goes in one statement and
 * one commit.
 *
 * A thread for each connection takes all that waits and sends it: an idle server answers a single
 * call at once. What comes meanwhile waits, and becomes the next batch. A further connection is used
 * for what a full batch leaves, or when a batch takes long.
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

/* Connections are opened when they are first needed. NULL: no memory or thread. Owner calls db_queue_free,
 * when no call is under way. */
struct db_queue *db_queue_new(const struct db_batch_kind *kind, const struct db_options *options,
                              int connections, int batch_size, int wait_ms);
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
