-- SPDX-License-Identifier: GPL-3.0-or-later
-- Offers, pending transactions and sales. No foreign keys here: the procedures check, and the
-- tables that grow are partitioned by the time that is in the transaction ID.

CREATE SCHEMA purchase;

-- What a vendor said of an item; never changed, shared by all transactions that say the same.
CREATE TABLE purchase.offers (
    offer_id          uuid PRIMARY KEY,
    content_id        uuid NOT NULL,
    vendor_id         int NOT NULL,
    kind              text NOT NULL CHECK (kind IN ('content', 'checkout')),
    title             text NOT NULL,
    price             farthing.money NOT NULL CHECK (price > 0),
    currency          text NOT NULL,
    content_url       text NOT NULL,
    is_post           boolean NOT NULL,
    vendor_content_id text,
    views             int CHECK (views > 0),
    absolute_expiry   timestamptz,
    valid_hours       bigint CHECK (valid_hours > 0),
    incentive_ids     text,
    description       text,
    cancel_url        text,
    shipping          boolean NOT NULL,
    offered_at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX offers_by_content ON purchase.offers (content_id, offered_at);
COMMENT ON TABLE purchase.offers IS
    'what vendors said of their items; the ID is a hash of all of it (V1)';
COMMENT ON COLUMN purchase.offers.offered_at IS 'when it last became the item''s newest offer';
COMMENT ON COLUMN purchase.offers.content_id IS
    'the item: a hash of vendor and content URL, or of vendor and order';
COMMENT ON COLUMN purchase.offers.kind IS
    'content, or the checkout of an order of goods (V12): then vendor_content_id is the order';
COMMENT ON COLUMN purchase.offers.shipping IS 'the vendor asks where to ship to';

CREATE TABLE purchase.transactions (
    transaction_id uuid PRIMARY KEY,
    offer_id       uuid NOT NULL,
    optional_data  text,
    expires_at     timestamptz NOT NULL,
    cancelled_at   timestamptz
) PARTITION BY RANGE (transaction_id);
CREATE TABLE purchase.transactions_default PARTITION OF purchase.transactions DEFAULT;
COMMENT ON TABLE purchase.transactions IS
    'waiting to be bought (V3); one that was bought has a row of the same ID in purchase.sales';

CREATE TABLE purchase.requests (
    vendor_id      int NOT NULL,
    request_id     text NOT NULL,
    fingerprint    bytea NOT NULL,
    transaction_id uuid NOT NULL,
    expires_at     timestamptz NOT NULL,
    PRIMARY KEY (vendor_id, request_id)
);
CREATE INDEX requests_by_expiry ON purchase.requests (expires_at);
COMMENT ON TABLE purchase.requests IS 'RequestIDs of InitiateTransaction and what they led to';

-- Append-only. One row is one balanced entry: the user, and who issued an incentive, pay; the vendor
-- is owed.
CREATE TABLE purchase.sales (
    transaction_id uuid PRIMARY KEY,
    user_id        bigint NOT NULL,
    vendor_id      int NOT NULL,
    offer_id       uuid NOT NULL,
    price          farthing.money NOT NULL CHECK (price > 0),
    incentive_id   int,
    incentive_amount farthing.money NOT NULL DEFAULT 0,
    balance_after  farthing.money NOT NULL,
    currency       text NOT NULL,
    optional_data  text,
    shipping       text,
    sold_at        timestamptz NOT NULL DEFAULT now(),
    xact_id        xid8 NOT NULL DEFAULT pg_current_xact_id()
) PARTITION BY RANGE (transaction_id);
CREATE TABLE purchase.sales_default PARTITION OF purchase.sales DEFAULT;
CREATE INDEX sales_by_user ON purchase.sales (user_id, sold_at);
CREATE INDEX sales_by_vendor ON purchase.sales (vendor_id, transaction_id);
COMMENT ON TABLE purchase.sales IS 'what was bought, append-only; the ID is the transaction''s';
COMMENT ON COLUMN purchase.sales.xact_id IS
    'a rollup reads below pg_snapshot_xmin(pg_current_snapshot()) and so misses no late commit';

CREATE TABLE purchase.refunds (
    refund_id        uuid PRIMARY KEY,
    transaction_id   uuid NOT NULL,
    vendor_id        int NOT NULL,
    amount           farthing.money NOT NULL CHECK (amount >= 0),
    incentive_amount farthing.money NOT NULL CHECK (incentive_amount >= 0),
    reason           text,
    refunded_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX refunds_by_transaction ON purchase.refunds (transaction_id);
CREATE INDEX refunds_by_vendor ON purchase.refunds (vendor_id, refund_id);
COMMENT ON TABLE purchase.refunds IS 'what vendors paid back (V14); the ID is its ledger entry''s';
COMMENT ON COLUMN purchase.refunds.incentive_amount IS 'what went back to the incentive''s issuer';
