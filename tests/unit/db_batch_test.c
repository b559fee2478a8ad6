/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The batch queue against a real PostgreSQL, with a procedure that does what a test asks of it:
 * marks a name, waits for the test (as a slow disk does, or before), refuses, fails, or ends its
 * own server process.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/time.h"
#include "db/batch.h"
#include "db_server.h"

#define CALLERS 64

static const char set_up_sql[] =
    "DROP SCHEMA IF EXISTS db_batch_test CASCADE; CREATE SCHEMA db_batch_test;"
    "CREATE TABLE db_batch_test.marks (name text PRIMARY KEY, times int NOT NULL);"
    "CREATE SEQUENCE db_batch_test.conflicts;"
    "CREATE TABLE db_batch_test.commits (at timestamptz);"
    "CREATE FUNCTION db_batch_test.commit() RETURNS trigger LANGUAGE plpgsql AS $$"
    " BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NULL; END $$;"
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
    "    WHEN 'commit slowly' THEN INSERT INTO db_batch_test.commits VALUES (now());"
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

#define WAITS_AT_SERVER \
    "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
#define OURS " FROM pg_stat_activity WHERE application_name = 'db_batch_test'"
#define TERMINATE "SELECT count(pg_terminate_backend(pid))" OURS
#define NOBODY "SELECT count(*) = 0" OURS

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

static const struct db_batch_kind kind = {
    .labels = "queue=\"test\"",
    .statement = &run_statement,
    .encode = encode,
};

static struct db_options options = {.application = "db_batch_test", .statement_timeout_ms = 10000};
static struct db_batches *batches;
static struct db_queue *queue;

/* One call in a thread of its own. */
struct caller {
    pthread_t thread;
    char name[24];
    const char *action;
    int timeout_ms;
    enum ft_error error;
    int items; /* of its batch */
    char name_seen[24];
    int64_t took_us;
};

static void *run_caller(void *context)
{
    struct caller *caller = context;
    struct input input = {caller->name, caller->action};
    int64_t began_us = time_monotonic_us();
    struct call call = {.arena = arena_new(4096),
                        .deadline_us = began_us + caller->timeout_ms * 1000LL};
    struct db_result *result = NULL;
    struct db_row row;
    caller->error = db_queue_call(queue, &call, &input, &row, &result);
    caller->took_us = time_monotonic_us() - began_us;
    if (caller->error == FT_OK) {
        caller->items = db_row_int4(&row);
        db_row_text_into(&row, caller->name_seen, sizeof caller->name_seen);
    }
    db_result_release(result);
    arena_free(call.arena);
    return NULL;
}

static struct caller prepare(int number, const char *action, int timeout_ms)
{
    struct caller caller = {.action = action, .timeout_ms = timeout_ms};
    snprintf(caller.name, sizeof caller.name, "caller %d", number);
    return caller;
}

static void start(struct caller *caller)
{
    assert_int_equal(pthread_create(&caller->thread, NULL, run_caller, caller), 0);
}

static void join(struct caller *caller)
{
    assert_int_equal(pthread_join(caller->thread, NULL), 0);
}

static void await_length(int length)
{
    char line[80];
    bool seen = false;
    int64_t deadline_us = time_monotonic_us() + 20 * TIME_SECOND;
    snprintf(line, sizeof line, "farthing_database_queue_length{queue=\"test\"} %d\n", length);
    while (!seen) {
        struct arena *arena = arena_new(1 << 20);
        seen = strstr(metrics_render(arena), line) != NULL;
        arena_free(arena);
        assert_true(time_monotonic_us() < deadline_us);
    }
}

static int64_t times(const char *name)
{
    char sql[160];
    snprintf(sql, sizeof sql,
             "SELECT coalesce((SELECT times FROM db_batch_test.marks WHERE name = '%s'), 0)", name);
    return server_count(sql);
}

/* A first caller holds the only connection until release(); the rest waits in the queue. */
static void hold(struct caller *first)
{
    server_ask("SELECT pg_advisory_lock(4711)");
    start(first);
    server_await(WAITS_AT_SERVER);
}

static void release(void)
{
    server_ask("SELECT pg_advisory_unlock(4711)");
}

static void hold_and_queue(struct caller *first, struct caller *rest, int count)
{
    hold(first);
    for (int i = 0; i < count; i++)
        start(&rest[i]);
    await_length(count);
}

