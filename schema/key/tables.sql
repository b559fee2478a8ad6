-- SPDX-License-Identifier: GPL-3.0-or-later
-- Sealing keys, wrapped by the master key of the configuration: of no use to who reads only this.

CREATE SCHEMA key;

CREATE TABLE key.keys (
    key_number int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    purpose    text NOT NULL CHECK (purpose IN ('user_id', 'login', 'form')),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    wrapped    bytea NOT NULL
);
COMMENT ON TABLE key.keys IS 'wrapped keys, one after the other for each purpose (S1)';
