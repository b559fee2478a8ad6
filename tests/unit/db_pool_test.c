/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pool against a real PostgreSQL: waiting, breaking, conflicts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "core/log.h"
#include "core/time.h"
#include "db/pool.h"
#include "db_server.h"

#define TERMINATE                                                   \
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity" \
    " WHERE application_name = 'db_pool_test'"
#define WAITS_AT_SERVER \
    "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"

static const struct db_statement lock_and_write = {
    .name = "lock_and_write",
    .sql = "SELECT pg_advisory_xact_lock(4713), nextval('public.db_pool_test')",
};
static const struct db_statement lock_and_read = {
    .name = "lock_and_read",
    .sql = "SELECT 7::bigint, pg_advisory_xact_lock_shared(4713)",
    .reads = true,
};
static const struct db_statement raise_state = {
    .name = "raise_state",
    .sql = "SELECT public.db_pool_test_raise($1)",
    .types = {DB_TEXT},
};
static const struct db_statement nonsense = {.name = "nonsense", .sql = "SELECT no_such_thing"};
static const struct db_statement sleeps = {.name = "sleeps", .sql = "SELECT pg_sleep(20)"};

static struct db_options options = {.application = "db_pool_test", .statement_timeout_ms = 2000};
static struct db_pool *pool;

static int set_up(void **state)
{
    (void)state;
    if (server_conninfo() == NULL)
        return 0;
    options.conninfo = server_conninfo();
    server_ask("DROP SEQUENCE IF EXISTS db_pool_test; CREATE SEQUENCE db_pool_test;"
               "CREATE OR REPLACE FUNCTION db_pool_test_raise(in_state text) RETURNS bigint"
               " LANGUAGE plpgsql AS $$ BEGIN"
               "  IF nextval('public.db_pool_test') < 4 THEN"
               "   RAISE EXCEPTION USING ERRCODE = in_state, COLUMN = 'amount',"
               "    HINT = 'greater than 0', DETAIL = '-1'; END IF;"
               "  RETURN currval('public.db_pool_test'); END $$");
    pool = db_pool_new(&options, 1, 5000);
    return pool == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    db_pool_free(pool);
    pool = NULL;
    if (server_conninfo() != NULL)
        server_ask("DROP SEQUENCE db_pool_test; DROP FUNCTION db_pool_test_raise");
    server_disconnect();
    return 0;
}

struct outcome {
    pthread_t thread;
    const struct db_statement *statement;
    const char *text; /* the parameter; NULL: none */
    int timeout_ms;
    enum ft_error error;
    int64_t value;
    int64_t took_us;
    char refusal[64]; /* with FT_INVALID_PARAMETER */
};

static void *run(void *context)
{
    struct outcome *outcome = context;
    int64_t began_us = time_monotonic_us();
    struct call call = {.arena = arena_new(4096),
                        .deadline_us = began_us + outcome->timeout_ms * 1000LL};
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    if (outcome->text != NULL)
        db_parameters_text(&parameters, outcome->text);
    outcome->error = db_pool_call(pool, &call, outcome->statement, &parameters, &result);
    outcome->took_us = time_monotonic_us() - began_us;
    if (outcome->error == FT_OK) {
        struct db_row row = {.pg = result->pg};
        outcome->value = db_row_int8(&row);
    }
    if (outcome->error == FT_INVALID_PARAMETER)
        strncpy(outcome->refusal, call_refusal(&call), sizeof outcome->refusal - 1);
    db_result_release(result);
    arena_free(call.arena);
    return NULL;
}

static struct outcome ask(const struct db_statement *statement, const char *text, int timeout_ms)
{
    struct outcome outcome = {.statement = statement, .text = text, .timeout_ms = timeout_ms};
    run(&outcome);
    return outcome;
}

static void test_a_wait_for_a_connection_ends_at_the_deadline(void **state)
{
    NEEDS_SERVER;
    struct outcome holder = {.statement = &lock_and_write, .timeout_ms = 5000};
    server_ask("SELECT pg_advisory_lock(4713)");
    pthread_create(&holder.thread, NULL, run, &holder);
    server_await(WAITS_AT_SERVER);
    struct outcome late = ask(&lock_and_write, NULL, 100);
    server_ask("SELECT pg_advisory_unlock(4713)");
    pthread_join(holder.thread, NULL);
    assert_int_equal(late.error, FT_UNAVAILABLE);
    assert_in_range(late.took_us, 100000, 1900000);
    assert_int_equal(holder.error, FT_OK);
}

static void test_the_server_ends_a_statement_that_takes_too_long(void **state)
{
    NEEDS_SERVER;
    struct outcome outcome = ask(&sleeps, NULL, 5000);
    assert_int_equal(outcome.error, FT_UNAVAILABLE);
    assert_in_range(outcome.took_us, 2000000, 4900000);
}

