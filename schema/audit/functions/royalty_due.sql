-- SPDX-License-Identifier: GPL-3.0-or-later
-- What royalties must be, worked out from sales, schedules and lists of owners alone.

-- The provider's royalty of a sale by its schedule: each part of the price at its tier's rate.
CREATE FUNCTION audit.royalty(in_schedule_id int, in_volume_before numeric, in_price bigint)
RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT least(in_price, coalesce(audit.half_even(sum(t.rate_ppm * greatest(0,
               least(in_volume_before + in_price, t.until_volume)
               - greatest(in_volume_before, t.from_volume)) / 1000000)), 0)
           + coalesce(sum(t.fixed_amount) FILTER (WHERE t.from_volume <= in_volume_before
                                                   AND t.until_volume > in_volume_before), 0))
    FROM (SELECT t.rate_ppm, t.fixed_amount, t.from_volume::numeric,
                 coalesce(lead(t.from_volume::numeric) OVER (ORDER BY t.from_volume),
                          'infinity') AS until_volume
          FROM royalty.tiers t WHERE t.schedule_id = in_schedule_id) t
$$;
COMMENT ON FUNCTION audit.royalty IS 'the provider''s royalty of one sale (O4)';

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

-- Every sale of a range with what it must accrue, in the order of commits.
CREATE FUNCTION audit.sales_due(in_range audit.range)
RETURNS TABLE (transaction_id uuid, vendor_id int, amount bigint, period text,
    period_from timestamptz, schedule_id int, volume_before numeric, royalty numeric,
    owner_list_id int, content_exact numeric, price bigint)
LANGUAGE sql STABLE AS $$
    WITH sale AS (
        SELECT s.*, o.kind, o.content_url, h.schedule_id, h.period,
               CASE WHEN i.vendor_id = s.vendor_id THEN s.incentive_amount ELSE 0 END AS own_incentive,
               date_trunc(h.period, s.sold_at AT TIME ZONE v.time_zone) AT TIME ZONE v.time_zone
                   AS period_from
        FROM audit.sales(in_range) s
        JOIN vendor.vendors v ON v.vendor_id = s.vendor_id
        LEFT JOIN purchase.offers o ON o.offer_id = s.offer_id
        LEFT JOIN incentive.incentives i ON i.incentive_id = s.incentive_id
        LEFT JOIN LATERAL (SELECT h.schedule_id, h.period FROM royalty.schedules h
                           WHERE h.vendor_id = s.vendor_id AND h.valid_from <= s.sold_at
                           ORDER BY h.valid_from DESC LIMIT 1) h ON true
    ), placed AS (
        SELECT s.*, CASE WHEN s.schedule_id IS NOT NULL
                    THEN coalesce(t.amount, 0) + sum(s.price::numeric)
                         OVER (PARTITION BY s.vendor_id, s.period, s.period_from
                               ORDER BY s.xact_id::text::bigint, s.transaction_id) - s.price END
                    AS volume_before
        FROM sale s
        LEFT JOIN audit.totals t ON in_range.after_xact > 0 AND t.kind = 'volume'
             AND t.holder = s.vendor_id
             AND t.detail = s.period || ' ' || extract(epoch FROM s.period_from)
    )
    SELECT p.transaction_id, p.vendor_id, p.price - p.own_incentive, p.period, p.period_from,
           p.schedule_id, p.volume_before, r.royalty, l.owner_list_id, c.content_exact, p.price
    FROM placed p
    CROSS JOIN LATERAL (SELECT CASE WHEN p.schedule_id IS NULL THEN 0
                                    ELSE audit.royalty(p.schedule_id, p.volume_before, p.price)
                               END AS royalty OFFSET 0) r
    LEFT JOIN LATERAL (SELECT l.owner_list_id FROM royalty.owner_lists l
                       WHERE p.kind = 'content' AND l.vendor_id = p.vendor_id
                         AND l.valid_from <= p.sold_at
                         AND (l.content_url = p.content_url
                              OR right(l.content_url, 1) = '/'
                                 AND starts_with(p.content_url, l.content_url))
                       ORDER BY length(l.content_url) DESC, l.valid_from DESC, l.owner_list_id DESC
                       LIMIT 1) l ON true
    LEFT JOIN LATERAL (SELECT sum(d.due) AS content_exact
                       FROM audit.owner_dues(l.owner_list_id, p.price,
                                p.price - r.royalty - p.own_incentive, 0) d
                       WHERE l.owner_list_id IS NOT NULL) c ON true
$$;
COMMENT ON FUNCTION audit.sales_due IS 'what every sale of a range must accrue (O4, O5)';
