-- SPDX-License-Identifier: GPL-3.0-or-later
-- The batch of Lock_Content (V6).
--
-- in_user_ids, in_id_reasons: what the encrypted user ID said; a reason other than OK is the answer.
-- Result: a row per item, outcome '00000' or FT002, FT003, FT009. A refusal of access is a reason.
--   content_id: the item, when access was refused and the item was ever offered.
-- Locks: RequestIDs, then the licences whose views are counted, in key order; those with too few views
--   last. Others are read.

CREATE OR REPLACE FUNCTION license.lock_content_batch(in_vendor_ids int[], in_credential_versions int[],
    in_user_ids bigint[], in_id_reasons text[], in_content_urls text[], in_request_ids text[])
RETURNS TABLE (item int, outcome text, reason text, transaction_id uuid, vendor_content_id text,
    optional_data text, views_left int, expires_at timestamptz, content_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_has_requests boolean := num_nonnulls(VARIADIC in_request_ids) > 0;
    v_items license.access[] := license.check_accesses(in_vendor_ids, in_credential_versions,
        in_user_ids, in_id_reasons, in_content_urls, in_request_ids);
    v_ids   uuid[];
    v_first uuid;
    v_last  uuid;
BEGIN
    IF v_has_requests THEN
        v_items := license.claim_requests(v_items);
    END IF;
    IF EXISTS (SELECT FROM unnest(v_items) i WHERE i.uses_view) THEN
        v_items := license.count_views(v_items);
    END IF;
    IF v_has_requests THEN
        v_items := license.answer_requests(v_items);
    END IF;

    -- By these the executor leaves out partitions before it opens them. OFFSET 0: looked up by the
    -- whole key, also by a plan made when the tables were still small.
    v_ids := ARRAY(SELECT i.transaction_id FROM unnest(v_items) i
                   WHERE i.transaction_id IS NOT NULL ORDER BY 1);
    v_first := v_ids[1];
    v_last := v_ids[cardinality(v_ids)];
    RETURN QUERY
    SELECT i.item, i.outcome, i.reason, i.transaction_id, o.vendor_content_id, s.optional_data,
           i.views_left, i.expires_at,
           CASE WHEN i.reason <> 'OK'
                THEN (SELECT p.content_id FROM purchase.offers p
                      WHERE p.content_id = i.content_id LIMIT 1) END
    FROM unnest(v_items) i
    LEFT JOIN LATERAL (SELECT * FROM purchase.sales p
                       WHERE p.transaction_id = i.transaction_id
                         AND p.transaction_id BETWEEN v_first AND v_last OFFSET 0) s ON true
    LEFT JOIN purchase.offers o ON o.offer_id = s.offer_id;
END
$$;
COMMENT ON FUNCTION license.lock_content_batch IS
    'checks access and uses up views, each item with an outcome of its own (V6)';
