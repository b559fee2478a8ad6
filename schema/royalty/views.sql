-- SPDX-License-Identifier: GPL-3.0-or-later
-- What rollups covered, whether royalties were due or not: what vendors are settled for.

CREATE OR REPLACE VIEW royalty.all_accruals AS
    SELECT s.transaction_id AS accrual_id, purchase.xact_number(s.xact_id) + 1 AS rollup_id,
           s.price - CASE WHEN i.vendor_id = s.vendor_id THEN s.incentive_amount ELSE 0 END AS amount,
           coalesce(a.royalty, 0)::bigint AS royalty,
           coalesce(a.content_royalty, 0)::bigint AS content_royalty,
           a.volume_before::bigint AS volume_before, s.vendor_id, a.schedule_id, a.owner_list_id,
           'sale' AS kind, NULL::uuid AS subject_id, a.content_exact, s.sold_at AS occurred_at
    FROM purchase.sales s
    LEFT JOIN incentive.incentives i ON i.incentive_id = s.incentive_id
    LEFT JOIN royalty.accruals a ON a.accrual_id = s.transaction_id
    WHERE purchase.xact_number(s.xact_id) < (SELECT p.rollup_id FROM royalty.progress p)
    UNION ALL
    SELECT f.refund_id, purchase.xact_number(f.xact_id) + 1,
           CASE WHEN i.vendor_id = s.vendor_id THEN 0 ELSE -f.incentive_amount END - f.amount,
           coalesce(a.royalty, 0), coalesce(a.content_royalty, 0), NULL, f.vendor_id,
           a.schedule_id, a.owner_list_id, 'refund', f.transaction_id, a.content_exact,
           f.refunded_at
    FROM purchase.refunds f
    JOIN purchase.sales s ON s.transaction_id = f.transaction_id
    LEFT JOIN incentive.incentives i ON i.incentive_id = s.incentive_id
    LEFT JOIN royalty.accruals a ON a.accrual_id = f.refund_id
    WHERE purchase.xact_number(f.xact_id) < (SELECT p.rollup_id FROM royalty.progress p)
    UNION ALL
    SELECT a.accrual_id, a.rollup_id, a.amount, a.royalty, a.content_royalty, NULL, a.vendor_id,
           NULL, NULL, a.kind, a.subject_id, NULL, e.booked_at
    FROM royalty.accruals a JOIN ledger.entries e ON e.entry_id = a.subject_id
    WHERE a.kind = 'commission';
COMMENT ON VIEW royalty.all_accruals IS
    'all sales, refunds and commissions that rollups covered, with their royalties; one is covered by a rollup whose number is not lower';
