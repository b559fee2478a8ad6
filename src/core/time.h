/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Points in time are microseconds since 1970-01-01T00:00:00Z; 0 stands for "none".
 */
#ifndef FARTHING_CORE_TIME_H
#define FARTHING_CORE_TIME_H

#include <stdbool.h>
#include <stdint.h>

typedef int64_t time_us_t;

#define TIME_SECOND 1000000LL
#define TIME_TEXT_SIZE 32

time_us_t time_now_us(void);
int64_t time_monotonic_us(void);

/* How long to rest after work, so that it takes share_percent (from 1 to 100) of the time. */
int64_t time_rest_us(int64_t worked_us, int share_percent);

/*
 * Reads an xsd:dateTime. The zone is required ("Z" or "+hh:mm"), the date must exist, years are
 * 1970 to 9999, 24:00:00 and leap seconds are refused. False: not that.
 */
bool time_parse(const char *text, time_us_t *time_r);

/* "2026-11-22T05:15:11Z", with ".ssssss" only when there are microseconds; returns text. */
char *time_format(time_us_t time, char text[TIME_TEXT_SIZE]);

#endif
