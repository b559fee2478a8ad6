-- SPDX-License-Identifier: GPL-3.0-or-later
-- A new user (U1) with a wallet in one currency and the sign-up bonus (159), booked as an entry.
--
-- in_via_transaction_id: NULL, or the transaction whose vendor's site sent the user (143).
-- Raises FT028, FT031.

CREATE OR REPLACE FUNCTION account.register(in_login_name text, in_password_hash text,
    in_full_name text, in_email text, in_address text, in_language text, in_currency text,
    in_payment_method text, in_via_transaction_id uuid, in_sign_up_bonus bigint,
    in_questions text[], in_answer_hashes text[])
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_user_id bigint;
BEGIN
    PERFORM ledger.require_currency(in_currency);
    INSERT INTO account.users (login_name, password_hash, full_name, email, address, language,
                               payment_method, via_vendor_id)
    VALUES (in_login_name, in_password_hash, in_full_name, in_email, in_address, in_language,
            in_payment_method,
            (SELECT o.vendor_id FROM purchase.transactions t
             JOIN purchase.offers o ON o.offer_id = t.offer_id
             WHERE t.transaction_id = in_via_transaction_id))
    ON CONFLICT (lower(login_name)) DO NOTHING
    RETURNING user_id INTO v_user_id;
    IF v_user_id IS NULL THEN
        PERFORM farthing.refuse('FT028');
    END IF;

    INSERT INTO account.identifiers (user_id, question, answer_hash)
    SELECT v_user_id, q, a FROM unnest(in_questions, in_answer_hashes) i (q, a);
    INSERT INTO account.wallets (user_id, currency) VALUES (v_user_id, in_currency);
    IF in_sign_up_bonus > 0 THEN
        PERFORM ledger.book('bonus', 'sign-up ' || v_user_id, NULL,
            ARRAY['bonus_expense', 'user_wallet'], ARRAY[0, v_user_id], in_currency,
            ARRAY[-in_sign_up_bonus, in_sign_up_bonus]);
    END IF;
    RETURN v_user_id;
END
$$;
COMMENT ON FUNCTION account.register IS 'a new user with wallet and sign-up bonus (U1)';
