-- SPDX-License-Identifier: GPL-3.0-or-later
-- Collections (O7, figure 29A): what vendors withheld reached the owners' accounts.

CREATE FUNCTION audit.check_collections(in_range audit.range)
RETURNS SETOF audit.finding LANGUAGE sql STABLE AS $$
    WITH collection AS (
        SELECT c.* FROM audit.entries(in_range) e
        JOIN royalty.collections c ON c.collection_id = e.entry_id WHERE e.kind = 'collection'
    ), accrual AS (
        SELECT c.collection_id, a.kind, a.accrual_id, coalesce(b.owner_list_id, a.owner_list_id)
                   AS owner_list_id, s.price, coalesce(b.amount - b.royalty, a.amount - a.royalty)
                   AS available
        FROM collection c
        JOIN royalty.accruals a ON a.vendor_id = c.vendor_id AND a.rollup_id > c.after_rollup
             AND a.rollup_id <= c.until_rollup AND a.content_exact <> 0
        LEFT JOIN royalty.accruals b ON a.kind = 'refund' AND b.accrual_id = a.subject_id
        JOIN purchase.sales s ON s.transaction_id = coalesce(b.accrual_id, a.accrual_id)
    ), refunded AS (
        SELECT a.*, coalesce(p.before, 0) AS before, coalesce(p.after, 0) AS after
        FROM accrual a
        LEFT JOIN LATERAL (
            SELECT coalesce(sum(x.amount + x.incentive_amount)
                            FILTER (WHERE x.refund_id <> r.refund_id), 0) AS before,
                   sum(x.amount + x.incentive_amount) AS after
            FROM purchase.refunds r
            JOIN purchase.refunds x ON x.transaction_id = r.transaction_id
                 AND (x.xact_id::text::bigint, x.refund_id) <= (r.xact_id::text::bigint, r.refund_id)
            WHERE r.refund_id = a.accrual_id AND a.kind = 'refund') p ON true
    ), due AS (
        SELECT a.collection_id, d.owner_id, sum(d.due) AS exact
        FROM (SELECT a.collection_id, d.owner_id, d.due FROM refunded a
              CROSS JOIN LATERAL audit.owner_dues(a.owner_list_id, a.price, a.available, a.after) d
              UNION ALL
              SELECT a.collection_id, d.owner_id, -d.due FROM refunded a
              CROSS JOIN LATERAL audit.owner_dues(a.owner_list_id, a.price, a.available, a.before) d
              WHERE a.kind = 'refund') d
        JOIN collection a USING (collection_id)
        GROUP BY 1, 2 HAVING sum(d.due) <> 0
    ), line AS (
        SELECT l.*, o.owner_id FROM collection c
        JOIN royalty.collection_lines l ON l.collection_id = c.collection_id
        JOIN royalty.owners o ON o.owner_number = l.owner_number
    )
    SELECT 'collection_line', coalesce(d.collection_id, l.collection_id) || ' '
               || coalesce(d.owner_id, l.owner_id), coalesce(d.exact, 0)::text,
           coalesce(l.exact, 0)::text
    FROM due d FULL JOIN line l ON l.collection_id = d.collection_id AND l.owner_id = d.owner_id
    WHERE coalesce(d.exact, 0) <> coalesce(l.exact, 0)
    UNION ALL
    SELECT 'collection_entry', l.collection_id || ' owner ' || l.owner_number, l.amount::text,
           coalesce(p.amount, 0)::text
    FROM line l
    LEFT JOIN (SELECT p.entry_id, p.holder, sum(p.amount) AS amount FROM ledger.postings p
               WHERE p.account = 'owner_payable' GROUP BY 1, 2) p
         ON p.entry_id = l.collection_id AND p.holder = l.owner_number
    WHERE l.amount <> coalesce(p.amount, 0)
    UNION ALL
    SELECT 'collection_gap', n.collection_id::text, 'after rollup ' || coalesce(b.until_rollup, 0),
           'after rollup ' || n.after_rollup
    FROM (SELECT c.*, lag(c.until_rollup) OVER (PARTITION BY c.vendor_id ORDER BY c.until_rollup)
                 AS previous FROM royalty.collections c) n
    LEFT JOIN royalty.collections b ON b.vendor_id = n.vendor_id AND b.until_rollup = n.previous
    WHERE in_range.after_xact = 0
      AND (n.after_rollup < coalesce(b.until_rollup, 0)
           OR EXISTS (SELECT FROM royalty.accruals a
                      WHERE a.vendor_id = n.vendor_id AND a.content_exact <> 0
                        AND a.rollup_id > coalesce(b.until_rollup, 0)
                        AND a.rollup_id <= n.after_rollup))
$$;
COMMENT ON FUNCTION audit.check_collections IS 'owners got exactly what was withheld for them';
