-- SPDX-License-Identifier: GPL-3.0-or-later
-- Running totals: the sums of a range, and of all up to its end.

CREATE FUNCTION audit.range_totals(in_range audit.range)
RETURNS TABLE (kind text, holder bigint, detail text, amount numeric)
LANGUAGE sql STABLE AS $$
    SELECT p.account, p.holder, p.currency, sum(p.amount)
    FROM audit.postings(in_range) p GROUP BY 1, 2, 3
    UNION ALL
    SELECT 'volume', d.vendor_id, d.period || ' ' || extract(epoch FROM d.period_from),
           sum(d.price)
    FROM audit.sales_placed(in_range) d WHERE d.schedule_id IS NOT NULL GROUP BY 2, 3
    UNION ALL
    SELECT 'content', a.vendor_id, '', sum(a.content_exact)
    FROM audit.accruals(in_range) a WHERE a.content_exact IS NOT NULL GROUP BY 2
    UNION ALL
    SELECT 'owner', l.owner_number, c.currency, sum(l.exact)
    FROM audit.entries(in_range) e
    JOIN royalty.collections c ON c.collection_id = e.entry_id
    JOIN royalty.collection_lines l ON l.collection_id = c.collection_id
    WHERE e.kind = 'collection' GROUP BY 2, 3
$$;
COMMENT ON FUNCTION audit.range_totals IS 'what a range adds to the running totals';

CREATE FUNCTION audit.totals_after(in_range audit.range)
RETURNS TABLE (kind text, holder bigint, detail text, amount numeric)
LANGUAGE sql STABLE AS $$
    SELECT x.kind, x.holder, x.detail, sum(x.amount) FROM (
        SELECT t.kind, t.holder, t.detail, t.amount FROM audit.totals t WHERE in_range.after_xact > 0
        UNION ALL
        SELECT * FROM audit.range_totals(in_range)) x
    GROUP BY 1, 2, 3
$$;
COMMENT ON FUNCTION audit.totals_after IS 'the running totals at the end of a range';

-- The totals that the rollup and the collection keep, against the auditor's.
CREATE FUNCTION audit.check_running_totals(in_range audit.range)
RETURNS SETOF audit.finding LANGUAGE sql STABLE AS $$
    WITH due AS MATERIALIZED (SELECT * FROM audit.totals_after(in_range)),
    kept (kind, holder, detail, amount) AS (
        SELECT 'volume', v.vendor_id::bigint, v.period || ' ' || extract(epoch FROM v.period_from),
               v.volume::numeric
        FROM royalty.volumes v
        UNION ALL
        SELECT 'content', c.vendor_id, '', c.content_exact FROM royalty.vendor_carries c
        UNION ALL
        SELECT 'owner', a.owner_number, a.currency, a.exact FROM royalty.owner_accounts a
    )
    SELECT CASE d.kind WHEN 'volume' THEN 'volume_total' WHEN 'content' THEN 'vendor_carry'
                       ELSE 'owner_account' END,
           concat_ws(' ', CASE d.kind WHEN 'owner' THEN 'owner' ELSE 'vendor' END, d.holder,
                     nullif(d.detail, '')), d.amount::text, k.amount::text
    FROM (SELECT kind, holder, detail, sum(amount) AS amount FROM (
              SELECT kind, holder, detail, amount FROM due WHERE kind IN ('volume', 'content', 'owner')
              UNION ALL SELECT kind, holder, detail, 0 FROM kept) x GROUP BY 1, 2, 3) d
    LEFT JOIN kept k USING (kind, holder, detail)
    WHERE d.amount <> coalesce(k.amount, 0)
    UNION ALL
    -- Whole millionths were withheld for all of what is exact.
    SELECT 'content_withheld', 'vendor ' || c.holder, floor(c.amount)::text, coalesce(w.amount, 0)::text
    FROM (SELECT * FROM due WHERE kind = 'content') c
    LEFT JOIN (SELECT a.vendor_id, sum(a.content_royalty) AS amount FROM royalty.accruals a
               GROUP BY 1) w ON w.vendor_id = c.holder
    WHERE in_range.after_xact = 0 AND floor(c.amount) <> coalesce(w.amount, 0)
    UNION ALL
    SELECT 'owner_payable', 'owner ' || o.holder || ' ' || o.detail, floor(o.amount)::text,
           coalesce(c.amount, 0)::text
    FROM (SELECT * FROM due WHERE kind = 'owner') o
    LEFT JOIN (SELECT l.owner_number, n.currency, sum(l.amount) AS amount
               FROM royalty.collection_lines l JOIN royalty.collections n USING (collection_id)
               GROUP BY 1, 2) c ON c.owner_number = o.holder AND c.currency = o.detail
    WHERE in_range.after_xact = 0 AND floor(o.amount) <> coalesce(c.amount, 0)
$$;
COMMENT ON FUNCTION audit.check_running_totals IS 'volumes, carries and owners'' accounts are exact';

-- A vendor's days are the sums of its accruals.
CREATE FUNCTION audit.check_vendor_days(in_range audit.range)
RETURNS SETOF audit.finding LANGUAGE sql STABLE AS $$
    WITH due AS (
        SELECT f.vendor_id, (f.occurred_at AT TIME ZONE v.time_zone)::date AS day,
               count(*) FILTER (WHERE f.kind = 'sale') AS sales_count,
               coalesce(sum(f.gross) FILTER (WHERE f.kind = 'sale'), 0) AS sales,
               sum(f.own_incentive) AS incentives,
               count(*) FILTER (WHERE f.kind = 'refund') AS refunds_count,
               coalesce(-sum(f.gross) FILTER (WHERE f.kind = 'refund'), 0) AS refunds,
               sum(f.royalty) AS royalties, sum(f.content_royalty) AS content_royalties,
               sum(f.commission) AS commissions
        FROM audit.vendor_facts() f JOIN vendor.vendors v ON v.vendor_id = f.vendor_id
        WHERE in_range.after_xact = 0
        GROUP BY 1, 2
    )
    SELECT 'vendor_day', 'vendor ' || coalesce(d.vendor_id, k.vendor_id) || ' '
               || coalesce(d.day, k.day), x.due, x.kept
    FROM due d
    FULL JOIN (SELECT * FROM royalty.vendor_days WHERE in_range.after_xact = 0) k
         ON k.vendor_id = d.vendor_id AND k.day = d.day
    CROSS JOIN LATERAL (SELECT
        concat_ws(' ', d.sales_count, d.sales, d.incentives, d.refunds_count, d.refunds, d.royalties,
                  d.content_royalties, d.commissions) AS due,
        concat_ws(' ', k.sales_count, k.sales, k.incentives, k.refunds_count, k.refunds, k.royalties,
                  k.content_royalties, k.commissions) AS kept) x
    WHERE x.due <> x.kept
$$;
COMMENT ON FUNCTION audit.check_vendor_days IS 'each day of each vendor is the sum of its accruals';
