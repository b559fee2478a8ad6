/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Languages: which one a browser prefers, how each writes amounts and times (U17, B1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/locale.h"

static void a_language_is_found_whatever_its_region(void **state)
{
    (void)state;
    assert_string_equal(locale_find("de")->code, "de");
    assert_string_equal(locale_find("DE-at")->code, "de");
    assert_null(locale_find("d"));
    assert_null(locale_find("den"));
    assert_null(locale_find(""));
    assert_null(locale_find(NULL));
}

static void the_browser_chooses_the_language(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        const char *code;
    } cases[] = {
        {NULL, "en"},
        {"", "en"},
        {"de", "de"},
        {"de-CH, en;q=0.9", "de"},
        {"en, de", "en"},
        {"de;q=0.5, en;q=0.51", "en"},
        {"en;q=0.5,de;q=0.501", "de"},
        {"fr, de;q=0.3", "de"},
        {"fr;q=0.9", "en"},
        {"de;q=0", "en"},
        {"de ; q=1.000 , en", "de"},
        {"en;q=0.1, de;q=nonsense", "en"},
        {"de;level=1", "en"},
        {"*;q=0.8, de;q=0.9", "de"},
        {";;;,,,=q", "en"},
        {"de;q=9", "en"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (locale_choose(cases[i].header) != locale_find(cases[i].code))
            fail_msg("%s is not %s", cases[i].header, cases[i].code);
    }
}

static void amounts_are_exact_in_every_language(void **state)
{
    static const struct {
        money_t amount;
        const char *currency;
        const char *english;
        const char *german;
    } cases[] = {
        {2500000, "EUR", "2.50 EUR", "2,50 EUR"},
        {500, "EUR", "0.0005 EUR", "0,0005 EUR"},
        {1, "EUR", "0.000001 EUR", "0,000001 EUR"},
        {0, "EUR", "0.00 EUR", "0,00 EUR"},
        {-3000000, "EUR", "−3.00 EUR", "−3,00 EUR"},
        {1250000000, "JPY", "1250 JPY", "1250 JPY"},
        {1500000, "KWD", "1.500 KWD", "1,500 KWD"},
        {MONEY_PRICE_MAX, "EUR", "1000000.00 EUR", "1000000,00 EUR"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_string_equal(
            locale_money(locale_find("en"), *state, cases[i].amount, cases[i].currency),
            cases[i].english);
        assert_string_equal(
            locale_money(locale_find("de"), *state, cases[i].amount, cases[i].currency),
            cases[i].german);
    }
}

static void times_name_their_zone(void **state)
{
    const time_us_t time = 1795324511 * TIME_SECOND + 999999;
    assert_string_equal(locale_time(locale_find("en"), *state, time), "22 Nov 2026, 05:15 UTC");
    assert_string_equal(locale_time(locale_find("de"), *state, time), "22.11.2026, 05:15 UTC");
}

static int begin(void **state)
{
    *state = arena_new(100000);
    return *state != NULL ? 0 : -1;
}

static int end(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_language_is_found_whatever_its_region),
        cmocka_unit_test(the_browser_chooses_the_language),
        cmocka_unit_test_setup_teardown(amounts_are_exact_in_every_language, begin, end),
        cmocka_unit_test_setup_teardown(times_name_their_zone, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
