/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The batch queue against a real PostgreSQL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/log.h"
#include "core/time.h"
#include "db_batch_caller.h"
#include "db_server.h"

#define CALLERS 64

#define TERMINATE "SELECT count(pg_terminate_backend(pid))" CALLERS_OURS

/* The rest waits in the queue until release(). */
static void hold_and_queue(struct caller *first, struct caller *rest, int count)
{
    hold(first);
    for (int i = 0; i < count; i++)
        start(&rest[i]);
    await_length("busy", count);
}

static void join_all(struct caller *first, struct caller *rest, int count)
{
    join(first);
    for (int i = 0; i < count; i++)
        join(&rest[i]);
}

static bool comes_alone; /* the first to come does so as many did before it */

static int begin_alone(void **state)
{
    (void)state;
    comes_alone = true;
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    bool opened = callers_open(1, 128);
    for (int i = 0; i < CALLERS && opened && comes_alone; i++) {
        struct caller caller = prepare(1000 + i, "mark", 5000);
        run_caller(&caller);
        assert_int_equal(caller.error, FT_OK);
    }
    return 0;
}

static int set_up_two(void **state)
{
    (void)state;
    (void)callers_open(2, 16);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    callers_close();
    return 0;
}

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

static void test_those_who_come_one_after_the_other_each_go_at_once(void **state)
{
    NEEDS_SERVER;
    for (int i = 0; i < CALLERS; i++) {
        struct caller caller = prepare(i, i % 4 == 3 ? "refuse" : "mark", 5000);
        run_caller(&caller);
        assert_int_equal(caller.error, i % 4 == 3 ? FT_INSUFFICIENT_FUNDS : FT_OK);
        assert_int_equal(times(caller.name), i % 4 == 3 ? 0 : 1);
        if (caller.error == FT_OK)
            assert_int_equal(caller.items, 1);
    }
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
    server_await(CALLERS_WAIT);
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
    await_length("busy", 1);
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
        server_await(CALLERS_GONE);
    }
}

static void test_without_a_server_calls_end_at_their_deadline(void **state)
{
    NEEDS_SERVER;
    struct db_options nowhere = callers_options;
    nowhere.conninfo = "host=/nonexistent";
    callers_open_again(&nowhere, 20, CALLERS_NO_OVERLAP);
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
        callers_open_again(&callers_options, is_patient ? 10000 : 20, CALLERS_NO_OVERLAP);
        struct caller first = prepare(0, "wait", 10000), second = prepare(1, "mark", 300);
        hold(&first);
        run_caller(&second);
        assert_int_equal(second.error, is_patient ? FT_UNAVAILABLE : FT_OK);
        release();
        join(&first);
    }
}

/* B6: twice as many as are under way do not wait for them. */
static void test_what_is_worth_a_batch_goes_meanwhile(void **state)
{
    NEEDS_SERVER;
    callers_open_again(&callers_options, 10000, 200);
    struct caller first = prepare(0, "wait", 10000), alone = prepare(1, "mark", 300);
    struct caller pair[2] = {prepare(2, "mark", 10000), prepare(3, "mark", 10000)};
    hold(&first);
    run_caller(&alone);
    assert_int_equal(alone.error, FT_UNAVAILABLE);
    for (int i = 0; i < 2; i++)
        start(&pair[i]);
    for (int i = 0; i < 2; i++) {
        join(&pair[i]);
        assert_int_equal(pair[i].error, FT_OK);
        assert_int_equal(pair[i].items, 2);
    }
    release();
    join(&first);
    assert_int_equal(first.error, FT_OK);
}

/* A server that takes connections and never says a word; its port. */
static int open_silent_server(int *port_r)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t bytes = sizeof address;
    int silent = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(silent, (const struct sockaddr *)&address, bytes), 0);
    assert_int_equal(listen(silent, 1), 0);
    assert_int_equal(getsockname(silent, (struct sockaddr *)&address, &bytes), 0);
    *port_r = ntohs(address.sin_port);
    return silent;
}

