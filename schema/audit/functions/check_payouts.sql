-- SPDX-License-Identifier: GPL-3.0-or-later
-- Payouts, and where settlements left their payees.

-- A payout is made by its settlement's entry, and paid or brought back by one of its own: the audit of
-- a day looks at those of which the day booked any, a full audit at all. Each against all of its
-- entries, since its state is that of now.
CREATE FUNCTION audit.check_payouts(in_range audit.range)
RETURNS SETOF audit.finding LANGUAGE sql STABLE AS $$
    WITH booked AS (
        SELECT p.payout_id FROM settlement.payouts p WHERE in_range.after_xact = 0
        UNION
        SELECT p.payout_id FROM audit.entries(in_range) e
        JOIN settlement.payouts p ON p.settlement_id = e.entry_id
        WHERE in_range.after_xact > 0 AND e.kind = 'settlement'
        UNION
        SELECT CASE WHEN e.reference ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
                    THEN e.reference::uuid END
        FROM audit.entries(in_range) e
        WHERE in_range.after_xact > 0 AND e.kind IN ('payout', 'payout_return')
    ), payout AS (
        SELECT p.*, coalesce(sum(-x.amount) FILTER (WHERE x.account = 'payouts_in_transit'), 0)
                   AS left_transit,
               coalesce(sum(x.amount) FILTER (WHERE x.account = 'funds_held'), 0) AS left_bank
        FROM booked b
        JOIN settlement.payouts p ON p.payout_id = b.payout_id
        LEFT JOIN ledger.entries e ON e.kind IN ('payout', 'payout_return')
             AND e.reference = p.payout_id::text
        LEFT JOIN ledger.postings x ON x.entry_id = e.entry_id
        GROUP BY p.payout_id
    )
    SELECT 'payout_state', p.payout_id::text,
           d.transit || ' out of transit, ' || d.bank || ' out of the bank',
           p.left_transit || ' out of transit, ' || p.left_bank || ' out of the bank'
    FROM payout p
    CROSS JOIN LATERAL (SELECT CASE WHEN p.state IN ('paid', 'rejected', 'returned') THEN p.amount
                                    ELSE 0 END AS transit,
                               CASE WHEN p.state = 'paid' THEN p.amount ELSE 0 END AS bank) d
    WHERE (p.left_transit, p.left_bank) <> (d.transit, d.bank)
$$;
COMMENT ON FUNCTION audit.check_payouts IS 'what left the books is what left the bank';

-- Positions and holds are what is now: they are read whole by every audit.
CREATE FUNCTION audit.check_positions(in_range audit.range)
RETURNS SETOF audit.finding LANGUAGE sql STABLE AS $$
    SELECT 'position', 'payee ' || p.payee_id || ' ' || p.currency, x.due, x.kept
    FROM settlement.positions p
    LEFT JOIN LATERAL (SELECT * FROM settlement.settlements t
                       WHERE t.payee_id = p.payee_id AND t.currency = p.currency
                       ORDER BY t.settlement_id DESC LIMIT 1) t ON true
    CROSS JOIN LATERAL (SELECT concat_ws(' ', coalesce(t.until_rollup, 0), coalesce(t.closing, 0)) AS due,
                               concat_ws(' ', p.rollup_id, p.closing) AS kept) x
    WHERE x.due <> x.kept
    UNION ALL
    SELECT 'hold', h.hold_id::text, 'a sale of vendor ' || h.vendor_id || ' of at least ' || h.amount,
           coalesce('of vendor ' || s.vendor_id || ' of ' || s.price, 'none')
    FROM settlement.holds h
    LEFT JOIN purchase.sales s ON s.transaction_id = h.transaction_id
    WHERE s.vendor_id IS DISTINCT FROM h.vendor_id OR h.amount > s.price
$$;
COMMENT ON FUNCTION audit.check_positions IS 'each payee is where its last settlement ended';
