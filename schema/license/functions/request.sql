-- SPDX-License-Identifier: GPL-3.0-or-later
-- RequestIDs of Lock_Content: what was asked before is answered as before and uses no view.
-- Locks: the RequestIDs in key order, before the licences.

-- Items with a new RequestID stay as they are; a repetition, also one in the same batch, is not to
-- use a view.
CREATE OR REPLACE FUNCTION license.claim_requests(in_items license.access[])
RETURNS license.access[] LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO license.accesses (vendor_id, request_id, access_id, user_id, content_id, reason,
                                  transaction_id, views_left, expires_at)
    SELECT i.vendor_id, i.request_id, i.access_id, i.user_id, i.content_id, i.reason,
           i.transaction_id, i.views_left, i.expires_at
    FROM unnest(in_items) i
    WHERE i.request_id IS NOT NULL
    ORDER BY i.vendor_id, i.request_id, i.item
    ON CONFLICT (vendor_id, request_id) DO NOTHING;

    RETURN (SELECT array_agg((i.item, i.outcome, i.reason, i.vendor_id, i.user_id, i.content_id,
                              i.transaction_id, i.views_left, i.expires_at,
                              i.uses_view AND a.access_id IS NOT DISTINCT FROM i.access_id,
                              i.request_id, i.access_id)::license.access)
            FROM unnest(in_items) i
            LEFT JOIN license.accesses a
                 ON a.vendor_id = i.vendor_id AND a.request_id = i.request_id);
END
$$;
COMMENT ON FUNCTION license.claim_requests IS 'tells a RequestID''s first item from repetitions';

-- Keeps the answers of those that used a view, and gives the repetitions the first's answer; FT009
-- when they ask for something else.
CREATE OR REPLACE FUNCTION license.answer_requests(in_items license.access[])
RETURNS license.access[] LANGUAGE plpgsql AS $$
BEGIN
    UPDATE license.accesses a
    SET reason = i.reason, transaction_id = i.transaction_id, views_left = i.views_left,
        expires_at = i.expires_at
    FROM unnest(in_items) i
    WHERE a.vendor_id = i.vendor_id AND a.request_id = i.request_id
      AND a.access_id = i.access_id AND i.uses_view;

    RETURN (SELECT array_agg(CASE WHEN a.access_id IS NULL THEN i
                ELSE (i.item,
                      CASE WHEN (a.user_id, a.content_id) = (i.user_id, i.content_id)
                           THEN '00000' ELSE 'FT009' END,
                      a.reason, i.vendor_id, i.user_id, i.content_id, a.transaction_id,
                      a.views_left, a.expires_at, false, i.request_id, i.access_id
                     )::license.access END)
            FROM unnest(in_items) i
            LEFT JOIN license.accesses a
                 ON a.vendor_id = i.vendor_id AND a.request_id = i.request_id
                    AND a.access_id <> i.access_id);
END
$$;
COMMENT ON FUNCTION license.answer_requests IS 'answers each RequestID of Lock_Content once';
