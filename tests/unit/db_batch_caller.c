/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "db_batch_caller.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>

#include "core/metrics.h"
#include "core/time.h"
#include "db_server.h"

static const char set_up_sql[] =
    "DROP SCHEMA IF EXISTS db_batch_test CASCADE; CREATE SCHEMA db_batch_test;"
    "CREATE TABLE db_batch_test.marks (name text PRIMARY KEY, times int NOT NULL,"
    " place int GENERATED ALWAYS AS IDENTITY);"
    "CREATE SEQUENCE db_batch_test.conflicts;"
    "CREATE TABLE db_batch_test.commits ();"
    "CREATE FUNCTION db_batch_test.commit() RETURNS trigger LANGUAGE plpgsql AS $$"
    " BEGIN RAISE 'no' USING ERRCODE = 'FT020'; END $$;"
    "CREATE CONSTRAINT TRIGGER commits AFTER INSERT ON db_batch_test.commits"
    " INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION db_batch_test.commit();"
    "CREATE FUNCTION db_batch_test.run(in_names text[], in_actions text[])"
    " RETURNS TABLE(item int, outcome text, items int, name text) LANGUAGE plpgsql AS $$"
    " BEGIN"
    "  FOR i IN 1 .. cardinality(in_names) LOOP"
    "   item := i; outcome := '00000'; items := cardinality(in_names); name := in_names[i];"
    "   CASE in_actions[i]"
    "    WHEN 'mark' THEN NULL;"
    "    WHEN 'wait' THEN PERFORM pg_advisory_xact_lock(4711);"
    "    WHEN 'fail at commit' THEN INSERT INTO db_batch_test.commits DEFAULT VALUES;"
    "    WHEN 'refuse' THEN outcome := 'FT020';"
    "    WHEN 'fail' THEN PERFORM 1 / (i - i);"
    "    WHEN 'die' THEN PERFORM pg_terminate_backend(pg_backend_pid()), pg_sleep(5);"
    "    WHEN 'conflict' THEN IF nextval('db_batch_test.conflicts') <= 3 THEN"
    "     RAISE serialization_failure; END IF;"
    "    WHEN 'conflict alone' THEN IF nextval('db_batch_test.conflicts') <= 3 THEN"
    "     outcome := '40P01'; END IF;"
    "    WHEN 'conflict always' THEN RAISE deadlock_detected;"
    "    WHEN 'omit' THEN CONTINUE;"
    "   END CASE;"
    "   IF outcome = '00000' THEN INSERT INTO db_batch_test.marks AS m VALUES (in_names[i], 1)"
    "    ON CONFLICT ON CONSTRAINT marks_pkey DO UPDATE SET times = m.times + 1; END IF;"
    "   RETURN NEXT;"
    "  END LOOP;"
    " END $$";

#define ALONE_MS 2 /* the default */

struct input {
    const char *name;
    const char *action;
};

static void encode(const void *input, struct db_array *arrays)
{
    const struct input *mark = input;
    db_array_text(&arrays[0], mark->name);
    db_array_text(&arrays[1], mark->action);
}

static const struct db_statement run_statement = {
    .name = "db_batch_test",
    .sql = "SELECT item, outcome, items, name FROM db_batch_test.run($1, $2)",
    .types = {DB_TEXTS, DB_TEXTS},
};

static const struct db_batch_kind busy_kind = {
    .labels = "queue=\"busy\"",
    .statement = &run_statement,
    .encode = encode,
};

static const struct db_batch_kind quiet_kind = {
    .labels = "queue=\"quiet\"",
    .statement = &run_statement,
    .encode = encode,
};

struct db_options callers_options = {.application = "db_batch_test", .statement_timeout_ms = 10000};
struct db_batches *callers_batches;
static struct db_queue *busy, *quiet;

struct hosted_call {
    struct call call;
    struct caller *caller;
    sem_t woken;
};

static void count_and_wait(struct call *call, void (*start_call)(void *argument), void *argument)
{
    struct hosted_call *hosted = (struct hosted_call *)call;
    hosted->caller->waits++;
    start_call(argument);
    while (sem_wait(&hosted->woken) != 0)
        ; /* a signal */
}

static void wake(struct call *call)
{
    sem_post(&((struct hosted_call *)call)->woken);
}

static const struct call_host counting_host = {.wait = count_and_wait, .wake = wake};

