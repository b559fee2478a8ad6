-- SPDX-License-Identifier: GPL-3.0-or-later
-- Signed notifications to vendors: an outbox, written with what it tells of, sent afterwards.

CREATE SCHEMA notification;

CREATE TABLE notification.endpoints (
    vendor_id  int PRIMARY KEY,
    url        text NOT NULL,
    secret     bytea NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE notification.endpoints IS 'where a vendor is told; the secret is sealed by the master key';

CREATE TABLE notification.events (
    event_id       uuid PRIMARY KEY,
    vendor_id      int NOT NULL,
    kind           text NOT NULL CHECK (kind IN ('purchased', 'refunded', 'disputed', 'settled')),
    subject_id     uuid NOT NULL,
    occurred_at    timestamptz NOT NULL DEFAULT now(),
    attempts       int NOT NULL DEFAULT 0,
    due_at         timestamptz DEFAULT now(),
    delivered_at   timestamptz,
    last_problem   text
);
CREATE INDEX events_due ON notification.events (due_at) WHERE due_at IS NOT NULL;
COMMENT ON TABLE notification.events IS 'due_at NULL: delivered, or given up';
