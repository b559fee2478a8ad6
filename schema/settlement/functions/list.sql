-- SPDX-License-Identifier: GPL-3.0-or-later
-- A vendor's settlements (V14), oldest first, settled in [in_since, in_until), after in_after (NULL:
-- from the first). Raises FT002, FT003.

CREATE OR REPLACE FUNCTION settlement.list(in_vendor_id int, in_credential_version int,
    in_since timestamptz, in_until timestamptz, in_after uuid, in_limit int)
RETURNS SETOF settlement.settlements
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vendor.check(in_vendor_id, in_credential_version);
    RETURN QUERY SELECT * FROM settlement.settlements s
        WHERE s.vendor_id = in_vendor_id
          AND s.settled_at >= in_since AND s.settled_at < in_until
          AND (in_after IS NULL OR s.settlement_id > in_after)
        ORDER BY s.settlement_id LIMIT in_limit;
END
$$;
COMMENT ON FUNCTION settlement.list IS 'a vendor''s settlements, oldest first (V14)';
