-- SPDX-License-Identifier: GPL-3.0-or-later
-- Accrues the sales whose transactions are numbered [in_from, in_below), in one statement (O4, O5).
-- One that has neither a schedule nor owners only counts in its vendor's day. in_first: none has a
-- lower ID. Returns how many these were, and when the newest was sold. Called by royalty.roll_up,
-- which sees to the order.
--
-- What is looked up in tables that can be large is looked up by key, in a LATERAL with OFFSET 0:
-- nested loops are off, since the planner cannot know how many sales come.

CREATE OR REPLACE FUNCTION royalty.accrue_sales(in_from bigint, in_below bigint,
    in_first uuid, OUT count bigint, OUT newest timestamptz)
LANGUAGE plpgsql SET enable_nestloop = off SET work_mem = '64MB' AS $$
BEGIN
    WITH sale AS MATERIALIZED (
        SELECT s.transaction_id, purchase.xact_number(s.xact_id) AS xact, s.vendor_id, s.offer_id,
               s.price::bigint, s.sold_at,
               CASE WHEN s.incentive_id IS NULL THEN 0
                    WHEN incentive.holder(s.incentive_id) = s.vendor_id
                    THEN s.incentive_amount::bigint ELSE 0 END AS own_incentive
        FROM purchase.sales s
        WHERE purchase.xact_number(s.xact_id) >= in_from
          AND purchase.xact_number(s.xact_id) < in_below AND s.transaction_id >= in_first
    ), seller AS MATERIALIZED (
        SELECT d.vendor_id, coalesce(v.time_zone, 'UTC') AS time_zone,
               coalesce(c.content_exact, 0) AS carry, l.has_owners
        FROM (SELECT DISTINCT s.vendor_id FROM sale s) d
        LEFT JOIN LATERAL (SELECT v.time_zone FROM vendor.vendors v
                           WHERE v.vendor_id = d.vendor_id OFFSET 0) v ON true
        LEFT JOIN LATERAL (SELECT c.content_exact FROM royalty.vendor_carries c
                           WHERE c.vendor_id = d.vendor_id OFFSET 0) c ON true
        CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM royalty.owner_lists l
                                           WHERE l.vendor_id = d.vendor_id) AS has_owners
                            OFFSET 0) l
    ), schedule AS MATERIALIZED (
        SELECT d.vendor_id, c.*
        FROM seller d CROSS JOIN LATERAL (SELECT * FROM royalty.schedules_of(d.vendor_id) OFFSET 0) c
    ), tier AS MATERIALIZED (
        SELECT c.schedule_id, t.*
        FROM schedule c CROSS JOIN LATERAL (SELECT * FROM royalty.tiers_of(c.schedule_id) OFFSET 0) t
    ), item AS MATERIALIZED (
        SELECT i.offer_id, l.*
        FROM (SELECT DISTINCT s.vendor_id, s.offer_id FROM sale s
              JOIN seller d ON d.vendor_id = s.vendor_id WHERE d.has_owners) i
        CROSS JOIN LATERAL (SELECT o.content_url FROM purchase.offers o
                            WHERE o.offer_id = i.offer_id AND o.kind = 'content' OFFSET 0) o
        CROSS JOIN LATERAL (SELECT * FROM royalty.lists_of(i.vendor_id, o.content_url) OFFSET 0) l
    ), list AS MATERIALIZED (
        SELECT i.owner_list_id, w.share_ppm, w.amount_per_sale
        FROM (SELECT DISTINCT i.owner_list_id FROM item i) i
        CROSS JOIN LATERAL (SELECT coalesce(sum(w.share_ppm), 0)::bigint AS share_ppm,
                                   coalesce(sum(w.amount_per_sale), 0) AS amount_per_sale
                            FROM royalty.owner_shares w
                            WHERE w.owner_list_id = i.owner_list_id HAVING count(*) > 0
                            OFFSET 0) w
    ), owned AS MATERIALIZED (
        SELECT DISTINCT ON (s.transaction_id) s.transaction_id, i.owner_list_id
        FROM sale s JOIN item i ON i.offer_id = s.offer_id
        WHERE s.sold_at >= i.valid_from AND s.sold_at < i.valid_until
        ORDER BY s.transaction_id, i.length DESC
    ), dated AS MATERIALIZED (
        SELECT s.*, d.carry, (s.sold_at AT TIME ZONE d.time_zone)::date AS day, c.schedule_id,
               c.period, c.period_place,
               date_trunc(c.period, s.sold_at, d.time_zone) AS period_from, l.owner_list_id,
               royalty.share(s.price, l.share_ppm) + l.amount_per_sale AS content_due
        FROM sale s
        JOIN seller d ON d.vendor_id = s.vendor_id
        LEFT JOIN schedule c ON c.vendor_id = s.vendor_id
             AND s.sold_at >= c.valid_from AND s.sold_at < c.valid_until
        LEFT JOIN owned w ON w.transaction_id = s.transaction_id
        LEFT JOIN list l ON l.owner_list_id = w.owner_list_id
    ), volume AS MATERIALIZED (
        SELECT p.*, coalesce(v.volume, 0) AS volume
        FROM (SELECT s.vendor_id, s.period_place, s.period_from, min(s.period) AS period,
                     sum(s.price) AS sold
              FROM dated s WHERE s.schedule_id IS NOT NULL
              GROUP BY s.vendor_id, s.period_place, s.period_from) p
        LEFT JOIN LATERAL (SELECT v.volume::bigint FROM royalty.volumes v
                           WHERE v.vendor_id = p.vendor_id AND v.period = p.period
                             AND v.period_from = p.period_from OFFSET 0) v ON true
    ), placed AS (
        SELECT s.*, (v.volume + sum(s.price) OVER (
                         PARTITION BY s.vendor_id, s.period_place, s.period_from
                         ORDER BY s.xact, s.transaction_id) - s.price)::bigint AS volume_before
        FROM dated s
        JOIN volume v ON v.vendor_id = s.vendor_id AND v.period_place = s.period_place
                     AND v.period_from = s.period_from
    ), charged AS MATERIALIZED (
        SELECT s.*, royalty.of_sale(s.price, s.volume_before,
                                    b.from_volume, b.due_before, b.rate_ppm, b.fixed_amount,
                                    e.from_volume, e.due_before, e.rate_ppm) AS royalty
        FROM placed s
        LEFT JOIN tier b ON b.schedule_id = s.schedule_id
             AND s.volume_before >= b.from_volume AND s.volume_before < b.until_volume
        LEFT JOIN tier e ON e.schedule_id = s.schedule_id
             AND s.volume_before + s.price >= e.from_volume
             AND s.volume_before + s.price < e.until_volume
        UNION ALL
        SELECT s.*, NULL, 0 FROM dated s WHERE s.schedule_id IS NULL
    ), shared AS (
        SELECT s.*, CASE WHEN s.content_due <= s.price - s.own_incentive - s.royalty
                         THEN s.content_due
                         ELSE (SELECT sum(w.due) FROM royalty.owners_due(s.owner_list_id, s.price,
                                   s.price - s.own_incentive - s.royalty) w) END AS content_exact
        FROM charged s WHERE s.owner_list_id IS NOT NULL
    ), carried AS (
        SELECT s.*, s.carry + sum(s.content_exact) OVER (PARTITION BY s.vendor_id
                                  ORDER BY s.xact, s.transaction_id) AS carry_after
        FROM shared s
    ), accrual AS MATERIALIZED (
        SELECT s.*, (floor(s.carry_after) - floor(s.carry_after - s.content_exact))::bigint
                    AS content_royalty
        FROM carried s
        UNION ALL
        SELECT s.*, NULL, NULL, 0 FROM charged s WHERE s.owner_list_id IS NULL
    ), accrued AS (
        INSERT INTO royalty.accruals (accrual_id, kind, vendor_id, rollup_id, schedule_id,
            owner_list_id, volume_before, amount, royalty, content_exact, content_royalty)
        SELECT a.transaction_id, 'sale', a.vendor_id, in_below, a.schedule_id,
               a.owner_list_id, a.volume_before, a.price - a.own_incentive, a.royalty,
               a.content_exact, a.content_royalty
        FROM accrual a WHERE a.schedule_id IS NOT NULL OR a.owner_list_id IS NOT NULL
        ORDER BY a.transaction_id
    ), volumes AS (
        INSERT INTO royalty.volumes AS v (vendor_id, period, period_from, volume)
        SELECT p.vendor_id, p.period, p.period_from, p.sold FROM volume p
        ON CONFLICT (vendor_id, period, period_from) DO UPDATE
        SET volume = v.volume + excluded.volume
    ), days AS (
        INSERT INTO royalty.vendor_days AS d (vendor_id, day, sales_count, sales, incentives,
                                              royalties, content_royalties)
        SELECT a.vendor_id, a.day, count(*), sum(a.price), sum(a.own_incentive), sum(a.royalty),
               sum(a.content_royalty)
        FROM accrual a GROUP BY a.vendor_id, a.day
        ON CONFLICT (vendor_id, day) DO UPDATE
        SET sales_count = d.sales_count + excluded.sales_count,
            sales = d.sales + excluded.sales, incentives = d.incentives + excluded.incentives,
            royalties = d.royalties + excluded.royalties,
            content_royalties = d.content_royalties + excluded.content_royalties
    ), carries AS (
        INSERT INTO royalty.vendor_carries AS c (vendor_id, content_exact)
        SELECT a.vendor_id, sum(a.content_exact) FROM accrual a
        WHERE a.content_exact IS NOT NULL GROUP BY a.vendor_id
        ON CONFLICT (vendor_id) DO UPDATE
        SET content_exact = c.content_exact + excluded.content_exact
    )
    SELECT count(*), max(a.sold_at) INTO count, newest FROM accrual a;
END
$$;
COMMENT ON FUNCTION royalty.accrue_sales IS 'accrues the sales of one rollup (O4, O5)';