static void test_a_deadline_in_flight_leaves_the_outcome_unknown(void **state)
{
    NEEDS_SERVER;
    assert_int_equal(ask(&sleeps, NULL, 1000).error, FT_OUTCOME_UNKNOWN);
    assert_int_equal(ask(&lock_and_write, NULL, 5000).error, FT_OK);
}

static void test_a_killed_backend_matters_to_writers_only(void **state)
{
    NEEDS_SERVER;
    static const struct db_statement *const statements[] = {&lock_and_write, &lock_and_read};
    static const enum ft_error errors[] = {FT_OUTCOME_UNKNOWN, FT_OK};
    for (int i = 0; i < 2; i++) {
        struct outcome outcome = {.statement = statements[i], .timeout_ms = 5000};
        server_ask("SELECT pg_advisory_lock(4713)");
        pthread_create(&outcome.thread, NULL, run, &outcome);
        server_await(WAITS_AT_SERVER);
        server_ask(TERMINATE);
        server_ask("SELECT pg_advisory_unlock(4713)");
        pthread_join(outcome.thread, NULL);
        assert_int_equal(outcome.error, errors[i]);
    }
}

static void test_a_conflict_is_tried_again(void **state)
{
    NEEDS_SERVER;
    struct outcome outcome = ask(&raise_state, "40P01", 5000);
    assert_int_equal(outcome.error, FT_OK);
    assert_int_equal(outcome.value, 4);
}

static void test_refusals_keep_what_they_say(void **state)
{
    NEEDS_SERVER;
    assert_int_equal(ask(&raise_state, "FT029", 5000).error, FT_USER_NOT_FOUND);
    struct outcome outcome = ask(&raise_state, "FT040", 5000);
    assert_int_equal(outcome.error, FT_INVALID_PARAMETER);
    assert_string_equal(outcome.refusal, "amount must be greater than 0; it was \"-1\"");
    assert_int_equal(ask(&raise_state, "22012", 5000).error, FT_INTERNAL);
    assert_int_equal(ask(&raise_state, "22012", 5000).value, 4);
}

static void test_a_statement_that_the_server_refuses(void **state)
{
    NEEDS_SERVER;
    assert_int_equal(ask(&nonsense, NULL, 5000).error, FT_INTERNAL);
    assert_int_equal(ask(&lock_and_read, NULL, 5000).value, 7);
}

struct taken {
    int rows;
    int enough; /* then it takes no more */
};

static bool take(void *context, const char *bytes, size_t count)
{
    struct taken *taken = context;
    assert_true(count > 1 && bytes[count - 1] == '\n');
    return ++taken->rows < taken->enough;
}

static enum ft_error copy(const char *query, struct taken *taken)
{
    char sql[256];
    struct call call = {.arena = arena_new(4096), .deadline_us = time_monotonic_us() + 5000000};
    snprintf(sql, sizeof sql, "COPY (%s) TO STDOUT (FORMAT csv)", query);
    enum ft_error error = db_pool_copy(pool, &call, "copy", sql, take, taken);
    arena_free(call.arena);
    return error;
}

/* A row at a time; and whatever happens, the connection serves the next. */
static void test_a_long_answer_is_passed_on(void **state)
{
    NEEDS_SERVER;
    struct taken all = {.enough = INT_MAX}, few = {.enough = 3}, some = {.enough = INT_MAX};
    assert_int_equal(copy("SELECT generate_series(1, 100000)", &all), FT_OK);
    assert_int_equal(all.rows, 100000);
    assert_int_equal(copy("SELECT generate_series(1, 1000000)", &few), FT_UNAVAILABLE);
    assert_int_equal(few.rows, 3);
    assert_int_equal(copy("SELECT 1 / (n - 5000) FROM generate_series(1, 9999) n", &some),
                     FT_INTERNAL);
    assert_int_equal(some.rows, 4999);
    assert_int_equal(copy("SELECT no_such_thing", &few), FT_INTERNAL);
    assert_int_equal(ask(&lock_and_read, NULL, 5000).value, 7);
}

static void test_another_schema_version_is_refused(void **state)
{
    NEEDS_SERVER;
    struct db_options newer = options;
    newer.schema_version = 1000000;
    db_pool_free(pool);
    pool = db_pool_new(&newer, 1, 200);
    assert_int_equal(ask(&lock_and_read, NULL, 5000).error, FT_UNAVAILABLE);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_wait_for_a_connection_ends_at_the_deadline),
        TEST(test_the_server_ends_a_statement_that_takes_too_long),
        TEST(test_a_deadline_in_flight_leaves_the_outcome_unknown),
        TEST(test_a_killed_backend_matters_to_writers_only),
        TEST(test_a_conflict_is_tried_again),
        TEST(test_refusals_keep_what_they_say),
        TEST(test_a_statement_that_the_server_refuses),
        TEST(test_a_long_answer_is_passed_on),
        TEST(test_another_schema_version_is_refused),
    };
    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
