-- SPDX-License-Identifier: GPL-3.0-or-later
-- Our accounts, and whom we may debit.

-- The number of our account, new or changed; the first of a currency becomes its default. Raises
-- FT031, FT040.
CREATE OR REPLACE FUNCTION bank.set_account(in_name text, in_iban text, in_bic text,
    in_currency text, in_creditor_id text)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_account_id int;
BEGIN
    PERFORM ledger.require_currency(in_currency);
    PERFORM bank.require_account(in_iban, in_bic);
    IF bank.creditor_id_problem(in_creditor_id) IS NOT NULL THEN
        PERFORM farthing.refuse_parameter('creditor ID', 'an identifier with right check digits',
                                          in_creditor_id);
    END IF;
    INSERT INTO bank.accounts AS a (name, iban, bic, currency, creditor_id, is_default)
    VALUES (in_name, in_iban, in_bic, in_currency, in_creditor_id,
            NOT EXISTS (SELECT FROM bank.accounts o WHERE o.currency = in_currency))
    ON CONFLICT (iban, currency) DO UPDATE
    SET name = excluded.name, bic = excluded.bic, creditor_id = excluded.creditor_id
    RETURNING a.account_id INTO v_account_id;
    RETURN v_account_id;
END
$$;
COMMENT ON FUNCTION bank.set_account IS 'adds or changes an account of the provider''s (O8)';

-- The account that pays in a currency: the one named, else the default. Raises FT010: none.
CREATE OR REPLACE FUNCTION bank.require_own_account(in_account_id int, in_currency text)
RETURNS bank.accounts LANGUAGE plpgsql AS $$
DECLARE
    v_account bank.accounts;
BEGIN
    SELECT * INTO v_account FROM bank.accounts a
    WHERE CASE WHEN in_account_id IS NULL THEN a.is_default AND a.currency = in_currency
               ELSE a.account_id = in_account_id END
    FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT010', 'account');
    END IF;
    RETURN v_account;
END
$$;
COMMENT ON FUNCTION bank.require_own_account(int, text) IS 'our account, locked';

-- Adds a user's mandate; a former one of the currency ends. The same again changes nothing. Raises
-- FT029, FT031, FT040, FT009 (this ID with other words).
CREATE OR REPLACE FUNCTION bank.add_mandate(in_login_name text, in_currency text,
    in_mandate_id text, in_debtor_name text, in_iban text, in_bic text, in_signed_on text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_user_id bigint := account.require_user(in_login_name);
BEGIN
    PERFORM ledger.require_currency(in_currency);
    PERFORM bank.require_account(in_iban, in_bic);
    IF in_mandate_id !~ '^[A-Za-z0-9/?:().,''+ -]{1,35}$' THEN
        PERFORM farthing.refuse_parameter('mandate ID', '1 to 35 characters that banks take', in_mandate_id);
    END IF;
    PERFORM FROM bank.mandates m WHERE m.mandate_id = in_mandate_id;
    IF FOUND THEN
        PERFORM FROM bank.mandates m
        WHERE m.mandate_id = in_mandate_id AND m.ended_at IS NULL
          AND (m.user_id, m.currency, m.debtor_name, m.debtor_iban, m.signed_on)
              = (v_user_id, in_currency, in_debtor_name, in_iban, in_signed_on::date);
        IF NOT FOUND THEN
            PERFORM farthing.refuse('FT009', in_mandate_id);
        END IF;
        RETURN;
    END IF;
    PERFORM bank.end_mandate(in_login_name, in_currency);
    INSERT INTO bank.mandates (mandate_id, user_id, currency, debtor_name, debtor_iban, debtor_bic,
                               signed_on)
    VALUES (in_mandate_id, v_user_id, in_currency, in_debtor_name, in_iban, in_bic,
            in_signed_on::date);
END
$$;
COMMENT ON FUNCTION bank.add_mandate IS 'a user agrees to be debited (U3, U4)';

-- Whether there was one. Raises FT029.
CREATE OR REPLACE FUNCTION bank.end_mandate(in_login_name text, in_currency text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_user_id bigint := account.require_user(in_login_name);
BEGIN
    UPDATE bank.mandates m SET ended_at = now()
    WHERE m.user_id = v_user_id AND m.currency = in_currency AND m.ended_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE bank.debits d SET state = 'rejected', reason = 'mandate ended', changed_at = now()
    WHERE d.user_id = v_user_id AND d.currency = in_currency AND d.state = 'due';
    RETURN true;
END
$$;
COMMENT ON FUNCTION bank.end_mandate(text, text) IS 'nothing more is debited from the user';

-- A deposit by direct debit, collected with the next file; in whole minor units. Returns the
-- debit's ID. Raises FT029, FT040, FT010 (no mandate).
CREATE OR REPLACE FUNCTION bank.request_debit(in_login_name text, in_currency text,
    in_amount bigint)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_user_id bigint := account.require_user(in_login_name);
    v_mandate bank.mandates;
BEGIN
    SELECT * INTO v_mandate FROM bank.mandates m
    WHERE m.user_id = v_user_id AND m.currency = in_currency AND m.ended_at IS NULL;
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT010', 'mandate');
    END IF;
    IF (in_amount > 0 AND in_amount = bank.whole_minor(in_amount, in_currency)) IS NOT TRUE THEN
        PERFORM farthing.refuse_parameter('amount', 'above 0 and whole in the currency''s minor unit',
                                          in_amount::text);
    END IF;
    RETURN bank.make_debit(v_mandate, in_amount, 'deposit');
END
$$;
COMMENT ON FUNCTION bank.request_debit IS 'a deposit by direct debit (U3)';

-- An amount without what is less than the currency's minor unit.
CREATE OR REPLACE FUNCTION bank.whole_minor(in_amount bigint, in_currency text)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT in_amount - in_amount % (10 ^ (6 - c.minor_digits)::numeric)::bigint
    FROM ledger.currencies c WHERE c.currency = in_currency
$$;
COMMENT ON FUNCTION bank.whole_minor(bigint, text) IS 'rounded towards zero to what banks move';

CREATE OR REPLACE FUNCTION bank.make_debit(in_mandate bank.mandates, in_amount bigint,
    in_purpose text)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    v_debit_id uuid := purchase.new_transaction_id();
BEGIN
    INSERT INTO bank.debits (debit_id, mandate_id, user_id, currency, amount, purpose,
                             end_to_end_id)
    VALUES (v_debit_id, in_mandate.mandate_id, in_mandate.user_id, in_mandate.currency, in_amount,
            in_purpose, replace(v_debit_id::text, '-', ''));
    RETURN v_debit_id;
END
$$;
COMMENT ON FUNCTION bank.make_debit IS 'adds a debit that is due';

-- Raises FT029.
CREATE OR REPLACE FUNCTION account.find_payment_reference(in_login_name text)
RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT account.payment_reference(account.require_user(in_login_name))
$$;
COMMENT ON FUNCTION account.find_payment_reference(text) IS
    'what a user writes on a bank transfer: a creditor reference of ISO 11649 (U3)';
