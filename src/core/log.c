/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Log lines: jansson escapes, one write() keeps lines of several threads apart. */
#include "core/log.h"

#include <assert.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <unistd.h>

#include "core/time.h"

#define LINE_BYTES_MAX 4096 /* also what a pipe takes in one piece */

static const char *const level_names[] = {"debug", "info", "warning", "error"};
static atomic_int level_wanted = LOG_INFO;

void log_set_level(enum log_level level)
{
    atomic_store_explicit(&level_wanted, level, memory_order_relaxed);
}

static json_t *to_json(struct log_value value)
{
    if (value.text == NULL)
        return json_integer(value.number);
    json_t *text = json_string(value.text);
    return text != NULL ? text : json_string("(not UTF-8)");
}

static void write_line(const json_t *line)
{
    char text[LINE_BYTES_MAX];
    size_t bytes = json_dumpb(line, text, sizeof text - 1, JSON_COMPACT);
    if (bytes == 0 || bytes > sizeof text - 1) {
        static const char too_long[] = "{\"level\":\"error\",\"event\":\"log line too long\"}\n";
        (void)!write(STDERR_FILENO, too_long, sizeof too_long - 1);
        return;
    }
    text[bytes++] = '\n';
    (void)!write(STDERR_FILENO, text, bytes); /* nowhere to report that the log is gone */
}

void log_event(enum log_level level, const char *event, ...)
{
    assert(event != NULL);
    if ((int)level < atomic_load_explicit(&level_wanted, memory_order_relaxed))
        return;
    char time[TIME_TEXT_SIZE];
    json_t *line = json_pack("{s:s, s:s, s:s}", "time", time_format(time_now_us(), time), "level",
                             level_names[level], "event", event);
    if (line == NULL)
        return;
    va_list args;
    va_start(args, event);
    const char *name;
    while ((name = va_arg(args, const char *)) != NULL)
        json_object_set_new(line, name, to_json(va_arg(args, struct log_value)));
    va_end(args);
    write_line(line);
    json_decref(line);
}
