-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a user bought, newest first (U7). Raises FT027.

CREATE OR REPLACE FUNCTION license.list(in_user_id bigint, in_login_id bigint, in_offset int, in_limit int)
RETURNS TABLE (content_id uuid, title text, vendor_name text, bought_at timestamptz,
    views_left int, expires_at timestamptz, valid boolean, sandbox boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM account.require_login(in_user_id, in_login_id);
    RETURN QUERY
    SELECT n.content_id, o.title, v.name, s.sold_at, n.views_left, n.expires_at,
           license.opens(n), v.sandbox
    FROM license.licenses n
    JOIN purchase.sales s ON s.transaction_id = n.transaction_id
    JOIN purchase.offers o ON o.offer_id = s.offer_id
    JOIN vendor.vendors v ON v.vendor_id = o.vendor_id
    WHERE n.user_id = in_user_id AND o.kind = 'content'
    ORDER BY n.transaction_id DESC
    OFFSET in_offset LIMIT in_limit;
END
$$;
COMMENT ON FUNCTION license.list(bigint, bigint, int, int) IS 'bought content, newest first (U7)';
