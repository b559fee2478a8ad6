-- SPDX-License-Identifier: GPL-3.0-or-later
-- SetContentOwners (V14, O5): a new list of owners for an item or a prefix. Lists are never edited:
-- a sale is accrued by the list that was valid when it was made.
--
-- Parallel arrays; of in_shares_ppm and in_amounts one is NULL for each owner. in_valid_from: NULL
-- and what is past mean now, so that what was accrued stays right. An empty list ends what was due;
-- it is answered as one row without owner.

-- The list that is made. Owners who are new to us are kept; they register later.
-- Raises FT040 (shares of more than the whole). Locks: keeps rollups away.
CREATE OR REPLACE FUNCTION royalty.add_owner_list(in_vendor_id int, in_content_url text,
    in_owner_ids text[], in_shares_ppm int[], in_amounts bigint[], in_valid_from timestamptz)
RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    v_list_id int;
    v_sum_ppm bigint := (SELECT sum(s) FROM unnest(in_shares_ppm) s);
BEGIN
    IF v_sum_ppm > 1000000 THEN
        PERFORM farthing.refuse_parameter('Share', 'at most 1 in sum',
            trim_scale(v_sum_ppm / 1000000.0)::text);
    END IF;
    INSERT INTO royalty.owners (owner_id)
    SELECT DISTINCT i FROM unnest(in_owner_ids) i ORDER BY i
    ON CONFLICT (owner_id) DO NOTHING;
    INSERT INTO royalty.owner_lists (vendor_id, content_url, valid_from)
    VALUES (in_vendor_id, in_content_url, greatest(in_valid_from, royalty.lock_terms()))
    RETURNING owner_list_id INTO v_list_id;
    INSERT INTO royalty.owner_shares (owner_list_id, owner_id, share_ppm, amount_per_sale)
    SELECT v_list_id, i.owner_id, i.share_ppm, i.amount
    FROM unnest(in_owner_ids, in_shares_ppm, in_amounts) AS i (owner_id, share_ppm, amount);
    RETURN v_list_id;
END
$$;
COMMENT ON FUNCTION royalty.add_owner_list IS 'a list of content owners from now or later on (O5)';

-- The list as it was made, or one row without owner.
CREATE OR REPLACE FUNCTION royalty.show_owner_list(in_owner_list_id int)
RETURNS TABLE (owner_id text, share_ppm int, amount_per_sale bigint, valid_from timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT s.owner_id, s.share_ppm, s.amount_per_sale::bigint, l.valid_from
    FROM royalty.owner_lists l
    LEFT JOIN royalty.owner_shares s ON s.owner_list_id = l.owner_list_id
    WHERE l.owner_list_id = in_owner_list_id ORDER BY s.owner_id
$$;
COMMENT ON FUNCTION royalty.show_owner_list(int) IS 'the owners of a list, and since when';

-- By the vendor. Raises FT002, FT003, FT004, FT009, FT040.
CREATE OR REPLACE FUNCTION royalty.set_content_owners(in_vendor_id int, in_credential_version int,
    in_content_url text, in_content_origin text, in_content_path text, in_owner_ids text[],
    in_shares_ppm int[], in_amounts bigint[], in_valid_from timestamptz, in_request_id text)
RETURNS TABLE (owner_id text, share_ppm int, amount_per_sale bigint, valid_from timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_list_id int;
BEGIN
    PERFORM vendor.check(in_vendor_id, in_credential_version);
    PERFORM vendor.require_url(in_vendor_id, in_content_origin, in_content_path);
    v_list_id := (vendor.take_request(in_vendor_id, 'SetContentOwners', in_request_id,
        ROW(in_content_url, in_owner_ids, in_shares_ppm, in_amounts,
            extract(epoch FROM in_valid_from))::text)->>'owner_list_id')::int;
    IF v_list_id IS NULL THEN
        v_list_id := royalty.add_owner_list(in_vendor_id, in_content_url, in_owner_ids,
            in_shares_ppm, in_amounts, in_valid_from);
        PERFORM vendor.answer_request(in_vendor_id, 'SetContentOwners', in_request_id,
            jsonb_build_object('owner_list_id', v_list_id));
    END IF;
    RETURN QUERY SELECT * FROM royalty.show_owner_list(v_list_id);
END
$$;
COMMENT ON FUNCTION royalty.set_content_owners IS 'who is due a share of an item''s sales (V14, O5)';

-- By an operator. Raises FT004, FT030, FT040.
CREATE OR REPLACE FUNCTION royalty.set_owners(in_vendor_id int, in_content_url text,
    in_content_origin text, in_content_path text, in_owner_ids text[], in_shares_ppm int[],
    in_amounts bigint[], in_valid_from timestamptz DEFAULT NULL)
RETURNS TABLE (owner_id text, share_ppm int, amount_per_sale bigint, valid_from timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_list_id int;
BEGIN
    PERFORM royalty.require_vendor(in_vendor_id);
    PERFORM vendor.require_url(in_vendor_id, in_content_origin, in_content_path);
    v_list_id := royalty.add_owner_list(in_vendor_id, in_content_url, in_owner_ids, in_shares_ppm,
                                        in_amounts, in_valid_from);
    RETURN QUERY SELECT * FROM royalty.show_owner_list(v_list_id);
EXCEPTION WHEN check_violation OR not_null_violation OR unique_violation THEN
    PERFORM farthing.refuse_parameter('OWNER', 'each once, with a share or an amount', NULL);
END
$$;
COMMENT ON FUNCTION royalty.set_owners IS 'who is due a share of an item''s sales, as an operator says (O5)';

-- An owner who is paid: a name, and the time zone of settlement dates. Repeating it changes both.
-- Returns the owner's number. Raises FT040 (no such time zone).
CREATE OR REPLACE FUNCTION royalty.register_owner(in_owner_id text, in_name text,
    in_time_zone text DEFAULT 'UTC')
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_owner_number bigint;
BEGIN
    PERFORM vendor.require_time_zone(in_time_zone);
    INSERT INTO royalty.owners AS w (owner_id, name, time_zone, registered_at)
    VALUES (in_owner_id, in_name, in_time_zone, now())
    ON CONFLICT (owner_id) DO UPDATE
    SET name = excluded.name, time_zone = excluded.time_zone,
        registered_at = coalesce(w.registered_at, excluded.registered_at)
    RETURNING owner_number INTO v_owner_number;
    RETURN v_owner_number;
END
$$;
COMMENT ON FUNCTION royalty.register_owner IS 'registers an author, publisher or artist (O5, O7)';
