-- SPDX-License-Identifier: GPL-3.0-or-later
-- Accrual: what sales, refunds and commissions change in what the provider, vendors and content
-- owners are due. Rows are added by one rollup after the other, in the order of commits.

ALTER TABLE vendor.vendors ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC';
COMMENT ON COLUMN vendor.vendors.time_zone IS
    'of its periods, days and settlement dates (O4, O6); never changed';

ALTER TABLE ledger.currencies ADD COLUMN minor_digits int NOT NULL DEFAULT 2
    CHECK (minor_digits BETWEEN 0 AND 6);
UPDATE ledger.currencies SET minor_digits = 0
WHERE currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'VND',
                   'VUV', 'XAF', 'XOF', 'XPF');
UPDATE ledger.currencies SET minor_digits = 3
WHERE currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND');
COMMENT ON COLUMN ledger.currencies.minor_digits IS 'of ISO 4217: what banks pay out is whole in them';

ALTER TABLE purchase.refunds ADD COLUMN xact_id xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE ledger.entries ADD COLUMN xact_id xid8 NOT NULL DEFAULT pg_current_xact_id();

ALTER TABLE ledger.entries DROP CONSTRAINT entries_kind_check;
ALTER TABLE ledger.entries ADD CONSTRAINT entries_kind_check CHECK (kind IN (
    'deposit', 'bonus', 'refund', 'collection', 'settlement', 'payout', 'payout_return',
    'receipt', 'direct_debit_return'));
ALTER TABLE ledger.postings DROP CONSTRAINT postings_account_check;
ALTER TABLE ledger.postings ADD CONSTRAINT postings_account_check CHECK (account IN (
    'user_wallet', 'vendor_payable', 'owner_payable', 'content_royalty_withheld',
    'royalty_income', 'commission_expense', 'incentive_expense', 'bonus_expense',
    'payouts_in_transit', 'unmatched_receipts', 'funds_held'));
COMMENT ON COLUMN ledger.postings.holder IS
    'user_id, vendor_id or owner_number; 0 for the provider''s own accounts';

-- The order of commits as a number: BRIN has no operators for xid8.
CREATE FUNCTION purchase.xact_number(in_xact_id xid8)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT in_xact_id::text::bigint $$;
COMMENT ON FUNCTION purchase.xact_number(xid8) IS 'a transaction''s number, for indexes';

CREATE INDEX sales_by_xact ON purchase.sales
    USING brin (purchase.xact_number(xact_id)) WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX refunds_by_xact ON purchase.refunds (purchase.xact_number(xact_id));
CREATE INDEX entries_by_xact ON ledger.entries (purchase.xact_number(xact_id))
    WHERE kind = 'deposit';

-- The provider's royalty (O4): volume tiers over a period. Never edited: a new schedule follows.
CREATE TABLE royalty.schedules (
    schedule_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    vendor_id   int NOT NULL,
    period      text NOT NULL CHECK (period IN ('week', 'month', 'quarter', 'year')),
    valid_from  timestamptz NOT NULL,
    set_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (vendor_id, valid_from)
);
COMMENT ON TABLE royalty.schedules IS
    'a vendor''s royalty from valid_from on, until its next schedule (O4); before the first: none';

CREATE TABLE royalty.tiers (
    schedule_id  int NOT NULL REFERENCES royalty.schedules,
    from_volume  farthing.money NOT NULL CHECK (from_volume >= 0),
    rate_ppm     int NOT NULL CHECK (rate_ppm BETWEEN 0 AND 1000000),
    fixed_amount farthing.money NOT NULL DEFAULT 0 CHECK (fixed_amount >= 0),
    PRIMARY KEY (schedule_id, from_volume)
);
COMMENT ON TABLE royalty.tiers IS 'the lowest begins at 0; each ends where the next begins';
COMMENT ON COLUMN royalty.tiers.fixed_amount IS 'of each sale that begins in the tier';

CREATE TABLE royalty.volumes (
    vendor_id   int NOT NULL,
    period      text NOT NULL,
    period_from timestamptz NOT NULL,
    volume      farthing.money NOT NULL,
    PRIMARY KEY (vendor_id, period, period_from)
);
COMMENT ON TABLE royalty.volumes IS
    'sold so far in a period, refunds not taken off; a new schedule of the same period goes on';

