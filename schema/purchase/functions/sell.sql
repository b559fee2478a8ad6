-- SPDX-License-Identifier: GPL-3.0-or-later
-- The writes of one purchase that was found to be in order; the wallet is locked.
--
-- Raises FT008 when another user bought the transaction in the same moment.

CREATE OR REPLACE FUNCTION purchase.sell(in_transaction purchase.transactions,
    in_offer purchase.offers, in_wallet account.wallets, in_login_id bigint)
RETURNS purchase.receipt LANGUAGE plpgsql AS $$
DECLARE
    v_balance bigint := in_wallet.balance - in_offer.price;
BEGIN
    INSERT INTO purchase.sales (transaction_id, user_id, vendor_id, offer_id, price,
                                balance_after, currency, optional_data)
    VALUES (in_transaction.transaction_id, in_wallet.user_id, in_offer.vendor_id,
            in_offer.offer_id, in_offer.price, v_balance, in_offer.currency,
            in_transaction.optional_data)
    ON CONFLICT (transaction_id) DO NOTHING;
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT008', in_transaction.transaction_id::text);
    END IF;

    UPDATE account.wallets w
    SET balance = v_balance,
        spent_on = greatest(w.spent_on, account.today()),
        spent_day = account.spent_day(in_wallet) + in_offer.price,
        spent_week = account.spent_week(in_wallet) + in_offer.price,
        spent_month = account.spent_month(in_wallet) + in_offer.price
    WHERE w.user_id = in_wallet.user_id AND w.currency = in_wallet.currency;

    IF in_wallet.limit_session IS NOT NULL THEN
        INSERT INTO account.login_spendings AS p (user_id, login_id, currency, spent)
        VALUES (in_wallet.user_id, in_login_id, in_offer.currency, in_offer.price)
        ON CONFLICT (user_id, login_id, currency) DO UPDATE SET spent = p.spent + excluded.spent;
    END IF;

    INSERT INTO license.licenses (user_id, content_id, transaction_id, offer_id, views_left,
                                  expires_at)
    VALUES (in_wallet.user_id, in_offer.content_id, in_transaction.transaction_id,
            in_offer.offer_id, in_offer.views,
            purchase.license_expiry(in_offer.absolute_expiry, in_offer.valid_hours))
    ON CONFLICT (user_id, content_id) DO UPDATE
    SET transaction_id = excluded.transaction_id, offer_id = excluded.offer_id,
        views_left = excluded.views_left, expires_at = excluded.expires_at;

    RETURN (true, in_transaction.transaction_id, in_offer.vendor_id, in_offer.content_url,
            in_offer.is_post, in_offer.vendor_content_id, in_transaction.optional_data,
            in_offer.price, in_offer.currency, v_balance)::purchase.receipt;
END
$$;
COMMENT ON FUNCTION purchase.sell IS 'writes sale, wallet and licence of a purchase in order';
