-- SPDX-License-Identifier: GPL-3.0-or-later
-- The batch of Lock_Content; see lock_content.sql for parameters, result and locks.

CREATE FUNCTION license.lock_content_batch(in_vendor_ids int[], in_credential_versions int[],
    in_user_ids bigint[], in_id_reasons text[], in_content_urls text[], in_request_ids text[])
RETURNS TABLE (item int, outcome text, reason text, transaction_id uuid, vendor_content_id text,
    optional_data text, views_left int, expires_at timestamptz, content_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_items license.access[] := license.check_accesses(in_vendor_ids, in_credential_versions,
        in_user_ids, in_id_reasons, in_content_urls, in_request_ids);
    v_item  license.access;
BEGIN
    IF num_nulls(VARIADIC in_request_ids) < cardinality(in_request_ids) THEN
        FOREACH v_item IN ARRAY v_items LOOP
            IF v_item.outcome = '00000' AND v_item.request_id IS NOT NULL THEN
                v_items[v_item.item] := license.access_once(v_item, sha256(convert_to(
                    ROW(in_user_ids[v_item.item], in_id_reasons[v_item.item],
                        in_content_urls[v_item.item])::text, 'UTF8')));
            END IF;
        END LOOP;
    END IF;
    IF EXISTS (SELECT FROM unnest(v_items) i WHERE i.outcome = '00000' AND i.reason = 'OK'
               AND i.views_left IS NOT NULL AND i.request_id IS NULL) THEN
        v_items := license.count_views(
                       ARRAY(SELECT i FROM unnest(v_items) i WHERE i.request_id IS NULL))
                   || ARRAY(SELECT i FROM unnest(v_items) i WHERE i.request_id IS NOT NULL);
    END IF;

    RETURN QUERY
    SELECT i.item, i.outcome, i.reason, i.transaction_id, o.vendor_content_id, s.optional_data,
           i.views_left, i.expires_at,
           CASE WHEN i.reason <> 'OK'
                THEN (SELECT p.content_id FROM purchase.offers p
                      WHERE p.content_id = i.content_id LIMIT 1) END
    FROM unnest(v_items) i
    LEFT JOIN purchase.offers o ON o.offer_id = i.offer_id
    LEFT JOIN purchase.sales s ON s.transaction_id = i.transaction_id;
END
$$;
COMMENT ON FUNCTION license.lock_content_batch IS
    'checks access and uses up views, each item with an outcome of its own (V6)';
