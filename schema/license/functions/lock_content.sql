-- SPDX-License-Identifier: GPL-3.0-or-later
-- Lock_Content (V6-V8, V10, V11): may this user open this URL, and if so, use up one view.
-- The steps of license.lock_content_batch, which see for parameters and result.

-- request_id: NULL also where the outcome is a refusal, which is not remembered.
-- uses_view: access is given, and a view is to be counted for it.
CREATE TYPE license.access AS (
    item int, outcome text, reason text, vendor_id int, user_id bigint, content_id uuid,
    transaction_id uuid, views_left int, expires_at timestamptz, uses_view boolean,
    request_id text, access_id uuid
);

-- Each item's answer as far as reading can tell.
CREATE OR REPLACE FUNCTION license.check_accesses(in_vendor_ids int[], in_credential_versions int[],
    in_user_ids bigint[], in_id_reasons text[], in_content_urls text[], in_request_ids text[])
RETURNS license.access[] LANGUAGE plpgsql AS $$
BEGIN
    RETURN (
    SELECT array_agg((i.item, i.outcome, i.reason, i.vendor_id, i.user_id, i.content_id,
                      i.transaction_id, i.views_left, i.expires_at,
                      i.outcome = '00000' AND i.reason = 'OK' AND i.views_left IS NOT NULL,
                      CASE i.outcome WHEN '00000' THEN i.request_id END,
                      CASE WHEN i.request_id IS NOT NULL THEN purchase.new_transaction_id() END
                     )::license.access)
    FROM (SELECT a.*, c.content_id, n.transaction_id, n.views_left, n.expires_at,
                 CASE WHEN v.credential_version IS DISTINCT FROM a.credential_version THEN 'FT002'
                      WHEN v.disabled_at IS NOT NULL THEN 'FT003'
                      ELSE '00000' END AS outcome,
                 CASE WHEN a.id_reason <> 'OK' THEN a.id_reason
                      WHEN u.disabled_at IS NOT NULL THEN 'ACCOUNT_DISABLED'
                      WHEN n.user_id IS NULL THEN 'NOT_PURCHASED'
                      WHEN n.refunded_at IS NOT NULL THEN 'REFUNDED'
                      WHEN n.expires_at <= now() THEN 'LICENSE_EXPIRED'
                      WHEN n.views_left = 0 THEN 'VIEWS_EXHAUSTED'
                      ELSE 'OK' END AS reason
          FROM (SELECT n AS item, in_vendor_ids[n] AS vendor_id,
                       in_credential_versions[n] AS credential_version,
                       in_user_ids[n] AS user_id, in_id_reasons[n] AS id_reason,
                       in_content_urls[n] AS content_url, in_request_ids[n] AS request_id
                FROM generate_subscripts(in_vendor_ids, 1) n OFFSET 0) a
          LEFT JOIN vendor.vendors v ON v.vendor_id = a.vendor_id
          CROSS JOIN LATERAL (SELECT purchase.content_id(a.vendor_id, a.content_url) OFFSET 0)
               AS c (content_id) -- hashed once
          LEFT JOIN account.users u ON u.user_id = a.user_id AND a.id_reason = 'OK'
          LEFT JOIN LATERAL (SELECT * FROM license.licenses l
                             WHERE l.user_id = a.user_id AND l.content_id = c.content_id
                               AND a.id_reason = 'OK' OFFSET 0) n ON true) i);
END
$$;
COMMENT ON FUNCTION license.check_accesses IS 'the answers of Lock_Content before views are counted';

-- Uses up one view for each item of a licence that has enough of them, and returns these items.
-- Without a lock beforehand, which would be a record of WAL for each: licences are taken in the order
-- of their keys, as the plan's nested loop finds them.
CREATE OR REPLACE FUNCTION license.use_views(in_items license.access[])
RETURNS license.access[] LANGUAGE plpgsql AS $$
DECLARE
    v_items license.access[];
