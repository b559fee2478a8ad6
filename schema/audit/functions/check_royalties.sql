-- SPDX-License-Identifier: GPL-3.0-or-later
-- Accruals (O4, O5, O9): each sale and refund has one, and it says what it must.

CREATE FUNCTION audit.check_accruals(in_range audit.range)
RETURNS SETOF audit.finding LANGUAGE sql STABLE AS $$
    SELECT f.* FROM audit.sales_due(in_range) d
    FULL JOIN (SELECT * FROM audit.accruals(in_range) WHERE kind = 'sale') a
         ON a.accrual_id = d.transaction_id
    CROSS JOIN LATERAL (
        SELECT 'accrual_missing', d.transaction_id::text, 'an accrual', 'none'
        WHERE a.accrual_id IS NULL
          AND (d.schedule_id IS NOT NULL OR d.content_exact IS NOT NULL)
        UNION ALL
        SELECT 'accrual_without_sale', a.accrual_id::text, 'a sale', 'none'
        WHERE d.transaction_id IS NULL
        UNION ALL
        SELECT 'accrual_vendor', a.accrual_id::text, d.vendor_id::text, a.vendor_id::text
        WHERE a.vendor_id <> d.vendor_id
        UNION ALL
        SELECT 'accrual_amount', a.accrual_id::text, d.amount::text, a.amount::text
        WHERE a.amount <> d.amount
        UNION ALL
        SELECT 'accrual_schedule', a.accrual_id::text, coalesce(d.schedule_id::text, 'none'),
               coalesce(a.schedule_id::text, 'none')
        WHERE a.accrual_id IS NOT NULL AND d.transaction_id IS NOT NULL
          AND a.schedule_id IS DISTINCT FROM d.schedule_id
        UNION ALL
        SELECT 'accrual_volume', a.accrual_id::text, d.volume_before::text, a.volume_before::text
        WHERE a.volume_before <> d.volume_before
        UNION ALL
        SELECT 'accrual_royalty', a.accrual_id::text, d.royalty::text, a.royalty::text
        WHERE a.royalty <> d.royalty
        UNION ALL
        SELECT 'accrual_content', a.accrual_id::text, coalesce(d.content_exact, 0)::text,
               coalesce(a.content_exact, 0)::text
        WHERE a.accrual_id IS NOT NULL AND d.transaction_id IS NOT NULL
          AND coalesce(a.content_exact, 0) <> coalesce(d.content_exact, 0)
    ) f
$$;
COMMENT ON FUNCTION audit.check_accruals IS 'every sale accrued what its schedule and owners say';

