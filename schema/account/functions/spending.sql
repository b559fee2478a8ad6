-- SPDX-License-Identifier: GPL-3.0-or-later
-- The one rule of spending limits (155, 222): what a wallet will have spent with one more price.
-- Days, weeks (from Monday) and months are those of GMT. Reaching a limit exactly is allowed.
--
-- A purchase that began before midnight may come after one that began later: the counters of the
-- later day stay.

CREATE OR REPLACE FUNCTION account.today()
RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (now() AT TIME ZONE 'UTC')::date
$$;
COMMENT ON FUNCTION account.today() IS 'the day of GMT on which limits are counted';

CREATE OR REPLACE FUNCTION account.spent_day(in_wallet account.wallets)
RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN in_wallet.spent_on >= account.today()
                THEN in_wallet.spent_day::bigint ELSE 0 END
$$;
COMMENT ON FUNCTION account.spent_day(account.wallets) IS 'spent today, in 10^-6';

CREATE OR REPLACE FUNCTION account.spent_week(in_wallet account.wallets)
RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN in_wallet.spent_on >= date_trunc('week', account.today()::timestamp)
                THEN in_wallet.spent_week::bigint ELSE 0 END
$$;
COMMENT ON FUNCTION account.spent_week(account.wallets) IS 'spent since Monday, in 10^-6';

CREATE OR REPLACE FUNCTION account.spent_month(in_wallet account.wallets)
RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN in_wallet.spent_on >= date_trunc('month', account.today()::timestamp)
                THEN in_wallet.spent_month::bigint ELSE 0 END
$$;
COMMENT ON FUNCTION account.spent_month(account.wallets) IS 'spent in this month, in 10^-6';

-- The refusal that a price would meet, or NULL. The session limit is judged by in_session_spent.
CREATE OR REPLACE FUNCTION account.price_refusal(in_wallet account.wallets, in_price bigint,
    in_session_spent bigint)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN in_price > in_wallet.limit_transaction THEN 'FT021'
        WHEN in_session_spent + in_price > in_wallet.limit_session THEN 'FT022'
        WHEN account.spent_day(in_wallet) + in_price > in_wallet.limit_day THEN 'FT023'
        WHEN account.spent_week(in_wallet) + in_price > in_wallet.limit_week THEN 'FT024'
        WHEN account.spent_month(in_wallet) + in_price > in_wallet.limit_month THEN 'FT025'
        WHEN in_wallet.balance + in_wallet.credit_line < in_price THEN 'FT020'
    END
$$;
COMMENT ON FUNCTION account.price_refusal(account.wallets, bigint, bigint) IS
    'SQLSTATE of the limit or shortage that a price meets; NULL: none (B5, U4, U8)';
