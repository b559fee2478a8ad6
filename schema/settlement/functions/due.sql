-- SPDX-License-Identifier: GPL-3.0-or-later
-- What payees are due, and whether it is paid now (fig. 28, 29B). Nothing is changed here.

-- What some payees gained so far, by line and currency, before in_as_of in their time zones (NULL:
-- all so far). Vendors: by days, all that was rolled up. Owners: what was collected.
CREATE OR REPLACE FUNCTION settlement.gained(in_payee_ids bigint[], in_as_of date)
RETURNS TABLE (payee_id bigint, currency text, kind text, count bigint, amount bigint)
LANGUAGE sql STABLE AS $$
    SELECT p.payee_id, v.currency, l.kind, sum(l.count)::bigint, sum(l.amount)::bigint
    FROM settlement.payees p
    JOIN vendor.vendors v ON v.vendor_id = p.vendor_id
    JOIN royalty.vendor_days d ON d.vendor_id = p.vendor_id AND (in_as_of IS NULL OR d.day < in_as_of)
    CROSS JOIN LATERAL (VALUES ('sales', d.sales_count, d.sales::bigint),
        ('incentives', 0, -d.incentives), ('refunds', d.refunds_count, -d.refunds),
        ('royalties', 0, -d.royalties), ('content_royalties', 0, -d.content_royalties),
        ('commissions', 0, d.commissions::bigint)) AS l (kind, count, amount)
    WHERE p.payee_id = ANY (in_payee_ids)
    GROUP BY p.payee_id, v.currency, l.kind
    UNION ALL
    SELECT p.payee_id, c.currency, 'collections', count(*), sum(l.amount)::bigint
    FROM settlement.payees p
    JOIN royalty.owners o ON o.owner_number = p.owner_number
    JOIN royalty.collection_lines l ON l.owner_number = p.owner_number
    JOIN royalty.collections c ON c.collection_id = l.collection_id
    WHERE p.payee_id = ANY (in_payee_ids)
      AND c.until_rollup <= (SELECT r.collected_id FROM royalty.progress r)
      AND (in_as_of IS NULL OR c.collected_at < settlement.day_start(in_as_of, o.time_zone))
    GROUP BY p.payee_id, c.currency
$$;
COMMENT ON FUNCTION settlement.gained(bigint[], date) IS 'what payees gained so far, line by line';

-- The lines of settlements that would be made now: gained, less what earlier ones covered, and
-- what banks gave back.
CREATE OR REPLACE FUNCTION settlement.new_lines(in_payee_ids bigint[], in_as_of date)
RETURNS TABLE (payee_id bigint, currency text, kind text, count bigint, amount bigint)
LANGUAGE sql STABLE AS $$
    SELECT l.payee_id, l.currency, l.kind, sum(l.count)::bigint, sum(l.amount)::bigint
    FROM (SELECT * FROM settlement.gained(in_payee_ids, in_as_of)
          UNION ALL
          SELECT s.payee_id, s.currency, n.kind, -n.count, -n.amount
          FROM settlement.settlements s
          JOIN settlement.lines n ON n.settlement_id = s.settlement_id
          WHERE s.payee_id = ANY (in_payee_ids) AND n.kind <> 'payout_returns'
          UNION ALL
          SELECT s.payee_id, s.currency, 'payout_returns', 1, o.amount
          FROM settlement.settlements s
          JOIN settlement.payouts o ON o.settlement_id = s.settlement_id
          WHERE s.payee_id = ANY (in_payee_ids) AND o.again_in IS NULL
            AND o.state IN ('rejected', 'returned')) AS l
    GROUP BY l.payee_id, l.currency, l.kind
    HAVING sum(l.count) <> 0 OR sum(l.amount) <> 0
$$;
COMMENT ON FUNCTION settlement.new_lines(bigint[], date) IS 'what no settlement has covered yet';

-- For each payee and currency with terms, in_payee_ids, what a settlement now would be: one row,
-- and one without currency for a payee that is not settled at all. in_as_of: as if at the
-- beginning of that day in the payee's time zone; NULL: now. outcome: paid, or why it is not:
-- sandbox, no_terms, not_yet (the day has not begun there, or was passed), debt, nothing, held,
-- below_threshold, not_due, below_minimum. amount: what is paid, else 0.
CREATE OR REPLACE FUNCTION settlement.due(in_payee_ids bigint[], in_as_of date)
RETURNS TABLE (payee_id bigint, vendor_id int, owner_id text, name text, currency text,
    outcome text, trigger text, due_on date, terms_id int, after_rollup bigint,
    until_rollup bigint, after_time timestamptz, as_of timestamptz, opening bigint,
    payable bigint, held bigint, amount bigint)
