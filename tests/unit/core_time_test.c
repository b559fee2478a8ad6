/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Points in time, at every edge of the calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "core/time.h"

#define LAST_SECOND 253402300799LL /* 9999-12-31T23:59:59Z */

static void date_times_are_read_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        time_us_t time;
    } cases[] = {
        {"1970-01-01T00:00:00.000001Z", 1},
        {"1970-01-01T00:00:01Z", TIME_SECOND},
        {"1970-01-01T14:00:01+14:00", TIME_SECOND},
        {"1970-01-01T00:00:00-00:01", 60 * TIME_SECOND},
        {"2000-02-29T00:00:00Z", 951782400 * TIME_SECOND},
        {"2024-02-29T23:59:59.5Z", 1709251199 * TIME_SECOND + 500000},
        {"2026-11-22T05:15:11Z", 1795324511 * TIME_SECOND},
        {"2026-11-22T07:15:11+02:00", 1795324511 * TIME_SECOND},
        {"2026-11-21T15:45:11-13:30", 1795324511 * TIME_SECOND},
        {"2026-11-22T05:15:11.1234567Z", 1795324511 * TIME_SECOND + 123456},
        {"2026-11-22T05:15:11.0000000000000009Z", 1795324511 * TIME_SECOND},
        {"2038-01-19T03:14:08Z", 2147483648 * TIME_SECOND},
        {"9999-12-31T23:59:59.999999Z", LAST_SECOND * TIME_SECOND + 999999},
        {"9999-12-31T23:59:59+14:00", (LAST_SECOND - 14 * 3600) * TIME_SECOND},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        time_us_t time = 0;
        if (!time_parse(cases[i].text, &time) || time != cases[i].time)
            fail_msg("%s was read as %lld", cases[i].text, (long long)time);
    }
}

static void anything_else_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "2026-11-22",
        "2026-11-22T05:15:11", /* no zone */
        "2026-11-22T05:15:11.",
        "2026-11-22T05:15:11.Z",
        "2026-11-22T05:15:11z",
        "2026-11-22t05:15:11Z",
        "2026-11-22 05:15:11Z",
        "2026-11-22T05:15Z",
        " 2026-11-22T05:15:11Z",
        "2026-11-22T05:15:11Z ",
        "2026-11-22T05:15:11ZZ",
        "2026-11-22T05:15:11+0200",
        "2026-11-22T05:15:11+02",
        "2026-11-22T05:15:11+14:01",
        "2026-11-22T05:15:11+15:00",
        "2026-11-22T05:15:11+02:60",
        "2026-11-22T24:00:00Z",
        "2026-11-22T05:60:00Z",
        "2016-12-31T23:59:60Z", /* a leap second that did happen */
        "2026-00-22T05:15:11Z",
        "2026-13-22T05:15:11Z",
        "2026-11-00T05:15:11Z",
        "2026-11-31T05:15:11Z",
        "2026-02-29T05:15:11Z",
        "2100-02-29T05:15:11Z", /* not a leap year */
        "2026-1-22T05:15:11Z",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00Z",      /* 0 means none */
        "1970-01-01T00:00:00+00:01", /* before 1970 once in UTC */
        "9999-12-31T23:59:59-00:01", /* the year 10000 in UTC */
        "10000-01-01T00:00:00Z",
        "-2026-11-22T05:15:11Z",
        "+2026-11-22T05:15:11Z",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        time_us_t time = 42;
        if (time_parse(cases[i], &time))
            fail_msg("\"%s\" was read as %lld", cases[i], (long long)time);
        assert_int_equal(time, 42);
    }
}

static void texts_are_utc_with_microseconds_when_there_are_any(void **state)
{
    (void)state;
    char text[TIME_TEXT_SIZE];
    assert_string_equal(time_format(0, text), "1970-01-01T00:00:00Z");
    assert_string_equal(time_format(1795324511 * TIME_SECOND, text), "2026-11-22T05:15:11Z");
    assert_string_equal(time_format(1795324511 * TIME_SECOND + 5, text),
                        "2026-11-22T05:15:11.000005Z");
    assert_string_equal(time_format(LAST_SECOND * TIME_SECOND + 999999, text),
                        "9999-12-31T23:59:59.999999Z");
}

static void what_was_written_is_read_back(void **state)
{
    (void)state;
    char text[TIME_TEXT_SIZE];
    for (int i = 0; i < 100000; i++) {
        time_us_t time = ((int64_t)lrand48() << 31 | lrand48()) % (LAST_SECOND * TIME_SECOND) + 1;
        time_us_t again = 0;
        assert_true(time_parse(time_format(time, text), &again));
        assert_int_equal(again, time);
    }
}

static void clocks_go_forward(void **state)
{
    (void)state;
    time_us_t parsed = 0;
    assert_true(time_parse("2026-01-01T00:00:00Z", &parsed));
    assert_true(time_now_us() > parsed);
    int64_t before = time_monotonic_us();
    assert_true(time_monotonic_us() >= before);
}

static void rest_is_in_proportion_to_work(void **state)
{
    (void)state;
    assert_int_equal(time_rest_us(100000, 25), 300000);
    assert_int_equal(time_rest_us(100000, 100), 0);
    assert_int_equal(time_rest_us(3600 * TIME_SECOND, 1), 99 * 3600 * TIME_SECOND);
    assert_int_equal(time_rest_us(0, 1), 0);
}

int main(void)
{
    /* The machine's own zone must not matter. */
    setenv("TZ", "America/St_Johns", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(date_times_are_read_exactly),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(texts_are_utc_with_microseconds_when_there_are_any),
        cmocka_unit_test(what_was_written_is_read_back),
        cmocka_unit_test(clocks_go_forward),
        cmocka_unit_test(rest_is_in_proportion_to_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
