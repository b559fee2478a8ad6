/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a connection and keeping it: back-off, version, prepared statements. */
#include "db/connection.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

#include "core/log.h"
#include "core/time.h"

#define BACK_OFF_FIRST_US (50 * TIME_SECOND / 1000)
#define BACK_OFF_LAST_US (2 * TIME_SECOND)

int db_statement_parameters(const struct db_statement *statement)
{
    int count = 0;
    while (statement->types[count] != 0)
        count++;
    return count;
}

struct db_connection *db_connection_new(const struct db_options *options)
{
    struct db_connection *connection = calloc(1, sizeof *connection);
    if (connection != NULL)
        connection->options = options;
    return connection;
}

void db_connection_free(struct db_connection *connection)
{
    if (connection != NULL) {
        db_connection_close(connection);
        free(connection);
    }
}

int db_connection_choose(struct db_connection *const *connections, int count, int64_t *retry_at_us)
{
    int64_t now_us = time_monotonic_us();
    int due = -1;
    *retry_at_us = INT64_MAX;
    for (int i = 0; i < count; i++) {
        const struct db_connection *connection = connections[i];
        if (connection->in_use)
            continue;
        if (connection->pg != NULL)
            return i;
        if (connection->retry_at_us <= now_us)
            due = due < 0 ? i : due;
        else if (connection->retry_at_us < *retry_at_us)
            *retry_at_us = connection->retry_at_us;
    }
    return due;
}

void db_connection_close(struct db_connection *connection)
{
    PQclear(connection->result);
    connection->result = NULL;
    PQfinish(connection->pg);
    connection->pg = NULL;
    connection->prepared_count = 0;
}

/* False: nothing happened before the deadline. */
static bool poll_all(struct pollfd *files, nfds_t count, int64_t deadline_us)
{
    for (;;) {
        int64_t left_us = deadline_us - time_monotonic_us();
        if (left_us < 0)
            left_us = 0;
        struct timespec left = {.tv_sec = left_us / TIME_SECOND,
                                .tv_nsec = left_us % TIME_SECOND * 1000};
        int ready = ppoll(files, count, &left, NULL);
        if (ready > 0)
            return true;
        if (ready == 0 || errno != EINTR)
            return false;
    }
}

static bool poll_until(PGconn *pg, short events, int64_t deadline_us)
{
    struct pollfd socket = {.fd = PQsocket(pg), .events = events};
    return poll_all(&socket, 1, deadline_us);
}

void db_alarm_wait(int alarm, int64_t deadline_us)
{
    struct pollfd file = {.fd = alarm, .events = POLLIN};
    eventfd_t rings;
    if (poll_all(&file, 1, deadline_us))
        (void)eventfd_read(alarm, &rings);
}

static bool establish(PGconn *pg, int64_t deadline_us)
{
    PostgresPollingStatusType step = PGRES_POLLING_WRITING;
    while (step != PGRES_POLLING_OK) {
        if (step == PGRES_POLLING_FAILED ||
            !poll_until(pg, step == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline_us))
            return false;
        step = PQconnectPoll(pg);
    }
    return PQsetnonblocking(pg, 1) == 0;
}

/* Notices could quote values, so none is logged. To an idle connection, its end is a notice too. */
static void take_notice(void *context, const PGresult *result)
{
    struct db_connection *connection = context;
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity != NULL && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0))
        connection->dismissed = true;
}

/* Settings of the session, and the schema's version. */
static bool set_up(struct db_connection *connection, int64_t deadline_us)
{
    const struct db_options *options = connection->options;
    PGresult *result = NULL;
    bool success = false;
    char sql[256];
    snprintf(sql, sizeof sql,
             "SET statement_timeout = %d; SET timezone = 'UTC'; SET search_path = pg_catalog;"
             " SET client_min_messages = error; SELECT %s",
             options->statement_timeout_ms,
             options->schema_version > 0 ? "farthing.schema_version()" : "0");
    if (db_connection_run(connection, sql, deadline_us, &result) == FT_OUTCOME_UNKNOWN) {
        log_event(LOG_ERROR, "database_connection_lost", "statement", LOG_TEXT("set_up"), NULL);
        goto out;
    }
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        db_result_log(result, "farthing.schema_version");
        goto out;
    }
    int version = atoi(PQgetvalue(result, 0, 0));
    if (version != options->schema_version) {
        log_event(LOG_ERROR, "database_version_differs", "database", LOG_INT(version), "program",
                  LOG_INT(options->schema_version), NULL);
        goto out;
    }
    success = true;

out:
    PQclear(result);
    return success;
}

