-- SPDX-License-Identifier: GPL-3.0-or-later
-- One purchase, step by step: the careful path. purchase.buy_batch takes it for whatever its
-- single statement did not sell, so that every refusal is worked out here and only here.
--
-- in_incentive_code: NULL, or the code that pays first (B7). in_share_shipping: the user agrees
--   that the vendor gets name and address, if it asked for them (V12). in_accepted: the most that
--   the user agreed to pay, 10^-6; NULL: the price, or whatever a code leaves of it.
-- Raises FT027 (login ended), FT026, FT005, FT008 (bought, or its order paid, by another), FT007,
--   FT006, FT003, FT050, FT051 (more than in_accepted), FT020 to FT025. A repeat by the same user, and
--   an item that is owned, charge nothing (V7).
-- Locks: the wallet; the incentive code; then the new sale's key.

CREATE TYPE purchase.receipt AS (
    charged boolean, transaction_id uuid, vendor_id int, content_url text, is_post boolean,
    vendor_content_id text, optional_data text, price bigint, currency text, balance bigint
);

-- The receipt of an earlier sale, for who already owns what it sold.
CREATE OR REPLACE FUNCTION purchase.receipt(in_transaction_id uuid)
RETURNS purchase.receipt LANGUAGE sql STABLE AS $$
    SELECT false, s.transaction_id, s.vendor_id, o.content_url, o.is_post, o.vendor_content_id,
           s.optional_data, s.price::bigint, s.currency, w.balance::bigint
    FROM purchase.sales s
    JOIN purchase.offers o ON o.offer_id = s.offer_id
    JOIN account.wallets w ON w.user_id = s.user_id AND w.currency = s.currency
    WHERE s.transaction_id = in_transaction_id
$$;
COMMENT ON FUNCTION purchase.receipt(uuid) IS 'what a sale gave, not charged again';

-- The user's wallet in a currency, locked. Play money is there for whoever asks; an empty wallet
-- is made for who pays with an incentive. All NULL: the user has none.
CREATE OR REPLACE FUNCTION purchase.lock_wallet(in_user_id bigint, in_currency text,
    in_make boolean)
RETURNS account.wallets LANGUAGE plpgsql AS $$
DECLARE
    v_wallet account.wallets;
BEGIN
    IF in_currency = 'XTS' THEN
        PERFORM ledger.book('bonus', 'play money ' || in_user_id, NULL,
            ARRAY['bonus_expense', 'user_wallet'], ARRAY[0, in_user_id], in_currency,
            ARRAY[-purchase.play_money(), purchase.play_money()]);
    ELSIF in_make THEN
        INSERT INTO account.wallets (user_id, currency) VALUES (in_user_id, in_currency)
        ON CONFLICT (user_id, currency) DO NOTHING;
    END IF;
    SELECT * INTO v_wallet FROM account.wallets w
    WHERE w.user_id = in_user_id AND w.currency = in_currency FOR NO KEY UPDATE;
    RETURN v_wallet;
END
$$;
COMMENT ON FUNCTION purchase.lock_wallet IS 'the wallet that pays, locked';

-- The refusal that a sandbox price asks for: 0.000020 is refused with FT020, up to 0.000026.
CREATE OR REPLACE FUNCTION purchase.provoked_refusal(in_offer purchase.offers)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN in_offer.currency = 'XTS' AND in_offer.price BETWEEN 20 AND 26
                THEN 'FT0' || in_offer.price END
$$;
COMMENT ON FUNCTION purchase.provoked_refusal IS 'refusals that a sandbox price provokes';
