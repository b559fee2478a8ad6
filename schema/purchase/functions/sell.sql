-- SPDX-License-Identifier: GPL-3.0-or-later
-- Payment and writes of one purchase that may be made; the wallet is locked.
--
-- Raises FT050; FT051; FT020 to FT025; FT008 when another user bought the transaction in the same moment,
-- or the order has been paid under another transaction (V12).
-- Limits, balance and counters take what the user pays: the price less what the code paid.

CREATE OR REPLACE FUNCTION purchase.sell(in_transaction purchase.transactions,
    in_offer purchase.offers, in_wallet account.wallets, in_login_id bigint,
    in_incentive_code text, in_accepted bigint, in_shipping text)
RETURNS purchase.receipt LANGUAGE plpgsql AS $$
DECLARE
    v_incentive record;
    v_paid      bigint := in_offer.price;
    v_session   bigint;
    v_refusal   text;
BEGIN
    SELECT NULL::int AS incentive_id, 0::bigint AS amount INTO v_incentive;
    IF in_incentive_code IS NOT NULL THEN
        v_incentive := incentive.redeem(in_incentive_code, in_offer);
        v_paid := v_paid - v_incentive.amount;
    END IF;
    IF v_paid > in_accepted THEN
        PERFORM farthing.refuse('FT051', in_transaction.transaction_id::text);
    END IF;
    SELECT coalesce(sum(p.spent), 0) INTO v_session FROM account.login_spendings p
    WHERE p.user_id = in_wallet.user_id AND p.login_id = in_login_id
      AND p.currency = in_offer.currency;
    v_refusal := account.price_refusal(in_wallet, v_paid, v_session);
    IF v_paid > 0 AND v_refusal IS NOT NULL THEN
        PERFORM farthing.refuse(v_refusal, in_transaction.transaction_id::text);
    END IF;

    INSERT INTO purchase.sales (transaction_id, user_id, vendor_id, offer_id, price,
        incentive_id, incentive_amount, balance_after, currency, optional_data, shipping)
    VALUES (in_transaction.transaction_id, in_wallet.user_id, in_offer.vendor_id,
        in_offer.offer_id, in_offer.price, v_incentive.incentive_id, v_incentive.amount,
        in_wallet.balance - v_paid, in_offer.currency, in_transaction.optional_data, in_shipping)
    ON CONFLICT (transaction_id) DO NOTHING;
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT008', in_transaction.transaction_id::text);
    END IF;
    IF in_offer.kind = 'checkout' THEN
        INSERT INTO purchase.paid_orders (content_id, transaction_id)
        VALUES (in_offer.content_id, in_transaction.transaction_id)
        ON CONFLICT (content_id) DO NOTHING;
        IF NOT FOUND THEN
            PERFORM farthing.refuse('FT008', in_transaction.transaction_id::text);
        END IF;
    END IF;
    PERFORM purchase.charge(in_wallet, in_login_id, v_paid);
    PERFORM notification.add(in_offer.vendor_id, 'purchased', in_transaction.transaction_id);

    INSERT INTO license.licenses (user_id, content_id, transaction_id, views_left, expires_at)
    VALUES (in_wallet.user_id, in_offer.content_id, in_transaction.transaction_id,
            in_offer.views, purchase.license_expiry(in_offer.absolute_expiry, in_offer.valid_hours))
    ON CONFLICT (user_id, content_id) DO UPDATE
    SET transaction_id = excluded.transaction_id, views_left = excluded.views_left,
        expires_at = excluded.expires_at, refunded_at = NULL;

    RETURN (true, in_transaction.transaction_id, in_offer.vendor_id, in_offer.content_url,
            in_offer.is_post, in_offer.vendor_content_id, in_transaction.optional_data,
            in_offer.price, in_offer.currency, in_wallet.balance - v_paid)::purchase.receipt;
END
$$;
COMMENT ON FUNCTION purchase.sell IS 'payment and writes of a purchase that may be made';

-- Takes what the user pays from the wallet and counts it towards the limits.
CREATE OR REPLACE FUNCTION purchase.charge(in_wallet account.wallets, in_login_id bigint,
    in_paid bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE account.wallets w
    SET balance = in_wallet.balance - in_paid,
        spent_on = greatest(w.spent_on, account.today()),
        spent_day = account.spent_day(in_wallet) + in_paid,
        spent_week = account.spent_week(in_wallet) + in_paid,
        spent_month = account.spent_month(in_wallet) + in_paid
    WHERE w.user_id = in_wallet.user_id AND w.currency = in_wallet.currency;

    IF in_wallet.limit_session IS NOT NULL THEN
        INSERT INTO account.login_spendings AS p (user_id, login_id, currency, spent)
        VALUES (in_wallet.user_id, in_login_id, in_wallet.currency, in_paid)
        ON CONFLICT (user_id, login_id, currency) DO UPDATE SET spent = p.spent + excluded.spent;
    END IF;
END
$$;
COMMENT ON FUNCTION purchase.charge IS 'takes a payment from a locked wallet';
