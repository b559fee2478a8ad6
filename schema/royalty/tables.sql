-- SPDX-License-Identifier: GPL-3.0-or-later
-- Content owners (O5, 151): who is due a share of an item's sales. Accrual reads these.

CREATE SCHEMA royalty;

CREATE TABLE royalty.owner_lists (
    owner_list_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    vendor_id     int NOT NULL,
    content_url   text NOT NULL,
    valid_from    timestamptz NOT NULL,
    set_at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX owner_lists_by_url ON royalty.owner_lists (vendor_id, content_url, valid_from);
COMMENT ON TABLE royalty.owner_lists IS
    'from valid_from on, until the next list of the same URL; an item, or a prefix ending in /';

CREATE TABLE royalty.owner_shares (
    owner_list_id   int NOT NULL REFERENCES royalty.owner_lists,
    owner_id        text NOT NULL,
    share_ppm       int CHECK (share_ppm BETWEEN 1 AND 1000000),
    amount_per_sale farthing.money CHECK (amount_per_sale > 0),
    PRIMARY KEY (owner_list_id, owner_id),
    CHECK (num_nonnulls(share_ppm, amount_per_sale) = 1)
);
COMMENT ON TABLE royalty.owner_shares IS 'each owner''s part: parts per million of the price, or an amount';
