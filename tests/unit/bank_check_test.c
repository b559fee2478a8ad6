/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of accounts, banks and creditors: right ones pass as machines write them (O8). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "bank/check.h"

static void right_ibans_are_written_as_machines_do(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"DE02 1203 0000 0000 2020 51", "DE02120300000000202051"},
        {"gb82 west 1234 5698 7654 32", "GB82WEST12345698765432"},
        {"NO93 8601 1117 947", "NO9386011117947"},
        {"MT84MALT011000012345MTLCAST001S", "MT84MALT011000012345MTLCAST001S"},
        {"FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char iban[BANK_IBAN_SIZE];
        const char *problem = NULL;
        if (!bank_iban_check(cases[i][0], iban, &problem))
            fail_msg("%s must be %s", cases[i][0], problem);
        assert_string_equal(iban, cases[i][1]);
    }
}

static void a_wrong_iban_is_refused_with_the_reason(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", "an IBAN:"},
        {"DE", "as long as"},
        {"DE02-1203", "an IBAN:"},
        {"0212030000000020205100", "an IBAN:"},
        {"DE021203000000002020510000000000000000000", "an IBAN:"},
        {"US64SVBKUS6S3300958879", "a country"},
        {"2EAD40", "an IBAN:"},
        {"DE0212030000000020205", "as long as"},
        {"DE03120300000000202051", "check digits"},
        {"DE02120300000000202015", "check digits"},
        {"DEX2120300000000202051", "check digits"},
        {"DE99120300000000202051", "check digits"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char iban[BANK_IBAN_SIZE];
        const char *problem = "";
        if (bank_iban_check(cases[i][0], iban, &problem) || strstr(problem, cases[i][1]) == NULL)
            fail_msg("%s: %s", cases[i][0], problem);
    }
}

/* Check digits find every single mistake and every two that were swapped. */
static void every_typing_error_is_found(void **state)
{
    (void)state;
    static const char right[] = "DE02120300000000202051";
    char iban[BANK_IBAN_SIZE], wrong[sizeof right];
    const char *problem = NULL;
    for (size_t i = 2; right[i] != '\0'; i++) {
        for (char digit = '0'; digit <= '9'; digit++) {
            memcpy(wrong, right, sizeof wrong);
            wrong[i] = digit;
            assert_int_equal(bank_iban_check(wrong, iban, &problem), digit == right[i]);
        }
        memcpy(wrong, right, sizeof wrong);
        wrong[i] = right[i + 1] != '\0' ? right[i + 1] : right[i];
        wrong[i + 1] = right[i + 1] != '\0' ? right[i] : '\0';
        assert_int_equal(bank_iban_check(wrong, iban, &problem), strcmp(wrong, right) == 0);
    }
}

static void bics(void **state)
{
    (void)state;
    char bic[BANK_BIC_SIZE];
    const char *problem = NULL;
    assert_true(bank_bic_check("byla de m1 001", bic, &problem));
    assert_string_equal(bic, "BYLADEM1001");
    assert_true(bank_bic_check("DEUTDEFF", bic, &problem));
    static const char *const wrong[] = {"",         "DEUTDEF",      "DEUTDEFF1",
                                        "DEUT1EFF", "DEUTDEFF5000", "DEUT-EFF"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(bank_bic_check(wrong[i], bic, &problem));
}

static void creditor_ids(void **state)
{
    (void)state;
    char id[BANK_CREDITOR_ID_SIZE];
    const char *problem = NULL;
    assert_true(bank_creditor_id_check("DE98 ZZZ 0999 9999 999", id, &problem));
    assert_string_equal(id, "DE98ZZZ09999999999");
    assert_true(bank_creditor_id_check("DE98ABC09999999999", id, &problem));
    assert_false(bank_creditor_id_check("DE97ZZZ09999999999", id, &problem));
    assert_false(bank_creditor_id_check("DE98ZZZ", id, &problem));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_ibans_are_written_as_machines_do),
        cmocka_unit_test(a_wrong_iban_is_refused_with_the_reason),
        cmocka_unit_test(every_typing_error_is_found),
        cmocka_unit_test(bics),
        cmocka_unit_test(creditor_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
