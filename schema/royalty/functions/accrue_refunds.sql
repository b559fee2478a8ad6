-- SPDX-License-Identifier: GPL-3.0-or-later
-- Accrues what refunds give back of their sales' royalties (O4, O5).

-- What earlier refunds, in the order of rollups, had paid back of a sale's price.
CREATE OR REPLACE FUNCTION royalty.refunded_before(in_transaction_id uuid, in_xact bigint,
    in_refund_id uuid)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(f.amount + f.incentive_amount), 0)::bigint FROM purchase.refunds f
    WHERE f.transaction_id = in_transaction_id
      AND (purchase.xact_number(f.xact_id), f.refund_id) < (in_xact, in_refund_id)
$$;
COMMENT ON FUNCTION royalty.refunded_before IS 'what was paid back of a sale before a refund';

-- What a refund changes in what each owner is due of the sale: 0 or less. The first three as for
-- royalty.owners_due; then what was paid back of the price before the refund and with it.
CREATE OR REPLACE FUNCTION royalty.owners_refunded(in_owner_list_id int, in_price bigint,
    in_available bigint, in_refunded_before bigint, in_refunded bigint)
RETURNS TABLE (owner_id text, due numeric)
LANGUAGE sql STABLE AS $$
    SELECT w.owner_id, royalty.owner_kept(w.due, in_price, in_refunded)
                       - royalty.owner_kept(w.due, in_price, in_refunded_before)
    FROM royalty.owners_due(in_owner_list_id, in_price, in_available) w
$$;
COMMENT ON FUNCTION royalty.owners_refunded IS 'what a refund takes from each owner (O5)';

-- Accrues the refunds whose transactions are numbered [in_from, in_below). Their sales are covered; of
-- one that has no accrual the refund has none. Returns how many these were.
CREATE OR REPLACE FUNCTION royalty.accrue_refunds(in_from bigint, in_below bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_count bigint;
BEGIN
    WITH refund AS (
        SELECT f.refund_id, f.xact, f.transaction_id, f.vendor_id, f.refunded_at, f.paid,
               CASE WHEN incentive.holder(s.incentive_id) = f.vendor_id
                    THEN f.incentive_amount ELSE 0 END AS own_incentive,
               s.price::bigint, b.refunded_before, b.refunded_before + f.paid AS refunded,
               a.schedule_id, coalesce(a.royalty, 0)::bigint AS sale_royalty, a.owner_list_id,
               a.amount - a.royalty AS available
        FROM (SELECT f.*, purchase.xact_number(f.xact_id) AS xact,
                     (f.amount + f.incentive_amount)::bigint AS paid
              FROM purchase.refunds f
              WHERE purchase.xact_number(f.xact_id) >= in_from
                AND purchase.xact_number(f.xact_id) < in_below OFFSET 0) f
        LEFT JOIN purchase.sales s ON s.transaction_id = f.transaction_id
        LEFT JOIN royalty.accruals a ON a.accrual_id = f.transaction_id
        CROSS JOIN LATERAL (SELECT royalty.refunded_before(f.transaction_id, f.xact,
                                       f.refund_id) AS refunded_before) b
    ), returned AS (
        SELECT f.*, coalesce(v.time_zone, 'UTC') AS time_zone,
               royalty.kept(f.sale_royalty, f.price, f.refunded)
               - royalty.kept(f.sale_royalty, f.price, f.refunded_before) AS royalty,
               (SELECT sum(w.due) FROM royalty.owners_refunded(f.owner_list_id, f.price,
                    f.available, f.refunded_before, f.refunded) w) AS content_exact,
               coalesce(c.content_exact, 0) AS carry
        FROM refund f
        LEFT JOIN vendor.vendors v ON v.vendor_id = f.vendor_id
        LEFT JOIN royalty.vendor_carries c ON c.vendor_id = f.vendor_id
    ), carried AS (
        SELECT f.*, f.carry + sum(f.content_exact) OVER (PARTITION BY f.vendor_id
                                  ORDER BY f.xact, f.refund_id) AS carry_after
        FROM returned f
    ), accrual AS MATERIALIZED (
        SELECT f.*, coalesce(floor(f.carry_after) - floor(f.carry_after - f.content_exact),
                             0)::bigint AS content_royalty
        FROM carried f
    ), accrued AS (
        INSERT INTO royalty.accruals (accrual_id, kind, vendor_id, rollup_id, subject_id,
            schedule_id, owner_list_id, amount, royalty, content_exact, content_royalty)
        SELECT a.refund_id, 'refund', a.vendor_id, in_below, a.transaction_id, a.schedule_id,
               a.owner_list_id, a.own_incentive - a.paid, a.royalty, a.content_exact,
               a.content_royalty
        FROM accrual a WHERE a.schedule_id IS NOT NULL OR a.owner_list_id IS NOT NULL
    ), days AS (
        INSERT INTO royalty.vendor_days AS d (vendor_id, day, refunds_count, refunds, incentives,
                                              royalties, content_royalties)
        SELECT a.vendor_id, (a.refunded_at AT TIME ZONE a.time_zone)::date, count(*), sum(a.paid),
               -sum(a.own_incentive), sum(a.royalty), sum(a.content_royalty)
        FROM accrual a GROUP BY 1, 2
        ON CONFLICT (vendor_id, day) DO UPDATE
        SET refunds_count = d.refunds_count + excluded.refunds_count,
            refunds = d.refunds + excluded.refunds, incentives = d.incentives + excluded.incentives,
            royalties = d.royalties + excluded.royalties,
            content_royalties = d.content_royalties + excluded.content_royalties
    ), carries AS (
        INSERT INTO royalty.vendor_carries AS c (vendor_id, content_exact)
        SELECT a.vendor_id, sum(a.content_exact) FROM accrual a
        WHERE a.content_exact IS NOT NULL GROUP BY a.vendor_id
        ON CONFLICT (vendor_id) DO UPDATE
        SET content_exact = c.content_exact + excluded.content_exact
    )
    SELECT count(*) INTO v_count FROM accrual;
    RETURN v_count;
END
$$;
COMMENT ON FUNCTION royalty.accrue_refunds IS 'accrues the refunds of one rollup (O4, O5)';
