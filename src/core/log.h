/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One JSON object a line on stderr. Never a password, a token or a personal datum.
 *
 * log_event(LOG_INFO, "request", "operation", LOG_TEXT("buy"), "duration_us", LOG_INT(42), NULL)
 */
#ifndef FARTHING_CORE_LOG_H
#define FARTHING_CORE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

struct log_value {
    const char *text; /* NULL: number */
    int64_t number;
};

static inline struct log_value log_text(const char *text)
{
    return (struct log_value){.text = text != NULL ? text : ""};
}

static inline struct log_value log_int(int64_t number)
{
    return (struct log_value){.number = number};
}
#define LOG_TEXT(value) log_text(value)
#define LOG_INT(value) log_int(value)

void log_set_level(enum log_level level);

/*
 * From now on a line below LOG_WARNING may wait so many milliseconds, so that several are written
 * at once; 0: none waits. False: no thread for it, and none waits. What waits when the process is
 * killed, or aborts, is lost. log_stop() writes it, and must come after the last of the other threads.
 */
bool log_start(int line_delay_ms);
void log_stop(void);

/* Pairs of a const char * name and a struct log_value, ended by NULL. Time and level are added. */
void log_event(enum log_level level, const char *event, ...);

#endif
