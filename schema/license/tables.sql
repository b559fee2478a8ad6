-- SPDX-License-Identifier: GPL-3.0-or-later
-- Licences: what a user may open, and until when.

CREATE SCHEMA license;

CREATE TABLE license.licenses (
    user_id        bigint NOT NULL,
    content_id     uuid NOT NULL,
    transaction_id uuid NOT NULL,
    offer_id       uuid NOT NULL,
    views_left     int CHECK (views_left >= 0),
    expires_at     timestamptz,
    refunded_at    timestamptz,
    PRIMARY KEY (user_id, content_id)
) WITH (fillfactor = 90);
COMMENT ON TABLE license.licenses IS
    'access of a user to an item (V6, V8); a new sale of the same item replaces it';
COMMENT ON COLUMN license.licenses.views_left IS 'NULL: not limited by views';
COMMENT ON COLUMN license.licenses.expires_at IS 'NULL: never';

CREATE TABLE license.accesses (
    vendor_id      int NOT NULL,
    request_id     text NOT NULL,
    access_id      uuid NOT NULL UNIQUE,
    user_id        bigint NOT NULL,
    content_id     uuid NOT NULL,
    reason         text NOT NULL,
    transaction_id uuid,
    views_left     int,
    expires_at     timestamptz,
    PRIMARY KEY (vendor_id, request_id)
);
COMMENT ON TABLE license.accesses IS 'RequestIDs of Lock_Content and how they were answered';
COMMENT ON COLUMN license.accesses.access_id IS
    'time-ordered: tells the first request from its repetitions, and when to forget it';
