-- SPDX-License-Identifier: GPL-3.0-or-later
-- The fast path of purchase.buy_batch: in one statement sells every item of which it is plain that
-- it is in order and needs no special care (an order of goods does, V12), and returns these. It must
-- agree with purchase.buy: what this sells, that would sell. PL/pgSQL keeps the plan, which takes
-- longer to make than to run. OFFSET 0: looked up by the whole key, also by a plan made when the
-- tables were still small. v_first, v_last: by these the executor leaves out partitions before it
-- opens them.
--
-- Parameters: those of purchase.buy_batch.
-- Raises unique_violation, and sells nothing, when two of the items, or one of them and another
-- batch at the same time, are the same transaction bought by two users.
-- Locks: the wallets, which the caller has locked before: no licence of these users comes or goes;
--   then the sales' keys, and the licences that are renewed, in key order.

CREATE OR REPLACE FUNCTION purchase.sell_batch(in_transaction_ids uuid[], in_user_ids bigint[],
    in_login_ids bigint[], in_incentive_codes text[], in_share_shipping boolean[],
    in_accepted bigint[])
RETURNS TABLE (item int, transaction_id uuid, vendor_id int, content_url text, is_post boolean,
    vendor_content_id text, optional_data text, price bigint, currency text, balance bigint)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_ids   uuid[] := ARRAY(SELECT i FROM unnest(in_transaction_ids) i ORDER BY i);
    v_first uuid := v_ids[1];
    v_last  uuid := v_ids[cardinality(v_ids)];
BEGIN
    RETURN QUERY
    WITH candidate AS MATERIALIZED (
        SELECT i.item, i.user_id, t.transaction_id, t.optional_data, o.offer_id, o.content_id,
               o.vendor_id, o.price, o.currency, o.content_url, o.is_post, o.vendor_content_id,
               o.views, o.absolute_expiry, o.valid_hours, v.is_notified,
               (n.license).transaction_id IS NOT NULL AS is_renewal,
               (w.wallet).balance - o.price AS balance_after
        FROM (SELECT DISTINCT ON (in_user_ids[n]) n AS item, in_transaction_ids[n] AS transaction_id,
                     in_user_ids[n] AS user_id, in_login_ids[n] AS login_id,
                     in_accepted[n] AS accepted
              FROM generate_subscripts(in_transaction_ids, 1) n
              WHERE in_incentive_codes[n] IS NULL AND in_share_shipping[n] IS NOT TRUE
              ORDER BY in_user_ids[n], n) i
        CROSS JOIN LATERAL (SELECT a.ended_at FROM account.logins a
                            WHERE a.login_id = i.login_id AND a.user_id = i.user_id OFFSET 0) l
        CROSS JOIN LATERAL (SELECT * FROM purchase.transactions p
                            WHERE p.transaction_id = i.transaction_id
                              AND p.transaction_id BETWEEN v_first AND v_last OFFSET 0) t
        JOIN purchase.offers o ON o.offer_id = t.offer_id
        JOIN vendor.vendors v ON v.vendor_id = o.vendor_id
        CROSS JOIN LATERAL (SELECT a AS wallet FROM account.wallets a
                            WHERE a.user_id = i.user_id AND a.currency = o.currency
                            FOR NO KEY UPDATE) w
        LEFT JOIN LATERAL (SELECT a AS license FROM license.licenses a
                           WHERE a.user_id = i.user_id AND a.content_id = o.content_id OFFSET 0) n
             ON true
        WHERE l.ended_at IS NULL AND t.cancelled_at IS NULL AND t.expires_at > now()
          AND o.kind = 'content' AND v.disabled_at IS NULL AND NOT v.sandbox
          AND (w.wallet).limit_session IS NULL
          AND (o.price <= i.accepted) IS NOT FALSE
          AND account.price_refusal(w.wallet, o.price, 0) IS NULL
          AND NOT EXISTS (SELECT FROM purchase.sales s
                          WHERE s.transaction_id = i.transaction_id
                            AND s.transaction_id BETWEEN v_first AND v_last OFFSET 0)
          AND NOT license.opens(n.license)
    ), sold AS (
        INSERT INTO purchase.sales (transaction_id, user_id, vendor_id, offer_id, price,
                                    balance_after, currency, optional_data)
        SELECT c.transaction_id, c.user_id, c.vendor_id, c.offer_id, c.price, c.balance_after,
               c.currency, c.optional_data
        FROM candidate c
        ORDER BY c.transaction_id
    ), debited AS (
        UPDATE account.wallets w
        SET balance = c.balance_after,
            spent_on = greatest(w.spent_on, account.today()),
            spent_day = account.spent_day(w) + c.price,
            spent_week = account.spent_week(w) + c.price,
            spent_month = account.spent_month(w) + c.price
        FROM candidate c
        WHERE w.user_id = c.user_id AND w.currency = c.currency
    ), access AS MATERIALIZED (
        SELECT c.user_id, c.content_id, c.transaction_id, c.offer_id, c.views,
               purchase.license_expiry(c.absolute_expiry, c.valid_hours) AS expires_at,
               c.is_renewal
        FROM candidate c
        ORDER BY c.user_id, c.content_id
    ), granted AS ( -- ON CONFLICT costs a record of WAL for each row, and most are new
        INSERT INTO license.licenses (user_id, content_id, transaction_id, offer_id, views_left,
                                      expires_at)
        SELECT c.user_id, c.content_id, c.transaction_id, c.offer_id, c.views, c.expires_at
        FROM access c WHERE NOT c.is_renewal
    ), renewed AS (
        INSERT INTO license.licenses (user_id, content_id, transaction_id, offer_id, views_left,
                                      expires_at)
        SELECT c.user_id, c.content_id, c.transaction_id, c.offer_id, c.views, c.expires_at
        FROM access c WHERE c.is_renewal
        ON CONFLICT (user_id, content_id) DO UPDATE
        SET transaction_id = excluded.transaction_id, offer_id = excluded.offer_id,
            views_left = excluded.views_left, expires_at = excluded.expires_at,
            refunded_at = NULL
    ), notified AS (
        INSERT INTO notification.events (event_id, vendor_id, kind, subject_id)
        SELECT purchase.new_transaction_id(), c.vendor_id, 'purchased', c.transaction_id
        FROM candidate c WHERE c.is_notified
    )
    SELECT c.item, c.transaction_id, c.vendor_id, c.content_url, c.is_post,
           c.vendor_content_id, c.optional_data, c.price::bigint, c.currency, c.balance_after
    FROM candidate c;
END
$$;
COMMENT ON FUNCTION purchase.sell_batch IS 'sells what is plainly in order, in one statement';
