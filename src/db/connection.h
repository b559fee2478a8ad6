/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One connection to PostgreSQL. It has one user at a time; whoever holds it may hand it on.
 *
 * Nothing here blocks past a deadline: libpq is used asynchronously, and every wait is a poll. (A
 * host name in conninfo is looked up by the C library, which has time-outs of its own.)
 */
#ifndef FARTHING_DB_CONNECTION_H
#define FARTHING_DB_CONNECTION_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "core/metrics.h"
#include "db/db.h"
#include "db/parameter.h"

#define DB_STATEMENTS_MAX 48
#define DB_SQLSTATE_SIZE 6

/* A statement in static storage, prepared on a connection when that first uses it. */
struct db_statement {
    const char *name; /* also what the log calls it */
    const char *sql;
    bool reads;                                /* changes nothing, so that it may be sent again */
    enum db_type types[DB_PARAMETERS_MAX + 1]; /* of its parameters, ended by 0 */
};

int db_statement_parameters(const struct db_statement *statement);

/* What connections have in common; outlives them. */
struct db_options {
    const char *conninfo;
    const char *user;         /* NULL: whom conninfo names */
    const char *application;  /* shown in pg_stat_activity unless conninfo names another */
    int statement_timeout_ms; /* enforced by the server; 0: none */
    int schema_version;       /* another one is refused; 0: any, or no schema at all */
    struct metric *connects;  /* NULL: not counted */
};

struct db_connection {
    const struct db_options *options;
    bool in_use;         /* kept by whoever has several connections to choose from */
    PGconn *pg;          /* NULL: closed */
    PGresult *result;    /* of the command under way, so far */
    bool dismissed;      /* the server said farewell */
    int64_t retry_at_us; /* not to be opened before, after it failed */
    int failures;        /* to open, one after the other */
    const struct db_statement *prepared[DB_STATEMENTS_MAX];
    int prepared_count;
};

/* Starts closed. NULL: no memory. Owner calls db_connection_free. */
struct db_connection *db_connection_new(const struct db_options *options);
void db_connection_free(struct db_connection *connection);

/*
 * Of several, the index of one that is not in use: an open one first, else one that may be tried
 * again. -1: none; *retry_at_us says when one may (INT64_MAX: when it is given back).
 */
int db_connection_choose(struct db_connection *const *connections, int count, int64_t *retry_at_us);

/* Drops it with all that is under way on it. The server notices on its own. */
void db_connection_close(struct db_connection *connection);

/*
 * Opens the connection when it is closed or was found broken, and prepares statement (NULL: none).
 * FT_UNAVAILABLE: no connection (retry_at_us says when to try again), or none in time.
 * FT_INTERNAL: the statement was refused. Both are logged.
 */
enum ft_error db_connection_ready(struct db_connection *connection,
                                  const struct db_statement *statement, int64_t deadline_us);

/* Whether db_connection_ready() would return FT_OK without waiting for anything. */
bool db_connection_is_ready(struct db_connection *connection, const struct db_statement *statement);

/* Begins a statement that is ready. False: the connection broke, and was closed; its outcome is
 * unknown. */
bool db_connection_send(struct db_connection *connection, const struct db_statement *statement,
                        const struct db_parameters *parameters);

enum db_wait {
    DB_WAIT_DONE,    /* *result_r is the server's last word: committed, or refused */
    DB_WAIT_TIMEOUT, /* still under way: wait again, or close */
    DB_WAIT_BROKEN,  /* the connection broke and was closed; the outcome is unknown */
};

/*
 * Waits for what was sent. Owner of *result_r calls PQclear. DB_WAIT_TIMEOUT also when alarm, an
 * eventfd, was written to.
 */
enum db_wait db_connection_watch(struct db_connection *connection, int alarm, int64_t deadline_us,
                                 PGresult **result_r);

/* The same with nothing else to look for. */
enum db_wait db_connection_wait(struct db_connection *connection, int64_t deadline_us,
                                PGresult **result_r);

/* Waits for the alarm alone, and resets it. */
void db_alarm_wait(int alarm, int64_t deadline_us);

/*
 * Runs SQL text, possibly several commands, without parameters. FT_OUTCOME_UNKNOWN when the
 * connection broke or the deadline passed (then it is closed). Owner of *result_r calls PQclear.
 */
enum ft_error db_connection_run(struct db_connection *connection, const char *sql,
                                int64_t deadline_us, PGresult **result_r);

/*
 * Runs COPY … TO STDOUT and passes its answer on, a row at a time, so that no more than one is in
 * memory. FT_OUTCOME_UNKNOWN also when the sink gave up. Owner of *result_r calls PQclear.
 */
enum ft_error db_connection_copy(struct db_connection *connection, const char *sql,
                                 int64_t deadline_us, db_sink *sink, void *context,
                                 PGresult **result_r);

/*
 * What a result says: FT_OK, a refusal of ours, FT_UNAVAILABLE when the server ended the statement
 * for lack of time or room, else FT_INTERNAL. sqlstate_r is "00000" when all went well.
 */
enum ft_error db_result_outcome(const PGresult *result, char sqlstate_r[DB_SQLSTATE_SIZE]);
enum ft_error db_sqlstate_outcome(const char *sqlstate);

/* A conflict with another transaction: the same again may succeed. */
bool db_sqlstate_is_conflict(const char *sqlstate);
#define DB_CONFLICT_RETRIES 5

/* Logs an outcome of FT_INTERNAL: what is neither ours nor a conflict. Never a value. */
void db_result_log(const PGresult *result, const char *statement);

#endif
