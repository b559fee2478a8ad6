-- SPDX-License-Identifier: GPL-3.0-or-later
-- A batch of purchases in one commit: one statement for the happy majority, purchase.buy for what
-- is left (refusals, repeats, owned items, session limits, incentives, orders, a second purchase of a
-- user).
--
-- Result: a row per item with its own outcome ('00000' or a refusal); one never touches another.
-- Locks: all wallets of these users in key order, and only then are sales and licences read: what
--   a user bought in the meantime is seen. Then incentive codes in key order; the sales' keys.

CREATE OR REPLACE FUNCTION purchase.buy_batch(in_transaction_ids uuid[], in_user_ids bigint[],
    in_login_ids bigint[], in_incentive_codes text[], in_share_shipping boolean[],
    in_accepted bigint[] DEFAULT NULL)
RETURNS TABLE (item int, outcome text, charged boolean, transaction_id uuid, vendor_id int,
    content_url text, is_post boolean, vendor_content_id text, optional_data text, price bigint,
    currency text, balance bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_sold    int[] := '{}';
    v_outcome text;
    v_receipt purchase.receipt;
BEGIN
    PERFORM FROM account.wallets w WHERE w.user_id = ANY (in_user_ids)
    ORDER BY w.user_id, w.currency FOR NO KEY UPDATE;
    IF num_nonnulls(VARIADIC in_incentive_codes) > 0 THEN
        PERFORM FROM incentive.codes c WHERE c.code = ANY (in_incentive_codes)
        ORDER BY c.code FOR NO KEY UPDATE;
    END IF;

    BEGIN
        FOR item, transaction_id, vendor_id, content_url, is_post, vendor_content_id,
            optional_data, price, currency, balance IN
            SELECT * FROM purchase.sell_batch(in_transaction_ids, in_user_ids, in_login_ids,
                in_incentive_codes, in_share_shipping, in_accepted)
        LOOP
            outcome := '00000';
            charged := true;
            v_sold := v_sold || item;
            RETURN NEXT;
        END LOOP;
    EXCEPTION WHEN unique_violation THEN
        NULL; -- purchase.buy tells which of two users had the transaction first
    END;

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
