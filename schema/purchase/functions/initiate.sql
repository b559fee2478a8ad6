-- SPDX-License-Identifier: GPL-3.0-or-later
-- InitiateTransaction (V1-V3): stores offers and pending transactions, a batch in one commit.
--
-- Parameters: parallel arrays, NULL in them: not said. With an order ID it is InitiateCheckout
--   (V12), whose cancel URL the service has checked. Result: a row per item, outcome '00000' or
--   FT002 (password version is stale), FT003, FT004 (URL not registered), FT009 (RequestID).
-- Locks: none but the unique keys of new offers and RequestIDs, taken in key order.

CREATE TYPE purchase.initiation AS (
    item int, outcome text, transaction_id uuid, expires_at timestamptz, is_new boolean,
    offer purchase.offers, optional_data text, request_id text, fingerprint bytea
);

-- Each item with the outcome that can be told without writing, its offer and a new ID. By subscripts:
-- unnest() of so many arrays takes twice as long.
CREATE OR REPLACE FUNCTION purchase.check_initiations(in_vendor_ids int[], in_credential_versions int[],
    in_titles text[], in_prices bigint[], in_content_urls text[], in_content_origins text[],
    in_content_paths text[], in_are_posts boolean[], in_vendor_content_ids text[],
    in_views int[], in_absolute_expiries timestamptz[], in_valid_hours bigint[],
    in_incentive_ids text[], in_descriptions text[], in_optional_data text[],
    in_request_ids text[], in_order_ids text[], in_cancel_urls text[],
    in_shipping boolean[], in_lifetime_s int)
RETURNS purchase.initiation[] LANGUAGE plpgsql AS $$
BEGIN
    RETURN (
    SELECT array_agg((i.item,
            CASE WHEN v.credential_version IS DISTINCT FROM i.credential_version THEN 'FT002'
                 WHEN v.disabled_at IS NOT NULL THEN 'FT003'
                 WHEN NOT EXISTS (SELECT FROM vendor.urls u
                                  WHERE u.vendor_id = i.vendor_id AND u.origin = i.origin
                                    AND starts_with(i.path, u.path)) THEN 'FT004'
                 ELSE '00000' END,
            purchase.new_transaction_id(),
            purchase.transaction_expiry(in_lifetime_s, i.absolute_expiry), true,
            (h.offer_id, CASE WHEN i.order_id IS NULL
                              THEN purchase.content_id(i.vendor_id, i.content_url)
                              ELSE purchase.order_content_id(i.vendor_id, i.order_id) END,
             i.vendor_id, CASE WHEN i.order_id IS NULL THEN 'content' ELSE 'checkout' END,
             i.title, i.price, v.currency, i.content_url, i.is_post,
             coalesce(i.order_id, i.vendor_content_id), i.views, i.absolute_expiry,
             i.valid_hours, i.incentive_ids, i.description, i.cancel_url,
             coalesce(i.shipping, false), now() + i.item * interval '1 microsecond')::purchase.offers,
            i.optional_data, i.request_id,
            CASE WHEN i.request_id IS NOT NULL
                 THEN sha256(convert_to(ROW(h.offer_id, i.optional_data)::text, 'UTF8')) END
           )::purchase.initiation)
    FROM (SELECT n AS item, in_vendor_ids[n] AS vendor_id,
                 in_credential_versions[n] AS credential_version, in_titles[n] AS title,
                 in_prices[n] AS price, in_content_urls[n] AS content_url,
                 in_content_origins[n] AS origin, in_content_paths[n] AS path,
                 in_are_posts[n] AS is_post, in_vendor_content_ids[n] AS vendor_content_id,
                 in_views[n] AS views, in_absolute_expiries[n] AS absolute_expiry,
                 in_valid_hours[n] AS valid_hours, in_incentive_ids[n] AS incentive_ids,
                 in_descriptions[n] AS description, in_optional_data[n] AS optional_data,
                 in_request_ids[n] AS request_id, in_order_ids[n] AS order_id,
                 in_cancel_urls[n] AS cancel_url, in_shipping[n] AS shipping
          FROM generate_subscripts(in_vendor_ids, 1) n OFFSET 0) i
    LEFT JOIN vendor.vendors v ON v.vendor_id = i.vendor_id
    CROSS JOIN LATERAL (SELECT encode(substring(sha256(convert_to(
            ROW(i.vendor_id, v.currency, i.title, i.price, i.content_url, i.is_post,
                i.vendor_content_id, i.views, extract(epoch FROM i.absolute_expiry),
                i.valid_hours, i.incentive_ids, i.description, i.order_id, i.cancel_url,
                i.shipping)::text,
            'UTF8')) FROM 1 FOR 16), 'hex')::uuid AS offer_id OFFSET 0) h); -- hashed once
