/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whoever needs a connection takes a free one, or waits until one is given back. */
#include "db/pool.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "core/log.h"
#include "core/time.h"
#include "db/wait.h"

struct db_pool {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    struct db_connection **connections;
    int count;
    int in_use;
    int wait_ms;
    struct metric *in_use_gauge; /* NULL: not measured */
};

struct db_pool *db_pool_new(const struct db_options *options, int connections, int wait_ms)
{
    struct db_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL)
        return NULL;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->freed, NULL);
    pool->wait_ms = wait_ms;
    pool->connections = calloc((size_t)connections, sizeof(struct db_connection *));
    if (pool->connections == NULL)
        goto failed;
    for (; pool->count < connections; pool->count++) {
        pool->connections[pool->count] = db_connection_new(options);
        if (pool->connections[pool->count] == NULL)
            goto failed;
    }
    return pool;

failed:
    db_pool_free(pool);
    return NULL;
}

void db_pool_free(struct db_pool *pool)
{
    if (pool == NULL)
        return;
    assert(pool->in_use == 0);
    for (int i = 0; i < pool->count; i++)
        db_connection_free(pool->connections[i]);
    free(pool->connections);
    pthread_cond_destroy(&pool->freed);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

void db_pool_measure(struct db_pool *pool)
{
    pool->in_use_gauge = metrics_gauge("farthing_database_pool_in_use",
                                       "Connections of the pool that work on a call.", "");
}

static void count_in_use(struct db_pool *pool, int change)
{
    pool->in_use += change;
    if (pool->in_use_gauge != NULL)
        metrics_set(pool->in_use_gauge, pool->in_use);
}

/* NULL: none before the deadline. */
static struct db_connection *acquire(struct db_pool *pool, int64_t deadline_us)
{
    struct db_connection *connection = NULL;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        int64_t retry_at_us;
        int choice = db_connection_choose(pool->connections, pool->count, &retry_at_us);
        if (time_monotonic_us() >= deadline_us) {
            /* The signal that woke this caller, or its watch for retry_at_us, goes to another. */
            pthread_cond_signal(&pool->freed);
            break;
        }
        if (choice >= 0) {
            connection = pool->connections[choice];
            connection->in_use = true;
            count_in_use(pool, 1);
            break;
        }
        wait_until(&pool->freed, &pool->lock, min_us(deadline_us, retry_at_us));
    }
    pthread_mutex_unlock(&pool->lock);
    return connection;
}

static void release(struct db_pool *pool, struct db_connection *connection)
{
    pthread_mutex_lock(&pool->lock);
    connection->in_use = false;
    count_in_use(pool, -1);
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->lock);
}

/* An open connection with statement prepared. */
static enum ft_error acquire_ready(struct db_pool *pool, const struct db_statement *statement,
                                   int64_t deadline_us, struct db_connection **connection_r)
{
    for (;;) {
        *connection_r = acquire(pool, deadline_us);
        if (*connection_r == NULL)
            return FT_UNAVAILABLE;
        enum ft_error error = db_connection_ready(*connection_r, statement, deadline_us);
        if (error == FT_OK)
            return FT_OK;
        release(pool, *connection_r);
        *connection_r = NULL;
        if (error != FT_UNAVAILABLE)
            return error;
    }
}

/* One attempt. A connection that does not answer in time is dropped: the server ends the statement
 * at statement_timeout. */
static enum ft_error attempt(struct db_connection *connection, struct call *call,
                             const struct db_statement *statement,
                             const struct db_parameters *parameters, PGresult **result_r,
                             char sqlstate_r[DB_SQLSTATE_SIZE])
{
    sqlstate_r[0] = '\0';
    *result_r = NULL;
    if (!db_connection_send(connection, statement, parameters) ||
        db_connection_wait(connection, call->deadline_us, result_r) != DB_WAIT_DONE) {
        db_connection_close(connection);
        log_event(LOG_WARNING, "database_connection_lost", "statement", LOG_TEXT(statement->name),
                  NULL);
        return FT_OUTCOME_UNKNOWN;
    }
    return db_result_outcome(*result_r, sqlstate_r);
}

/* The database refuses a parameter by farthing.refuse_parameter(). */
static void name_parameter(struct call *call, const PGresult *refusal)
{
    call_invalid(call, arena_strdup(call->arena, PQresultErrorField(refusal, PG_DIAG_COLUMN_NAME)),
                 arena_strdup(call->arena, PQresultErrorField(refusal, PG_DIAG_MESSAGE_HINT)),
                 PQresultErrorField(refusal, PG_DIAG_MESSAGE_DETAIL));
}

enum ft_error db_pool_call(struct db_pool *pool, struct call *call,
                           const struct db_statement *statement,
                           const struct db_parameters *parameters, struct db_result **result_r)
{
    /* Made first: what is done must not be lost for lack of memory. */
    struct db_result *result = db_result_new();
    enum ft_error error = result != NULL ? FT_OK : FT_INTERNAL;
    if (!call_may_block(call))
        error = FT_UNAVAILABLE;
    bool again = error == FT_OK;
    *result_r = NULL;
    for (int retries = 0; again; retries++) {
        int64_t wait_us = time_monotonic_us() + pool->wait_ms * 1000LL;
        struct db_connection *connection = NULL;
        char sqlstate[DB_SQLSTATE_SIZE];
        error = acquire_ready(pool, statement, min_us(call->deadline_us, wait_us), &connection);
        if (error != FT_OK)
            break;
        PQclear(result->pg);
        error = attempt(connection, call, statement, parameters, &result->pg, sqlstate);
        release(pool, connection);
        again =
            retries < DB_CONFLICT_RETRIES && (db_sqlstate_is_conflict(sqlstate) ||
                                              (error == FT_OUTCOME_UNKNOWN && statement->reads));
        if (error == FT_INTERNAL && !again)
            db_result_log(result->pg, statement->name);
    }
    if (error == FT_INVALID_PARAMETER)
        name_parameter(call, result->pg);
    if (error == FT_OK) {
        *result_r = result;
        return FT_OK;
    }
    db_result_release(result);
    return error == FT_OUTCOME_UNKNOWN && statement->reads ? FT_UNAVAILABLE : error;
}

enum ft_error db_pool_copy(struct db_pool *pool, struct call *call, const char *name,
                           const char *sql, db_sink *sink, void *context)
{
    struct db_connection *connection = NULL;
    PGresult *result = NULL;
    enum ft_error error = acquire_ready(pool, NULL, call->deadline_us, &connection);
    if (error != FT_OK)
        return error;
    error = db_connection_copy(connection, sql, call->deadline_us, sink, context, &result);
    release(pool, connection);
    if (error == FT_INTERNAL)
        db_result_log(result, name);
    PQclear(result);
    return error == FT_OUTCOME_UNKNOWN ? FT_UNAVAILABLE : error;
}