-- A refund gives back, of what its sale accrued, the part that it and those before it paid back.
CREATE FUNCTION audit.check_refund_accruals(in_range audit.range)
RETURNS SETOF audit.finding LANGUAGE sql STABLE AS $$
    WITH refund AS (
        SELECT r.refund_id, r.vendor_id, s.price::numeric AS price, a.royalty, a.owner_list_id,
               a.amount - a.royalty AS available, b.before,
               b.before + r.amount + r.incentive_amount AS after,
               -(r.amount + r.incentive_amount)
               + CASE WHEN i.vendor_id = s.vendor_id THEN r.incentive_amount ELSE 0 END AS amount
        FROM audit.refunds(in_range) r
        JOIN purchase.sales s ON s.transaction_id = r.transaction_id
        JOIN royalty.accruals a ON a.accrual_id = r.transaction_id
        LEFT JOIN incentive.incentives i ON i.incentive_id = s.incentive_id
        CROSS JOIN LATERAL (SELECT coalesce(sum(x.amount + x.incentive_amount), 0) AS before
                            FROM purchase.refunds x
                            WHERE x.transaction_id = r.transaction_id
                              AND (x.xact_id::text::bigint, x.refund_id)
                                  < (r.xact_id::text::bigint, r.refund_id)) b
    ), due AS (
        SELECT r.*, audit.half_even(r.royalty * (r.price - r.after) / r.price)
                    - audit.half_even(r.royalty * (r.price - r.before) / r.price) AS royalty_due,
               coalesce((SELECT sum(d.due) FROM audit.owner_dues(r.owner_list_id, r.price::bigint,
                                                                 r.available, r.after) d), 0)
               - coalesce((SELECT sum(d.due) FROM audit.owner_dues(r.owner_list_id, r.price::bigint,
                                                                   r.available, r.before) d), 0)
                   AS content_due
        FROM refund r
    )
    SELECT f.* FROM due d
    FULL JOIN (SELECT * FROM audit.accruals(in_range) WHERE kind = 'refund') a
         ON a.accrual_id = d.refund_id
    CROSS JOIN LATERAL (
        SELECT 'refund_accrual_missing', d.refund_id::text, 'an accrual', 'none'
        WHERE a.accrual_id IS NULL
        UNION ALL
        SELECT 'refund_accrual_without_refund', a.accrual_id::text, 'a refund', 'none'
        WHERE d.refund_id IS NULL
        UNION ALL
        SELECT 'refund_accrual_amount', a.accrual_id::text,
               d.amount || ' of vendor ' || d.vendor_id, a.amount || ' of vendor ' || a.vendor_id
        WHERE (a.amount, a.vendor_id) <> (d.amount, d.vendor_id)
        UNION ALL
        SELECT 'refund_royalty', a.accrual_id::text, d.royalty_due::text, a.royalty::text
        WHERE a.royalty <> d.royalty_due
        UNION ALL
        SELECT 'refund_content', a.accrual_id::text, d.content_due::text,
               coalesce(a.content_exact, 0)::text
        WHERE coalesce(a.content_exact, 0) <> d.content_due
    ) f
$$;
COMMENT ON FUNCTION audit.check_refund_accruals IS 'every refund gave back what its sale accrued';

-- Commissions (O9): deposits of users who came through a vendor, in its currency.
CREATE FUNCTION audit.check_commissions(in_range audit.range)
RETURNS SETOF audit.finding LANGUAGE sql STABLE AS $$
    WITH deposit AS (
        SELECT e.entry_id, v.vendor_id, p.amount, c.per_user, c.deposit_rate_ppm,
               NOT EXISTS (SELECT FROM ledger.postings x JOIN ledger.entries y USING (entry_id)
                           WHERE x.account = 'user_wallet' AND x.holder = p.holder
                             AND x.currency = p.currency AND y.kind = 'deposit'
                             AND (y.xact_id::text::bigint, y.entry_id)
                                 < (e.xact_id::text::bigint, e.entry_id)) AS is_first
        FROM audit.entries(in_range) e
        JOIN ledger.postings p ON p.entry_id = e.entry_id AND p.account = 'user_wallet'
        JOIN account.users u ON u.user_id = p.holder
        JOIN vendor.vendors v ON v.vendor_id = u.via_vendor_id AND v.currency = p.currency
        CROSS JOIN LATERAL (SELECT * FROM royalty.commissions c
                            WHERE c.vendor_id = v.vendor_id AND c.valid_from <= e.booked_at
                            ORDER BY c.valid_from DESC LIMIT 1) c
        WHERE e.kind = 'deposit'
    ), due AS (
        SELECT d.entry_id, d.vendor_id, audit.half_even(d.amount::numeric * d.deposit_rate_ppm / 1000000)
               + CASE WHEN d.is_first THEN d.per_user ELSE 0 END AS amount
        FROM deposit d
    )
    SELECT 'commission', coalesce(d.entry_id, a.subject_id)::text,
           coalesce(d.amount || ' to vendor ' || d.vendor_id, 'none'),
           coalesce(a.amount || ' to vendor ' || a.vendor_id, 'none')
    FROM (SELECT * FROM due WHERE amount > 0) d
    FULL JOIN (SELECT * FROM audit.accruals(in_range) WHERE kind = 'commission') a
         ON a.subject_id = d.entry_id
    WHERE (a.amount, a.vendor_id) IS DISTINCT FROM (d.amount, d.vendor_id)
$$;
COMMENT ON FUNCTION audit.check_commissions IS 'every deposit gave the vendor its commission';
