-- SPDX-License-Identifier: GPL-3.0-or-later
-- Incentive tokens (B7, U15): a vendor or the provider gives codes away, each good for an amount.

CREATE SCHEMA incentive;

CREATE TABLE incentive.incentives (
    incentive_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    vendor_id    int,
    currency     text NOT NULL REFERENCES ledger.currencies,
    amount       farthing.money NOT NULL CHECK (amount > 0),
    count        int NOT NULL CHECK (count > 0),
    expires_at   timestamptz NOT NULL,
    issued_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX incentives_live ON incentive.incentives (coalesce(vendor_id, 0), currency, expires_at);
COMMENT ON TABLE incentive.incentives IS
    'one issue of codes; usable at the issuing vendor only, the provider''s (vendor NULL) everywhere';

CREATE TABLE incentive.codes (
    code         text PRIMARY KEY,
    incentive_id int NOT NULL REFERENCES incentive.incentives,
    remaining    farthing.money NOT NULL CHECK (remaining >= 0)
);
CREATE INDEX codes_by_incentive ON incentive.codes (incentive_id);
COMMENT ON TABLE incentive.codes IS 'codes and what they can still pay; who knows one may use it';