LANGUAGE sql STABLE AS $$
    WITH moments AS (
        SELECT p.*, coalesce(settlement.day_start(in_as_of, p.time_zone), n.moment) AS as_of,
               n.moment AS moment, (n.moment AT TIME ZONE p.time_zone)::date AS today
        FROM settlement.payee_list p, (SELECT clock_timestamp() AS moment OFFSET 0) n
        WHERE p.payee_id = ANY (in_payee_ids)
    ), agreed AS (
        SELECT m.*, t.terms_id, t.currency, t.amount_threshold, t.calendar, t.early_threshold,
               t.minimum, t.reserve, coalesce(s.closing, 0)::bigint AS opening,
               coalesce(s.rollup_id, 0) AS after_rollup,
               coalesce(s.as_of, '-infinity') AS after_time,
               coalesce(s.due_after, t.agreed_on - 1) AS due_after,
               settlement.last_due_day(t.calendar, t.calendar_day, coalesce(in_as_of, m.today))
                   AS last_due_day
        FROM moments m
        LEFT JOIN LATERAL (
            SELECT DISTINCT ON (c.currency) c.*,
                   (min(c.valid_from) OVER (PARTITION BY c.currency) AT TIME ZONE m.time_zone)::date
                       AS agreed_on
            FROM settlement.terms c WHERE c.payee_id = m.payee_id AND c.valid_from <= m.as_of
            ORDER BY c.currency, c.valid_from DESC, c.terms_id DESC) t ON NOT m.sandbox
        LEFT JOIN settlement.positions s ON s.payee_id = m.payee_id AND s.currency = t.currency
    ), summed AS (
        SELECT a.*, a.opening + coalesce(l.amount, 0) AS payable,
               least(settlement.held(a.vendor_id), greatest(a.opening + coalesce(l.amount, 0), 0))
                   AS held
        FROM agreed a
        LEFT JOIN (SELECT n.payee_id, n.currency, sum(n.amount)::bigint AS amount
                   FROM settlement.new_lines(in_payee_ids, in_as_of) n
                   GROUP BY n.payee_id, n.currency) l
            ON l.payee_id = a.payee_id AND l.currency = a.currency
    ), triggered AS (
        SELECT s.*, x.unit, s.last_due_day > s.due_after AS day_came,
               greatest(s.payable - s.held - s.reserve, 0) / x.unit * x.unit AS whole
        FROM summed s
        LEFT JOIN LATERAL (SELECT (10::numeric ^ (6 - c.minor_digits))::bigint AS unit
                           FROM ledger.currencies c WHERE c.currency = s.currency) x ON true
    ), judged AS (
        SELECT t.*, CASE
            WHEN t.sandbox THEN 'sandbox'
            WHEN t.terms_id IS NULL THEN 'no_terms'
            WHEN t.as_of > t.moment OR t.as_of < t.after_time THEN 'not_yet'
            WHEN t.payable < 0 THEN 'debt'
            WHEN t.payable = 0 THEN 'nothing'
            WHEN t.payable - t.held < t.amount_threshold
                THEN CASE WHEN t.payable < t.amount_threshold THEN 'below_threshold'
                          ELSE 'held' END
            WHEN t.day_came IS NOT TRUE AND t.calendar <> 'any_day'
                 AND (t.payable - t.held >= t.early_threshold) IS NOT TRUE THEN 'not_due'
            WHEN t.whole < greatest(t.minimum, 1) THEN 'below_minimum'
            ELSE 'paid' END AS outcome
        FROM triggered t
    )
    SELECT j.payee_id, j.vendor_id, j.owner_id, j.name, j.currency, j.outcome,
           CASE WHEN j.day_came THEN 'time' ELSE 'amount' END,
           CASE WHEN j.day_came THEN j.last_due_day END, j.terms_id, j.after_rollup,
           CASE WHEN j.vendor_id IS NULL THEN r.collected_id ELSE r.rollup_id END,
           j.after_time, j.as_of, j.opening, j.payable, j.held,
           CASE WHEN j.outcome = 'paid' THEN j.whole ELSE 0 END
    FROM judged j, royalty.progress r
    ORDER BY j.payee_id, j.currency
$$;
COMMENT ON FUNCTION settlement.due(bigint[], date) IS 'what settlements now would pay, and why not';
