/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The database: a pool of connections for ordinary calls, a batch queue for each hot call.
 *
 * Every function that takes a struct db may return, besides what it names itself:
 *   FT_UNAVAILABLE      no connection before the deadline, or the server ended the statement for
 *                       lack of time or room, or conflicts did not end; nothing was done
 *   FT_OUTCOME_UNKNOWN  the connection broke, or the deadline passed, while a change was under way
 *   FT_INTERNAL         anything else; it is logged with the SQLSTATE, never with values
 * SQLSTATE 40001 and 40P01 are retried, at most 5 times. Results live in the call's arena.
 */
#ifndef FARTHING_DB_DB_H
#define FARTHING_DB_DB_H

#include "core/call.h"
#include "core/config.h"

#define DB_UUID_TEXT_SIZE 37

struct db;

/* Takes the next bytes of a long answer. False: it can take no more. */
typedef bool db_sink(void *context, const char *bytes, size_t count);

/*
 * Connects, and compares the schema's version with the one this program was built for.
 * NULL: refused; the reason is logged. Owner calls db_close.
 */
struct db *db_open(const struct config *config);
/* The same as another role than the one that conninfo names; user outlives it. NULL: that one. */
struct db *db_open_as(const struct config *config, const char *user);
void db_close(struct db *db);

/* FT_OK when a trivial statement is answered. */
enum ft_error db_ping(struct db *db, struct call *call);

#endif
