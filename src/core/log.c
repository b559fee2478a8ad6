/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Log lines. Most texts stand in JSON as they are; jansson writes the others. (To make an object of
 * jansson's of each line takes three times as long.) What is written at once is whole lines, in
 * their order.
 */
#include "core/log.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/time.h"

#define LINE_BYTES_MAX 4096
#define WAITING_BYTES_MAX 65536
#define FULL_PIPE_MS 1000 /* that its reader has; then lines are lost */

static const char *const level_names[] = {"debug", "info", "warning", "error"};
static atomic_int level_wanted = LOG_INFO;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of all below, and of stderr */
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER; /* something waits, or may no longer */
static char waiting[WAITING_BYTES_MAX];
static size_t waiting_bytes;
static int delay_ms; /* 0: nothing waits */
static pthread_t writer;

void log_set_level(enum log_level level)
{
    atomic_store_explicit(&level_wanted, level, memory_order_relaxed);
}

/* Whether what could not be written can be now. */
static bool may_write_again(void)
{
    struct pollfd log = {.fd = STDERR_FILENO, .events = POLLOUT};
    return errno == EINTR || (errno == EAGAIN && poll(&log, 1, FULL_PIPE_MS) == 1);
}

/* Under the lock. There is nowhere to report that the log is gone. */
static void write_waiting(void)
{
    size_t written = 0;
    while (written < waiting_bytes) {
        ssize_t bytes = write(STDERR_FILENO, waiting + written, waiting_bytes - written);
        if (bytes > 0)
            written += (size_t)bytes;
        else if (!may_write_again())
            break;
    }
    waiting_bytes = 0;
}

static void put(enum log_level level, const char *text, size_t bytes)
{
    pthread_mutex_lock(&lock);
    if (bytes > sizeof waiting - waiting_bytes)
        write_waiting();
    if (waiting_bytes == 0)
        pthread_cond_signal(&changed);
    memcpy(waiting + waiting_bytes, text, bytes);
    waiting_bytes += bytes;
    if (delay_ms == 0 || level >= LOG_WARNING)
        write_waiting();
    pthread_mutex_unlock(&lock);
}

/* Writes what waits when the first line of it has waited for the delay. */
static void *write_in_time(void *argument)
{
    pthread_mutex_lock(&lock);
    while (delay_ms != 0) {
        if (waiting_bytes == 0) {
            pthread_cond_wait(&changed, &lock);
            continue;
        }
        int64_t due_us = time_monotonic_us() + delay_ms * (TIME_SECOND / 1000);
        struct timespec due = {.tv_sec = due_us / TIME_SECOND,
                               .tv_nsec = due_us % TIME_SECOND * 1000};
        while (delay_ms != 0 &&
               pthread_cond_clockwait(&changed, &lock, CLOCK_MONOTONIC, &due) == 0)
            continue;
        write_waiting();
    }
    pthread_mutex_unlock(&lock);
    return argument;
}

static void set_delay(int ms)
{
    pthread_mutex_lock(&lock);
    delay_ms = ms;
    pthread_mutex_unlock(&lock);
    pthread_cond_signal(&changed);
}

bool log_start(int line_delay_ms)
{
    if (line_delay_ms == 0)
        return true;
    set_delay(line_delay_ms);
    if (pthread_create(&writer, NULL, write_in_time, NULL) == 0)
        return true;
    set_delay(0);
    return false;
}

void log_stop(void)
{
    if (delay_ms == 0)
        return;
    set_delay(0);
    pthread_join(writer, NULL);
    write_waiting();
}

/* A line as far as it is made. */
struct line {
    char text[LINE_BYTES_MAX];
    size_t bytes;
    bool is_too_long;
};

static void add(struct line *line, const char *text, size_t bytes)
{
    line->is_too_long = line->is_too_long || bytes > sizeof line->text - line->bytes;
    if (line->is_too_long)
        return;
    memcpy(line->text + line->bytes, text, bytes);
    line->bytes += bytes;
}

/* Whether JSON has it as it is, between quotes. */
static bool is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text < ' ' || *text > '~' || *text == '"' || *text == '\\')
            return false;
    return true;
}

static void add_plain(struct line *line, const char *text)
{
    add(line, "\"", 1);
    add(line, text, strlen(text));
    add(line, "\"", 1);
}

static void add_escaped(struct line *line, const char *text)
{
    size_t room = sizeof line->text - line->bytes;
    json_t *value = json_string(text);
    if (value == NULL) {
        add_plain(line, "(not UTF-8)");
        return;
    }
    size_t bytes = json_dumpb(value, line->text + line->bytes, room, JSON_ENCODE_ANY);
    line->is_too_long = line->is_too_long || bytes == 0 || bytes > room;
    line->bytes += line->is_too_long ? 0 : bytes;
    json_decref(value);
}

static void add_number(struct line *line, int64_t number)
{
    char digits[sizeof "-9223372036854775808"];
    add(line, digits, (size_t)snprintf(digits, sizeof digits, "%" PRId64, number));
}

static void add_field(struct line *line, const char *name, struct log_value value)
{
    add(line, line->bytes == 0 ? "{" : ",", 1);
    add_plain(line, name);
    add(line, ":", 1);
    if (value.text == NULL)
        add_number(line, value.number);
    else if (is_plain(value.text))
        add_plain(line, value.text);
    else
        add_escaped(line, value.text);
}

static void end_line(struct line *line, enum log_level level)
{
    static const char too_long[] = "{\"level\":\"error\",\"event\":\"log line too long\"}\n";
    add(line, "}\n", 2);
    if (line->is_too_long)
        put(LOG_ERROR, too_long, sizeof too_long - 1);
    else
        put(level, line->text, line->bytes);
}

void log_event(enum log_level level, const char *event, ...)
{
    assert(event != NULL);
    if ((int)level < atomic_load_explicit(&level_wanted, memory_order_relaxed))
        return;
    char time[TIME_TEXT_SIZE];
    struct line line;
    line.bytes = 0;
    line.is_too_long = false;
    add_field(&line, "time", log_text(time_format(time_now_us(), time)));
    add_field(&line, "level", log_text(level_names[level]));
    add_field(&line, "event", log_text(event));
    va_list args;
    va_start(args, event);
    const char *name;
    while ((name = va_arg(args, const char *)) != NULL)
        add_field(&line, name, va_arg(args, struct log_value));
    va_end(args);
    end_line(&line, level);
}
