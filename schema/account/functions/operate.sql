-- SPDX-License-Identifier: GPL-3.0-or-later
-- What an operator does with an account: book funds, set limits, disable.

-- The user whom a login name means. Raises FT029.
CREATE OR REPLACE FUNCTION account.require_user(in_login_name text)
RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_user_id bigint;
BEGIN
    SELECT u.user_id INTO v_user_id FROM account.users u
    WHERE lower(u.login_name) = lower(in_login_name);
    IF v_user_id IS NULL THEN
        PERFORM farthing.refuse('FT029', in_login_name);
    END IF;
    RETURN v_user_id;
END
$$;
COMMENT ON FUNCTION account.require_user(text) IS 'user_id of a login name';

-- Books a receipt of funds (U3, 209). The same reference books once. Raises FT029, FT031, FT040,
-- FT009.
CREATE OR REPLACE FUNCTION account.receive_funds(in_login_name text, in_currency text,
    in_amount bigint, in_method text, in_reference text)
RETURNS TABLE (entry_id uuid, balance bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_user_id  bigint := account.require_user(in_login_name);
    v_entry_id uuid;
BEGIN
    PERFORM ledger.require_currency(in_currency);
    IF (in_amount > 0) IS NOT TRUE THEN
        PERFORM farthing.refuse_parameter('amount', 'greater than 0',
            trim_scale(in_amount / 1000000.0)::text);
    END IF;
    v_entry_id := ledger.book('deposit', in_reference, in_method,
        ARRAY['funds_held', 'user_wallet'], ARRAY[0, v_user_id], in_currency,
        ARRAY[-in_amount, in_amount]);
    RETURN QUERY SELECT v_entry_id, w.balance::bigint FROM account.wallets w
                 WHERE w.user_id = v_user_id AND w.currency = in_currency;
END
$$;
COMMENT ON FUNCTION account.receive_funds IS 'books funds that were received, once (U3)';

-- NULL: no limit. A credit line is not lowered below what is used of it. Raises FT029, FT031, FT040.
-- Locks: the wallet.
CREATE OR REPLACE FUNCTION account.set_limits(in_login_name text, in_currency text,
    in_credit_line bigint, in_limit_transaction bigint, in_limit_session bigint,
    in_limit_day bigint, in_limit_week bigint, in_limit_month bigint)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_user_id bigint := account.require_user(in_login_name);
    v_used    bigint;
BEGIN
    PERFORM ledger.require_currency(in_currency);
    SELECT -w.balance INTO v_used FROM account.wallets w
    WHERE w.user_id = v_user_id AND w.currency = in_currency AND w.credit_line > in_credit_line
    FOR NO KEY UPDATE;
    IF v_used > in_credit_line THEN
        PERFORM farthing.refuse_parameter('credit line',
            'at least the ' || trim_scale(v_used / 1000000.0) || ' that are used',
            trim_scale(in_credit_line / 1000000.0)::text);
    END IF;
    INSERT INTO account.wallets (user_id, currency, credit_line, limit_transaction,
                                 limit_session, limit_day, limit_week, limit_month)
    VALUES (v_user_id, in_currency, in_credit_line, in_limit_transaction, in_limit_session,
            in_limit_day, in_limit_week, in_limit_month)
    ON CONFLICT (user_id, currency) DO UPDATE
    SET credit_line = excluded.credit_line, limit_transaction = excluded.limit_transaction,
        limit_session = excluded.limit_session, limit_day = excluded.limit_day,
        limit_week = excluded.limit_week, limit_month = excluded.limit_month;
END
$$;
COMMENT ON FUNCTION account.set_limits IS 'credit line and spending limits of a wallet (U4, U8)';

-- Disabling ends every login. Raises FT029.
CREATE OR REPLACE FUNCTION account.set_disabled(in_login_name text, in_disabled boolean)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_user_id bigint := account.require_user(in_login_name);
BEGIN
    UPDATE account.users u SET disabled_at = CASE WHEN in_disabled THEN now() END
    WHERE u.user_id = v_user_id AND (u.disabled_at IS NOT NULL) <> in_disabled;
    IF in_disabled THEN
        UPDATE account.logins l SET ended_at = now()
        WHERE l.user_id = v_user_id AND l.ended_at IS NULL;
    END IF;
END
$$;
COMMENT ON FUNCTION account.set_disabled(text, boolean) IS 'disables or enables an account (U10)';
