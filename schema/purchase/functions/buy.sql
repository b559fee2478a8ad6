-- SPDX-License-Identifier: GPL-3.0-or-later
-- One purchase, step by step: the careful path. purchase.buy_batch takes it for whatever its
-- single statement did not sell, so that every refusal is worked out here and only here.
--
-- Raises FT027 (login ended), FT026, FT005, FT008 (bought by another), FT007, FT006, FT003,
--   FT020 to FT025. A repeat by the same user, and an item that is owned, charge nothing (V7).
-- Locks: the wallet; then the new sale's key.

DROP FUNCTION IF EXISTS purchase.buy_batch;
DROP FUNCTION IF EXISTS purchase.buy;
DROP FUNCTION IF EXISTS purchase.receipt;
DROP FUNCTION IF EXISTS purchase.sell;
DROP FUNCTION IF EXISTS license.reopen;
DROP TYPE IF EXISTS purchase.receipt;

CREATE TYPE purchase.receipt AS (
    charged boolean, transaction_id uuid, vendor_id int, content_url text, is_post boolean,
    vendor_content_id text, optional_data text, price bigint, currency text, balance bigint
);

-- The receipt of an earlier sale, for who already owns what it sold.
CREATE FUNCTION purchase.receipt(in_transaction_id uuid)
RETURNS purchase.receipt LANGUAGE sql STABLE AS $$
    SELECT false, s.transaction_id, s.vendor_id, o.content_url, o.is_post, o.vendor_content_id,
           s.optional_data, s.price::bigint, s.currency, w.balance::bigint
    FROM purchase.sales s
    JOIN purchase.offers o ON o.offer_id = s.offer_id
    JOIN account.wallets w ON w.user_id = s.user_id AND w.currency = s.currency
    WHERE s.transaction_id = in_transaction_id
$$;
COMMENT ON FUNCTION purchase.receipt(uuid) IS 'what a sale gave, not charged again';

CREATE FUNCTION purchase.buy(in_transaction_id uuid, in_user_id bigint, in_login_id bigint)
RETURNS purchase.receipt
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_transaction purchase.transactions;
    v_offer       purchase.offers;
    v_wallet      account.wallets;
    v_license     license.licenses;
    v_buyer       bigint;
    v_session     bigint;
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

    SELECT * INTO v_wallet FROM account.wallets w
    WHERE w.user_id = in_user_id AND w.currency = v_offer.currency FOR NO KEY UPDATE;

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

    SELECT coalesce(sum(p.spent), 0) INTO v_session FROM account.login_spendings p
    WHERE p.user_id = in_user_id AND p.login_id = in_login_id AND p.currency = v_offer.currency;
    v_refusal := CASE
        WHEN v_buyer IS NOT NULL THEN 'FT008'
        WHEN v_transaction.cancelled_at IS NOT NULL THEN 'FT007'
        WHEN v_transaction.expires_at <= now() THEN 'FT006'
        WHEN EXISTS (SELECT FROM vendor.vendors v WHERE v.vendor_id = v_offer.vendor_id
                     AND v.disabled_at IS NOT NULL) THEN 'FT003'
        WHEN v_wallet.user_id IS NULL THEN 'FT020'
        ELSE account.price_refusal(v_wallet, v_offer.price, v_session) END;
    IF v_refusal IS NOT NULL THEN
        PERFORM farthing.refuse(v_refusal, in_transaction_id::text);
    END IF;

    RETURN purchase.sell(v_transaction, v_offer, v_wallet, in_login_id);
END
$$;
COMMENT ON FUNCTION purchase.buy(uuid, bigint, bigint) IS
    'charges the user, records the sale, grants the licence; safe to repeat (B5, B6, V3, V7)';
