-- SPDX-License-Identifier: GPL-3.0-or-later
-- Vendors (V2): who they are, what they are checked by, what an operator changes.

CREATE OR REPLACE FUNCTION vendor.find_credential(in_vendor_id int)
RETURNS TABLE (vendor_id int, credential_version int, password_hash text, disabled boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT v.vendor_id, v.credential_version, v.password_hash, v.disabled_at IS NOT NULL
    FROM vendor.vendors v WHERE v.vendor_id = in_vendor_id
$$;
COMMENT ON FUNCTION vendor.find_credential(int) IS 'what a vendor is checked by; no row: none';

-- A name of the IANA database, as PostgreSQL lists them. Raises FT040.
CREATE OR REPLACE FUNCTION vendor.require_time_zone(in_time_zone text)
RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF (in_time_zone = 'UTC' OR EXISTS (SELECT FROM pg_timezone_names z
                                        WHERE z.name = in_time_zone)) IS NOT TRUE THEN
        PERFORM farthing.refuse_parameter('time-zone', 'one such as Europe/Berlin', in_time_zone);
    END IF;
END
$$;
COMMENT ON FUNCTION vendor.require_time_zone(text) IS 'refuses what is no time zone';

-- in_origins, in_paths: the top-level URLs, parallel. in_time_zone: of its days and periods.
-- Raises FT031, FT040.
CREATE OR REPLACE FUNCTION vendor.add(in_name text, in_currency text, in_password_hash text,
    in_home_url text, in_origins text[], in_paths text[], in_time_zone text DEFAULT 'UTC')
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_vendor_id int;
BEGIN
    PERFORM ledger.require_currency(in_currency);
    PERFORM vendor.require_time_zone(in_time_zone);
    INSERT INTO vendor.vendors (name, currency, password_hash, home_url, time_zone)
    VALUES (in_name, in_currency, in_password_hash, in_home_url, in_time_zone)
    RETURNING vendor_id INTO v_vendor_id;
    INSERT INTO vendor.urls (vendor_id, origin, path)
    SELECT DISTINCT v_vendor_id, o, p FROM unnest(in_origins, in_paths) i (o, p);
    RETURN v_vendor_id;
END
$$;
COMMENT ON FUNCTION vendor.add IS 'a new vendor with its registered top-level URLs (V2)';

-- Every new password has a higher version: one remembered elsewhere is refused. Raises FT030.
CREATE OR REPLACE FUNCTION vendor.set_password(in_vendor_id int, in_password_hash text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE vendor.vendors v
    SET password_hash = in_password_hash, credential_version = v.credential_version + 1
    WHERE v.vendor_id = in_vendor_id;
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT030', in_vendor_id::text);
    END IF;
END
$$;
COMMENT ON FUNCTION vendor.set_password(int, text) IS 'a new password, valid at once (V14)';

-- Raises FT030.
CREATE OR REPLACE FUNCTION vendor.set_disabled(in_vendor_id int, in_disabled boolean)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE vendor.vendors v
    SET disabled_at = CASE WHEN in_disabled THEN coalesce(v.disabled_at, now()) END
    WHERE v.vendor_id = in_vendor_id;
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT030', in_vendor_id::text);
    END IF;
END
$$;
COMMENT ON FUNCTION vendor.set_disabled(int, boolean) IS 'stops a vendor''s sales, or allows them';
