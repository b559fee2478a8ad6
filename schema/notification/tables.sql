-- SPDX-License-Identifier: GPL-3.0-or-later
-- Signed notifications to vendors: an outbox, written with what it tells of, sent afterwards.

CREATE SCHEMA notification;

CREATE TABLE notification.endpoints (
    vendor_id  int PRIMARY KEY,
    url        text NOT NULL,
    secret     bytea NOT NULL,
    failing    boolean NOT NULL DEFAULT false,
    changed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE notification.endpoints IS 'where a vendor is told; the secret is sealed by the master key';
COMMENT ON COLUMN notification.endpoints.failing IS
    'the last attempt failed: until one succeeds, one at a time is made';

CREATE TABLE notification.events (
    event_id       uuid PRIMARY KEY,
    vendor_id      int NOT NULL,
    kind           text NOT NULL CHECK (kind IN ('purchased', 'refunded', 'disputed', 'settled')),
    subject_id     uuid NOT NULL,
    occurred_at    timestamptz NOT NULL DEFAULT now(),
    queued_at      timestamptz NOT NULL DEFAULT now(),
    attempts       int NOT NULL DEFAULT 0,
    due_at         timestamptz DEFAULT now(),
    delivered_at   timestamptz,
    last_problem   text
);
CREATE INDEX events_due ON notification.events (vendor_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX events_by_vendor ON notification.events (vendor_id, occurred_at);
COMMENT ON TABLE notification.events IS 'what vendors are told, with what became of it';
COMMENT ON COLUMN notification.events.due_at IS 'NULL: delivered, given up, or nobody to tell any more';
COMMENT ON COLUMN notification.events.queued_at IS 'since when delivery is tried: age at giving up';
