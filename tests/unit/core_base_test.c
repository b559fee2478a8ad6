/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors, arena, call, metrics, log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/call.h"
#include "core/log.h"
#include "core/metrics.h"

static void sqlstates_and_errors_match(void **state)
{
    (void)state;
    assert_string_equal(ft_error_name(FT_OK), "OK");
    assert_string_equal(ft_error_name(FT_INSUFFICIENT_FUNDS), "INSUFFICIENT_FUNDS");
    assert_string_equal(ft_error_name(FT_INTERNAL), "INTERNAL");
    assert_int_equal(ft_error_from_sqlstate("00000"), FT_OK);
    assert_int_equal(ft_error_from_sqlstate("FT001"), FT_AUTHENTICATION_FAILED);
    assert_int_equal(ft_error_from_sqlstate("FT040"), FT_INVALID_PARAMETER);
    assert_int_equal(ft_error_from_sqlstate("40001"), FT_INTERNAL);
    assert_int_equal(ft_error_from_sqlstate(""), FT_INTERNAL);
}

static void an_arena_gives_zeroed_aligned_memory_up_to_its_limit(void **state)
{
    (void)state;
    struct arena *arena = arena_new(100000);
    assert_non_null(arena);
    size_t taken = 0;
    char *memory = NULL;
    for (size_t bytes = 0; (memory = arena_alloc(arena, bytes)) != NULL; bytes += 37) {
        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < bytes; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xa5, bytes);
        taken += bytes;
    }
    assert_in_range(taken, 80000, 100000);
    assert_null(arena_alloc(arena, SIZE_MAX));
    assert_null(arena_alloc(arena, SIZE_MAX - 8));
    arena_free(arena);
    arena_free(NULL);
}

static void an_arena_copies_texts(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    assert_string_equal(arena_strdup(arena, "two"), "two");
    assert_string_equal(arena_strndup(arena, "twofold", 3), "two");
    assert_string_equal(arena_strndup(arena, "two", 300), "two");
    assert_null(arena_strdup(arena, NULL));
    assert_null(arena_strndup(arena, NULL, 4));
    assert_string_equal(arena_printf(arena, "%d-%s", 7, "x"), "7-x");
    char *large = arena_printf(arena, "%*s", 50000, "");
    assert_int_equal(strlen(large), 50000);
    assert_null(arena_printf(arena, "%*s", 2 << 20, ""));
    arena_free(arena);
}

static void a_wrong_value_is_cut_between_characters(void **state)
{
    (void)state;
    struct call call = {.arena = arena_new(10000)};
    assert_int_equal(call_invalid(&call, "Price", "a decimal", "1e3"), FT_INVALID_PARAMETER);
    assert_string_equal(call.parameter, "Price");
    assert_string_equal(call.rule, "a decimal");
    assert_string_equal(call.value, "1e3");
    call_invalid(&call, "Password", "at least 10 characters", NULL);
    assert_null(call.value);
    call_invalid(&call, "Title", "r",
                 "12345678901234567890123456789012345678901234567890123456789012ä貨");
    assert_string_equal(call.value,
                        "12345678901234567890123456789012345678901234567890123456789012ä貨");
    call_invalid(&call, "Title", "r",
                 "12345678901234567890123456789012345678901234567890123456789012ä貨ä");
    assert_string_equal(call.value,
                        "12345678901234567890123456789012345678901234567890123456789012ä貨…");
    arena_free(call.arena);
}

static void a_wrong_value_is_shown_safely(void **state)
{
    (void)state;
    static const char *const shown[][2] = {
        {"", ""},
        {"Fünf 貨 \xf0\x9f\x98\x80 & 'q'", "Fünf 貨 \xf0\x9f\x98\x80 & 'q'"},
        {"a\r\nSet-Cookie: b\x1b[0m\x7f", "a\\u000d\\u000aSet-Cookie: b\\u001b[0m\\u007f"},
        {"<b a=\"c\">\\", "\\u003cb a=\\u0022c\\u0022\\u003e\\u005c"},
        {"0.25\xe2\x80\x8b", "0.25\\u200b"},                            /* a space without width */
        {"\xe2\x80\xaetxt.exe", "\\u202etxt.exe"},                      /* right to left */
        {"\xc2\x85\xf3\xa0\x80\x81", "\\u0085\\U000e0001"},             /* control, tag */
        {"\xff\xc0\x80\xed\xa0\x80", "\\xff\\xc0\\x80\\xed\\xa0\\x80"}, /* no UTF-8 */
        {"a\xe8\xb2", "a\\xe8\\xb2"},                                   /* half a character */
    };
    struct call call = {.arena = arena_new(100000)};
    assert_null(call_refusal(&call));
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        call_invalid(&call, "Title", "text", shown[i][0]);
        assert_string_equal(call.value, shown[i][1]);
    }
    assert_string_equal(call_refusal(&call), "Title must be text; it was \"a\\xe8\\xb2\"");
    call_invalid(&call, "Password", "text", NULL);
    assert_string_equal(call_refusal(&call), "Password must be text");
    arena_free(call.arena);
}

