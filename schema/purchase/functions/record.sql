-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a vendor may know of its transactions (V14): everything but the user.

CREATE TYPE purchase.transaction_record AS (
    transaction_id uuid, vendor_id int, kind text, state text, title text, content_url text,
    price bigint, currency text, incentive_amount bigint, refunded_amount bigint, royalty bigint,
    initiated_at timestamptz, purchased_at timestamptz, refunded_at timestamptz,
    expires_at timestamptz, vendor_content_id text, optional_data text, shipping text
);

-- One transaction, bought or not; NULL: no such. vendor_content_id: of a checkout, the order.
-- royalty: the provider's and content owners', accrued so far less what refunds gave back.
-- expires_at: until when it can be bought.
CREATE OR REPLACE FUNCTION purchase.record(in_transaction_id uuid)
RETURNS purchase.transaction_record LANGUAGE sql STABLE AS $$
    SELECT in_transaction_id, o.vendor_id, o.kind,
           CASE WHEN s.transaction_id IS NULL THEN
                    CASE WHEN t.cancelled_at IS NOT NULL THEN 'CANCELLED'
                         WHEN t.expires_at <= now() THEN 'EXPIRED'
                         ELSE 'PENDING' END
                WHEN r.refunds = 0 THEN 'PURCHASED'
                WHEN r.amount = s.price - s.incentive_amount THEN 'REFUNDED'
                ELSE 'PARTLY_REFUNDED' END,
           o.title, o.content_url, o.price::bigint, o.currency,
           coalesce(s.incentive_amount, 0)::bigint, r.amount, coalesce(a.royalty, 0) + r.royalty,
           purchase.transaction_time(in_transaction_id), s.sold_at, r.refunded_at,
           CASE WHEN s.transaction_id IS NULL THEN t.expires_at END, o.vendor_content_id,
           coalesce(s.optional_data, t.optional_data), s.shipping
    FROM (SELECT) one
    LEFT JOIN purchase.transactions t ON t.transaction_id = in_transaction_id
    LEFT JOIN purchase.sales s ON s.transaction_id = in_transaction_id
    JOIN purchase.offers o ON o.offer_id = coalesce(s.offer_id, t.offer_id)
    LEFT JOIN LATERAL (SELECT (c.royalty + c.content_royalty)::bigint AS royalty
                       FROM royalty.accruals c WHERE c.accrual_id = s.transaction_id) a ON true
    CROSS JOIN LATERAL (SELECT count(*) AS refunds, coalesce(sum(f.amount), 0)::bigint AS amount,
                               max(f.refunded_at) AS refunded_at,
                               coalesce(sum(c.royalty + c.content_royalty), 0)::bigint AS royalty
                        FROM purchase.refunds f
                        LEFT JOIN royalty.accruals c ON c.accrual_id = f.refund_id
                        WHERE f.transaction_id = s.transaction_id) r
$$;
COMMENT ON FUNCTION purchase.record(uuid) IS 'a transaction as its vendor may see it (V14)';

-- By transaction ID, or else by the RequestID it was initiated with.
-- Raises FT002, FT003, FT005 (also for another vendor's).
CREATE OR REPLACE FUNCTION purchase.get(in_vendor_id int, in_credential_version int,
    in_transaction_id uuid, in_request_id text)
RETURNS purchase.transaction_record
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_record purchase.transaction_record;
BEGIN
    PERFORM vendor.check(in_vendor_id, in_credential_version);
    v_record := purchase.record(coalesce(in_transaction_id,
        (SELECT r.transaction_id FROM purchase.requests r
         WHERE r.vendor_id = in_vendor_id AND r.request_id = in_request_id)));
    IF v_record.vendor_id IS DISTINCT FROM in_vendor_id THEN
        PERFORM farthing.refuse('FT005');
    END IF;
    RETURN v_record;
END
$$;
COMMENT ON FUNCTION purchase.get IS 'one transaction of a vendor (V14)';

-- Those initiated in [in_since, in_until), oldest first, after in_after (NULL: from the first), at
-- most in_limit and fewer where they are long: an answer has to be sent in one piece. in_state
-- NULL: every state. What nobody bought is known for a week only.
-- Raises FT002, FT003.
CREATE OR REPLACE FUNCTION purchase.list(in_vendor_id int, in_credential_version int,
    in_since timestamptz, in_until timestamptz, in_state text, in_after uuid, in_limit int)
RETURNS SETOF purchase.transaction_record
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_from  uuid := greatest(purchase.transaction_id_floor(in_since), in_after);
    v_until uuid := purchase.transaction_id_floor(in_until);
BEGIN
    PERFORM vendor.check(in_vendor_id, in_credential_version);
    RETURN QUERY
    WITH sold AS (
        SELECT r.* FROM purchase.sales s CROSS JOIN LATERAL purchase.record(s.transaction_id) r
        WHERE s.vendor_id = in_vendor_id
          AND s.transaction_id >= v_from AND s.transaction_id < v_until
          AND s.transaction_id IS DISTINCT FROM in_after
          AND (coalesce(in_state, '') NOT IN ('REFUNDED', 'PARTLY_REFUNDED')
               OR EXISTS (SELECT FROM purchase.refunds f
                          WHERE f.transaction_id = s.transaction_id))
          AND (in_state IS NULL OR r.state = in_state)
        ORDER BY s.transaction_id LIMIT in_limit
    ), unsold AS (
        SELECT r.* FROM purchase.transactions t
        JOIN purchase.offers o ON o.offer_id = t.offer_id
        CROSS JOIN LATERAL purchase.record(t.transaction_id) r
        WHERE o.vendor_id = in_vendor_id
          AND t.transaction_id >= v_from AND t.transaction_id < v_until
          AND t.transaction_id IS DISTINCT FROM in_after
          AND coalesce(in_state, 'PENDING') IN ('PENDING', 'CANCELLED', 'EXPIRED')
          AND NOT EXISTS (SELECT FROM purchase.sales s
                          WHERE s.transaction_id = t.transaction_id)
          AND (in_state IS NULL OR r.state = in_state)
        ORDER BY t.transaction_id LIMIT in_limit
    )
    SELECT (c.u).* FROM (
        SELECT u, sum(octet_length(u::text)) OVER (ORDER BY u.transaction_id) AS bytes
        FROM (TABLE sold UNION ALL TABLE unsold) u
        ORDER BY u.transaction_id LIMIT in_limit) c
    WHERE c.bytes - octet_length(c.u::text) < 400000
    ORDER BY (c.u).transaction_id;
END
$$;
COMMENT ON FUNCTION purchase.list IS 'a vendor''s transactions, oldest first (V14)';