END
$$;

-- The items whose RequestID is known get the first answer, or FT009 when they say otherwise.
CREATE OR REPLACE FUNCTION purchase.resolve_requests(in_items purchase.initiation[])
RETURNS purchase.initiation[] LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO purchase.requests (vendor_id, request_id, fingerprint, transaction_id, expires_at)
    SELECT (i.offer).vendor_id, i.request_id, i.fingerprint, i.transaction_id, i.expires_at
    FROM unnest(in_items) i
    WHERE i.outcome = '00000' AND i.request_id IS NOT NULL
    ORDER BY (i.offer).vendor_id, i.request_id, i.item
    ON CONFLICT (vendor_id, request_id) DO NOTHING;

    RETURN (SELECT array_agg((i.item,
                CASE WHEN r.fingerprint <> i.fingerprint THEN 'FT009' ELSE i.outcome END,
                coalesce(r.transaction_id, i.transaction_id),
                coalesce(r.expires_at, i.expires_at),
                r.transaction_id IS NULL OR r.transaction_id = i.transaction_id,
                i.offer, i.optional_data, i.request_id, i.fingerprint)::purchase.initiation)
            FROM unnest(in_items) i
            LEFT JOIN purchase.requests r ON i.outcome = '00000'
                 AND r.vendor_id = (i.offer).vendor_id AND r.request_id = i.request_id);
END
$$;

CREATE OR REPLACE FUNCTION purchase.initiate_batch(in_vendor_ids int[], in_credential_versions int[],
    in_titles text[], in_prices bigint[], in_content_urls text[], in_content_origins text[],
    in_content_paths text[], in_are_posts boolean[], in_vendor_content_ids text[],
    in_views int[], in_absolute_expiries timestamptz[], in_valid_hours bigint[],
    in_incentive_ids text[], in_descriptions text[], in_optional_data text[],
    in_request_ids text[], in_order_ids text[], in_cancel_urls text[],
    in_shipping boolean[], in_lifetime_s int)
RETURNS TABLE (item int, outcome text, transaction_id uuid, currency text, expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_items purchase.initiation[] := purchase.check_initiations(in_vendor_ids,
        in_credential_versions, in_titles, in_prices, in_content_urls, in_content_origins,
        in_content_paths, in_are_posts, in_vendor_content_ids, in_views, in_absolute_expiries,
        in_valid_hours, in_incentive_ids, in_descriptions, in_optional_data, in_request_ids,
        in_order_ids, in_cancel_urls, in_shipping, in_lifetime_s);
BEGIN
    IF num_nulls(VARIADIC in_request_ids) < cardinality(in_request_ids) THEN
        v_items := purchase.resolve_requests(v_items);
    END IF;

    -- An offer is new, or it was made before another and now holds again: the newest one of an
    -- item is what purchase.offer_item sells.
    RETURN QUERY
    WITH item AS MATERIALIZED (
        SELECT i.*, i.outcome = '00000' AND i.is_new AS opens FROM unnest(v_items) i
    ), offered AS (
        INSERT INTO purchase.offers
        SELECT DISTINCT ON ((i.offer).offer_id) (i.offer).* FROM item i
        WHERE i.opens AND (i.offer).offer_id IS DISTINCT FROM (
                  SELECT o.offer_id FROM purchase.offers o
                  WHERE o.content_id = (i.offer).content_id ORDER BY o.offered_at DESC LIMIT 1)
        ORDER BY (i.offer).offer_id, i.item DESC
        ON CONFLICT (offer_id) DO UPDATE SET offered_at = excluded.offered_at
    ), opened AS (
        INSERT INTO purchase.transactions (transaction_id, offer_id, optional_data, expires_at)
        SELECT i.transaction_id, (i.offer).offer_id, i.optional_data, i.expires_at
        FROM item i WHERE i.opens
    )
    SELECT i.item, i.outcome, CASE i.outcome WHEN '00000' THEN i.transaction_id END,
           (i.offer).currency, i.expires_at
    FROM item i;
END
$$;
COMMENT ON FUNCTION purchase.initiate_batch IS
    'stores offers and pending transactions, each item with an outcome of its own (V1-V3)';