static void *count(void *metric)
{
    for (int i = 0; i < 10000; i++)
        metrics_add(metric, 1);
    return NULL;
}

static void metrics_are_rendered_by_family(void **state)
{
    (void)state;
    struct metric *buys = metrics_counter("test_requests_total", "Requests.", "operation=\"buy\"");
    struct metric *open = metrics_gauge("test_connections", "Open connections.", "");
    struct metric *views =
        metrics_counter("test_requests_total", "Requests.", "operation=\"view\"");
    struct metric *times =
        metrics_histogram("test_seconds", "Time.", "step=\"a\"", 100, 3, 1000000);
    assert_ptr_equal(metrics_counter("test_requests_total", "", "operation=\"buy\""), buys);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count, buys), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    metrics_add(views, 2);
    metrics_set(open, 9);
    metrics_add(open, -2);
    static const int64_t durations[] = {0, 100, 101, 400, 401, 5000000};
    for (size_t i = 0; i < 6; i++)
        metrics_observe(times, durations[i]);

    struct arena *arena = arena_new(1 << 20);
    assert_string_equal(metrics_render(arena), "# HELP test_requests_total Requests.\n"
                                               "# TYPE test_requests_total counter\n"
                                               "test_requests_total{operation=\"buy\"} 40000\n"
                                               "test_requests_total{operation=\"view\"} 2\n"
                                               "# HELP test_connections Open connections.\n"
                                               "# TYPE test_connections gauge\n"
                                               "test_connections{} 7\n"
                                               "# HELP test_seconds Time.\n"
                                               "# TYPE test_seconds histogram\n"
                                               "test_seconds_bucket{step=\"a\",le=\"0.000100\"} 2\n"
                                               "test_seconds_bucket{step=\"a\",le=\"0.000200\"} 3\n"
                                               "test_seconds_bucket{step=\"a\",le=\"0.000400\"} 4\n"
                                               "test_seconds_bucket{step=\"a\",le=\"+Inf\"} 6\n"
                                               "test_seconds_sum{step=\"a\"} 5.001002\n"
                                               "test_seconds_count{step=\"a\"} 6\n");
    arena_free(arena);
}

static char *log_and_read(enum log_level level, const char *name, struct log_value value)
{
    static char line[8192];
    int ends[2], saved = dup(STDERR_FILENO);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    log_event(level, "tested", name, value, "number", LOG_INT(-5), NULL);
    dup2(saved, STDERR_FILENO);
    close(ends[1]);
    close(saved);
    ssize_t bytes = read(ends[0], line, sizeof line - 1);
    assert_true(bytes >= 0);
    line[bytes] = '\0';
    close(ends[0]);
    return line;
}

static void a_log_line_is_one_json_object(void **state)
{
    (void)state;
    static const char tricky[] = "a\"b\\c\nd\x01 \xe2\x82\xac";
    char *line = log_and_read(LOG_WARNING, "text", LOG_TEXT(tricky));
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(object);
    assert_string_equal(json_string_value(json_object_get(object, "level")), "warning");
    assert_string_equal(json_string_value(json_object_get(object, "event")), "tested");
    assert_string_equal(json_string_value(json_object_get(object, "text")), tricky);
    assert_int_equal(json_integer_value(json_object_get(object, "number")), -5);
    assert_non_null(json_object_get(object, "time"));
    json_decref(object);
}

static void a_log_line_is_written_only_when_wanted(void **state)
{
    (void)state;
    assert_string_equal(log_and_read(LOG_DEBUG, "a", LOG_TEXT("x")), "");
    log_set_level(LOG_DEBUG);
    assert_non_null(strstr(log_and_read(LOG_DEBUG, "a", LOG_TEXT(NULL)), "\"a\":\"\""));
    assert_non_null(strstr(log_and_read(LOG_INFO, "a", LOG_TEXT("\xff")), "(not UTF-8)"));
    log_set_level(LOG_ERROR);
    assert_string_equal(log_and_read(LOG_WARNING, "a", LOG_TEXT("x")), "");
    char *large = calloc(1, 10000);
    memset(large, 'x', 9999);
    assert_non_null(strstr(log_and_read(LOG_ERROR, "a", LOG_TEXT(large)), "too long"));
    free(large);
    log_set_level(LOG_INFO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sqlstates_and_errors_match),
        cmocka_unit_test(an_arena_gives_zeroed_aligned_memory_up_to_its_limit),
        cmocka_unit_test(an_arena_copies_texts),
        cmocka_unit_test(a_wrong_value_is_cut_between_characters),
        cmocka_unit_test(a_wrong_value_is_shown_safely),
        cmocka_unit_test(metrics_are_rendered_by_family),
        cmocka_unit_test(a_log_line_is_one_json_object),
        cmocka_unit_test(a_log_line_is_written_only_when_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
