/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who comes alone, as 16 before did, is served where it is, and wakes no other thread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sched.h>
#include <stdlib.h>

#include "core/log.h"
#include "core/time.h"
#include "db_batch_caller.h"
#include "db_server.h"

#define BEFORE 16
#define LONG_MS 20000

static int set_up(void **state)
{
    (void)state;
    (void)callers_open(1, 16);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    callers_close();
    return 0;
}

static struct caller prepare_hosted(int number, const char *action)
{
    struct caller caller = prepare(number, action, LONG_MS);
    caller.hosted = true;
    return caller;
}

static int waits_of_one(int number)
{
    struct caller caller = prepare_hosted(number, "mark");
    run_caller(&caller);
    assert_int_equal(caller.error, FT_OK);
    assert_int_equal(times(caller.name), 1);
    return caller.waits;
}

/*
 * Calls one after the other until one does not wait, and returns how many did: more than 16, maybe,
 * as the thread that has served one does not rest at once.
 */
static int waits_until_alone(int first)
{
    int64_t deadline_us = time_monotonic_us() + 20 * TIME_SECOND;
    int waits = 0;
    while (waits_of_one(first + waits) > 0) {
        assert_true(time_monotonic_us() < deadline_us);
        waits++;
    }
    return waits;
}

static void test_who_comes_alone_as_16_before_did_waits_for_no_thread(void **state)
{
    NEEDS_SERVER;
    callers_open_alone(LONG_MS);
    assert_true(waits_until_alone(0) >= BEFORE);
    for (int i = 0; i < 40; i++)
        assert_int_equal(waits_of_one(1000 + i), 0);
}

static void test_without_such_patience_everybody_waits_for_a_thread(void **state)
{
    NEEDS_SERVER;
    callers_open_alone(0);
    for (int i = 0; i < 40; i++)
        assert_int_equal(waits_of_one(i), 1);
}

static void test_a_slow_answer_is_left_to_the_thread(void **state)
{
    NEEDS_SERVER;
    callers_open_alone(100);
    (void)waits_until_alone(0);
    struct caller slow = prepare_hosted(1000, "wait");
    int64_t deadline_us = time_monotonic_us() + 20 * TIME_SECOND;
    hold(&slow);
    while (slow.waits == 0 && time_monotonic_us() < deadline_us)
        sched_yield();
    release();
    join(&slow);
    assert_int_equal(slow.waits, 1);
    assert_int_equal(slow.error, FT_OK);
    assert_int_equal(times(slow.name), 1);
}

static void test_who_finds_another_is_not_alone_nor_are_the_next_16(void **state)
{
    NEEDS_SERVER;
    callers_open_alone(LONG_MS);
    (void)waits_until_alone(0);
    struct caller alone = prepare_hosted(1000, "wait"), second = prepare_hosted(1001, "mark");
    hold(&alone);
    start(&second);
    await_length("busy", 1);
    release();
    join(&alone);
    join(&second);
    assert_int_equal(alone.waits, 0);
    assert_int_equal(second.waits, 1);
    assert_true(waits_until_alone(2000) >= BEFORE);
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(test_who_comes_alone_as_16_before_did_waits_for_no_thread),
        WITH_SERVER(test_without_such_patience_everybody_waits_for_a_thread),
        WITH_SERVER(test_a_slow_answer_is_left_to_the_thread),
        WITH_SERVER(test_who_finds_another_is_not_alone_nor_are_the_next_16),
    };
    log_set_level(getenv("FARTHING_TEST_LOG") != NULL ? LOG_DEBUG : LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
