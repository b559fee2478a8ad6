-- SPDX-License-Identifier: GPL-3.0-or-later
-- Sales at any time, and terms that were agreed long ago.

-- A sale as a purchase leaves it, without a buyer who pays; its transaction.
CREATE FUNCTION test.sold(in_vendor_id int, in_price bigint, in_at timestamptz DEFAULT now(),
    in_path text DEFAULT '/article')
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    v_id uuid := test.offer(in_vendor_id, in_price, in_path);
BEGIN
    INSERT INTO purchase.sales (transaction_id, user_id, vendor_id, offer_id, price, balance_after,
                                currency, sold_at)
    SELECT v_id, 0, in_vendor_id, t.offer_id, in_price, 0, 'EUR', in_at
    FROM purchase.transactions t WHERE t.transaction_id = v_id;
    RETURN v_id;
END
$$;

-- A schedule of old: '{volume,ppm,amount}' of each tier.
CREATE FUNCTION test.schedule(in_vendor_id int, in_period text, in_tiers bigint[],
    in_from timestamptz DEFAULT '2001-01-01Z')
RETURNS int LANGUAGE sql AS $$
    WITH schedule AS (
        INSERT INTO royalty.schedules (vendor_id, period, valid_from)
        VALUES (in_vendor_id, in_period, in_from) RETURNING schedule_id
    ), tiers AS (
        INSERT INTO royalty.tiers (schedule_id, from_volume, rate_ppm, fixed_amount)
        SELECT s.schedule_id, in_tiers[n][1], in_tiers[n][2], in_tiers[n][3]
        FROM schedule s, generate_subscripts(in_tiers, 1) n
    )
    SELECT schedule_id FROM schedule
$$;

-- Owners of a vendor's items under a path, of old: '{a,b}', parts per million or NULL, amounts.
CREATE FUNCTION test.owners(in_vendor_id int, in_path text, in_owners text[], in_shares int[],
    in_amounts bigint[] DEFAULT NULL, in_from timestamptz DEFAULT '2001-01-01Z')
RETURNS int LANGUAGE sql AS $$
    WITH owner AS (
        INSERT INTO royalty.owners (owner_id) SELECT unnest(in_owners)
        ON CONFLICT (owner_id) DO NOTHING
    ), list AS (
        INSERT INTO royalty.owner_lists (vendor_id, content_url, valid_from)
        VALUES (in_vendor_id, test.origin(in_vendor_id) || in_path, in_from)
        RETURNING owner_list_id
    ), shares AS (
        INSERT INTO royalty.owner_shares (owner_list_id, owner_id, share_ppm, amount_per_sale)
        SELECT l.owner_list_id, i.owner_id, i.share_ppm, i.amount
        FROM list l, unnest(in_owners, in_shares, in_amounts) i (owner_id, share_ppm, amount)
    )
    SELECT owner_list_id FROM list
$$;

-- 'VOLUME:ROYALTY' of a vendor's sales, in the order of commits.
CREATE FUNCTION test.royalties(in_vendor_id int)
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(':', a.volume_before, a.royalty), ' '
                      ORDER BY purchase.xact_number(s.xact_id))
    FROM royalty.accruals a JOIN purchase.sales s ON s.transaction_id = a.accrual_id
    WHERE a.vendor_id = in_vendor_id
$$;

-- What a vendor is owed, as GetAccount says it and as the ledger does.
CREATE FUNCTION test.payable(in_vendor_id int)
RETURNS SETOF text LANGUAGE sql AS $$
    SELECT is(a.payable, (SELECT coalesce(sum(p.amount), 0)::bigint FROM ledger.all_postings p
                          WHERE p.account = 'vendor_payable' AND p.holder = in_vendor_id),
              'V14: payable is what the ledger says')
    FROM vendor.account(in_vendor_id, 1) a
    UNION ALL
    SELECT is(d.payable, coalesce((SELECT sum(a.amount - a.royalty - a.content_royalty)::bigint
                                   FROM royalty.all_accruals a
                                   WHERE a.vendor_id = in_vendor_id), 0),
              'O6: days are the sums of what was covered')
    FROM (SELECT coalesce(sum(v.sales - v.incentives - v.refunds - v.royalties
                              - v.content_royalties + v.commissions), 0)::bigint AS payable
          FROM royalty.vendor_days v WHERE v.vendor_id = in_vendor_id) d
$$;
