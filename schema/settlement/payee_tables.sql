-- SPDX-License-Identifier: GPL-3.0-or-later
-- Settlement of vendors (O6) and content owners (O7): who is paid, when, what for, and how.

-- Nothing could be settled before this version.
DROP TABLE settlement.settlements CASCADE;

CREATE TABLE settlement.payees (
    payee_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    vendor_id    int UNIQUE,
    owner_number bigint UNIQUE,
    CHECK (num_nonnulls(vendor_id, owner_number) = 1)
);
COMMENT ON TABLE settlement.payees IS 'vendors and content owners that have terms';

CREATE TABLE settlement.terms (
    terms_id         int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payee_id         bigint NOT NULL REFERENCES settlement.payees,
    currency         text NOT NULL REFERENCES ledger.currencies,
    valid_from       timestamptz NOT NULL DEFAULT now(),
    amount_threshold farthing.money NOT NULL CHECK (amount_threshold > 0),
    calendar         text NOT NULL CHECK (calendar IN ('any_day', 'weekly', 'twice_monthly',
                                                       'monthly', 'day_of_month')),
    calendar_day     int,
    early_threshold  farthing.money CHECK (early_threshold >= amount_threshold),
    minimum          farthing.money NOT NULL DEFAULT 0 CHECK (minimum >= 0),
    reserve          farthing.money NOT NULL DEFAULT 0 CHECK (reserve >= 0),
    method           text NOT NULL CHECK (method IN ('credit_transfer', 'check')),
    creditor_name    text NOT NULL,
    creditor_iban    text,
    creditor_bic     text,
    creditor_address text,
    CHECK (calendar_day BETWEEN 1 AND CASE calendar WHEN 'weekly' THEN 7
                                                    WHEN 'day_of_month' THEN 31 END
           OR calendar_day IS NULL AND calendar NOT IN ('weekly', 'day_of_month')),
    CHECK (method <> 'credit_transfer' OR creditor_iban IS NOT NULL)
);
CREATE INDEX terms_by_payee ON settlement.terms (payee_id, currency, valid_from);
COMMENT ON TABLE settlement.terms IS
    'agreed with a payee, from valid_from on until its next terms of that currency; never edited';
COMMENT ON COLUMN settlement.terms.amount_threshold IS 'below it nothing is settled, whatever the day';
COMMENT ON COLUMN settlement.terms.calendar IS
    'any_day: as soon as the amount is reached; else on the first run of or after such a day';
COMMENT ON COLUMN settlement.terms.calendar_day IS 'weekly: 1 Monday to 7 Sunday; day_of_month: 1 to 31, or the month''s last';
COMMENT ON COLUMN settlement.terms.early_threshold IS 'settled between the days when this much is reached; NULL: not';
COMMENT ON COLUMN settlement.terms.minimum IS 'less is not paid out, after holds and reserve';
COMMENT ON COLUMN settlement.terms.reserve IS 'always kept back, carried to the next settlement';

CREATE TABLE settlement.holds (
    hold_id        uuid PRIMARY KEY,
    transaction_id uuid NOT NULL,
    vendor_id      int NOT NULL,
    amount         farthing.money NOT NULL CHECK (amount > 0),
    reason         text NOT NULL,
    held_at        timestamptz NOT NULL DEFAULT now(),
    released_at    timestamptz
);
CREATE INDEX holds_of_vendors ON settlement.holds (vendor_id) WHERE released_at IS NULL;
CREATE UNIQUE INDEX holds_of_transactions ON settlement.holds (transaction_id)
    WHERE released_at IS NULL;
COMMENT ON TABLE settlement.holds IS 'disputed sales: their price is not paid out until released';

CREATE TABLE settlement.positions (
    payee_id  bigint NOT NULL REFERENCES settlement.payees,
    currency  text NOT NULL,
    rollup_id bigint NOT NULL DEFAULT 0,
    as_of     timestamptz NOT NULL DEFAULT '-infinity',
    closing   farthing.money NOT NULL DEFAULT 0,
    due_after date,
    PRIMARY KEY (payee_id, currency)
);
COMMENT ON TABLE settlement.positions IS 'where the last settlement ended; locked while one is made';
COMMENT ON COLUMN settlement.positions.closing IS 'what it left: reserve, holds, a debt';
COMMENT ON COLUMN settlement.positions.due_after IS 'the day for which it was; the next is later';

