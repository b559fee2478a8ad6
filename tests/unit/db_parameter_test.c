/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Binary parameters, byte by byte as PostgreSQL's receive functions read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "db/parameter.h"

static void assert_bytes(const struct db_parameters *parameters, int index, const char *bytes,
                         size_t count)
{
    assert_int_equal(parameters->lengths[index], count);
    assert_memory_equal(parameters->values[index], bytes, count);
}
#define ASSERT_BYTES(parameters, index, literal) \
    assert_bytes(parameters, index, literal, sizeof(literal) - 1)

static void test_scalars(void **state)
{
    (void)state;
    struct db_parameters parameters = {0};
    db_parameters_bool(&parameters, true);
    db_parameters_int4(&parameters, -2);
    db_parameters_int8(&parameters, 0x0102030405060708);
    db_parameters_text(&parameters, "\xc3\xbc");
    db_parameters_time(&parameters, 946684800 * TIME_SECOND + 1);
    db_parameters_bytes(&parameters, "\0\1", 2);
    assert_true(db_parameters_uuid(&parameters, "00112233-4455-6677-8899-aabbccddeeff"));
    assert_int_equal(parameters.count, 7);
    ASSERT_BYTES(&parameters, 0, "\1");
    ASSERT_BYTES(&parameters, 1, "\xff\xff\xff\xfe");
    ASSERT_BYTES(&parameters, 2, "\1\2\3\4\5\6\7\x08");
    ASSERT_BYTES(&parameters, 3, "\xc3\xbc");
    ASSERT_BYTES(&parameters, 4, "\0\0\0\0\0\0\0\1");
    ASSERT_BYTES(&parameters, 5, "\0\1");
    ASSERT_BYTES(&parameters, 6,
                 "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff");
}

static void test_absent_is_null_and_empty_is_not(void **state)
{
    (void)state;
    struct db_parameters parameters = {0};
    db_parameters_null(&parameters);
    db_parameters_text(&parameters, NULL);
    db_parameters_time(&parameters, 0);
    db_parameters_text(&parameters, "");
    for (int i = 0; i < 3; i++)
        assert_null(parameters.values[i]);
    assert_non_null(parameters.values[3]);
    assert_int_equal(parameters.lengths[3], 0);
}

static void test_what_is_no_uuid_adds_nothing(void **state)
{
    (void)state;
    static const char *const wrong[] = {NULL,
                                        "",
                                        "x",
                                        "00112233-4455-6677-8899-aabbccddeef",
                                        "00112233-4455-6677-8899-aabbccddeeff0",
                                        "00112233445566778899aabbccddeeff",
                                        "{00112233-4455-6677-8899-aabbccddeef}",
                                        "g0112233-4455-6677-8899-aabbccddeeff"};
    struct db_parameters parameters = {0};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(db_parameters_uuid(&parameters, wrong[i]));
    assert_int_equal(parameters.count, 0);
}

static void test_an_array_with_and_without_null(void **state)
{
    (void)state;
    struct db_parameters parameters = {0};
    struct db_array texts = {0}, numbers = {0};
    db_array_begin(&texts, DB_TEXTS);
    db_array_text(&texts, "ab");
    db_array_text(&texts, NULL);
    db_array_text(&texts, "");
    db_array_begin(&numbers, DB_INT8S);
    db_array_int8(&numbers, -1);
    assert_true(db_parameters_array(&parameters, &texts));
    assert_true(db_parameters_array(&parameters, &numbers));
    ASSERT_BYTES(&parameters, 0,
                 "\0\0\0\1\0\0\0\1\0\0\0\x19\0\0\0\3\0\0\0\1"
                 "\0\0\0\2"
                 "ab"
                 "\xff\xff\xff\xff"
                 "\0\0\0\0");
    ASSERT_BYTES(&parameters, 1,
                 "\0\0\0\1\0\0\0\0\0\0\0\x14\0\0\0\1\0\0\0\1"
                 "\0\0\0\x08\xff\xff\xff\xff\xff\xff\xff\xff");
    db_array_free(&texts);
    db_array_free(&numbers);
}

static void test_an_empty_array_has_no_dimension(void **state)
{
    (void)state;
    struct db_parameters parameters = {0};
    struct db_array uuids = {0};
    db_array_begin(&uuids, DB_UUIDS);
    assert_true(db_parameters_array(&parameters, &uuids));
    ASSERT_BYTES(&parameters, 0, "\0\0\0\0\0\0\0\0\0\0\x0b\x86");
    db_array_free(&uuids);
}

static void test_an_array_is_used_again(void **state)
{
    (void)state;
    struct db_parameters parameters = {0};
    struct db_array array = {0};
    char *long_text = malloc(5001);
    memset(long_text, 'x', 5000);
    long_text[5000] = '\0';
    db_array_begin(&array, DB_TEXTS);
    for (int i = 0; i < 100; i++)
        db_array_text(&array, long_text);
    assert_int_equal(array.used, 20 + 100 * 5004);
    free(long_text);
    db_array_begin(&array, DB_BOOLS);
    db_array_bool(&array, true);
    assert_true(db_parameters_array(&parameters, &array));
    ASSERT_BYTES(&parameters, 0,
                 "\0\0\0\1\0\0\0\0\0\0\0\x10\0\0\0\1\0\0\0\1"
                 "\0\0\0\1\1");
    db_array_free(&array);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scalars),
        cmocka_unit_test(test_absent_is_null_and_empty_is_not),
        cmocka_unit_test(test_what_is_no_uuid_adds_nothing),
        cmocka_unit_test(test_an_array_with_and_without_null),
        cmocka_unit_test(test_an_empty_array_has_no_dimension),
        cmocka_unit_test(test_an_array_is_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