static void back_off(struct db_connection *connection)
{
    int64_t delay_us = BACK_OFF_FIRST_US;
    for (int i = 0; i < connection->failures && delay_us < BACK_OFF_LAST_US; i++)
        delay_us *= 2;
    connection->failures++;
    connection->retry_at_us =
        time_monotonic_us() + (delay_us < BACK_OFF_LAST_US ? delay_us : BACK_OFF_LAST_US);
}

static bool open_connection(struct db_connection *connection, int64_t deadline_us)
{
    const struct db_options *options = connection->options;
    const char *const keywords[] = {"fallback_application_name", "dbname", "client_encoding",
                                    options->user != NULL ? "user" : NULL, NULL};
    const char *const values[] = {options->application, options->conninfo, "UTF8", options->user,
                                  NULL};
    if (options->connects != NULL)
        metrics_add(options->connects, 1);
    db_connection_close(connection);
    connection->dismissed = false;
    PGconn *pg = connection->pg = PQconnectStartParams(keywords, values, 1);
    if (pg == NULL || PQstatus(pg) == CONNECTION_BAD || !establish(pg, deadline_us)) {
        /* libpq's message names host, database and role, never the password. */
        bool late = pg != NULL && PQstatus(pg) != CONNECTION_BAD;
        log_event(LOG_ERROR, "database_connect_failed", "reason",
                  LOG_TEXT(late ? "no answer in time" : PQerrorMessage(pg)), NULL);
    } else {
        PQsetNoticeReceiver(pg, take_notice, connection);
        if (set_up(connection, deadline_us)) {
            connection->failures = 0;
            connection->retry_at_us = 0;
            return true;
        }
    }
    db_connection_close(connection);
    back_off(connection);
    return false;
}

/* Whether an idle connection still stands, without asking the server. */
static bool still_stands(struct db_connection *connection)
{
    while (poll_until(connection->pg, POLLIN, 0)) {
        if (PQconsumeInput(connection->pg) == 0)
            return false;
        PQfreemem(PQnotifies(connection->pg)); /* reads what came, notices too */
    }
    return !connection->dismissed && PQstatus(connection->pg) == CONNECTION_OK;
}

static bool is_prepared(const struct db_connection *connection,
                        const struct db_statement *statement)
{
    for (int i = 0; i < connection->prepared_count; i++)
        if (connection->prepared[i] == statement)
            return true;
    return false;
}

static enum ft_error prepare(struct db_connection *connection, const struct db_statement *statement,
                             int64_t deadline_us)
{
    enum ft_error error = FT_UNAVAILABLE;
    PGresult *result = NULL;
    Oid types[DB_PARAMETERS_MAX];
    int count = db_statement_parameters(statement);
    char sqlstate[DB_SQLSTATE_SIZE];

    for (int i = 0; i < count; i++)
        types[i] = statement->types[i];
    assert(connection->prepared_count < DB_STATEMENTS_MAX);
    if (PQsendPrepare(connection->pg, statement->name, statement->sql, count, types) == 0 ||
        db_connection_wait(connection, deadline_us, &result) != DB_WAIT_DONE) {
        db_connection_close(connection);
        goto out;
    }
    error = db_result_outcome(result, sqlstate);
    if (error == FT_OK)
        connection->prepared[connection->prepared_count++] = statement;
    else
        db_result_log(result, statement->name);

out:
    PQclear(result);
    return error;
}

enum ft_error db_connection_ready(struct db_connection *connection,
                                  const struct db_statement *statement, int64_t deadline_us)
{
    if (connection->pg != NULL && !still_stands(connection))
        db_connection_close(connection);
    if (connection->pg == NULL && !open_connection(connection, deadline_us))
        return FT_UNAVAILABLE;
    if (statement == NULL || is_prepared(connection, statement))
        return FT_OK;
    return prepare(connection, statement, deadline_us);
}

bool db_connection_is_ready(struct db_connection *connection, const struct db_statement *statement)
{
    return connection->pg != NULL && is_prepared(connection, statement) && still_stands(connection);
}

bool db_connection_send(struct db_connection *connection, const struct db_statement *statement,
                        const struct db_parameters *parameters)
{
    PGconn *pg = connection->pg;
    int formats[DB_PARAMETERS_MAX];
    for (int i = 0; i < parameters->count; i++)
        formats[i] = 1;
    assert(parameters->count == db_statement_parameters(statement));
    if (PQsendQueryPrepared(pg, statement->name, parameters->count, parameters->values,
                            parameters->lengths, formats, 1) != 0)
        return true;
    db_connection_close(connection);
    return false;
}

/* Of several results the first error counts, else the last. A commit that fails comes after the
 * rows, so that only the end of all results is the server's word. */