CREATE TABLE settlement.settlements (
    settlement_id uuid PRIMARY KEY,
    payee_id      bigint NOT NULL REFERENCES settlement.payees,
    currency      text NOT NULL,
    terms_id      int NOT NULL REFERENCES settlement.terms,
    trigger       text NOT NULL CHECK (trigger IN ('amount', 'time')),
    due_on        date,
    after_rollup  bigint NOT NULL,
    until_rollup  bigint NOT NULL,
    after_time    timestamptz NOT NULL,
    as_of         timestamptz NOT NULL,
    opening       farthing.money NOT NULL,
    amount        farthing.money NOT NULL CHECK (amount > 0),
    closing       farthing.money NOT NULL,
    settled_at    timestamptz NOT NULL DEFAULT now(),
    UNIQUE (payee_id, currency, due_on)
);
CREATE INDEX settlements_by_payee ON settlement.settlements (payee_id, settlement_id);
COMMENT ON TABLE settlement.settlements IS
    'what a payee was paid, and for what; the ID is its ledger entry''s. opening + lines = amount + closing';
COMMENT ON COLUMN settlement.settlements.until_rollup IS
    'covers the accruals (of an owner: collections) up to this rollup and before as_of that no earlier one covered';

CREATE TABLE settlement.lines (
    settlement_id uuid NOT NULL REFERENCES settlement.settlements,
    kind          text NOT NULL CHECK (kind IN ('sales', 'incentives', 'refunds', 'royalties',
                      'content_royalties', 'commissions', 'collections', 'payout_returns')),
    count         bigint NOT NULL,
    amount        farthing.money NOT NULL,
    PRIMARY KEY (settlement_id, kind)
);
COMMENT ON TABLE settlement.lines IS 'a settlement line by line; what the payee is due is positive';
COMMENT ON COLUMN settlement.lines.count IS
    'of the sales, refunds, collections or payouts; 0 for the other kinds';

CREATE TABLE settlement.payouts (
    payout_id        uuid PRIMARY KEY,
    settlement_id    uuid NOT NULL REFERENCES settlement.settlements,
    end_to_end_id    text NOT NULL UNIQUE CHECK (length(end_to_end_id) <= 35),
    currency         text NOT NULL,
    amount           farthing.money NOT NULL CHECK (amount > 0),
    method           text NOT NULL CHECK (method IN ('credit_transfer', 'check')),
    creditor_name    text NOT NULL,
    creditor_iban    text,
    creditor_bic     text,
    creditor_address text,
    state            text NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'sent', 'paid',
                         'rejected', 'returned')),
    created_at       timestamptz NOT NULL DEFAULT now(),
    changed_at       timestamptz NOT NULL DEFAULT now(),
    bank_reference   text,
    reason           text,
    again_in         uuid REFERENCES settlement.settlements,
    CHECK (again_in IS NULL OR state IN ('rejected', 'returned'))
);
CREATE INDEX payouts_due ON settlement.payouts (currency, created_at) WHERE state = 'due';
CREATE INDEX payouts_by_settlement ON settlement.payouts (settlement_id);
CREATE INDEX payouts_came_back ON settlement.payouts (settlement_id)
    WHERE state IN ('rejected', 'returned') AND again_in IS NULL;
CREATE INDEX payouts_paid_again ON settlement.payouts (again_in) WHERE again_in IS NOT NULL;
COMMENT ON TABLE settlement.payouts IS
    'money on its way to a payee, in whole minor units of its currency: due, sent (in a file to the bank), paid (confirmed, or a check handed out), rejected (never left), returned (came back)';
COMMENT ON COLUMN settlement.payouts.reason IS 'why it was rejected or returned';
COMMENT ON COLUMN settlement.payouts.again_in IS
    'the settlement that pays again what came back; NULL: none so far';