/* B6: a connection that is being opened keeps nobody from one that is open. */
static void test_an_open_connection_does_not_wait_for_another(void **state)
{
    NEEDS_SERVER;
    int port;
    char conninfo[80];
    int silent = open_silent_server(&port);
    struct db_options options = callers_options;
    struct pollfd arrival = {.fd = silent, .events = POLLIN};
    struct caller first = prepare(0, "wait", 20000), second = prepare(1, "mark", 20000);
    callers_open_again(&options, 20, CALLERS_NO_OVERLAP);
    hold(&first);
    snprintf(conninfo, sizeof conninfo, "host=127.0.0.1 port=%d", port);
    options.conninfo = conninfo;
    start(&second);
    assert_int_equal(poll(&arrival, 1, 10000), 1);
    release();
    join(&first);
    join(&second);
    assert_int_equal(second.error, FT_OK);
    assert_in_range(second.took_us, 0, 5000000);
    callers_open_again(&callers_options, 20, CALLERS_NO_OVERLAP);
    close(silent);
}

/* Holds a connection, and has one wait in the quiet queue, then two in the busy one. */
static void queue_one_and_two(struct caller callers[4])
{
    for (int i = 0; i < 4; i++)
        callers[i] = prepare(i, i == 0 ? "wait" : "mark", 10000);
    callers[1].quiet = true;
    hold(&callers[0]);
    start(&callers[1]);
    await_length("quiet", 1);
    start(&callers[2]);
    start(&callers[3]);
}

static void join_four(struct caller callers[4])
{
    for (int i = 0; i < 4; i++) {
        join(&callers[i]);
        assert_int_equal(callers[i].error, FT_OK);
    }
}

/* B6: so that batches are few. */
static void test_the_longer_line_goes_first(void **state)
{
    NEEDS_SERVER;
    struct caller callers[4];
    callers_open_again(&callers_options, 10000, CALLERS_NO_OVERLAP);
    queue_one_and_two(callers);
    await_length("busy", 2);
    release();
    join_four(callers);
    assert_int_equal(callers[3].items, 2);
    assert_true(place(callers[1].name) > place(callers[3].name));
}

/* B6: but nobody waits longer than is patient. */
static void test_a_busy_queue_does_not_overtake_a_quiet_one_for_long(void **state)
{
    NEEDS_SERVER; /* with one connection, and a patience of 20 ms */
    struct caller callers[4];
    queue_one_and_two(callers);
    await_length("busy", 2);
    int64_t impatient_us = time_monotonic_us() + 20000;
    while (time_monotonic_us() <= impatient_us)
        sched_yield();
    release();
    join_four(callers);
    assert_true(place(callers[1].name) < place(callers[2].name));
}

/* B6: rows mean nothing when a commit that fails follows them. */
static void test_a_commit_that_fails_undoes_its_own_item_only(void **state)
{
    NEEDS_SERVER;
    struct caller first = prepare(0, "wait", 10000);
    struct caller rest[3] = {prepare(1, "mark", 10000), prepare(2, "fail at commit", 10000),
                             prepare(3, "mark", 10000)};
    hold_and_queue(&first, rest, 3);
    release();
    join_all(&first, rest, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(rest[i].error, i == 1 ? FT_INSUFFICIENT_FUNDS : FT_OK);
        assert_int_equal(times(rest[i].name), i == 1 ? 0 : 1);
    }
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
        WITH_ONE(test_those_who_come_one_after_the_other_each_go_at_once),
        WITH_ONE(test_what_waits_goes_together),
        WITH_ONE(test_one_that_fails_does_not_fail_the_others),
        WITH_ONE(test_conflicts_are_tried_again),
        WITH_ONE(test_a_deadline_in_flight_leaves_the_outcome_unknown),
        WITH_ONE(test_who_leaves_a_batch_leaves_the_others_to_it),
        WITH_ONE(test_a_deadline_in_the_queue_means_nothing_was_done),
        WITH_ONE(test_a_killed_backend_leaves_its_batch_unknown),
        WITH_ONE(test_an_idle_connection_that_ended_is_not_noticed),
        WITH_ONE(test_patience_with_a_slow_batch),
        WITH_ONE(test_what_is_worth_a_batch_goes_meanwhile),
        WITH_ONE(test_an_open_connection_does_not_wait_for_another),
        WITH_ONE(test_the_longer_line_goes_first),
        WITH_ONE(test_a_busy_queue_does_not_overtake_a_quiet_one_for_long),
        WITH_ONE(test_a_commit_that_fails_undoes_its_own_item_only),
        WITH_ONE(test_without_a_server_calls_end_at_their_deadline),
        WITH_TWO(test_a_crowd_survives_killed_backends),
    };
    log_set_level(getenv("FARTHING_TEST_LOG") != NULL ? LOG_DEBUG : LOG_ERROR);
    return cmocka_run_group_tests_name("among others", tests, NULL, NULL) +
           cmocka_run_group_tests_name("alone", tests, begin_alone, NULL);
}
