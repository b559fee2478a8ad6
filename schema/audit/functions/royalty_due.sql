-- SPDX-License-Identifier: GPL-3.0-or-later
-- What royalties must be, worked out from sales, schedules and lists of owners alone.

-- Every sale of a range with its place in its vendor's period: sales count in the order of commits.
CREATE FUNCTION audit.sales_placed(in_range audit.range)
RETURNS TABLE (transaction_id uuid, vendor_id int, offer_id uuid, price bigint, own_incentive bigint,
    sold_at timestamptz, schedule_id int, period text, period_from timestamptz,
    volume_before numeric)
LANGUAGE sql STABLE AS $$
    WITH schedule AS (
        SELECT h.schedule_id, h.vendor_id, h.period, h.valid_from,
               coalesce(lead(h.valid_from) OVER (PARTITION BY h.vendor_id ORDER BY h.valid_from),
                        'infinity') AS valid_until
        FROM royalty.schedules h
    ), sale AS (
        SELECT s.transaction_id, s.xact_id::text::bigint AS xact, s.vendor_id, s.offer_id,
               s.price::bigint, s.sold_at, h.schedule_id, h.period,
               CASE WHEN i.vendor_id = s.vendor_id THEN s.incentive_amount ELSE 0 END AS own_incentive,
               date_trunc(h.period, s.sold_at AT TIME ZONE v.time_zone) AT TIME ZONE v.time_zone
                   AS period_from
        FROM audit.sales(in_range) s
        JOIN vendor.vendors v ON v.vendor_id = s.vendor_id
        LEFT JOIN incentive.incentives i ON i.incentive_id = s.incentive_id
        LEFT JOIN schedule h ON h.vendor_id = s.vendor_id
             AND s.sold_at >= h.valid_from AND s.sold_at < h.valid_until
    )
    SELECT s.transaction_id, s.vendor_id, s.offer_id, s.price, s.own_incentive, s.sold_at,
           s.schedule_id, s.period, s.period_from, CASE WHEN s.schedule_id IS NOT NULL
               THEN coalesce(t.amount, 0) + sum(s.price)
                    OVER (PARTITION BY s.vendor_id, s.period, s.period_from
                          ORDER BY s.xact, s.transaction_id) - s.price END
    FROM sale s
    LEFT JOIN audit.totals t ON in_range.after_xact > 0 AND t.kind = 'volume'
         AND t.holder = s.vendor_id AND t.detail = s.period || ' ' || extract(epoch FROM s.period_from)
$$;
COMMENT ON FUNCTION audit.sales_placed IS 'the sales of a range and the volume before each (O4)';

-- What each owner of a list is due of a sale of which in_refunded was paid back, in 10^-6 with six
-- more digits. More than the vendor receives is cut in proportion.
CREATE FUNCTION audit.owner_dues(in_owner_list_id int, in_price bigint, in_available numeric,
    in_refunded numeric)
RETURNS TABLE (owner_id text, due numeric) LANGUAGE sql STABLE AS $$
    SELECT d.owner_id, trunc(CASE WHEN d.total > in_available
                                  THEN trunc(d.due * in_available / d.total, 6) ELSE d.due END
                             * (in_price - in_refunded) / in_price, 6)
    FROM (SELECT s.owner_id, s.due, sum(s.due) OVER () AS total
          FROM (SELECT h.owner_id, coalesce(h.share_ppm * in_price::numeric / 1000000,
                                            h.amount_per_sale) AS due
                FROM royalty.owner_shares h WHERE h.owner_list_id = in_owner_list_id) s) d
$$;
COMMENT ON FUNCTION audit.owner_dues IS 'what each content owner is due of one sale (O5)';

-- Every sale of a range with what it must accrue: of the provider's royalty each part of the price
-- at its tier's rate, and the fixed amount of the tier it begins in; of the owners' the list of the
-- longest URL that was valid then.
CREATE FUNCTION audit.sales_due(in_range audit.range)
RETURNS TABLE (transaction_id uuid, vendor_id int, amount bigint, schedule_id int,
    volume_before numeric, royalty numeric, content_exact numeric)
LANGUAGE sql STABLE AS $$
    WITH tier AS (
        SELECT t.schedule_id, t.rate_ppm, t.fixed_amount, t.from_volume::numeric,
               coalesce(lead(t.from_volume::numeric) OVER (PARTITION BY t.schedule_id
                            ORDER BY t.from_volume), 'infinity') AS until_volume
        FROM royalty.tiers t
    ), sale AS MATERIALIZED (
        SELECT * FROM audit.sales_placed(in_range)
    ), charged AS MATERIALIZED (
        SELECT s.transaction_id, least(min(s.price), audit.half_even(sum(t.rate_ppm
                   * (least(s.volume_before + s.price, t.until_volume)
                      - greatest(s.volume_before, t.from_volume)) / 1000000))
               + coalesce(sum(t.fixed_amount) FILTER (WHERE t.from_volume <= s.volume_before), 0))
                   AS royalty
        FROM sale s JOIN tier t ON t.schedule_id = s.schedule_id
             AND t.from_volume < s.volume_before + s.price AND t.until_volume > s.volume_before
        GROUP BY s.transaction_id
    ), listed AS (
        SELECT o.offer_id, l.owner_list_id, l.content_url, l.valid_from
        FROM (SELECT DISTINCT s.offer_id, s.vendor_id FROM sale s
              WHERE s.vendor_id IN (SELECT l.vendor_id FROM royalty.owner_lists l)) s
        JOIN purchase.offers o ON o.offer_id = s.offer_id AND o.kind = 'content'
        JOIN royalty.owner_lists l ON l.vendor_id = s.vendor_id
             AND (l.content_url = o.content_url
                  OR right(l.content_url, 1) = '/' AND starts_with(o.content_url, l.content_url))
    ), owned AS (
        SELECT DISTINCT ON (s.transaction_id) s.transaction_id, s.price, l.owner_list_id,
               s.price - s.own_incentive - coalesce(c.royalty, 0) AS available
        FROM sale s
        JOIN listed l ON l.offer_id = s.offer_id AND l.valid_from <= s.sold_at
        LEFT JOIN charged c ON c.transaction_id = s.transaction_id
        ORDER BY s.transaction_id, length(l.content_url) DESC, l.valid_from DESC,
                 l.owner_list_id DESC
    ), shared AS (
        SELECT w.transaction_id, sum(d.due) AS content_exact
        FROM owned w
        CROSS JOIN LATERAL audit.owner_dues(w.owner_list_id, w.price, w.available, 0) d
        GROUP BY w.transaction_id
    )
    SELECT s.transaction_id, s.vendor_id, s.price - s.own_incentive, s.schedule_id, s.volume_before,
           coalesce(c.royalty, 0), h.content_exact
    FROM sale s
    LEFT JOIN charged c ON c.transaction_id = s.transaction_id
    LEFT JOIN shared h ON h.transaction_id = s.transaction_id
$$;
COMMENT ON FUNCTION audit.sales_due IS 'what every sale of a range must accrue (O4, O5)';
