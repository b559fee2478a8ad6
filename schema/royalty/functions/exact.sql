-- SPDX-License-Identifier: GPL-3.0-or-later
-- The arithmetic of royalties: exact in 10^-12 of the currency's unit, which is 10^-6 with six more
-- digits; rounded where an amount is booked. Plain SQL, so that the planner can inline.

-- in_exact: 10^-6 with at most six more digits, not negative.
CREATE OR REPLACE FUNCTION royalty.half_even(in_exact numeric)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (CASE WHEN mod(in_exact, 2) = 0.5 THEN floor(in_exact) ELSE round(in_exact) END)::bigint
$$;
COMMENT ON FUNCTION royalty.half_even(numeric) IS 'rounds to 10^-6; halves to the even one';

-- What is due of a price at parts per million.
CREATE OR REPLACE FUNCTION royalty.share(in_price bigint, in_share_ppm bigint)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT in_price::numeric * in_share_ppm * 0.000001
$$;
COMMENT ON FUNCTION royalty.share(bigint, bigint) IS 'parts per million of a price, exact';

-- The royalty of a sale that begins and ends at these volumes of the vendor's period: each part of
-- it at the rate of the tier it falls in, and the fixed amount of the tier in which it begins.
-- in_due_before…: what a volume up to the tier's beginning comes to, in 10^-12.
CREATE OR REPLACE FUNCTION royalty.of_sale(in_price bigint, in_volume_before bigint,
    in_from_1 bigint, in_due_before_1 numeric, in_rate_ppm_1 int, in_fixed_amount bigint,
    in_from_2 bigint, in_due_before_2 numeric, in_rate_ppm_2 int)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN in_from_1 IS NOT NULL AND in_from_2 IS NOT NULL THEN
        least(in_price, in_fixed_amount + royalty.half_even(0.000001 * (
            CASE WHEN in_from_1 = in_from_2 THEN in_price::numeric * in_rate_ppm_1
                 ELSE in_due_before_2 + (in_volume_before + in_price - in_from_2)::numeric * in_rate_ppm_2
                      - in_due_before_1 - (in_volume_before - in_from_1)::numeric * in_rate_ppm_1
            END)))
        END
$$;
COMMENT ON FUNCTION royalty.of_sale IS 'the provider''s royalty of a sale, at most its price (O4)';

-- What an owner is due of a sale (O5). in_total_due: of all the item's owners; when the vendor
-- receives less (in_available), each owner gets its part of that, rounded down at 10^-12.
CREATE OR REPLACE FUNCTION royalty.owner_due(in_price bigint, in_share_ppm int,
    in_amount_per_sale bigint, in_total_due numeric, in_available bigint)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN in_total_due <= in_available
                THEN coalesce(in_amount_per_sale, royalty.share(in_price, in_share_ppm))
                WHEN in_available <= 0 THEN 0
                ELSE div(coalesce(in_amount_per_sale, royalty.share(in_price, in_share_ppm))
                         * in_available * 1000000, in_total_due) * 0.000001 END
$$;
COMMENT ON FUNCTION royalty.owner_due IS 'an owner''s exact part of a sale (O5)';

-- What is left of a due when so much of the price was paid back, rounded down at 10^-12.
CREATE OR REPLACE FUNCTION royalty.owner_kept(in_due numeric, in_price bigint, in_refunded bigint)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT div(in_due * (in_price - in_refunded) * 1000000, in_price) * 0.000001
$$;
COMMENT ON FUNCTION royalty.owner_kept IS 'what refunds leave of an owner''s part (O5)';

-- What is left of the provider's royalty when so much of the price was paid back.
CREATE OR REPLACE FUNCTION royalty.kept(in_royalty bigint, in_price bigint, in_refunded bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (q + CASE WHEN 2 * r > in_price OR 2 * r = in_price AND mod(q, 2) = 1
                     THEN 1 ELSE 0 END)::bigint
    FROM (SELECT div(n, in_price) AS q, mod(n, in_price) AS r
          FROM (SELECT in_royalty::numeric * (in_price - in_refunded) AS n) n) d
$$;
COMMENT ON FUNCTION royalty.kept IS 'what refunds leave of the provider''s royalty, half-even (O4)';
