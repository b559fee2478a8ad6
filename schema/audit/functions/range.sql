-- SPDX-License-Identifier: GPL-3.0-or-later
-- What an audit looks at, and the facts in it. An audit is one statement and so has one snapshot.

CREATE TYPE audit.range AS (after_xact bigint, below_xact bigint, oldest_id uuid);

CREATE TYPE audit.finding AS (check_name text, subject text, expected text, actual text);

-- The lowest transaction that an audit does not reach: one that has not ended, or that sold, paid
-- back or deposited something that no rollup has covered yet.
CREATE FUNCTION audit.end_xact()
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT p.rollup_id FROM royalty.progress p WHERE EXISTS (
        SELECT FROM purchase.sales s
        WHERE purchase.xact_number(s.xact_id) >= p.rollup_id
          AND s.transaction_id >= (lpad(to_hex(greatest(0, (extract(epoch FROM
                  p.sold_until - interval '8 days') * 1000))::bigint), 12, '0')
                  || '00000000000000000000')::uuid
        UNION ALL
        SELECT FROM purchase.refunds r WHERE purchase.xact_number(r.xact_id) >= p.rollup_id
        UNION ALL
        SELECT FROM ledger.entries e
        WHERE purchase.xact_number(e.xact_id) >= p.rollup_id AND e.kind = 'deposit'
          AND EXISTS (SELECT FROM royalty.commissions))),
        pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
$$;
COMMENT ON FUNCTION audit.end_xact IS 'where an audit ends';

-- From a link (0: from the beginning) to another (NULL: as far as an audit reaches, which can be less
-- far than the link when something was sold since). oldest_id: no transaction ID in the range is lower,
-- since one can be bought for a week at most.
CREATE FUNCTION audit.range(in_after_link bigint, in_until_link bigint DEFAULT NULL)
RETURNS audit.range LANGUAGE sql STABLE AS $$
    SELECT coalesce(a.below_xact, 0), coalesce(u.below_xact, greatest(a.below_xact, audit.end_xact())),
           (lpad(to_hex(greatest(0, (extract(epoch FROM a.sold_until - interval '8 days') * 1000))::bigint),
                 12, '0') || '00000000000000000000')::uuid
    FROM (SELECT) one
    LEFT JOIN audit.links a ON a.link_id = in_after_link
    LEFT JOIN audit.links u ON u.link_id = in_until_link
$$;
COMMENT ON FUNCTION audit.range IS 'the commits between two links';

CREATE FUNCTION audit.sales(in_range audit.range)
RETURNS SETOF purchase.sales LANGUAGE sql STABLE AS $$
    SELECT s.* FROM purchase.sales s
    WHERE purchase.xact_number(s.xact_id) >= in_range.after_xact
      AND purchase.xact_number(s.xact_id) < in_range.below_xact
      AND s.transaction_id >= in_range.oldest_id
$$;
COMMENT ON FUNCTION audit.sales IS 'the sales of a range';

CREATE FUNCTION audit.accruals(in_range audit.range)
RETURNS SETOF royalty.accruals LANGUAGE sql STABLE AS $$
    SELECT a.* FROM royalty.accruals a
    WHERE a.rollup_id > in_range.after_xact AND a.rollup_id <= in_range.below_xact
$$;
COMMENT ON FUNCTION audit.accruals IS 'the accruals of a range: a rollup''s number is the transaction it ends before';

CREATE FUNCTION audit.entries(in_range audit.range)
RETURNS SETOF ledger.entries LANGUAGE sql STABLE AS $$
    SELECT e.* FROM ledger.entries e
    WHERE purchase.xact_number(e.xact_id) >= in_range.after_xact
      AND purchase.xact_number(e.xact_id) < in_range.below_xact
$$;
COMMENT ON FUNCTION audit.entries IS 'the ledger entries of a range';

CREATE FUNCTION audit.refunds(in_range audit.range)
RETURNS SETOF purchase.refunds LANGUAGE sql STABLE AS $$
    SELECT r.* FROM purchase.refunds r
    WHERE purchase.xact_number(r.xact_id) >= in_range.after_xact
      AND purchase.xact_number(r.xact_id) < in_range.below_xact
$$;
COMMENT ON FUNCTION audit.refunds IS 'the refunds of a range';

