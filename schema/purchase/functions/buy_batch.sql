-- SPDX-License-Identifier: GPL-3.0-or-later
-- A batch of purchases in one commit. One statement sells every item of which it is plain that it is
-- in order and needs no special care; purchase.buy does what is left (refusals, repeats, owned items,
-- session limits, incentives, orders, a second purchase of a user). What the statement sells,
-- purchase.buy would sell.
--
-- Result: a row per item with its own outcome ('00000' or a refusal); one never touches another.
-- Locks: the wallets that pay, in key order as the plan's nested loop finds them; the sales' keys; the
--   licences that are renewed, in key order. Then for what is left: the wallets in key order, the incentive
--   codes in key order, the sales' keys. Two batches that leave over what the other sells can deadlock.
--
-- The statement locks no wallet before it reads sales and licences, which would be a record of WAL for
-- each. It debits a wallet only if it is the version that was read: had its user bought anything since in
-- this currency, it were another, and an item is sold in one currency. Then the item is left to
-- purchase.buy, as what has changed in any other way.
--
-- PL/pgSQL keeps the statement's plan, which takes longer to make than to run, and each of its steps
-- longer to set up than to do for an item: what is rare is not in it. OFFSET 0: looked up by the whole
-- key, also by a plan made when the tables were still small. v_first, v_last: by these the executor
-- leaves out partitions before it opens them.

CREATE OR REPLACE FUNCTION purchase.buy_batch(in_transaction_ids uuid[], in_user_ids bigint[],
    in_login_ids bigint[], in_incentive_codes text[], in_share_shipping boolean[],
    in_accepted bigint[] DEFAULT NULL)
