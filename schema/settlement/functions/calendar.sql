-- SPDX-License-Identifier: GPL-3.0-or-later
-- The days on which payees are paid (O6, 207), in their own time zones.

-- When a day begins. Where clocks go back over midnight, its first moment; where they go forward
-- over it, the moment of the change.
CREATE OR REPLACE FUNCTION settlement.day_start(in_day date, in_time_zone text)
RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT min(m.moment)
    FROM (SELECT in_day::timestamp AT TIME ZONE in_time_zone AS about) a
    CROSS JOIN generate_series(a.about - interval '3 hours', a.about,
                               interval '15 minutes') AS m (moment)
    WHERE (m.moment AT TIME ZONE in_time_zone)::date >= in_day
$$;
COMMENT ON FUNCTION settlement.day_start(date, text) IS 'the first moment of a day somewhere';

-- The latest day of a calendar that is not after in_until; any_day has none: NULL.
CREATE OR REPLACE FUNCTION settlement.last_due_day(in_calendar text, in_day int, in_until date)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE in_calendar
        WHEN 'weekly' THEN in_until - (extract(isodow FROM in_until)::int - in_day + 7) % 7
        WHEN 'twice_monthly' THEN m.first + CASE WHEN in_until >= m.first + 15 THEN 15 ELSE 0 END
        WHEN 'monthly' THEN m.first
        WHEN 'day_of_month' THEN
            CASE WHEN least(m.first + in_day - 1, m.last) <= in_until
                 THEN least(m.first + in_day - 1, m.last)
                 ELSE least(m.before_first + in_day - 1, m.first - 1) END
        END
    FROM (SELECT date_trunc('month', in_until::timestamp)::date AS first,
                 (date_trunc('month', in_until::timestamp) - interval '1 month')::date
                     AS before_first,
                 (date_trunc('month', in_until::timestamp) + interval '1 month')::date - 1
                     AS last) m
$$;
COMMENT ON FUNCTION settlement.last_due_day(text, int, date) IS
    'the latest settlement day up to a day (O6)';

-- The first day of a calendar after in_after; none is more than 31 days away.
CREATE OR REPLACE FUNCTION settlement.next_due_day(in_calendar text, in_day int, in_after date)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT min(in_after + n) FROM generate_series(1, 31) n
    WHERE settlement.last_due_day(in_calendar, in_day, in_after + n) = in_after + n
$$;
COMMENT ON FUNCTION settlement.next_due_day(text, int, date) IS
    'the first settlement day after a day; NULL: any day is one (O6)';
