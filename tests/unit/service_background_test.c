/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A thread of turns waits as long as it should, and not a moment longer than it may. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdatomic.h>

#include "core/time.h"
#include "service/background.h"

#define HOUR_US (3600 * TIME_SECOND)
#define PROMPT_US (10 * TIME_SECOND) /* of a machine that does much else */

struct worker {
    struct background background;
    int64_t wait_us;
    atomic_int turns;
};

static void *work(void *context)
{
    struct worker *worker = context;
    do
        atomic_fetch_add(&worker->turns, 1);
    while (background_wait(&worker->background, worker->wait_us));
    return NULL;
}

static void a_long_wait_ends_when_it_is_told_to_stop(void **state)
{
    (void)state;
    struct worker worker = {.wait_us = HOUR_US};
    int64_t begun_us = time_monotonic_us();
    assert_true(background_start(&worker.background, work, &worker));
    background_stop(&worker.background);
    assert_true(time_monotonic_us() - begun_us < PROMPT_US);
    assert_int_equal(worker.turns, 1);
}

static void turns_come_again(void **state)
{
    (void)state;
    struct worker worker = {.wait_us = 20000};
    int64_t begun_us = time_monotonic_us();
    assert_true(background_start(&worker.background, work, &worker));
    while (atomic_load(&worker.turns) < 4 && time_monotonic_us() - begun_us < PROMPT_US)
        continue;
    int64_t took_us = time_monotonic_us() - begun_us;
    background_stop(&worker.background);
    assert_true(worker.turns >= 4);
    assert_true(took_us >= 3 * worker.wait_us && took_us < PROMPT_US);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_wait_ends_when_it_is_told_to_stop),
        cmocka_unit_test(turns_come_again),
    };
    return cmocka_run_group_tests_name("background", tests, NULL, NULL);
}