BEGIN
    WITH used AS (
        UPDATE license.licenses n SET views_left = n.views_left - cardinality(i.items)
        FROM (SELECT a.user_id, a.content_id, array_agg(a ORDER BY a.item) AS items
              FROM unnest(in_items) a WHERE a.uses_view
              GROUP BY a.user_id, a.content_id ORDER BY a.user_id, a.content_id) i
        WHERE n.user_id = i.user_id AND n.content_id = i.content_id
          AND n.views_left >= cardinality(i.items)
        RETURNING n.transaction_id, n.views_left + cardinality(i.items) AS views_left,
                  n.expires_at, i.items
    )
    SELECT array_agg((i.item, i.outcome, i.reason, i.vendor_id, i.user_id, i.content_id,
                      u.transaction_id, u.views_left - i.place, u.expires_at, true, i.request_id,
                      i.access_id)::license.access)
    INTO v_items
    FROM used u CROSS JOIN LATERAL unnest(u.items) WITH ORDINALITY
         AS i (item, outcome, reason, vendor_id, user_id, content_id, transaction_id, views_left,
               expires_at, uses_view, request_id, access_id, place);
    RETURN v_items;
END
$$;
COMMENT ON FUNCTION license.use_views IS 'uses up views where there are enough (V6, V8)';

-- Likewise where there may not be enough: the first that asked have what there is.
CREATE OR REPLACE FUNCTION license.use_last_views(in_items license.access[])
RETURNS license.access[] LANGUAGE plpgsql AS $$
DECLARE
    v_items license.access[];
BEGIN
    WITH locked AS MATERIALIZED (
        SELECT n.user_id, n.content_id, n.transaction_id, n.views_left, n.expires_at, i.items,
               n.views_left - least(n.views_left, cardinality(i.items)) AS views_after
        FROM (SELECT a.user_id, a.content_id, array_agg(a ORDER BY a.item) AS items
              FROM unnest(in_items) a WHERE a.uses_view
              GROUP BY a.user_id, a.content_id) i
        JOIN license.licenses n ON n.user_id = i.user_id AND n.content_id = i.content_id
        ORDER BY n.user_id, n.content_id FOR NO KEY UPDATE OF n
    ), used AS (
        UPDATE license.licenses n SET views_left = l.views_after
        FROM locked l
        WHERE n.user_id = l.user_id AND n.content_id = l.content_id
    )
    SELECT array_agg((i.item, i.outcome,
                      CASE WHEN i.place > l.views_left THEN 'VIEWS_EXHAUSTED' ELSE i.reason END,
                      i.vendor_id, i.user_id, i.content_id, l.transaction_id,
                      l.views_left - least(l.views_left, i.place), l.expires_at, true,
                      i.request_id, i.access_id)::license.access)
    INTO v_items
    FROM locked l CROSS JOIN LATERAL unnest(l.items) WITH ORDINALITY
         AS i (item, outcome, reason, vendor_id, user_id, content_id, transaction_id, views_left,
               expires_at, uses_view, request_id, access_id, place);
    RETURN v_items;
END
$$;
COMMENT ON FUNCTION license.use_last_views IS 'uses up views where there may be too few (V6, V8)';

-- Uses up one view for each item that is to use one, and returns all. A licence that is asked for more
-- often than it has views gives access to the first that asked. What was sold since it was checked
-- counts.
CREATE OR REPLACE FUNCTION license.count_views(in_items license.access[])
RETURNS license.access[] LANGUAGE plpgsql AS $$
DECLARE
    v_items license.access[] := license.use_views(in_items);
    v_rest  license.access[];
BEGIN
    IF cardinality(v_items) = cardinality(in_items) THEN
        RETURN v_items;
    END IF;
    v_rest := ARRAY(SELECT i FROM unnest(in_items) i
                    WHERE i.item NOT IN (SELECT u.item FROM unnest(v_items) u));
    RETURN v_items || license.use_last_views(v_rest)
        || ARRAY(SELECT i FROM unnest(v_rest) i WHERE NOT i.uses_view);
END
$$;
COMMENT ON FUNCTION license.count_views IS 'uses up views (V6, V8)';
