-- SPDX-License-Identifier: GPL-3.0-or-later
-- SetContentOwners (V14, O5): a new list of owners for an item or a prefix. Lists are never edited:
-- a sale is accrued by the list that was valid when it was made.
--
-- Parallel arrays; of in_shares_ppm and in_amounts one is NULL for each owner. in_valid_from: NULL
-- and what is past mean now, so that what was accrued stays right. An empty list ends what was due;
-- it is answered as one row without owner.
-- Raises FT002, FT003, FT004, FT009, FT040 (shares of more than the whole).

CREATE OR REPLACE FUNCTION royalty.set_content_owners(in_vendor_id int, in_credential_version int,
    in_content_url text, in_content_origin text, in_content_path text, in_owner_ids text[],
    in_shares_ppm int[], in_amounts bigint[], in_valid_from timestamptz, in_request_id text)
RETURNS TABLE (owner_id text, share_ppm int, amount_per_sale bigint, valid_from timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_answer  jsonb;
    v_list_id int;
    v_sum_ppm bigint := (SELECT sum(s) FROM unnest(in_shares_ppm) s);
BEGIN
    PERFORM vendor.check(in_vendor_id, in_credential_version);
    PERFORM vendor.require_url(in_vendor_id, in_content_origin, in_content_path);
    IF v_sum_ppm > 1000000 THEN
        PERFORM farthing.refuse_parameter('Share', 'at most 1 in sum',
            trim_scale(v_sum_ppm / 1000000.0)::text);
    END IF;
    v_answer := vendor.take_request(in_vendor_id, 'SetContentOwners', in_request_id,
        ROW(in_content_url, in_owner_ids, in_shares_ppm, in_amounts,
            extract(epoch FROM in_valid_from))::text);
    v_list_id := (v_answer->>'owner_list_id')::int;
    IF v_list_id IS NULL THEN
        INSERT INTO royalty.owner_lists (vendor_id, content_url, valid_from)
        VALUES (in_vendor_id, in_content_url, greatest(in_valid_from, now()))
        RETURNING owner_list_id INTO v_list_id;
        INSERT INTO royalty.owner_shares (owner_list_id, owner_id, share_ppm, amount_per_sale)
        SELECT v_list_id, i.owner_id, i.share_ppm, i.amount
        FROM unnest(in_owner_ids, in_shares_ppm, in_amounts) AS i (owner_id, share_ppm, amount);
        PERFORM vendor.answer_request(in_vendor_id, 'SetContentOwners', in_request_id,
            jsonb_build_object('owner_list_id', v_list_id));
    END IF;
    RETURN QUERY SELECT s.owner_id, s.share_ppm, s.amount_per_sale::bigint, l.valid_from
        FROM royalty.owner_lists l
        LEFT JOIN royalty.owner_shares s ON s.owner_list_id = l.owner_list_id
        WHERE l.owner_list_id = v_list_id ORDER BY s.owner_id;
END
$$;
COMMENT ON FUNCTION royalty.set_content_owners IS 'who is due a share of an item''s sales (V14, O5)';
