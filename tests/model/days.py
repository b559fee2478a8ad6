# SPDX-License-Identifier: GPL-3.0-or-later
"""Days, periods and settlement calendars, by looking at one day after the other."""

import datetime
import zoneinfo

DAY = datetime.timedelta(days=1)
UTC = datetime.timezone.utc


def local_day(moment, zone):
    return moment.astimezone(zoneinfo.ZoneInfo(zone)).date()


def begins(day, zone):
    """The first moment of a day somewhere, to the quarter of an hour."""
    moment = datetime.datetime.combine(day, datetime.time(), UTC) - datetime.timedelta(hours=18)
    while local_day(moment, zone) < day:
        moment += datetime.timedelta(minutes=15)
    return moment


def period_from(period, day):
    """The first day of the period that a day is in."""
    if period == "week":
        return day - DAY * day.weekday()
    if period == "month":
        return day.replace(day=1)
    if period == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1)


def is_due(calendar, number, day):
    """Whether payees with this calendar are paid on a day."""
    is_last = (day + DAY).day == 1
    return {
        "any_day": False,
        "weekly": day.isoweekday() == number,
        "twice_monthly": day.day in (1, 16),
        "monthly": day.day == 1,
        "day_of_month": day.day == number or is_last and day.day < (number or 0),
    }[calendar]


def last_due(calendar, number, day):
    """The latest such day up to a day; None where any day is one."""
    days = (day - DAY * n for n in range(32))
    return next((found for found in days if is_due(calendar, number, found)), None)


def next_due(calendar, number, day):
    """The first such day after a day."""
    days = (day + DAY * n for n in range(1, 33))
    return next((found for found in days if is_due(calendar, number, found)), None)
