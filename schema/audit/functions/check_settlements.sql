-- SPDX-License-Identifier: GPL-3.0-or-later
-- Settlements and payouts (O6, O7): each covers what no earlier one did, adds up, and was due.

-- All that a payee can be settled for, with the settlement that covers each: the first that reaches
-- its rollup and its time. NULL: none yet.
CREATE FUNCTION audit.covered()
RETURNS TABLE (settlement_id uuid, kind text, amount numeric)
LANGUAGE sql STABLE AS $$
    WITH fact AS (
        SELECT y.payee_id, v.currency, f.xact, f.occurred_at, l.kind, l.amount
        FROM audit.vendor_facts() f
        JOIN settlement.payees y ON y.vendor_id = f.vendor_id
        JOIN vendor.vendors v ON v.vendor_id = f.vendor_id
        CROSS JOIN LATERAL (VALUES
            (CASE f.kind WHEN 'sale' THEN 'sales' ELSE 'refunds' END, f.gross),
            ('incentives', -f.own_incentive), ('royalties', -f.royalty),
            ('content_royalties', -f.content_royalty), ('commissions', f.commission)
            ) l (kind, amount)
        WHERE l.amount <> 0
        UNION ALL
        SELECT y.payee_id, c.currency, c.until_rollup - 1, c.collected_at, 'collections', l.amount
        FROM royalty.collections c
        JOIN royalty.collection_lines l ON l.collection_id = c.collection_id
        JOIN settlement.payees y ON y.owner_number = l.owner_number
        WHERE l.amount <> 0
    )
    SELECT t.settlement_id, f.kind, sum(f.amount)
    FROM fact f
    LEFT JOIN LATERAL (SELECT t.settlement_id FROM settlement.settlements t
                       WHERE t.payee_id = f.payee_id AND t.currency = f.currency
                         AND t.until_rollup > f.xact AND t.as_of > f.occurred_at
                       ORDER BY t.settlement_id LIMIT 1) t ON true
    GROUP BY 1, 2
$$;
COMMENT ON FUNCTION audit.covered IS 'what each settlement covers, from the facts';

CREATE FUNCTION audit.check_settlement_lines(in_range audit.range)
RETURNS SETOF audit.finding LANGUAGE sql STABLE AS $$
    SELECT 'settlement_line', coalesce(c.settlement_id, l.settlement_id) || ' '
               || coalesce(c.kind, l.kind), coalesce(c.amount, 0)::text, coalesce(l.amount, 0)::text
    FROM (SELECT * FROM audit.covered() c
          WHERE in_range.after_xact = 0 AND c.settlement_id IS NOT NULL) c
    FULL JOIN (SELECT * FROM settlement.lines l
               WHERE in_range.after_xact = 0 AND l.kind <> 'payout_returns') l
         ON l.settlement_id = c.settlement_id AND l.kind = c.kind
    WHERE coalesce(c.amount, 0) <> coalesce(l.amount, 0)
$$;
COMMENT ON FUNCTION audit.check_settlement_lines IS 'lines cover every sale once, and nothing else';

CREATE FUNCTION audit.check_settlements(in_range audit.range)
RETURNS SETOF audit.finding LANGUAGE sql STABLE AS $$
    WITH settled AS (
        SELECT t.*, y.vendor_id, y.owner_number, m.amount_threshold, m.early_threshold, m.calendar,
               m.minimum, m.reserve, m.payee_id AS terms_payee_id, m.currency AS terms_currency,
               m.valid_from, c.minor_digits,
               (SELECT coalesce(sum(l.amount), 0) FROM settlement.lines l
                WHERE l.settlement_id = t.settlement_id) AS lines,
               (SELECT b.closing FROM settlement.settlements b
                WHERE b.payee_id = t.payee_id AND b.currency = t.currency
                  AND b.settlement_id < t.settlement_id
                ORDER BY b.settlement_id DESC LIMIT 1) AS previous_closing,
               (SELECT max(n.terms_id) FROM settlement.terms n
                WHERE n.payee_id = t.payee_id AND n.currency = t.currency
                  AND n.valid_from <= t.settled_at AND n.valid_from > m.valid_from) AS newer_terms,
               (SELECT -coalesce(sum(p.amount), 0) FROM ledger.postings p
                WHERE p.entry_id = t.settlement_id
                  AND (p.account, p.holder) = (CASE WHEN y.vendor_id IS NULL THEN 'owner_payable'
                                                    ELSE 'vendor_payable' END,
                                               coalesce(y.vendor_id, y.owner_number))) AS booked,
               (SELECT coalesce(sum(p.amount), 0) FROM settlement.payouts p
                WHERE p.settlement_id = t.settlement_id) AS paid
        FROM audit.entries(in_range) e
        JOIN settlement.settlements t ON t.settlement_id = e.entry_id
        JOIN settlement.payees y ON y.payee_id = t.payee_id
        JOIN settlement.terms m ON m.terms_id = t.terms_id
        JOIN ledger.currencies c ON c.currency = t.currency
        WHERE e.kind = 'settlement'
    )
    SELECT f.* FROM settled t CROSS JOIN LATERAL (
        SELECT 'settlement_sum', t.settlement_id::text, (t.opening + t.lines)::text,
               (t.amount + t.closing)::text
        WHERE t.opening + t.lines <> t.amount + t.closing
        UNION ALL
        SELECT 'settlement_opening', t.settlement_id::text, coalesce(t.previous_closing, 0)::text,
               t.opening::text
        WHERE t.opening <> coalesce(t.previous_closing, 0)
        UNION ALL
        SELECT 'settlement_entry', t.settlement_id::text, t.amount::text, t.booked::text
        WHERE t.booked <> t.amount
        UNION ALL
        SELECT 'settlement_payout', t.settlement_id::text, t.amount::text, t.paid::text
        WHERE t.paid <> t.amount
        UNION ALL
        SELECT 'settlement_terms', t.settlement_id::text, 'terms of the payee valid then',
               'terms ' || t.terms_id
        WHERE (t.terms_payee_id, t.terms_currency) <> (t.payee_id, t.currency)
           OR t.valid_from > t.settled_at OR t.newer_terms IS NOT NULL
        UNION ALL
        SELECT 'settlement_threshold', t.settlement_id::text, 'at least ' || t.amount_threshold,
               (t.amount + t.closing)::text
        WHERE t.amount + t.closing < t.amount_threshold OR t.amount < t.minimum
           OR t.closing < t.reserve
           OR t.trigger = 'amount' AND t.calendar <> 'any_day'
              AND t.amount + t.closing < coalesce(t.early_threshold, 'infinity'::numeric)
        UNION ALL
        SELECT 'settlement_minor_units', t.settlement_id::text,
               'whole in ' || t.minor_digits || ' digits', t.amount::text
        WHERE t.amount % (10 ^ (6 - t.minor_digits))::bigint <> 0
    ) f
    UNION ALL
    SELECT 'settlement_missing', e.entry_id::text, 'a settlement', 'an entry only'
    FROM audit.entries(in_range) e
    WHERE e.kind = 'settlement'
      AND NOT EXISTS (SELECT FROM settlement.settlements t WHERE t.settlement_id = e.entry_id)
$$;
COMMENT ON FUNCTION audit.check_settlements IS 'every settlement adds up, was booked and was due';
