-- SPDX-License-Identifier: GPL-3.0-or-later
-- What belongs to no domain: installed versions, the registry of errors, the type of money.

CREATE SCHEMA farthing;

-- Amounts are integers of 10^-6 of the currency's unit.
CREATE DOMAIN farthing.money AS bigint;
COMMENT ON DOMAIN farthing.money IS 'an amount in 10^-6 of the currency''s unit';

CREATE TABLE farthing.versions (
    version      int PRIMARY KEY,
    installed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE farthing.versions IS 'the migrations that were run';

CREATE TABLE farthing.errors (
    sqlstate    text PRIMARY KEY CHECK (sqlstate ~ '^FT[0-9]{3}$'),
    name        text NOT NULL UNIQUE,
    description text NOT NULL
);
COMMENT ON TABLE farthing.errors IS 'every refusal that a function raises';