-- What a vendor gets for users and token sales that came through it (O9). Never edited.
CREATE TABLE royalty.commissions (
    commission_id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    vendor_id        int NOT NULL,
    per_user         farthing.money NOT NULL CHECK (per_user >= 0),
    deposit_rate_ppm int NOT NULL CHECK (deposit_rate_ppm BETWEEN 0 AND 1000000),
    valid_from       timestamptz NOT NULL,
    UNIQUE (vendor_id, valid_from)
);
COMMENT ON TABLE royalty.commissions IS
    'per_user: at the first deposit of a user who came through the vendor; the rate: of all deposits of such users in the vendor''s currency';

-- The number of a rollup is the lowest transaction number that it did not cover any more: a sale
-- with a lower one was covered by it, or before.
CREATE TABLE royalty.accruals (
    accrual_id      uuid PRIMARY KEY,
    rollup_id       bigint NOT NULL,
    amount          farthing.money NOT NULL,
    royalty         farthing.money NOT NULL,
    content_royalty farthing.money NOT NULL DEFAULT 0,
    volume_before   farthing.money,
    vendor_id       int NOT NULL,
    schedule_id     int,
    owner_list_id   int,
    kind            text NOT NULL CHECK (kind IN ('sale', 'refund', 'commission')),
    subject_id      uuid,
    content_exact   numeric
) PARTITION BY RANGE (accrual_id);
CREATE TABLE royalty.accruals_default PARTITION OF royalty.accruals DEFAULT;
CREATE INDEX accruals_by_rollup ON royalty.accruals
    USING brin (rollup_id) WITH (pages_per_range = 32, autosummarize = on);
COMMENT ON TABLE royalty.accruals IS
    'one for each sale that has a schedule or content owners, for its refunds, in the order of commits, and for each commission; append-only';
COMMENT ON COLUMN royalty.accruals.accrual_id IS 'of a sale its transaction, of a refund its refund';
COMMENT ON COLUMN royalty.accruals.rollup_id IS 'made it; covers all transactions with lower numbers';
COMMENT ON COLUMN royalty.accruals.subject_id IS
    'refund: the transaction; commission: the deposit''s entry; sale: NULL';
COMMENT ON COLUMN royalty.accruals.amount IS
    'what it gives the vendor before royalties: price less own incentive; negative for a refund';
COMMENT ON COLUMN royalty.accruals.royalty IS 'the provider''s; negative: given back by a refund';
COMMENT ON COLUMN royalty.accruals.content_exact IS
    'due to content owners, in 10^-6 with six more digits; NULL: the item has none';
COMMENT ON COLUMN royalty.accruals.content_royalty IS
    'whole 10^-6 withheld: the growth of the vendor''s running total of content_exact, rounded down';

CREATE TABLE royalty.vendor_days (
    vendor_id         int NOT NULL,
    day               date NOT NULL,
    sales_count       bigint NOT NULL DEFAULT 0,
    sales             farthing.money NOT NULL DEFAULT 0,
    incentives        farthing.money NOT NULL DEFAULT 0,
    refunds_count     bigint NOT NULL DEFAULT 0,
    refunds           farthing.money NOT NULL DEFAULT 0,
    royalties         farthing.money NOT NULL DEFAULT 0,
    content_royalties farthing.money NOT NULL DEFAULT 0,
    commissions       farthing.money NOT NULL DEFAULT 0,
    PRIMARY KEY (vendor_id, day)
);
COMMENT ON TABLE royalty.vendor_days IS
    'sums of what rollups covered, by the vendor''s day of sale, refund or deposit; payable = sales - incentives - refunds - royalties - content_royalties + commissions';
COMMENT ON COLUMN royalty.vendor_days.incentives IS 'what the vendor''s own codes paid, net of refunds';
COMMENT ON COLUMN royalty.vendor_days.royalties IS 'net of what refunds gave back';

CREATE TABLE royalty.vendor_carries (
    vendor_id     int PRIMARY KEY,
    content_exact numeric NOT NULL
);
COMMENT ON TABLE royalty.vendor_carries IS
    'running total of content_exact; its whole part was withheld';

CREATE TABLE royalty.progress (
    singleton    boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    rollup_id    bigint NOT NULL,
    sold_until   timestamptz NOT NULL,
    collected_id bigint NOT NULL,
    rolled_up_at timestamptz NOT NULL
);
INSERT INTO royalty.progress (rollup_id, sold_until, collected_id, rolled_up_at)
VALUES (0, '-infinity', 0, now());
COMMENT ON TABLE royalty.progress IS
    'the newest rollup, which covered all transactions with lower numbers, and up to which rollup owners were credited';
COMMENT ON COLUMN royalty.progress.sold_until IS
    'when the newest sale covered was sold: no later one''s transaction is 8 days older';