static void join_all(struct caller *first, struct caller *rest, int count)
{
    join(first);
    for (int i = 0; i < count; i++)
        join(&rest[i]);
}

static int open_queue(int connections, int batch_size)
{
    if (server_conninfo() == NULL)
        return 0;
    options.conninfo = server_conninfo();
    server_ask(set_up_sql);
    batches = db_batches_new(&options, connections, batch_size, 10000, 20);
    queue = db_queue_new(batches, &kind);
    db_queue_measure(queue);
    return queue == NULL;
}

static int set_up(void **state)
{
    (void)state;
    return open_queue(1, 128);
}

static int set_up_two(void **state)
{
    (void)state;
    return open_queue(2, 16);
}

static int tear_down(void **state)
{
    (void)state;
    db_batches_free(batches);
    if (server_conninfo() != NULL) {
        /* What a caller gave up on may still run. */
        server_await(NOBODY);
        server_ask("DROP SCHEMA db_batch_test CASCADE");
    }
    server_disconnect();
    return 0;
}

#define NEEDS_SERVER               \
    (void)state;                   \
    if (server_conninfo() == NULL) \
    skip()

static void test_a_single_call_goes_at_once(void **state)
{
    NEEDS_SERVER;
    struct caller caller = prepare(1, "mark", 5000);
    run_caller(&caller);
    assert_int_equal(caller.error, FT_OK);
    assert_int_equal(caller.items, 1);
    assert_string_equal(caller.name_seen, "caller 1");
    assert_int_equal(times("caller 1"), 1);
}

static void test_what_waits_goes_together(void **state)
{
    NEEDS_SERVER;
    struct caller first = prepare(0, "wait", 10000);
    struct caller rest[20];
    for (int i = 0; i < 20; i++)
        rest[i] = prepare(i + 1, i == 7 ? "refuse" : "mark", 10000);
    hold_and_queue(&first, rest, 20);
    release();
    join_all(&first, rest, 20);
    assert_int_equal(first.error, FT_OK);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(rest[i].error, i == 7 ? FT_INSUFFICIENT_FUNDS : FT_OK);
        if (i != 7) {
            assert_int_equal(rest[i].items, 20);
            assert_string_equal(rest[i].name_seen, rest[i].name);
        }
        assert_int_equal(times(rest[i].name), i == 7 ? 0 : 1);
    }
}

static void test_one_that_fails_does_not_fail_the_others(void **state)
{
    NEEDS_SERVER;
    struct caller first = prepare(0, "wait", 10000);
    struct caller rest[6];
    for (int i = 0; i < 6; i++)
        rest[i] = prepare(i + 1, "mark", 10000);
    rest[1].action = "fail";
    rest[3].action = "omit";
    strcpy(rest[4].name, "\xc3("); /* not UTF-8 */
    hold_and_queue(&first, rest, 6);
    release();
    join_all(&first, rest, 6);
    for (int i = 0; i < 6; i++) {
        bool bad = i == 1 || i == 3 || i == 4;
        assert_int_equal(rest[i].error, bad ? FT_INTERNAL : FT_OK);
        if (i != 4)
            assert_int_equal(times(rest[i].name), bad ? 0 : 1);
    }
}

static void test_conflicts_are_tried_again(void **state)
{
    NEEDS_SERVER;
    static const char *const actions[] = {"conflict", "conflict alone", "conflict always"};
    for (int i = 0; i < 3; i++) {
        struct caller caller = prepare(i, actions[i], 5000);
        run_caller(&caller);
        assert_int_equal(caller.error, i < 2 ? FT_OK : FT_UNAVAILABLE);
        assert_int_equal(times(caller.name), i < 2 ? 1 : 0);
        server_ask("ALTER SEQUENCE db_batch_test.conflicts RESTART");
    }
}

static void test_a_deadline_in_flight_leaves_the_outcome_unknown(void **state)
{
    NEEDS_SERVER;
    struct caller caller = prepare(1, "wait", 200);
    hold(&caller);
    join(&caller);
    release();
    assert_int_equal(caller.error, FT_OUTCOME_UNKNOWN);
    assert_in_range(caller.took_us, 200000, 2000000);
    struct caller next = prepare(2, "mark", 5000);
    run_caller(&next);
    assert_int_equal(next.error, FT_OK);
}

