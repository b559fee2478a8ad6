-- SPDX-License-Identifier: GPL-3.0-or-later
-- Content owners (O5, O7): figure 29A moves what vendors withheld to their accounts.
CREATE TABLE royalty.owners (
    owner_number  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner_id      text NOT NULL UNIQUE,
    name          text,
    time_zone     text NOT NULL DEFAULT 'UTC',
    registered_at timestamptz
);
INSERT INTO royalty.owners (owner_id)
SELECT DISTINCT s.owner_id FROM royalty.owner_shares s ORDER BY s.owner_id;
COMMENT ON TABLE royalty.owners IS
    'authors, publishers and artists; one that only a vendor named so far is not registered yet';

CREATE TABLE royalty.owner_accounts (
    owner_number bigint NOT NULL REFERENCES royalty.owners,
    currency     text NOT NULL REFERENCES ledger.currencies,
    exact        numeric NOT NULL,
    PRIMARY KEY (owner_number, currency)
);
COMMENT ON TABLE royalty.owner_accounts IS
    'running total of all that was collected, in 10^-6 with six more digits; its whole part is posted';

CREATE TABLE royalty.collections (
    collection_id uuid PRIMARY KEY,
    vendor_id     int NOT NULL,
    currency      text NOT NULL,
    after_rollup  bigint NOT NULL,
    until_rollup  bigint NOT NULL,
    collected_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (vendor_id, until_rollup)
);
COMMENT ON TABLE royalty.collections IS
    'a vendor''s content royalties of some rollups, credited to owners (267); the ID is its ledger entry''s';

CREATE TABLE royalty.collection_lines (
    collection_id uuid NOT NULL REFERENCES royalty.collections,
    owner_number  bigint NOT NULL REFERENCES royalty.owners,
    exact         numeric NOT NULL,
    amount        farthing.money NOT NULL,
    PRIMARY KEY (collection_id, owner_number)
);
CREATE INDEX collection_lines_by_owner ON royalty.collection_lines (owner_number);
COMMENT ON TABLE royalty.collection_lines IS 'what a collection credited to each owner';
COMMENT ON COLUMN royalty.collection_lines.amount IS
    'whole 10^-6 credited: the growth of the owner''s running total, rounded down';
