/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Amounts are exact, to the ends of their range. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/money.h"

static void decimals_are_read_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        money_t amount;
    } cases[] = {
        {"0", 0},
        {"-0", 0},
        {"1", 1000000},
        {"+1", 1000000},
        {"2.5", 2500000},
        {"2.50", 2500000},
        {"0.0005", 500},
        {"0.000001", 1},
        {"-0.000001", -1},
        {".5", 500000},
        {"5.", 5000000},
        {"1.0000010000000000000000000", 1000001},
        {"000000000000000000000000001", 1000000},
        {"9223372036854.775807", INT64_MAX},
        {"-9223372036854.775808", INT64_MIN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        money_t amount = 42;
        if (!money_parse(cases[i].text, &amount) || amount != cases[i].amount)
            fail_msg("%s was read as %lld", cases[i].text, (long long)amount);
    }
}

static void anything_else_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        " ",
        "1 ",
        " 1",
        "1e3",
        "0x10",
        "1,5",
        "1.2.3",
        ".",
        "+",
        "-",
        "+-1",
        "--1",
        "NaN",
        "INF",
        "1.5\n",
        "1 000",
        "0.0000001",
        "1.-5",
        "١",
        "9223372036854.775808",
        "1f",
        "-.",
        "+.",
        "1.0000015",
        "1.5EUR",
        "１",
        "-9223372036854.775809",
        "99999999999999999999999",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        money_t amount = 42;
        if (money_parse(cases[i], &amount))
            fail_msg("\"%s\" was read as %lld", cases[i], (long long)amount);
        assert_int_equal(amount, 42);
    }
}

static void texts_are_the_shortest_that_say_the_amount(void **state)
{
    (void)state;
    char text[MONEY_TEXT_SIZE];
    assert_string_equal(money_format(0, text), "0");
    assert_string_equal(money_format(500, text), "0.0005");
    assert_string_equal(money_format(2500000, text), "2.5");
    assert_string_equal(money_format(-3000000, text), "-3");
    assert_string_equal(money_format(-1, text), "-0.000001");
    assert_string_equal(money_format(10000000, text), "10");
    assert_string_equal(money_format(INT64_MAX, text), "9223372036854.775807");
    assert_string_equal(money_format(INT64_MIN, text), "-9223372036854.775808");
    assert_string_equal(money_format_padded(2500000, 2, text), "2.50");
    assert_string_equal(money_format_padded(500, 2, text), "0.0005");
    assert_string_equal(money_format_padded(0, 2, text), "0.00");
    assert_string_equal(money_format_padded(7000000, 0, text), "7");
    assert_string_equal(money_format_padded(-7000000, 3, text), "-7.000");
    assert_string_equal(money_format_padded(1, 6, text), "0.000001");
}

static void what_was_written_is_read_back(void **state)
{
    (void)state;
    char text[MONEY_TEXT_SIZE];
    for (int i = 0; i < 100000; i++) {
        money_t amount = (mrand48() * (1LL << 32) + mrand48()) >> (i % 64);
        money_t again = 0;
        assert_true(money_parse(money_format(amount, text), &again));
        assert_int_equal(again, amount);
    }
}

static void currencies_have_the_minor_units_of_iso_4217(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        int digits;
    } cases[] = {
        {"EUR", 2},   {"USD", 2},  {"JPY", 0},  {"KWD", 3},  {"CLF", 4},  {"UYW", 4},
        {"AED", 2},   {"ZWG", 2},  {"XPF", 0},  {"BIF", 0},  {"TND", 3},  {"BHD", 3},
        {"XXX", -1},  {"XAU", -1}, {"DEM", -1}, {"eur", -1}, {"EU", -1},  {"", -1},
        {"EURO", -1}, {"D A", -1}, {"ED ", -1}, {" EU", -1}, {"UR ", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(money_currency_digits(cases[i].code), cases[i].digits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_read_exactly),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(texts_are_the_shortest_that_say_the_amount),
        cmocka_unit_test(what_was_written_is_read_back),
        cmocka_unit_test(currencies_have_the_minor_units_of_iso_4217),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
