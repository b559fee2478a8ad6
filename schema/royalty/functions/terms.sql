-- SPDX-License-Identifier: GPL-3.0-or-later
-- What was agreed, as rollups read it: schedules, tiers and owner lists with their ends.

-- period_place: the period as a number, quicker to sort by.
CREATE OR REPLACE FUNCTION royalty.schedules_of(in_vendor_id int)
RETURNS TABLE (schedule_id int, period text, period_place int, valid_from timestamptz,
    valid_until timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT c.schedule_id, c.period, array_position('{week,month,quarter,year}', c.period),
           c.valid_from,
           coalesce(lead(c.valid_from) OVER (ORDER BY c.valid_from), 'infinity')
    FROM royalty.schedules c WHERE c.vendor_id = in_vendor_id
$$;
COMMENT ON FUNCTION royalty.schedules_of(int) IS 'a vendor''s schedules, each until its next';

-- due_before: the royalty of all volume below the tier, in 10^-12.
CREATE OR REPLACE FUNCTION royalty.tiers_of(in_schedule_id int)
RETURNS TABLE (from_volume bigint, until_volume bigint, rate_ppm int, fixed_amount bigint,
    due_before numeric)
LANGUAGE sql STABLE AS $$
    SELECT t.from_volume, coalesce(t.until_volume, 9223372036854775807), t.rate_ppm,
           t.fixed_amount,
           coalesce(sum((t.until_volume - t.from_volume)::numeric * t.rate_ppm) OVER (
               ORDER BY t.from_volume ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
    FROM (SELECT t.from_volume::bigint, t.rate_ppm, t.fixed_amount::bigint,
                 lead(t.from_volume::bigint) OVER (ORDER BY t.from_volume) AS until_volume
          FROM royalty.tiers t WHERE t.schedule_id = in_schedule_id) t
$$;
COMMENT ON FUNCTION royalty.tiers_of(int) IS 'a schedule''s tiers, each with its end';

-- The owner lists that can apply to a content URL: its own, and those of every folder it is under.
-- The one of the longest URL that is valid counts, also when it is empty.
CREATE OR REPLACE FUNCTION royalty.lists_of(in_vendor_id int, in_content_url text)
RETURNS TABLE (owner_list_id int, length int, valid_from timestamptz, valid_until timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT l.owner_list_id, length(l.content_url), l.valid_from,
           coalesce(lead(l.valid_from) OVER (PARTITION BY l.content_url
                                             ORDER BY l.valid_from, l.owner_list_id), 'infinity')
    FROM royalty.owner_lists l
    WHERE l.vendor_id = in_vendor_id AND l.content_url = ANY (ARRAY(
        SELECT in_content_url UNION ALL
        SELECT array_to_string(s.parts[1:n], '/') || '/'
        FROM (SELECT string_to_array(in_content_url, '/') AS parts) s,
             generate_series(1, cardinality(s.parts) - 1) n))
$$;
COMMENT ON FUNCTION royalty.lists_of(int, text) IS 'owner lists that can apply to an item (O5)';

-- The owners of a list, for a sale at this price of which the vendor has so much left for them.
CREATE OR REPLACE FUNCTION royalty.owners_due(in_owner_list_id int, in_price bigint,
    in_available bigint)
RETURNS TABLE (owner_id text, due numeric)
LANGUAGE sql STABLE AS $$
    SELECT w.owner_id, royalty.owner_due(in_price, w.share_ppm, w.amount_per_sale,
        sum(coalesce(w.amount_per_sale, royalty.share(in_price, w.share_ppm))) OVER (),
        in_available)
    FROM royalty.owner_shares w WHERE w.owner_list_id = in_owner_list_id
$$;
COMMENT ON FUNCTION royalty.owners_due IS 'what each owner of a list is due of a sale (O5)';
