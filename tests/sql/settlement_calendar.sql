-- SPDX-License-Identifier: GPL-3.0-or-later
-- The days on which payees are paid (O6, 207).
BEGIN;
SELECT no_plan();

CREATE TEMP TABLE calendars (calendar, day) AS VALUES
    ('weekly', 1), ('weekly', 5), ('weekly', 7), ('twice_monthly', NULL), ('monthly', NULL),
    ('day_of_month', 1), ('day_of_month', 15), ('day_of_month', 29), ('day_of_month', 30),
    ('day_of_month', 31);
CREATE FUNCTION pg_temp.days(in_calendar text, in_day int, in_from date, in_until date)
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(to_char(d, 'MM-DD'), ' ' ORDER BY d)
    FROM generate_series(in_from, in_until, interval '1 day') AS d
    WHERE settlement.last_due_day(in_calendar, in_day, d::date) = d::date $$;

SELECT is(pg_temp.days(calendar, day, '2023-12-25', '2024-04-30'), days,
          concat_ws(' ', 'O6:', calendar, day))
FROM (VALUES
    ('monthly', NULL, '01-01 02-01 03-01 04-01'),
    ('twice_monthly', NULL, '01-01 01-16 02-01 02-16 03-01 03-16 04-01 04-16'),
    ('day_of_month', 15, '01-15 02-15 03-15 04-15'),
    ('day_of_month', 29, '12-29 01-29 02-29 03-29 04-29'),
    ('day_of_month', 30, '12-30 01-30 02-29 03-30 04-30'),
    ('day_of_month', 31, '12-31 01-31 02-29 03-31 04-30')) AS v (calendar, day, days);
SELECT is(pg_temp.days('day_of_month', 31, '2023-02-01', '2023-03-01'), '02-28',
          'O6: the 31st of February is the 28th');
SELECT is(pg_temp.days('weekly', 5, '2024-02-20', '2024-03-10'), '02-23 03-01 03-08', 'O6: Fridays');
SELECT is(settlement.last_due_day('any_day', NULL, '2024-03-01'), NULL, 'any_day has no days');
SELECT is(settlement.next_due_day('any_day', NULL, '2024-03-01'), NULL, 'and so no next one');

-- Over five years: every calendar goes from one of its days to the next and skips none.
SELECT is_empty($$
    SELECT calendar, day, d FROM calendars,
        generate_series('2024-01-01', '2028-12-31', interval '11 days') d,
        LATERAL (SELECT settlement.next_due_day(calendar, day, d::date) AS next OFFSET 0) n
    WHERE next <= d::date OR settlement.last_due_day(calendar, day, next) <> next
       OR settlement.last_due_day(calendar, day, next - 1) > d::date
       OR settlement.last_due_day(calendar, day, d::date) > d::date$$,
    'O6: after each day comes the next one of the calendar');

-- Where a day begins.
SELECT is(settlement.day_start(day, zone), moment, zone || ' ' || day || ': ' || what)
FROM (VALUES
    ('2024-07-01'::date, 'UTC', '2024-07-01 00:00Z'::timestamptz, 'plain'),
    ('2024-03-31', 'Europe/Berlin', '2024-03-30 23:00Z', 'the day of summer time'),
    ('2024-04-01', 'Europe/Berlin', '2024-03-31 22:00Z', 'the day after'),
    ('2024-11-03', 'America/New_York', '2024-11-03 04:00Z', 'the day of winter time'),
    ('2024-11-03', 'America/Havana', '2024-11-03 04:00Z', 'midnight comes twice: the first'),
    ('2024-03-10', 'America/Havana', '2024-03-10 05:00Z', 'no midnight: one o''clock'),
    ('2024-10-27', 'Asia/Beirut', '2024-10-26 22:00Z', 'the hour before midnight comes twice'),
    ('2024-01-01', 'Asia/Kathmandu', '2023-12-31 18:15Z', 'a zone of quarters'),
    ('2011-12-31', 'Pacific/Apia', '2011-12-30 10:00Z', 'the day before did not exist'))
    AS v (day, zone, moment, what);
SELECT is_empty($$
    SELECT zone, d FROM unnest('{UTC,Europe/Berlin,America/Havana,Asia/Beirut,Australia/Lord_Howe,
                                 America/Sao_Paulo,Africa/Cairo,Pacific/Chatham}'::text[]) zone,
        generate_series('2016-01-01', '2018-12-31', interval '1 day') d
    WHERE (settlement.day_start(d::date, zone) AT TIME ZONE zone)::date <> d::date
       OR ((settlement.day_start(d::date, zone) - interval '1 microsecond') AT TIME ZONE zone)::date
              <> d::date - 1$$,
    'O6: nothing lies between a day and the day before');
SELECT * FROM finish();
ROLLBACK;
