-- SPDX-License-Identifier: GPL-3.0-or-later
-- What vendors are told of their money: all of it in order, or one settlement line by line.
-- Amounts are in the currency's unit, with six digits.

-- Everything that changed what vendors are due, each line with the balance after it. day: in the
-- vendor's time zone. subject_id: of a refund and what it gave back its transaction, of a commission
-- its deposit, of a payout's return the settlement that it was to pay.
CREATE OR REPLACE VIEW settlement.vendor_statement AS
    SELECT l.vendor_id, l.booked_at, (l.booked_at AT TIME ZONE v.time_zone)::date AS day, l.line,
           l.kind, l.entry_id, l.subject_id, l.description, v.currency,
           l.amount * 0.000001 AS amount,
           sum(l.amount) OVER (PARTITION BY l.vendor_id ORDER BY l.booked_at, l.entry_id, l.line
                               ROWS UNBOUNDED PRECEDING) * 0.000001 AS balance
    FROM (
        SELECT s.vendor_id, s.sold_at AS booked_at, s.transaction_id AS entry_id, n.line, n.kind,
               NULL::uuid AS subject_id, o.title AS description, n.amount
        FROM purchase.sales s
        LEFT JOIN purchase.offers o ON o.offer_id = s.offer_id
        LEFT JOIN royalty.accruals a ON a.accrual_id = s.transaction_id
        LEFT JOIN incentive.incentives i
            ON i.incentive_id = s.incentive_id AND i.vendor_id = s.vendor_id
        CROSS JOIN LATERAL (VALUES (1, 'sale', s.price::bigint),
            (2, 'incentive', CASE WHEN i.incentive_id IS NOT NULL THEN -s.incentive_amount END),
            (3, 'royalty', -a.royalty), (4, 'content_royalty', -a.content_royalty))
            AS n (line, kind, amount)
        WHERE n.amount <> 0
        UNION ALL
        SELECT f.vendor_id, f.refunded_at, f.refund_id, n.line, n.kind, f.transaction_id,
               f.reason, n.amount
        FROM purchase.refunds f
        JOIN purchase.sales s ON s.transaction_id = f.transaction_id
        LEFT JOIN royalty.accruals a ON a.accrual_id = f.refund_id
        LEFT JOIN incentive.incentives i
            ON i.incentive_id = s.incentive_id AND i.vendor_id = f.vendor_id
        CROSS JOIN LATERAL (VALUES (1, 'refund', (-f.amount - f.incentive_amount)::bigint),
            (2, 'incentive', CASE WHEN i.incentive_id IS NOT NULL THEN f.incentive_amount END),
            (3, 'royalty', -a.royalty), (4, 'content_royalty', -a.content_royalty))
            AS n (line, kind, amount)
        WHERE n.amount <> 0
        UNION ALL
        SELECT a.vendor_id, e.booked_at, a.accrual_id, 1, a.kind, a.subject_id, NULL, a.amount
        FROM royalty.accruals a JOIN ledger.entries e ON e.entry_id = a.subject_id
        WHERE a.kind = 'commission'
        UNION ALL
        SELECT v.vendor_id, e.booked_at, e.entry_id, p.line, e.kind, o.settlement_id, o.reason,
               p.amount
        FROM vendor.vendors v
        JOIN ledger.postings p ON p.account = 'vendor_payable' AND p.holder = v.vendor_id
        JOIN ledger.entries e ON e.entry_id = p.entry_id AND e.kind <> 'refund'
        LEFT JOIN settlement.payouts o
            ON o.payout_id = CASE e.kind WHEN 'payout_return' THEN e.reference::uuid END
    ) l
    JOIN vendor.vendors v ON v.vendor_id = l.vendor_id;
COMMENT ON VIEW settlement.vendor_statement IS
    'a vendor''s account line by line (O6): WHERE vendor_id = … ORDER BY booked_at, entry_id, line; the last balance is what it is due';

-- One settlement as its payee reads it: what was left before, each fact, what was paid, what is left.
-- Raises FT060.
CREATE OR REPLACE FUNCTION settlement.statement(in_settlement_id uuid)
RETURNS TABLE (line bigint, booked_at timestamptz, kind text, entry_id uuid, subject_id uuid,
    description text, currency text, amount numeric, balance numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH settled AS (SELECT * FROM settlement.show(in_settlement_id))
    SELECT row_number() OVER w, l.booked_at, l.kind, l.entry_id, l.subject_id, l.description,
           t.currency, l.amount * 0.000001, sum(l.amount) OVER w * 0.000001
    FROM settled t
    CROSS JOIN LATERAL (
        SELECT 1 AS part, t.after_time AS booked_at, 'opening' AS kind, NULL::uuid AS entry_id,
               NULL::uuid AS subject_id, NULL AS description, t.opening AS amount
        UNION ALL
        SELECT 2, f.occurred_at, f.kind, f.fact_id, f.subject_id, coalesce(r.reason, o.title),
               f.amount
        FROM settlement.explain(in_settlement_id) f
        LEFT JOIN purchase.sales s ON s.transaction_id = f.fact_id
        LEFT JOIN purchase.offers o ON o.offer_id = s.offer_id
        LEFT JOIN purchase.refunds r ON r.refund_id = f.fact_id
        UNION ALL
        SELECT 3, t.settled_at, 'settlement', t.settlement_id, NULL, NULL, -t.amount
    ) l
    WINDOW w AS (ORDER BY l.part, l.booked_at, l.entry_id, l.kind DESC ROWS UNBOUNDED PRECEDING)
    ORDER BY 1
$$;
COMMENT ON FUNCTION settlement.statement(uuid) IS
    'one settlement line by line (O6, O7); the last balance is what it left';
