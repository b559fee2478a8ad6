-- SPDX-License-Identifier: GPL-3.0-or-later
-- What an audit looks at, and the facts in it. An audit is one statement and so has one snapshot.

CREATE TYPE audit.range AS (
    after_xact bigint, below_xact bigint, after_rollup bigint, until_rollup bigint, oldest_id uuid
);

CREATE TYPE audit.finding AS (check_name text, subject text, expected text, actual text);

-- From a link (0: from the beginning) to another (NULL: to what was rolled up by now). oldest_id: no
-- transaction ID in the range is lower, since one can be bought for a week at most.
CREATE FUNCTION audit.range(in_after_link bigint, in_until_link bigint DEFAULT NULL)
RETURNS audit.range LANGUAGE sql STABLE AS $$
    SELECT coalesce(a.below_xact, 0), coalesce(u.below_xact, p.below_xact::text::bigint),
           coalesce(a.until_rollup, 0), coalesce(u.until_rollup, p.rollup_id),
           CASE WHEN a.link_id IS NULL THEN '00000000-0000-0000-0000-000000000000'::uuid
                ELSE (lpad(to_hex((extract(epoch FROM a.closed_at - interval '8 days') * 1000)::bigint),
                           12, '0') || '00000000000000000000')::uuid END
    FROM royalty.progress p
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
    WHERE a.rollup_id > in_range.after_rollup AND a.rollup_id <= in_range.until_rollup
$$;
COMMENT ON FUNCTION audit.accruals IS 'the accruals of a range';

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

-- Rounds to the nearest integer, a half to the even one.
CREATE FUNCTION audit.half_even(in_amount numeric)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN abs(in_amount - trunc(in_amount)) = 0.5
                THEN 2 * round(trunc(in_amount) / 2 + sign(in_amount) * 0.1)
                ELSE round(in_amount) END
$$;
COMMENT ON FUNCTION audit.half_even IS 'rounds half-even to an integer';
