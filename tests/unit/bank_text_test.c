/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever people are called, banks get characters that they take (O8). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "bank/text.h"

#define ALLOWED                                                      \
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" \
    " /-?:().,'+"

static int make_text(void **state)
{
    *state = bank_text_new();
    return *state != NULL ? 0 : -1;
}

static int free_text(void **state)
{
    bank_text_free(*state);
    return 0;
}

static void letters_become_the_nearest(void **state)
{
    static const char *const cases[][2] = {
        {"Müller & Söhne", "Muller + Sohne"},
        {"Łódź, Straße 5 – ñ ç œ Æ", "Lodz, Strasse 5 - n c oe AE"},
        {"„Zitat“ €5", ",,Zitat' EUR5"},
        {"株式会社", "????"},
        {"a\tb\nc", "a b c"},
        {"<b>[x]{y}</b>", "(b)(x)(y)(/b)"},
        {"/a//b/", "-a/-b-"},
        {"plain", "plain"},
        {"", "-"},
        {"   ", "-"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char result[BANK_TEXT_MAX + 1];
        assert_string_equal(bank_text_convert(*state, cases[i][0], BANK_TEXT_MAX, result),
                            cases[i][1]);
    }
}

static void it_ends_in_time(void **state)
{
    char result[6];
    assert_string_equal(bank_text_convert(*state, "abcdefgh", 5, result), "abcde");
    assert_string_equal(bank_text_convert(*state, "ßßßß", 5, result), "ssss");
    assert_string_equal(bank_text_convert(*state, NULL, 5, result), "-");
}

static void any_bytes_become_allowed_characters(void **state)
{
    char bytes[64], result[BANK_NAME_MAX + 1];
    srandom(7);
    for (int round = 0; round < 20000; round++) {
        size_t length = (size_t)random() % sizeof bytes;
        for (size_t i = 0; i < length; i++)
            bytes[i] = (char)(random() % 255 + 1);
        bytes[length > 0 ? length - 1 : 0] = '\0';
        bank_text_convert(*state, bytes, BANK_NAME_MAX, result);
        assert_int_equal(strspn(result, ALLOWED), strlen(result));
        assert_in_range(strlen(result), 1, BANK_NAME_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_become_the_nearest),
        cmocka_unit_test(it_ends_in_time),
        cmocka_unit_test(any_bytes_become_allowed_characters),
    };
    return cmocka_run_group_tests(tests, make_text, free_text);
}