static bool keep_result(struct db_connection *connection, PGresult *next)
{
    switch (PQresultStatus(next)) {
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH:
        PQclear(next);
        return false;
    default:
        break;
    }
    if (connection->result != NULL && PQresultStatus(connection->result) == PGRES_FATAL_ERROR) {
        PQclear(next);
    } else {
        PQclear(connection->result);
        connection->result = next;
    }
    return true;
}

/* Sends what is unsent, and reads what comes next, unless the alarm (-1: none) goes off. */
static enum db_wait pump(PGconn *pg, int alarm, int64_t deadline_us)
{
    int unsent = PQflush(pg);
    if (unsent < 0)
        return DB_WAIT_BROKEN;
    struct pollfd files[] = {
        {.fd = PQsocket(pg), .events = unsent > 0 ? POLLIN | POLLOUT : POLLIN},
        {.fd = alarm, .events = POLLIN},
    };
    if (!poll_all(files, 2, deadline_us))
        return DB_WAIT_TIMEOUT;
    if (files[1].revents != 0) {
        db_alarm_wait(alarm, 0);
        return DB_WAIT_TIMEOUT;
    }
    return PQconsumeInput(pg) != 0 ? DB_WAIT_DONE : DB_WAIT_BROKEN;
}

/* Takes a result that has come. DB_WAIT_TIMEOUT: it was not the last. */
static enum db_wait take_result(struct db_connection *connection, PGresult **result_r)
{
    PGconn *pg = connection->pg;
    PGresult *next = PQgetResult(pg);
    if (next != NULL)
        return keep_result(connection, next) ? DB_WAIT_TIMEOUT : DB_WAIT_BROKEN;
    if (PQstatus(pg) != CONNECTION_OK || connection->result == NULL)
        return DB_WAIT_BROKEN;
    *result_r = connection->result;
    connection->result = NULL;
    return DB_WAIT_DONE;
}

enum db_wait db_connection_watch(struct db_connection *connection, int alarm, int64_t deadline_us,
                                 PGresult **result_r)
{
    PGconn *pg = connection->pg;
    enum db_wait step = DB_WAIT_DONE;
    *result_r = NULL;
    while (step == DB_WAIT_DONE) {
        while (PQisBusy(pg) == 0) {
            step = take_result(connection, result_r);
            if (step != DB_WAIT_TIMEOUT)
                goto out;
        }
        step = pump(pg, alarm, deadline_us);
    }
out:
    if (step == DB_WAIT_BROKEN)
        db_connection_close(connection);
    return step;
}

enum db_wait db_connection_wait(struct db_connection *connection, int64_t deadline_us,
                                PGresult **result_r)
{
    return db_connection_watch(connection, -1, deadline_us, result_r);
}

enum ft_error db_connection_run(struct db_connection *connection, const char *sql,
                                int64_t deadline_us, PGresult **result_r)
{
    char sqlstate[DB_SQLSTATE_SIZE];
    *result_r = NULL;
    if (PQsendQuery(connection->pg, sql) == 0 ||
        db_connection_wait(connection, deadline_us, result_r) != DB_WAIT_DONE) {
        db_connection_close(connection);
        return FT_OUTCOME_UNKNOWN;
    }
    return db_result_outcome(*result_r, sqlstate);
}

/* COPY's answer has begun: every row to the sink. False: not all came, or the sink gave up. */
static bool pass_on(PGconn *pg, int64_t deadline_us, db_sink *sink, void *context)
{
    for (;;) {
        char *row = NULL;
        int bytes = PQgetCopyData(pg, &row, 1);
        if (bytes < 0)
            return bytes == -1; /* the end; the server's last word follows */
        bool taken = bytes == 0 ? pump(pg, -1, deadline_us) == DB_WAIT_DONE
                                : sink(context, row, (size_t)bytes);
        PQfreemem(row);
        if (!taken)
            return false;
    }
}

enum ft_error db_connection_copy(struct db_connection *connection, const char *sql,
                                 int64_t deadline_us, db_sink *sink, void *context,
                                 PGresult **result_r)
{
    PGconn *pg = connection->pg;
    char sqlstate[DB_SQLSTATE_SIZE];
    *result_r = NULL;
    if (PQsendQuery(pg, sql) == 0)
        goto broken;
    while (PQisBusy(pg) != 0)
        if (pump(pg, -1, deadline_us) != DB_WAIT_DONE)
            goto broken;
    connection->result = PQgetResult(pg);
    if (PQresultStatus(connection->result) == PGRES_COPY_OUT &&
        !pass_on(pg, deadline_us, sink, context))
        goto broken;
    if (db_connection_wait(connection, deadline_us, result_r) == DB_WAIT_DONE)
        return db_result_outcome(*result_r, sqlstate);

broken:
    db_connection_close(connection);
    return FT_OUTCOME_UNKNOWN;
}