static void test_who_leaves_a_batch_leaves_the_others_to_it(void **state)
{
    NEEDS_SERVER;
    struct caller first = prepare(0, "wait", 10000);
    struct caller rest[10];
    for (int i = 0; i < 10; i++)
        rest[i] = prepare(i + 1, "wait", i < 5 ? 500 + 100 * i : 10000);
    hold_and_queue(&first, rest, 10);
    /* The first one gets the lock, and the test has it again before the batch of ten. */
    server_ask("SELECT pg_advisory_unlock(4711), pg_advisory_lock(4711)");
    server_await(WAITS_AT_SERVER);
    for (int i = 0; i < 5; i++)
        join(&rest[i]);
    release();
    join(&first);
    for (int i = 5; i < 10; i++)
        join(&rest[i]);
    assert_int_equal(first.error, FT_OK);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(rest[i].error, i < 5 ? FT_OUTCOME_UNKNOWN : FT_OK);
        assert_int_equal(times(rest[i].name), 1);
    }
    assert_int_equal(rest[9].items, 10);
}

static void test_a_deadline_in_the_queue_means_nothing_was_done(void **state)
{
    NEEDS_SERVER;
    struct caller first = prepare(0, "wait", 10000);
    struct caller late = prepare(1, "mark", 200);
    struct caller patient = prepare(2, "mark", 10000);
    hold(&first);
    run_caller(&late);
    assert_int_equal(late.error, FT_UNAVAILABLE);
    start(&patient);
    await_length(1);
    release();
    join(&first);
    join(&patient);
    assert_int_equal(first.error, FT_OK);
    assert_int_equal(patient.error, FT_OK);
    assert_int_equal(times(late.name), 0);
}

static void test_a_killed_backend_leaves_its_batch_unknown(void **state)
{
    NEEDS_SERVER;
    struct caller first = prepare(0, "wait", 10000);
    struct caller rest[5];
    for (int i = 0; i < 5; i++)
        rest[i] = prepare(i + 1, i == 2 ? "die" : "mark", 10000);
    hold_and_queue(&first, rest, 5);
    server_ask(TERMINATE);
    join(&first);
    assert_int_equal(first.error, FT_OUTCOME_UNKNOWN);
    release();
    for (int i = 0; i < 5; i++) {
        join(&rest[i]);
        assert_int_equal(rest[i].error, FT_OUTCOME_UNKNOWN);
        assert_int_equal(times(rest[i].name), 0);
    }
    struct caller next = prepare(9, "mark", 5000);
    run_caller(&next);
    assert_int_equal(next.error, FT_OK);
}

static void test_an_idle_connection_that_ended_is_not_noticed(void **state)
{
    NEEDS_SERVER;
    for (int i = 0; i < 3; i++) {
        struct caller caller = prepare(i, "mark", 5000);
        run_caller(&caller);
        assert_int_equal(caller.error, FT_OK);
        server_ask(TERMINATE);
        server_await(NOBODY);
    }
}

static void test_without_a_server_calls_end_at_their_deadline(void **state)
{
    NEEDS_SERVER;
    struct db_options nowhere = options;
    nowhere.conninfo = "host=/nonexistent";
    db_batches_free(batches);
    batches = db_batches_new(&nowhere, 2, 16, 10000, 20);
    queue = db_queue_new(batches, &kind);
    struct caller callers[8];
    for (int i = 0; i < 8; i++) {
        callers[i] = prepare(i, "mark", 300);
        start(&callers[i]);
    }
    for (int i = 0; i < 8; i++) {
        join(&callers[i]);
        assert_int_equal(callers[i].error, FT_UNAVAILABLE);
        assert_in_range(callers[i].took_us, 300000, 2000000);
    }
}

/* B6: behind a slow batch for as long as patience lasts, then on another connection. */
static void test_patience_with_a_slow_batch(void **state)
{
    NEEDS_SERVER;
    for (int is_patient = 0; is_patient < 2; is_patient++) {
        db_batches_free(batches);
        batches = db_batches_new(&options, 2, 16, 10000, is_patient ? 10000 : 20);
        queue = db_queue_new(batches, &kind);
        struct caller first = prepare(0, "wait", 10000), second = prepare(1, "mark", 300);
        hold(&first);
        run_caller(&second);
        assert_int_equal(second.error, is_patient ? FT_UNAVAILABLE : FT_OK);
        release();
        join(&first);
    }
}

