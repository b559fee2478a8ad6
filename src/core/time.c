/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Points in time and their xsd:dateTime text; the calendar is libc's. */
#include "core/time.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define TIME_MAX (253402300800LL * TIME_SECOND - 1) /* 9999-12-31T23:59:59.999999Z */

static int64_t clock_us(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * TIME_SECOND + now.tv_nsec / 1000;
}

time_us_t time_now_us(void)
{
    return clock_us(CLOCK_REALTIME);
}

int64_t time_monotonic_us(void)
{
    return clock_us(CLOCK_MONOTONIC);
}

int64_t time_rest_us(int64_t worked_us, int share_percent)
{
    return worked_us * (100 - share_percent) / share_percent;
}

/* Exactly count digits, a number from min to max, then the delimiter (0: none). */
static bool read_number(const char **text, int count, int min, int max, char delimiter,
                        int *number_r)
{
    int number = 0;
    for (int i = 0; i < count; i++, (*text)++) {
        if (**text < '0' || **text > '9')
            return false;
        number = number * 10 + (**text - '0');
    }
    if (number < min || number > max)
        return false;
    *number_r = number;
    if (delimiter == '\0')
        return true;
    return *(*text)++ == delimiter;
}

/* ".123" as microseconds; what is below a microsecond is dropped. */
static bool read_fraction(const char **text, int *microseconds_r)
{
    *microseconds_r = 0;
    if (**text != '.')
        return true;
    const char *digits = ++*text;
    *text += strspn(digits, "0123456789");
    if (*text == digits)
        return false;
    for (int i = 0, unit = 100000; &digits[i] < *text && unit > 0; i++, unit /= 10)
        *microseconds_r += (digits[i] - '0') * unit;
    return true;
}

/* "Z", "+hh:mm" or "-hh:mm" up to 14 hours, at the end of the text. */
static bool read_zone(const char *text, int *minutes_east_r)
{
    *minutes_east_r = 0;
    if (strcmp(text, "Z") == 0)
        return true;
    if (*text != '+' && *text != '-')
        return false;
    int sign = *text++ == '-' ? -1 : 1;
    int hours, minutes;
    if (!read_number(&text, 2, 0, 14, ':', &hours) || !read_number(&text, 2, 0, 59, '\0', &minutes))
        return false;
    *minutes_east_r = sign * (hours * 60 + minutes);
    return *text == '\0' && hours * 60 + minutes <= 14 * 60;
}

bool time_parse(const char *text, time_us_t *time_r)
{
    assert(text != NULL && time_r != NULL);
    int year, month, day, hour, minute, second, microseconds, minutes_east;
    if (!read_number(&text, 4, 1970, 9999, '-', &year) ||
        !read_number(&text, 2, 1, 12, '-', &month) || !read_number(&text, 2, 1, 31, 'T', &day) ||
        !read_number(&text, 2, 0, 23, ':', &hour) || !read_number(&text, 2, 0, 59, ':', &minute) ||
        !read_number(&text, 2, 0, 59, '\0', &second) || !read_fraction(&text, &microseconds) ||
        !read_zone(text, &minutes_east))
        return false;
    struct tm civil = {.tm_year = year - 1900,
                       .tm_mon = month - 1,
                       .tm_mday = day,
                       .tm_hour = hour,
                       .tm_min = minute,
                       .tm_sec = second};
    time_t seconds = timegm(&civil);
    if (civil.tm_mday != day) /* timegm turned a 30 February into a day of March */
        return false;
    time_us_t time = ((int64_t)seconds - minutes_east * 60) * TIME_SECOND + microseconds;
    if (time <= 0 || time > TIME_MAX)
        return false;
    *time_r = time;
    return true;
}

char *time_format(time_us_t time, char text[TIME_TEXT_SIZE])
{
    assert(time >= 0 && time <= TIME_MAX);
    time_t seconds = time / TIME_SECOND;
    int microseconds = (int)(time % TIME_SECOND);
    struct tm civil;
    gmtime_r(&seconds, &civil);
    size_t used = strftime(text, TIME_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &civil);
    if (microseconds != 0)
        used += (size_t)snprintf(text + used, TIME_TEXT_SIZE - used, ".%06d", microseconds);
    strcpy(text + used, "Z");
    return text;
}
