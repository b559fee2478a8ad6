/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Log lines: what they say, and how they wait for others: in order, whole, and none is lost when
 * the server stops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "core/log.h"

#define LONG_MS 10000
#define DEADLINE_MS 5000

static int kept_stderr, reader;

static int redirect(void **state)
{
    (void)state;
    int ends[2];
    kept_stderr = dup(STDERR_FILENO);
    if (kept_stderr < 0 || pipe2(ends, O_NONBLOCK) != 0 || dup2(ends[1], STDERR_FILENO) < 0)
        return -1;
    reader = ends[0];
    return close(ends[1]) + fcntl(STDERR_FILENO, F_SETFL, 0);
}

static int restore(void **state)
{
    (void)state;
    close(reader);
    return dup2(kept_stderr, STDERR_FILENO) < 0 ? -1 : close(kept_stderr);
}

static bool is_written(int deadline_ms)
{
    struct pollfd log = {.fd = reader, .events = POLLIN};
    return poll(&log, 1, deadline_ms) == 1;
}

/* What is written so far. */
static const char *written(void)
{
    static char text[1 << 16];
    ssize_t bytes = read(reader, text, sizeof text - 1);
    text[bytes > 0 ? bytes : 0] = '\0';
    return text;
}

/* A line for each event, in this order. */
static void assert_lines(const char *text, const char *const *events, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *event = strstr(text, events[i]), *end = strchr(text, '\n');
        assert_non_null(end);
        assert_true(event != NULL && event < end);
        text = end + 1;
    }
    assert_string_equal(text, "");
}

static int count_lines(const char *text)
{
    int lines = 0;
    for (; (text = strchr(text, '\n')) != NULL; text++)
        lines++;
    return lines;
}

static void a_line_is_written_at_once_without_a_delay(void **state)
{
    (void)state;
    assert_true(log_start(0));
    log_event(LOG_INFO, "bought", "price", LOG_INT(7), NULL);
    assert_lines(written(), (const char *const[]){"\"bought\",\"price\":7"}, 1);
    log_stop();
}

static void a_warning_takes_along_what_waits(void **state)
{
    (void)state;
    assert_true(log_start(LONG_MS));
    log_event(LOG_INFO, "first", NULL);
    log_event(LOG_INFO, "second", NULL);
    assert_false(is_written(0));
    log_event(LOG_WARNING, "third", NULL);
    assert_lines(written(), (const char *const[]){"first", "second", "third"}, 3);
    log_stop();
}

static void a_line_waits_no_longer_than_the_delay(void **state)
{
    (void)state;
    assert_true(log_start(1));
    log_event(LOG_INFO, "one of a quiet hour", NULL);
    assert_true(is_written(DEADLINE_MS));
    assert_lines(written(), (const char *const[]){"one of a quiet hour"}, 1);
    log_event(LOG_INFO, "another", NULL);
    assert_true(is_written(DEADLINE_MS));
    log_stop();
    (void)written();
}

static void what_waits_is_written_before_the_server_ends(void **state)
{
    (void)state;
    assert_true(log_start(LONG_MS));
    log_event(LOG_INFO, "stopping", NULL);
    log_stop();
    assert_lines(written(), (const char *const[]){"stopping"}, 1);
}

/* More than a buffer: what is full is written, in whole lines. */
static void many_lines_do_not_wait_for_the_delay(void **state)
{
    (void)state;
    enum { LINES = 600 };
    char padding[100];
    memset(padding, 'x', sizeof padding - 1);
    padding[sizeof padding - 1] = '\0';
    assert_true(log_start(LONG_MS));
    int lines = 0;
    for (int i = 0; i < LINES; i++) {
        log_event(LOG_INFO, "one of many", "text", LOG_TEXT(padding), NULL);
        if (is_written(0)) {
            const char *text = written();
            assert_int_equal(text[strlen(text) - 1], '\n');
            lines += count_lines(text);
        }
    }
    assert_true(lines > 0);
    log_stop();
    assert_int_equal(lines + count_lines(written()), LINES);
}

