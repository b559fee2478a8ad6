-- SPDX-License-Identifier: GPL-3.0-or-later
-- What an operator agrees with vendors: royalty schedules (O4) and commissions (O9). They are never
-- edited; a new one begins where the last ends. Nothing is set for what rollups have seen: the past
-- means now.

-- Raises FT030.
CREATE OR REPLACE FUNCTION royalty.require_vendor(in_vendor_id int)
RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF vendor.currency(in_vendor_id) IS NULL THEN
        PERFORM farthing.refuse('FT030', in_vendor_id::text);
    END IF;
END
$$;
COMMENT ON FUNCTION royalty.require_vendor(int) IS 'refuses a vendor that is not there';

-- A new schedule. Parallel arrays, a tier each: from this volume on (10^-6; the lowest 0), parts per
-- million of the price, a fixed amount for each sale that begins in the tier. in_valid_from: NULL:
-- now. Raises FT030, FT040.
-- Locks: keeps rollups away.
CREATE OR REPLACE FUNCTION royalty.set_schedule(in_vendor_id int, in_period text,
    in_from_volumes bigint[], in_rates_ppm int[], in_fixed_amounts bigint[],
    in_valid_from timestamptz DEFAULT NULL)
RETURNS TABLE (schedule_id int, valid_from timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_schedule royalty.schedules;
BEGIN
    PERFORM royalty.require_vendor(in_vendor_id);
    IF (in_period IN ('week', 'month', 'quarter', 'year')) IS NOT TRUE THEN
        PERFORM farthing.refuse_parameter('period', 'week, month, quarter or year', in_period);
    ELSIF (SELECT min(v) = 0 AND count(*) = count(DISTINCT v) FROM unnest(in_from_volumes) v)
          IS NOT TRUE THEN
        PERFORM farthing.refuse_parameter('tier', 'different volumes, the lowest 0', NULL);
    END IF;
    INSERT INTO royalty.schedules (vendor_id, period, valid_from)
    VALUES (in_vendor_id, in_period, greatest(in_valid_from, royalty.lock_terms()))
    RETURNING * INTO v_schedule;
    INSERT INTO royalty.tiers (schedule_id, from_volume, rate_ppm, fixed_amount)
    SELECT v_schedule.schedule_id, i.from_volume, i.rate_ppm, coalesce(i.fixed_amount, 0)
    FROM unnest(in_from_volumes, in_rates_ppm, in_fixed_amounts)
         AS i (from_volume, rate_ppm, fixed_amount);
    RETURN QUERY SELECT v_schedule.schedule_id, v_schedule.valid_from;
EXCEPTION WHEN check_violation OR not_null_violation OR unique_violation THEN
    PERFORM farthing.refuse_parameter('tier', 'a volume and a rate of at most the whole', NULL);
END
$$;
COMMENT ON FUNCTION royalty.set_schedule IS 'a vendor''s royalty from now or a later time on (O4)';

-- A new commission: an amount for a user's first deposit, parts per million of every deposit.
-- in_valid_from: NULL: now. Raises FT030, FT040. Locks: keeps rollups away.
CREATE OR REPLACE FUNCTION royalty.set_commission(in_vendor_id int, in_per_user bigint,
    in_deposit_rate_ppm int, in_valid_from timestamptz DEFAULT NULL)
RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_valid_from timestamptz;
BEGIN
    PERFORM royalty.require_vendor(in_vendor_id);
    INSERT INTO royalty.commissions (vendor_id, per_user, deposit_rate_ppm, valid_from)
    VALUES (in_vendor_id, in_per_user, in_deposit_rate_ppm,
            greatest(in_valid_from, royalty.lock_terms()))
    RETURNING valid_from INTO v_valid_from;
    RETURN v_valid_from;
EXCEPTION WHEN check_violation OR not_null_violation OR unique_violation THEN
    PERFORM farthing.refuse_parameter('commission', 'an amount and a rate of at most the whole',
                                      NULL);
END
$$;
COMMENT ON FUNCTION royalty.set_commission IS
    'what a vendor gets for users and deposits that came through it (O9)';
