-- SPDX-License-Identifier: GPL-3.0-or-later
-- Accrues what vendors get for the deposits of users who came through them (O9, 149), in their own
-- currency: a rate of each, and an amount at a user's first. Of the deposits whose transactions are
-- numbered [in_from, in_below). Returns how many.

CREATE OR REPLACE FUNCTION royalty.accrue_commissions(in_from bigint, in_below bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_count bigint;
BEGIN
    WITH deposit AS (
        SELECT e.entry_id, e.booked_at, v.vendor_id, v.time_zone,
               royalty.half_even(royalty.share(p.amount, c.deposit_rate_ppm))
               + CASE WHEN c.per_user = 0 OR EXISTS (
                          SELECT FROM ledger.postings q
                          JOIN ledger.entries f ON f.entry_id = q.entry_id
                          WHERE q.account = 'user_wallet' AND q.holder = p.holder
                            AND q.currency = p.currency AND f.kind = 'deposit'
                            AND (purchase.xact_number(f.xact_id), f.entry_id)
                                < (purchase.xact_number(e.xact_id), e.entry_id))
                      THEN 0 ELSE c.per_user::bigint END AS amount
        FROM ledger.entries e
        JOIN ledger.postings p ON p.entry_id = e.entry_id AND p.account = 'user_wallet'
        JOIN account.users u ON u.user_id = p.holder
        JOIN vendor.vendors v ON v.vendor_id = u.via_vendor_id AND v.currency = p.currency
        CROSS JOIN LATERAL (SELECT c.per_user, c.deposit_rate_ppm FROM royalty.commissions c
                            WHERE c.vendor_id = v.vendor_id AND c.valid_from <= e.booked_at
                            ORDER BY c.valid_from DESC LIMIT 1) c
        WHERE e.kind = 'deposit' AND purchase.xact_number(e.xact_id) >= in_from
          AND purchase.xact_number(e.xact_id) < in_below AND p.amount > 0
    ), accrual AS MATERIALIZED (
        SELECT d.* FROM deposit d WHERE d.amount > 0
    ), accrued AS (
        INSERT INTO royalty.accruals (accrual_id, kind, vendor_id, rollup_id, subject_id, amount,
                                      royalty)
        SELECT purchase.new_transaction_id(), 'commission', a.vendor_id, in_below, a.entry_id,
               a.amount, 0
        FROM accrual a
    ), days AS (
        INSERT INTO royalty.vendor_days AS d (vendor_id, day, commissions)
        SELECT a.vendor_id, (a.booked_at AT TIME ZONE a.time_zone)::date, sum(a.amount)
        FROM accrual a GROUP BY 1, 2
        ON CONFLICT (vendor_id, day) DO UPDATE
        SET commissions = d.commissions + excluded.commissions
    )
    SELECT count(*) INTO v_count FROM accrual;
    RETURN v_count;
END
$$;
COMMENT ON FUNCTION royalty.accrue_commissions IS 'accrues the commissions of one rollup (O9)';