/* What a reader of JSON finds in the line that was written last. */
static json_t *read_line(void)
{
    json_t *line = json_loads(written(), 0, NULL);
    assert_non_null(line);
    return line;
}

static void a_reader_of_json_finds_each_text_as_it_was(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "plain",
        "with \"quotes\" and \\",
        "over\ntwo lines\tand a tab",
        "\x01\x1f\x7f",
        "caf\xc3\xa9 \xe2\x82\xac",
        "{\"level\":\"error\"}\n",
        "</script>",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        log_event(LOG_INFO, "said", "text", LOG_TEXT(texts[i]), "after", LOG_TEXT("all"), NULL);
        json_t *line = read_line();
        assert_string_equal(json_string_value(json_object_get(line, "text")), texts[i]);
        assert_string_equal(json_string_value(json_object_get(line, "after")), "all");
        assert_int_equal(json_object_size(line), 5);
        json_decref(line);
    }
}

static void a_reader_of_json_finds_each_number_as_it_was(void **state)
{
    (void)state;
    static const int64_t numbers[] = {0, -1, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        log_event(LOG_INFO, "counted", "number", LOG_INT(numbers[i]), NULL);
        json_t *line = read_line();
        assert_true(json_integer_value(json_object_get(line, "number")) == numbers[i]);
        json_decref(line);
    }
}

static void what_is_not_utf8_is_named_so(void **state)
{
    (void)state;
    log_event(LOG_INFO, "said", "text", LOG_TEXT("\xff"), NULL);
    json_t *line = read_line();
    assert_string_equal(json_string_value(json_object_get(line, "text")), "(not UTF-8)");
    json_decref(line);
}

/* By its last characters or by a text before them, by plain characters or by escapes. */
static void a_line_that_is_too_long_is_replaced_as_a_whole(void **state)
{
    (void)state;
    enum { LONG = 4096 };
    char text[LONG + 1];
    for (int bytes = LONG - 200; bytes <= LONG; bytes++) {
        for (int escaped = 0; escaped < 2; escaped++) {
            memset(text, escaped ? '"' : 'x', (size_t)bytes);
            text[escaped ? bytes / 2 : bytes] = '\0';
            log_event(LOG_INFO, "said", "text", LOG_TEXT(text), "after", LOG_TEXT("all"), NULL);
            json_t *line = read_line();
            const char *found = json_string_value(json_object_get(line, "text"));
            const char *event = json_string_value(json_object_get(line, "event"));
            assert_string_equal(found != NULL ? found : event,
                                found != NULL ? text : "log line too long");
            assert_true(found != NULL || bytes > LONG - 150);
            assert_true(found == NULL || bytes < LONG);
            json_decref(line);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_is_written_at_once_without_a_delay, redirect,
                                        restore),
        cmocka_unit_test_setup_teardown(a_warning_takes_along_what_waits, redirect, restore),
        cmocka_unit_test_setup_teardown(a_line_waits_no_longer_than_the_delay, redirect, restore),
        cmocka_unit_test_setup_teardown(what_waits_is_written_before_the_server_ends, redirect,
                                        restore),
        cmocka_unit_test_setup_teardown(many_lines_do_not_wait_for_the_delay, redirect, restore),
        cmocka_unit_test_setup_teardown(a_reader_of_json_finds_each_text_as_it_was, redirect,
                                        restore),
        cmocka_unit_test_setup_teardown(a_reader_of_json_finds_each_number_as_it_was, redirect,
                                        restore),
        cmocka_unit_test_setup_teardown(what_is_not_utf8_is_named_so, redirect, restore),
        cmocka_unit_test_setup_teardown(a_line_that_is_too_long_is_replaced_as_a_whole, redirect,
                                        restore),
    };
    return cmocka_run_group_tests_name("core/log", tests, NULL, NULL);
}
