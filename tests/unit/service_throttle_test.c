/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Guessing passwords is slow, and nobody is locked out by others (B2, V2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "core/time.h"
#include "service/password_gate.h"
#include "service/throttle.h"

#define ATTEMPTS 3
#define WINDOW_S 60
#define HOME "192.0.2.7"
#define AWAY "198.51.100.9"

static int open_throttle(void **state)
{
    *state = throttle_new(ATTEMPTS, WINDOW_S);
    return *state != NULL ? 0 : -1;
}

static int close_throttle(void **state)
{
    throttle_free(*state);
    return 0;
}

/* Guesses until refused. */
static int guesses(struct throttle *throttle, const char *name, const char *address, int64_t now_us)
{
    int count = 0;
    while (count < 100 && throttle_take(throttle, name, address, now_us)) {
        throttle_settle(throttle, name, address, FT_AUTHENTICATION_FAILED);
        count++;
    }
    return count;
}

static void wrong_passwords_are_counted_within_the_window(void **state)
{
    struct throttle *throttle = *state;
    assert_int_equal(guesses(throttle, "ada", HOME, 1000), ATTEMPTS);
    assert_int_equal(guesses(throttle, "ada", HOME, WINDOW_S * TIME_SECOND + 999), 0);
    assert_int_equal(guesses(throttle, "ada", HOME, WINDOW_S * TIME_SECOND + 1000), ATTEMPTS);
}

static void others_are_not_locked_out(void **state)
{
    struct throttle *throttle = *state;
    assert_int_equal(guesses(throttle, "ada", AWAY, 0), ATTEMPTS);
    assert_true(throttle_take(throttle, "ada", HOME, 0));
    assert_true(throttle_take(throttle, "bob", AWAY, 0));
}

static void case_and_place_within_a_network_do_not_matter(void **state)
{
    struct throttle *throttle = *state;
    assert_int_equal(guesses(throttle, "Ada", "2001:db8:1:2::1", 0), ATTEMPTS);
    assert_false(throttle_take(throttle, "aDA", "2001:db8:1:2:ffff::9", 0));
    assert_true(throttle_take(throttle, "ada", "2001:db8:1:3::1", 0));
    assert_int_equal(guesses(throttle, "ada", "::ffff:192.0.2.1", 0), ATTEMPTS);
    assert_true(throttle_take(throttle, "ada", "::ffff:192.0.2.2", 0));
}

static void a_right_password_starts_anew(void **state)
{
    struct throttle *throttle = *state;
    for (int i = 0; i < ATTEMPTS - 1; i++)
        assert_true(throttle_take(throttle, "ada", HOME, 0));
    assert_true(throttle_take(throttle, "ada", HOME, 0));
    throttle_settle(throttle, "ada", HOME, FT_OK);
    assert_int_equal(guesses(throttle, "ada", HOME, 0), ATTEMPTS);
}

static void an_attempt_not_made_is_not_counted(void **state)
{
    struct throttle *throttle = *state;
    for (int i = 0; i < 100; i++) {
        assert_true(throttle_take(throttle, "ada", HOME, 0));
        throttle_settle(throttle, "ada", HOME, i % 2 == 0 ? FT_UNAVAILABLE : FT_RATE_LIMITED);
    }
    assert_int_equal(guesses(throttle, "ada", HOME, 0), ATTEMPTS);
}

/* More names than places: memory stays as it is, and the latest are still counted. */
static void a_flood_of_names_does_not_grow_it(void **state)
{
    struct throttle *throttle = *state;
    char name[32];
    for (int i = 0; i < 100000; i++) {
        snprintf(name, sizeof name, "user %d", i);
        assert_true(throttle_take(throttle, name, AWAY, i));
    }
    assert_int_equal(guesses(throttle, name, AWAY, 100000), ATTEMPTS - 1);
    char long_name[2000];
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    assert_int_equal(guesses(throttle, long_name, AWAY, 0), ATTEMPTS);
}

struct guest {
    struct password_gate *gate;
    struct call call;
    enum ft_error error;
};

static void *visit(void *context)
{
    struct guest *guest = context;
    do /* while the test's own hasty calls hold the place */
        guest->error = password_gate_enter(guest->gate, &guest->call);
    while (guest->error == FT_RATE_LIMITED);
    if (guest->error == FT_OK)
        password_gate_leave(guest->gate);
    return NULL;
}

/* One runs, one waits: the third is refused at once, the second ends at its deadline. */
static void the_gate_bounds_who_runs_and_who_waits(void **state)
{
    (void)state;
    struct password_gate *gate = password_gate_new(1, 2);
    struct call patient = {.deadline_us = time_monotonic_us() + 60 * TIME_SECOND};
    struct guest second = {.gate = gate, .call = patient};
    pthread_t thread;
    assert_int_equal(password_gate_enter(gate, &patient), FT_OK);
    assert_int_equal(pthread_create(&thread, NULL, visit, &second), 0);
    struct call hasty = {.deadline_us = 0};
    while (password_gate_enter(gate, &hasty) != FT_RATE_LIMITED)
        sched_yield(); /* until the second waits inside; before that, there is room to time out */
    password_gate_leave(gate);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(second.error, FT_OK);

    assert_int_equal(password_gate_enter(gate, &hasty), FT_OK); /* free: no wait, no deadline */
    assert_int_equal(password_gate_enter(gate, &hasty), FT_UNAVAILABLE);
    password_gate_leave(gate);
    password_gate_free(gate);
}

static void passwords_are_verified_through_the_gate(void **state)
{
    (void)state;
    char hash[SECRET_HASH_TEXT_SIZE];
    struct password_gate *gate = password_gate_new(1, 1);
    struct call call = {.deadline_us = time_monotonic_us() + 60 * TIME_SECOND};
    assert_true(secret_password_hash("correct horse", hash));
    assert_int_equal(password_gate_verify(gate, &call, "correct horse", hash), FT_OK);
    assert_int_equal(password_gate_verify(gate, &call, "wrong horse", hash),
                     FT_AUTHENTICATION_FAILED);
    assert_int_equal(password_gate_verify(gate, &call, "correct horse", NULL),
                     FT_AUTHENTICATION_FAILED);
    password_gate_free(gate);
}

#define THROTTLE_TEST(test) cmocka_unit_test_setup_teardown(test, open_throttle, close_throttle)

int main(void)
{
    const struct CMUnitTest tests[] = {
        THROTTLE_TEST(wrong_passwords_are_counted_within_the_window),
        THROTTLE_TEST(others_are_not_locked_out),
        THROTTLE_TEST(case_and_place_within_a_network_do_not_matter),
        THROTTLE_TEST(a_right_password_starts_anew),
        THROTTLE_TEST(an_attempt_not_made_is_not_counted),
        THROTTLE_TEST(a_flood_of_names_does_not_grow_it),
        cmocka_unit_test(the_gate_bounds_who_runs_and_who_waits),
        cmocka_unit_test(passwords_are_verified_through_the_gate),
    };
    return cmocka_run_group_tests_name("service throttle", tests, NULL, NULL);
}
