-- SPDX-License-Identifier: GPL-3.0-or-later
-- Settlements of vendors (O6).

CREATE SCHEMA settlement;

CREATE TABLE settlement.settlements (
    settlement_id uuid PRIMARY KEY,
    vendor_id     int NOT NULL,
    currency      text NOT NULL,
    sold_from     timestamptz NOT NULL,
    sold_until    timestamptz NOT NULL,
    sales         farthing.money NOT NULL,
    refunds       farthing.money NOT NULL,
    royalties     farthing.money NOT NULL,
    amount        farthing.money NOT NULL,
    settled_at    timestamptz NOT NULL
);
CREATE INDEX settlements_by_vendor ON settlement.settlements (vendor_id, settlement_id);
COMMENT ON TABLE settlement.settlements IS 'what was paid out to a vendor, and for what';
