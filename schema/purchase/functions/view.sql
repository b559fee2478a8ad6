-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the buy window shows (B1), for a batch of visitors. Reads only.
--
-- in_user_ids, in_login_ids: 0 where nobody is logged in. Outcome: '00000' or FT005.
-- state: OWNED (the user holds a valid licence of the item, V7), TAKEN (the transaction was
-- bought, or its order is paid under another, V12), CANCELLED, EXPIRED, PENDING; the first that
-- holds. incentive: one could pay. balance: in a sandbox the play money that a first purchase will
-- find.
-- OFFSET 0: looked up by the whole key, also by a plan made when the tables were still small.
-- v_first, v_last: by these the executor leaves out partitions before it opens them.

CREATE OR REPLACE FUNCTION purchase.view_batch(in_transaction_ids uuid[], in_user_ids bigint[],
    in_login_ids bigint[])
RETURNS TABLE (item int, outcome text, state text, title text, description text, price bigint,
    currency text, content_url text, is_post boolean, vendor_content_id text, views int,
    absolute_expiry timestamptz, valid_hours bigint, incentive_ids text, vendor_id int,
    vendor_name text, vendor_home_url text, expires_at timestamptz, logged_in boolean,
    has_wallet boolean, balance bigint, credit_line bigint, content_id uuid, kind text,
    cancel_url text, shipping boolean, incentive boolean, sandbox boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_ids   uuid[] := ARRAY(SELECT i FROM unnest(in_transaction_ids) i ORDER BY i);
    v_first uuid := v_ids[1];
    v_last  uuid := v_ids[cardinality(v_ids)];
BEGIN
    RETURN QUERY
    SELECT i.item, CASE WHEN o.offer_id IS NULL THEN 'FT005' ELSE '00000' END,
           CASE WHEN EXISTS (SELECT FROM license.licenses n
                             WHERE n.user_id = l.user_id AND n.content_id = o.content_id
                               AND license.opens(n) OFFSET 0) THEN 'OWNED'
                WHEN s.transaction_id IS NOT NULL
                     OR o.kind = 'checkout'
                        AND EXISTS (SELECT FROM purchase.paid_orders p
                                    WHERE p.content_id = o.content_id OFFSET 0) THEN 'TAKEN'
                WHEN t.cancelled_at IS NOT NULL THEN 'CANCELLED'
                WHEN t.expires_at <= now() THEN 'EXPIRED'
                ELSE 'PENDING' END,
           o.title, o.description, o.price::bigint, o.currency, o.content_url, o.is_post,
           o.vendor_content_id, o.views, o.absolute_expiry, o.valid_hours, o.incentive_ids,
           o.vendor_id, v.name, v.home_url, coalesce(t.expires_at, s.sold_at),
           l.login_id IS NOT NULL, w.user_id IS NOT NULL,
           coalesce(w.balance, CASE WHEN v.sandbox AND l.login_id IS NOT NULL
                                    THEN purchase.play_money() ELSE 0 END)::bigint,
           coalesce(w.credit_line, 0)::bigint, o.content_id, o.kind, o.cancel_url, o.shipping,
           o.incentive_ids IS DISTINCT FROM '-1' AND EXISTS (
               SELECT FROM incentive.incentives n
               WHERE coalesce(n.vendor_id, 0) IN (0, o.vendor_id) AND n.currency = o.currency
                 AND n.expires_at > now()
                 AND incentive.allowed(o.incentive_ids, n.incentive_id) OFFSET 0), v.sandbox
    FROM (SELECT n AS item, in_transaction_ids[n] AS transaction_id, in_user_ids[n] AS user_id,
                 in_login_ids[n] AS login_id
          FROM generate_subscripts(in_transaction_ids, 1) n OFFSET 0) i
    LEFT JOIN LATERAL (SELECT * FROM purchase.transactions p
                       WHERE p.transaction_id = i.transaction_id
                         AND p.transaction_id BETWEEN v_first AND v_last OFFSET 0) t ON true
    LEFT JOIN LATERAL (SELECT * FROM purchase.sales p
                       WHERE p.transaction_id = i.transaction_id
                         AND p.transaction_id BETWEEN v_first AND v_last OFFSET 0) s ON true
    LEFT JOIN purchase.offers o ON o.offer_id = coalesce(t.offer_id, s.offer_id)
    LEFT JOIN vendor.vendors v ON v.vendor_id = o.vendor_id
    LEFT JOIN LATERAL (SELECT * FROM account.logins a
                       WHERE a.login_id = i.login_id AND a.user_id = i.user_id
                         AND a.ended_at IS NULL OFFSET 0) l ON true
    LEFT JOIN LATERAL (SELECT * FROM account.wallets a
                       WHERE a.user_id = l.user_id AND a.currency = o.currency OFFSET 0) w ON true;
END
$$;
COMMENT ON FUNCTION purchase.view_batch IS 'what the buy window shows (B1); reads only';
