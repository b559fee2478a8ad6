-- SPDX-License-Identifier: GPL-3.0-or-later
-- purchase.buy: see buy.sql for parameters, errors and locks.

CREATE OR REPLACE FUNCTION purchase.buy(in_transaction_id uuid, in_user_id bigint, in_login_id bigint,
    in_incentive_code text DEFAULT NULL, in_share_shipping boolean DEFAULT false,
    in_accepted bigint DEFAULT NULL)
RETURNS purchase.receipt
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_transaction purchase.transactions;
    v_offer       purchase.offers;
    v_wallet      account.wallets;
    v_license     license.licenses;
    v_buyer       bigint;
    v_refusal     text;
BEGIN
    IF NOT EXISTS (SELECT FROM account.logins l WHERE l.login_id = in_login_id
                   AND l.user_id = in_user_id AND l.ended_at IS NULL) THEN
        PERFORM farthing.refuse(CASE WHEN EXISTS (SELECT FROM account.users u
            WHERE u.user_id = in_user_id AND u.disabled_at IS NOT NULL)
            THEN 'FT026' ELSE 'FT027' END);
    END IF;

    SELECT * INTO v_transaction FROM purchase.transactions t
    WHERE t.transaction_id = in_transaction_id;
    SELECT o.* INTO v_offer FROM purchase.offers o WHERE o.offer_id = coalesce(
        v_transaction.offer_id,
        (SELECT s.offer_id FROM purchase.sales s WHERE s.transaction_id = in_transaction_id));
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT005');
    END IF;
    v_wallet := purchase.lock_wallet(in_user_id, v_offer.currency, in_incentive_code IS NOT NULL);

    SELECT s.user_id INTO v_buyer FROM purchase.sales s
    WHERE s.transaction_id = in_transaction_id;
    IF v_buyer = in_user_id THEN
        RETURN purchase.receipt(in_transaction_id);
    END IF;
    SELECT * INTO v_license FROM license.licenses n
    WHERE n.user_id = in_user_id AND n.content_id = v_offer.content_id;
    IF license.opens(v_license) THEN
        RETURN purchase.receipt(v_license.transaction_id);
    END IF;

    v_refusal := CASE
        WHEN v_buyer IS NOT NULL THEN 'FT008'
        WHEN v_offer.kind = 'checkout'
             AND EXISTS (SELECT FROM purchase.paid_orders p
                         WHERE p.content_id = v_offer.content_id) THEN 'FT008'
        WHEN v_transaction.cancelled_at IS NOT NULL THEN 'FT007'
        WHEN v_transaction.expires_at <= now() THEN 'FT006'
        WHEN EXISTS (SELECT FROM vendor.vendors v WHERE v.vendor_id = v_offer.vendor_id
                     AND v.disabled_at IS NOT NULL) THEN 'FT003'
        WHEN v_wallet.user_id IS NULL THEN 'FT020'
        ELSE purchase.provoked_refusal(v_offer) END;
    IF v_refusal IS NOT NULL THEN
        PERFORM farthing.refuse(v_refusal, in_transaction_id::text);
    END IF;

    RETURN purchase.sell(v_transaction, v_offer, v_wallet, in_login_id, in_incentive_code,
        in_accepted,
        CASE WHEN v_offer.shipping AND in_share_shipping
             THEN (SELECT concat_ws(E'\n', u.full_name, u.address) FROM account.users u
                   WHERE u.user_id = in_user_id) END);
END
$$;
COMMENT ON FUNCTION purchase.buy IS
    'charges the user, records the sale, grants the licence; safe to repeat (B5-B7, V3, V7)';
