-- SPDX-License-Identifier: GPL-3.0-or-later
-- Users, their wallets and their logins.

CREATE SCHEMA account;

CREATE TABLE account.users (
    user_id                    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login_name                 text NOT NULL,
    password_hash              text NOT NULL,
    full_name                  text NOT NULL,
    email                      text NOT NULL,
    address                    text,
    language                   text NOT NULL,
    payment_method             text NOT NULL,
    via_vendor_id              int,
    session_from_last_purchase boolean NOT NULL DEFAULT false,
    session_minutes            int,
    disabled_at                timestamptz,
    registered_at              timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_by_login_name ON account.users (lower(login_name));
COMMENT ON TABLE account.users IS 'persons who buy (U1)';
COMMENT ON COLUMN account.users.via_vendor_id IS 'the vendor whose site sent the user (U1, O9)';

CREATE TABLE account.identifiers (
    user_id     bigint NOT NULL REFERENCES account.users,
    question    text NOT NULL,
    answer_hash text NOT NULL,
    PRIMARY KEY (user_id, question)
);
COMMENT ON TABLE account.identifiers IS 'answers that prove an identity besides the password (U1)';

-- A purchase changes one row: this one. The counters belong to the day, week and month of
-- spent_on, which never goes back. HOT updates need room on the page.
CREATE TABLE account.wallets (
    user_id           bigint NOT NULL,
    currency          text NOT NULL,
    balance           farthing.money NOT NULL DEFAULT 0,
    credit_line       farthing.money NOT NULL DEFAULT 0 CHECK (credit_line >= 0),
    limit_transaction farthing.money CHECK (limit_transaction >= 0),
    limit_session     farthing.money CHECK (limit_session >= 0),
    limit_day         farthing.money CHECK (limit_day >= 0),
    limit_week        farthing.money CHECK (limit_week >= 0),
    limit_month       farthing.money CHECK (limit_month >= 0),
    spent_on          date NOT NULL DEFAULT '1970-01-01',
    spent_day         farthing.money NOT NULL DEFAULT 0,
    spent_week        farthing.money NOT NULL DEFAULT 0,
    spent_month       farthing.money NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, currency)
) WITH (fillfactor = 80);
COMMENT ON TABLE account.wallets IS
    'one per user and currency (U2): balance, credit line (U4), spending limits (U8); NULL: none';

CREATE TABLE account.logins (
    user_id    bigint NOT NULL,
    login_id   bigint GENERATED ALWAYS AS IDENTITY,
    started_at timestamptz NOT NULL DEFAULT now(),
    ended_at   timestamptz,
    PRIMARY KEY (user_id, login_id)
);
COMMENT ON TABLE account.logins IS 'from login to logout; the browser holds a sealed token of it';

CREATE TABLE account.login_spendings (
    user_id  bigint NOT NULL,
    login_id bigint NOT NULL,
    currency text NOT NULL,
    spent    farthing.money NOT NULL,
    PRIMARY KEY (user_id, login_id, currency)
);
COMMENT ON TABLE account.login_spendings IS
    'spent in one login, kept only for wallets with a session limit';