RETURNS TABLE (item int, outcome text, charged boolean, transaction_id uuid, vendor_id int,
    content_url text, is_post boolean, vendor_content_id text, optional_data text, price bigint,
    currency text, balance bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_ids         uuid[] := ARRAY(SELECT i FROM unnest(in_transaction_ids) i ORDER BY i);
    v_first       uuid := v_ids[1];
    v_last        uuid := v_ids[cardinality(v_ids)];
    v_is_renewal  boolean;
    v_is_notified boolean;
    v_sold        int[] := '{}';
    v_outcome     text;
    v_receipt     purchase.receipt;
BEGIN
    BEGIN
        FOR item, transaction_id, vendor_id, content_url, is_post, vendor_content_id,
            optional_data, price, currency, balance, v_is_renewal, v_is_notified IN
            WITH debited AS (
                UPDATE account.wallets w
                SET balance = c.balance_after,
                    spent_on = greatest(w.spent_on, account.today()),
                    spent_day = account.spent_day(w) + c.price,
                    spent_week = account.spent_week(w) + c.price,
                    spent_month = account.spent_month(w) + c.price
                FROM (
                    SELECT i.item, i.user_id, t.transaction_id, t.optional_data, o.offer_id,
                           o.content_id, o.vendor_id, o.price, o.currency, o.content_url,
                           o.is_post, o.vendor_content_id, o.views, o.absolute_expiry,
                           o.valid_hours, w.version, (w.wallet).balance - o.price AS balance_after,
                           (n.license).transaction_id IS NOT NULL AS is_renewal, v.is_notified
                    FROM (SELECT DISTINCT ON (in_user_ids[n]) n AS item,
                                 in_transaction_ids[n] AS transaction_id, in_user_ids[n] AS user_id,
                                 in_login_ids[n] AS login_id, in_accepted[n] AS accepted
                          FROM generate_subscripts(in_transaction_ids, 1) n
                          WHERE in_incentive_codes[n] IS NULL AND in_share_shipping[n] IS NOT TRUE
                          ORDER BY in_user_ids[n], n) i
                    CROSS JOIN LATERAL (SELECT a.ended_at FROM account.logins a
                                        WHERE a.login_id = i.login_id AND a.user_id = i.user_id
                                        OFFSET 0) l
                    CROSS JOIN LATERAL (SELECT * FROM purchase.transactions p
                                        WHERE p.transaction_id = i.transaction_id
                                          AND p.transaction_id BETWEEN v_first AND v_last
                                        OFFSET 0) t
                    JOIN purchase.offers o ON o.offer_id = t.offer_id
                    JOIN vendor.vendors v ON v.vendor_id = o.vendor_id
                    CROSS JOIN LATERAL (SELECT a AS wallet, a.xmin AS version
                                        FROM account.wallets a
                                        WHERE a.user_id = i.user_id AND a.currency = o.currency
                                        OFFSET 0) w
                    LEFT JOIN LATERAL (SELECT a AS license FROM license.licenses a
                                       WHERE a.user_id = i.user_id AND a.content_id = o.content_id
                                       OFFSET 0) n ON true
                    WHERE l.ended_at IS NULL AND t.cancelled_at IS NULL AND t.expires_at > now()
                      AND o.kind = 'content' AND v.disabled_at IS NULL AND NOT v.sandbox
                      AND (w.wallet).limit_session IS NULL
                      AND (o.price <= i.accepted) IS NOT FALSE
                      AND account.price_refusal(w.wallet, o.price, 0) IS NULL
                      AND NOT EXISTS (SELECT FROM purchase.sales s
                                      WHERE s.transaction_id = i.transaction_id
                                        AND s.transaction_id BETWEEN v_first AND v_last OFFSET 0)
                      AND NOT license.opens(n.license)
                    ORDER BY i.user_id OFFSET 0) c
                WHERE w.user_id = c.user_id AND w.currency = c.currency AND w.xmin = c.version
                RETURNING c.*
            ), sold AS (
                INSERT INTO purchase.sales (transaction_id, user_id, vendor_id, offer_id, price,
                                            balance_after, currency, optional_data)
                SELECT d.transaction_id, d.user_id, d.vendor_id, d.offer_id, d.price,
                       d.balance_after, d.currency, d.optional_data
                FROM debited d
                ORDER BY d.transaction_id
            ), granted AS ( -- ON CONFLICT costs a record of WAL for each row, and most are new
                INSERT INTO license.licenses (user_id, content_id, transaction_id, views_left,
                                              expires_at)
                SELECT d.user_id, d.content_id, d.transaction_id, d.views,
                       purchase.license_expiry(d.absolute_expiry, d.valid_hours)
                FROM debited d WHERE NOT d.is_renewal
            )
            SELECT d.item, d.transaction_id, d.vendor_id, d.content_url, d.is_post,
                   d.vendor_content_id, d.optional_data, d.price::bigint, d.currency,
                   d.balance_after, d.is_renewal, d.is_notified
            FROM debited d
        LOOP
            IF v_is_renewal THEN
                PERFORM license.renew(transaction_id);
            END IF;
            IF v_is_notified THEN
                PERFORM notification.add(vendor_id, 'purchased', transaction_id);
            END IF;
            outcome := '00000';
            charged := true;
            v_sold := v_sold || item;
            RETURN NEXT;
        END LOOP;
    EXCEPTION WHEN unique_violation THEN
        IF v_sold <> '{}' THEN
            RAISE; -- rows were returned of sales that are undone
        END IF; -- one transaction by two users: purchase.buy tells which of them had it first
    END;
    IF cardinality(v_sold) = cardinality(in_transaction_ids) THEN
        RETURN;
    END IF;

    PERFORM FROM account.wallets w
    WHERE w.user_id = ANY (ARRAY(SELECT in_user_ids[n] FROM generate_subscripts(in_user_ids, 1) n
                                 WHERE n <> ALL (v_sold)))
    ORDER BY w.user_id, w.currency FOR NO KEY UPDATE;
    IF num_nonnulls(VARIADIC in_incentive_codes) > 0 THEN
        PERFORM FROM incentive.codes c WHERE c.code = ANY (in_incentive_codes)
        ORDER BY c.code FOR NO KEY UPDATE;
    END IF;
    FOR v_item IN 1 .. cardinality(in_transaction_ids) LOOP
        CONTINUE WHEN v_item = ANY (v_sold);
        BEGIN
            v_outcome := '00000';
            v_receipt := purchase.buy(in_transaction_ids[v_item], in_user_ids[v_item],
                                      in_login_ids[v_item], in_incentive_codes[v_item],
                                      in_share_shipping[v_item], in_accepted[v_item]);
        EXCEPTION WHEN OTHERS THEN
            IF SQLSTATE NOT LIKE 'FT%' THEN
                RAISE;
            END IF;
            v_outcome := SQLSTATE;
            v_receipt := NULL;
        END;
        RETURN QUERY SELECT v_item, v_outcome, v_receipt.*;
    END LOOP;
END
$$;
COMMENT ON FUNCTION purchase.buy_batch IS
    'buys a batch in one commit, each item with an outcome of its own (B6)';