/* B6: while a batch is written to disk, another connection serves, however patient one would be. */
static void test_a_commit_keeps_nobody_waiting(void **state)
{
    NEEDS_SERVER;
    db_batches_free(batches);
    batches = db_batches_new(&options, 2, 16, 10000, 10000);
    queue = db_queue_new(batches, &kind);
    struct caller first = prepare(0, "commit slowly", 10000), second = prepare(1, "mark", 10000);
    hold(&first);
    run_caller(&second);
    assert_int_equal(second.error, FT_OK);
    assert_int_equal(times("caller 0"), 0);
    release();
    join(&first);
    assert_int_equal(first.error, FT_OK);
    assert_int_equal(times("caller 0"), 1);
}

/* --- all at once, while backends are killed --- */

struct crowd {
    pthread_t thread;
    int number;
    int64_t until_us;
    int64_t done;
    int64_t unknown;
    int64_t nothing;
    int64_t wrong;
};

static void *run_crowd(void *context)
{
    struct crowd *crowd = context;
    for (int i = 0; time_monotonic_us() < crowd->until_us; i++) {
        struct caller caller = {.action = "mark", .timeout_ms = i % 16 == 0 ? 2 : 5000};
        snprintf(caller.name, sizeof caller.name, "%d %d", crowd->number, i);
        run_caller(&caller);
        if (caller.error == FT_OK && strcmp(caller.name_seen, caller.name) == 0)
            crowd->done++;
        else if (caller.error == FT_OUTCOME_UNKNOWN)
            crowd->unknown++;
        else if (caller.error == FT_UNAVAILABLE)
            crowd->nothing++;
        else
            crowd->wrong++;
    }
    return NULL;
}

static void test_a_crowd_survives_killed_backends(void **state)
{
    NEEDS_SERVER;
    struct crowd crowds[CALLERS], sum = {0};
    int64_t until_us = time_monotonic_us() + 3 * TIME_SECOND;
    for (int i = 0; i < CALLERS; i++) {
        crowds[i] = (struct crowd){.number = i, .until_us = until_us};
        assert_int_equal(pthread_create(&crowds[i].thread, NULL, run_crowd, &crowds[i]), 0);
    }
    while (time_monotonic_us() < until_us) {
        server_ask("SELECT pg_sleep(0.1)");
        server_ask(TERMINATE);
    }
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(crowds[i].thread, NULL);
        sum.done += crowds[i].done;
        sum.unknown += crowds[i].unknown;
        sum.nothing += crowds[i].nothing;
        sum.wrong += crowds[i].wrong;
    }
    printf("# %ld done, %ld unknown, %ld not done\n", sum.done, sum.unknown, sum.nothing);
    assert_int_equal(sum.wrong, 0);
    assert_int_equal(server_count("SELECT count(*) FROM db_batch_test.marks WHERE times > 1"), 0);
    assert_in_range(server_count("SELECT count(*) FROM db_batch_test.marks"), sum.done,
                    sum.done + sum.unknown);
    assert_true(sum.done > 100);
}

#define WITH_ONE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#define WITH_TWO(test) cmocka_unit_test_setup_teardown(test, set_up_two, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ONE(test_a_single_call_goes_at_once),
        WITH_ONE(test_what_waits_goes_together),
        WITH_ONE(test_one_that_fails_does_not_fail_the_others),
        WITH_ONE(test_conflicts_are_tried_again),
        WITH_ONE(test_a_deadline_in_flight_leaves_the_outcome_unknown),
        WITH_ONE(test_who_leaves_a_batch_leaves_the_others_to_it),
        WITH_ONE(test_a_deadline_in_the_queue_means_nothing_was_done),
        WITH_ONE(test_a_killed_backend_leaves_its_batch_unknown),
        WITH_ONE(test_an_idle_connection_that_ended_is_not_noticed),
        WITH_ONE(test_patience_with_a_slow_batch),
        WITH_ONE(test_a_commit_keeps_nobody_waiting),
        WITH_ONE(test_without_a_server_calls_end_at_their_deadline),
        WITH_TWO(test_a_crowd_survives_killed_backends),
    };
    log_set_level(getenv("FARTHING_TEST_LOG") != NULL ? LOG_DEBUG : LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
