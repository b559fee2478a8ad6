/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Connections for ordinary calls: one statement each, which is its own transaction.
 */
#ifndef FARTHING_DB_POOL_H
#define FARTHING_DB_POOL_H

#include "core/call.h"
#include "db/connection.h"
#include "db/result.h"

struct db_pool;

/* Connections are opened when they are first needed. NULL: no memory. Owner calls db_pool_free,
 * when no call is under way. */
struct db_pool *db_pool_new(const struct db_options *options, int connections, int wait_ms);
void db_pool_free(struct db_pool *pool);

/* Registers the pool's metrics; called once, before threads start. */
void db_pool_measure(struct db_pool *pool);

/*
 * Runs statement and waits for its end, at most to the call's deadline; for a connection at most
 * wait_ms of it. A conflict is retried, and a statement that only reads when its connection broke.
 * FT_OK: owner of *result_r calls db_result_release.
 */
enum ft_error db_pool_call(struct db_pool *pool, struct call *call,
                           const struct db_statement *statement,
                           const struct db_parameters *parameters, struct db_result **result_r);

/*
 * Runs COPY … TO STDOUT, whose answer goes to the sink row by row; the log calls it name. It is
 * never repeated. FT_UNAVAILABLE: the sink gave up, or the connection broke; it may have got some
 * rows.
 */
enum ft_error db_pool_copy(struct db_pool *pool, struct call *call, const char *name,
                           const char *sql, db_sink *sink, void *context);

#endif
