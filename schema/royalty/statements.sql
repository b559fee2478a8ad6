-- SPDX-License-Identifier: GPL-3.0-or-later
-- What content owners are told of their money, and what vendors paid the provider. Amounts are in
-- the currency's unit, rates parts of one; both with six digits.

-- Everything that changed what owners are due, each line with the balance after it, per currency.
-- day: in the owner's time zone. subject_id: of a payout's return the settlement it was to pay.
CREATE OR REPLACE VIEW royalty.owner_statement AS
    SELECT o.owner_number, o.owner_id, e.booked_at, (e.booked_at AT TIME ZONE o.time_zone)::date AS day,
           p.line, e.kind, e.entry_id, x.settlement_id AS subject_id, c.vendor_id,
           x.reason AS description, p.currency, p.amount * 0.000001 AS amount,
           sum(p.amount) OVER (PARTITION BY o.owner_number, p.currency
                               ORDER BY e.booked_at, e.entry_id, p.line
                               ROWS UNBOUNDED PRECEDING) * 0.000001 AS balance
    FROM royalty.owners o
    JOIN ledger.postings p ON p.account = 'owner_payable' AND p.holder = o.owner_number
    JOIN ledger.entries e ON e.entry_id = p.entry_id
    LEFT JOIN royalty.collections c ON c.collection_id = e.entry_id
    LEFT JOIN settlement.payouts x
        ON x.payout_id = CASE e.kind WHEN 'payout_return' THEN e.reference::uuid END;
COMMENT ON VIEW royalty.owner_statement IS
    'a content owner''s account line by line (O7): WHERE owner_number = … ORDER BY currency, booked_at, entry_id, line; the last balance of a currency is what it is due';

-- Of each vendor and period of its schedules: what was sold under them, the tier that the volume
-- reached, what was charged and given back by refunds. Refunds do not lower the volume. day: the
-- period's first in the vendor's time zone. A refund counts in its sale's period.
CREATE OR REPLACE VIEW royalty.by_period AS
    SELECT p.vendor_id, p.period, p.day, p.currency, p.sales, p.volume * 0.000001 AS volume,
           t.from_volume * 0.000001 AS tier_from, t.rate_ppm * 0.000001 AS tier_rate,
           t.fixed_amount * 0.000001 AS tier_fixed_amount, p.royalty * 0.000001 AS royalty,
           p.given_back * 0.000001 AS given_back,
           (p.royalty - p.given_back) * 0.000001 AS kept,
           round(p.royalty / p.volume, 6) AS effective_rate
    FROM (
        SELECT s.vendor_id, c.period, v.currency,
               (date_trunc(c.period, s.sold_at, v.time_zone) AT TIME ZONE v.time_zone)::date AS day,
               count(*) AS sales, sum(s.price) AS volume, sum(a.royalty) AS royalty,
               coalesce(sum(b.amount), 0) AS given_back, max(s.sold_at) AS last_sold_at
        FROM purchase.sales s
        JOIN vendor.vendors v ON v.vendor_id = s.vendor_id
        JOIN royalty.accruals a ON a.accrual_id = s.transaction_id AND a.vendor_id = s.vendor_id
        JOIN royalty.schedules c ON c.schedule_id = a.schedule_id AND c.vendor_id = a.vendor_id
        LEFT JOIN (SELECT f.vendor_id, f.subject_id, -sum(f.royalty) AS amount
                   FROM royalty.accruals f WHERE f.kind = 'refund'
                   GROUP BY f.vendor_id, f.subject_id) b
            ON b.vendor_id = a.vendor_id AND b.subject_id = a.accrual_id
        GROUP BY s.vendor_id, c.period, v.currency, 4
    ) p
    CROSS JOIN LATERAL (
        SELECT c.schedule_id FROM royalty.schedules c
        WHERE c.vendor_id = p.vendor_id AND c.valid_from <= p.last_sold_at
        ORDER BY c.valid_from DESC LIMIT 1) c
    CROSS JOIN LATERAL (
        SELECT t.* FROM royalty.tiers t
        WHERE t.schedule_id = c.schedule_id AND t.from_volume <= p.volume
        ORDER BY t.from_volume DESC LIMIT 1) t;
COMMENT ON VIEW royalty.by_period IS
    'the provider''s royalties by vendor and period (O4); effective_rate: of what was charged';