void *run_caller(void *context)
{
    struct caller *caller = context;
    struct input input = {caller->name, caller->action};
    int64_t began_us = time_monotonic_us();
    struct hosted_call hosted = {.call = {.arena = arena_new(4096),
                                          .host = caller->hosted ? &counting_host : NULL,
                                          .deadline_us = began_us + caller->timeout_ms * 1000LL},
                                 .caller = caller};
    struct call *call = &hosted.call;
    struct db_result *result = NULL;
    struct db_row row;
    sem_init(&hosted.woken, 0, 0);
    caller->error = db_queue_call(caller->quiet ? quiet : busy, call, &input, &row, &result);
    caller->took_us = time_monotonic_us() - began_us;
    if (caller->error == FT_OK) {
        caller->items = db_row_int4(&row);
        db_row_text_into(&row, caller->name_seen, sizeof caller->name_seen);
    }
    db_result_release(result);
    sem_destroy(&hosted.woken);
    arena_free(call->arena);
    return NULL;
}

struct caller prepare(int number, const char *action, int timeout_ms)
{
    struct caller caller = {.action = action, .timeout_ms = timeout_ms};
    snprintf(caller.name, sizeof caller.name, "caller %d", number);
    return caller;
}

void start(struct caller *caller)
{
    assert_int_equal(pthread_create(&caller->thread, NULL, run_caller, caller), 0);
}

void join(struct caller *caller)
{
    assert_int_equal(pthread_join(caller->thread, NULL), 0);
}

void await_length(const char *queue_name, int length)
{
    char line[80];
    bool seen = false;
    int64_t deadline_us = time_monotonic_us() + 20 * TIME_SECOND;
    snprintf(line, sizeof line, "farthing_database_queue_length{queue=\"%s\"} %d\n", queue_name,
             length);
    while (!seen) {
        struct arena *arena = arena_new(1 << 20);
        seen = strstr(metrics_render(arena), line) != NULL;
        arena_free(arena);
        assert_true(time_monotonic_us() < deadline_us);
    }
}

int64_t times(const char *name)
{
    char sql[160];
    snprintf(sql, sizeof sql,
             "SELECT coalesce((SELECT times FROM db_batch_test.marks WHERE name = '%s'), 0)", name);
    return server_count(sql);
}

int64_t place(const char *name)
{
    char sql[120];
    snprintf(sql, sizeof sql, "SELECT place FROM db_batch_test.marks WHERE name = '%s'", name);
    return server_count(sql);
}

void hold(struct caller *first)
{
    server_ask("SELECT pg_advisory_lock(4711)");
    start(first);
    server_await(CALLERS_WAIT);
}

void release(void)
{
    server_ask("SELECT pg_advisory_unlock(4711)");
}

static struct db_queue *open_queue(const struct db_batch_kind *kind)
{
    struct db_queue *queue = db_queue_new(callers_batches, kind);
    db_queue_measure(queue);
    return queue;
}

static void open_batches(const struct db_options *options, int connections, int size,
                         int patience_ms, int alone_ms, int overlap_percent)
{
    const struct db_batch_limits limits = {.connections = connections,
                                           .size = size,
                                           .wait_ms = 10000,
                                           .patience_ms = patience_ms,
                                           .alone_ms = alone_ms,
                                           .overlap_percent = overlap_percent};
    callers_batches = db_batches_new(options, &limits);
    busy = open_queue(&busy_kind);
    quiet = open_queue(&quiet_kind);
}

bool callers_open(int connections, int batch_size)
{
    if (server_conninfo() == NULL)
        return false;
    callers_options.conninfo = server_conninfo();
    server_ask(set_up_sql);
    open_batches(&callers_options, connections, batch_size, 20, ALONE_MS, CALLERS_NO_OVERLAP);
    return true;
}

void callers_open_again(const struct db_options *options, int patience_ms, int overlap_percent)
{
    db_batches_free(callers_batches);
    open_batches(options, 2, 16, patience_ms, ALONE_MS, overlap_percent);
}

void callers_open_alone(int alone_ms)
{
    db_batches_free(callers_batches);
    open_batches(&callers_options, 1, 16, 10000, alone_ms, CALLERS_NO_OVERLAP);
}

void callers_close(void)
{
    db_batches_free(callers_batches);
    callers_batches = NULL;
    if (server_conninfo() != NULL) {
        /* What a caller gave up on may still run. */
        server_await(CALLERS_GONE);
        server_ask("DROP SCHEMA db_batch_test CASCADE");
    }
    server_disconnect();
}