-- Every posting of a range, as the books must read: a sale and an accrual are entries too.
CREATE FUNCTION audit.postings(in_range audit.range)
RETURNS TABLE (entry_id uuid, kind text, account text, holder bigint, currency text, amount bigint)
LANGUAGE sql STABLE AS $$
    SELECT e.entry_id, e.kind, p.account, p.holder, p.currency, p.amount::bigint
    FROM audit.entries(in_range) e JOIN ledger.postings p ON p.entry_id = e.entry_id
    UNION ALL
    SELECT s.transaction_id, 'purchase', l.account, l.holder, s.currency, l.amount
    FROM audit.sales(in_range) s
    LEFT JOIN incentive.incentives i ON i.incentive_id = s.incentive_id
    CROSS JOIN LATERAL (VALUES
        ('user_wallet', s.user_id, s.incentive_amount::bigint - s.price),
        ('vendor_payable', s.vendor_id::bigint, s.price::bigint),
        (CASE WHEN i.vendor_id IS NULL THEN 'incentive_expense' ELSE 'vendor_payable' END,
         coalesce(i.vendor_id, 0)::bigint, -s.incentive_amount::bigint)) l (account, holder, amount)
    WHERE l.amount <> 0
    UNION ALL
    SELECT a.accrual_id, a.kind, l.account, l.holder, v.currency, l.amount
    FROM audit.accruals(in_range) a
    JOIN vendor.vendors v ON v.vendor_id = a.vendor_id
    CROSS JOIN LATERAL (VALUES
        ('vendor_payable', a.vendor_id::bigint,
         CASE a.kind WHEN 'commission' THEN a.amount ELSE 0 END - a.royalty - a.content_royalty),
        ('royalty_income', 0, a.royalty::bigint),
        ('content_royalty_withheld', a.vendor_id::bigint, a.content_royalty::bigint),
        ('commission_expense', 0, CASE a.kind WHEN 'commission' THEN -a.amount ELSE 0 END)
        ) l (account, holder, amount)
    WHERE l.amount <> 0
$$;
COMMENT ON FUNCTION audit.postings IS 'every posting of a range';

-- All that vendors are settled for, whether royalties were due of it or not: what rollups covered.
CREATE FUNCTION audit.vendor_facts()
RETURNS TABLE (kind text, vendor_id int, xact bigint, occurred_at timestamptz, gross numeric,
    own_incentive numeric, royalty numeric, content_royalty numeric, commission numeric)
LANGUAGE sql STABLE AS $$
    SELECT 'sale', s.vendor_id, s.xact_id::text::bigint, s.sold_at, s.price::numeric,
           CASE WHEN i.vendor_id = s.vendor_id THEN s.incentive_amount ELSE 0 END,
           coalesce(a.royalty, 0), coalesce(a.content_royalty, 0), 0
    FROM purchase.sales s
    LEFT JOIN incentive.incentives i ON i.incentive_id = s.incentive_id
    LEFT JOIN royalty.accruals a ON a.accrual_id = s.transaction_id
    WHERE purchase.xact_number(s.xact_id) < (SELECT p.rollup_id FROM royalty.progress p)
    UNION ALL
    SELECT 'refund', r.vendor_id, r.xact_id::text::bigint, r.refunded_at,
           -(r.amount + r.incentive_amount),
           CASE WHEN i.vendor_id = s.vendor_id THEN -r.incentive_amount ELSE 0 END,
           coalesce(a.royalty, 0), coalesce(a.content_royalty, 0), 0
    FROM purchase.refunds r
    LEFT JOIN purchase.sales s ON s.transaction_id = r.transaction_id
    LEFT JOIN incentive.incentives i ON i.incentive_id = s.incentive_id
    LEFT JOIN royalty.accruals a ON a.accrual_id = r.refund_id
    WHERE purchase.xact_number(r.xact_id) < (SELECT p.rollup_id FROM royalty.progress p)
    UNION ALL
    SELECT 'commission', a.vendor_id, a.rollup_id - 1, e.booked_at, 0, 0, a.royalty,
           a.content_royalty, a.amount
    FROM royalty.accruals a LEFT JOIN ledger.entries e ON e.entry_id = a.subject_id
    WHERE a.kind = 'commission'
$$;
COMMENT ON FUNCTION audit.vendor_facts IS 'what vendors are settled for, one by one';

-- Rounds to the nearest integer, a half to the even one.
CREATE FUNCTION audit.half_even(in_amount numeric)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN abs(in_amount - trunc(in_amount)) = 0.5
                THEN 2 * round(trunc(in_amount) / 2 + sign(in_amount) * 0.1)
                ELSE round(in_amount) END
$$;
COMMENT ON FUNCTION audit.half_even IS 'rounds half-even to an integer';
