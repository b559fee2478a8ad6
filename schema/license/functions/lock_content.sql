-- SPDX-License-Identifier: GPL-3.0-or-later
-- Lock_Content (V6-V8, V10, V11): may this user open this URL, and if so, use up one view.
--
-- in_user_ids, in_id_reasons: what the encrypted user ID said; a reason other than OK is the answer.
-- Result: a row per item, outcome '00000' or FT002, FT003, FT009. A refusal of access is a reason.
--   content_id: the item, when access was refused and the item was ever offered.
-- Locks: the licences whose views are counted, in key order. The others are only read.

DROP FUNCTION IF EXISTS license.lock_content_batch;
DROP FUNCTION IF EXISTS license.access_once;
DROP FUNCTION IF EXISTS license.count_views;
DROP FUNCTION IF EXISTS license.check_accesses;
DROP TYPE IF EXISTS license.access;

CREATE TYPE license.access AS (
    item int, outcome text, reason text, user_id bigint, vendor_id int, content_id uuid,
    transaction_id uuid, offer_id uuid, views_left int, expires_at timestamptz,
    request_id text
);

-- Each item's answer as far as reading can tell.
CREATE FUNCTION license.check_accesses(in_vendor_ids int[], in_credential_versions int[],
    in_user_ids bigint[], in_id_reasons text[], in_content_urls text[], in_request_ids text[])
RETURNS license.access[] LANGUAGE sql STABLE AS $$
    SELECT array_agg((i.item,
            CASE WHEN v.credential_version IS DISTINCT FROM i.credential_version THEN 'FT002'
                 WHEN v.disabled_at IS NOT NULL THEN 'FT003'
                 ELSE '00000' END,
            CASE WHEN i.id_reason <> 'OK' THEN i.id_reason
                 WHEN u.disabled_at IS NOT NULL THEN 'ACCOUNT_DISABLED'
                 WHEN n.user_id IS NULL THEN 'NOT_PURCHASED'
                 WHEN n.expires_at <= now() THEN 'LICENSE_EXPIRED'
                 WHEN n.views_left = 0 THEN 'VIEWS_EXHAUSTED'
                 ELSE 'OK' END,
            i.user_id, i.vendor_id, c.content_id, n.transaction_id, n.offer_id, n.views_left,
            n.expires_at, i.request_id)::license.access ORDER BY i.item)
    FROM unnest(in_vendor_ids, in_credential_versions, in_user_ids, in_id_reasons,
                in_content_urls, in_request_ids) WITH ORDINALITY
         AS i (vendor_id, credential_version, user_id, id_reason, content_url, request_id, item)
    LEFT JOIN vendor.vendors v ON v.vendor_id = i.vendor_id
    CROSS JOIN LATERAL (SELECT purchase.content_id(i.vendor_id, i.content_url)) c (content_id)
    LEFT JOIN account.users u ON u.user_id = i.user_id AND i.id_reason = 'OK'
    LEFT JOIN license.licenses n ON n.user_id = u.user_id AND n.content_id = c.content_id
$$;
COMMENT ON FUNCTION license.check_accesses IS 'the answers of Lock_Content before views are counted';

-- Uses up one view for each item that is OK and limited by views. A licence that is asked for
-- more often than it has views gives access to the first that asked.
CREATE FUNCTION license.count_views(in_items license.access[])
RETURNS license.access[] LANGUAGE plpgsql AS $$
DECLARE
    v_items license.access[];
BEGIN
    PERFORM FROM unnest(in_items) i
    JOIN license.licenses n ON n.user_id = i.user_id AND n.content_id = i.content_id
    WHERE i.outcome = '00000' AND i.reason = 'OK' AND i.views_left IS NOT NULL
    ORDER BY n.user_id, n.content_id FOR NO KEY UPDATE OF n;

    SELECT array_agg((i.item, i.outcome,
               CASE WHEN i.place > n.views_left THEN 'VIEWS_EXHAUSTED' ELSE i.reason END,
               i.user_id, i.vendor_id, i.content_id, i.transaction_id, i.offer_id,
               CASE WHEN i.place IS NULL THEN i.views_left
                    ELSE greatest(n.views_left - i.place, 0) END,
               i.expires_at, i.request_id)::license.access)
    INTO v_items
    FROM (SELECT j.*, CASE WHEN j.views_left IS NOT NULL AND j.reason = 'OK'
                                AND j.outcome = '00000'
                           THEN rank() OVER (PARTITION BY j.user_id, j.content_id, j.reason,
                                                          j.outcome
                                             ORDER BY j.item)::int END AS place
          FROM unnest(in_items) j) i
    LEFT JOIN license.licenses n ON i.place IS NOT NULL
         AND n.user_id = i.user_id AND n.content_id = i.content_id;

    UPDATE license.licenses n SET views_left = c.views_left
    FROM (SELECT i.user_id, i.content_id, min(i.views_left) AS views_left
          FROM unnest(v_items) i
          WHERE i.outcome = '00000' AND i.reason = 'OK' AND i.views_left IS NOT NULL
          GROUP BY i.user_id, i.content_id) c
    WHERE n.user_id = c.user_id AND n.content_id = c.content_id;
    RETURN v_items;
END
$$;
COMMENT ON FUNCTION license.count_views IS 'uses up views (V6, V8)';

-- One item that has a RequestID: the first time it is answered and the answer kept; a repetition
-- gets that answer and uses no view, or FT009 when it asks something else.
CREATE FUNCTION license.access_once(in_item license.access, in_fingerprint bytea)
RETURNS license.access LANGUAGE plpgsql AS $$
DECLARE
    v_item  license.access := in_item;
    v_first license.accesses;
BEGIN
    INSERT INTO license.accesses (vendor_id, request_id, fingerprint, reason)
    VALUES (v_item.vendor_id, v_item.request_id, in_fingerprint, v_item.reason)
    ON CONFLICT (vendor_id, request_id) DO NOTHING;
    IF FOUND THEN
        v_item := (license.count_views(ARRAY[v_item]))[1];
        UPDATE license.accesses a
        SET reason = v_item.reason, views_left = v_item.views_left
        WHERE a.vendor_id = v_item.vendor_id AND a.request_id = v_item.request_id;
        RETURN v_item;
    END IF;

    SELECT * INTO v_first FROM license.accesses a
    WHERE a.vendor_id = v_item.vendor_id AND a.request_id = v_item.request_id;
    IF v_first.fingerprint <> in_fingerprint THEN
        v_item.outcome := 'FT009';
    END IF;
    v_item.reason := v_first.reason;
    v_item.views_left := v_first.views_left;
    RETURN v_item;
END
$$;
COMMENT ON FUNCTION license.access_once IS 'answers a RequestID of Lock_Content once';
