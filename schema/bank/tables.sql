-- SPDX-License-Identifier: GPL-3.0-or-later
-- Banks: our accounts, the payments we order, what statements say happened.

CREATE TABLE bank.accounts (
    account_id  int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 70),
    iban        text NOT NULL CHECK (bank.iban_problem(iban) IS NULL),
    bic         text CHECK (bank.bic_problem(bic) IS NULL),
    currency    text NOT NULL REFERENCES ledger.currencies,
    creditor_id text CHECK (bank.creditor_id_problem(creditor_id) IS NULL),
    is_default  boolean NOT NULL,
    UNIQUE (iban, currency)
);
CREATE UNIQUE INDEX accounts_default ON bank.accounts (currency) WHERE is_default;
COMMENT ON TABLE bank.accounts IS 'the provider''s accounts: they hold what funds_held is (O8)';
COMMENT ON COLUMN bank.accounts.creditor_id IS 'for direct debits; NULL: there are none';
COMMENT ON COLUMN bank.accounts.is_default IS 'pays what is due in its currency; the first of each';

CREATE TABLE bank.files (
    file_id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id text NOT NULL UNIQUE CHECK (length(message_id) <= 33),
    kind       text NOT NULL CHECK (kind IN ('credit_transfer', 'direct_debit')),
    version    text NOT NULL CHECK (version IN ('pain.001.001.03', 'pain.001.001.09',
                                                'pain.008.001.08')),
    account_id int NOT NULL REFERENCES bank.accounts,
    execute_on date NOT NULL,
    count      int NOT NULL CHECK (count > 0),
    total      farthing.money NOT NULL CHECK (total > 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    checksum   text CHECK (checksum ~ '^[0-9a-f]{64}$'),
    state      text NOT NULL DEFAULT 'recorded'
               CHECK (state IN ('recorded', 'written', 'accepted', 'in_part', 'rejected'))
);
COMMENT ON TABLE bank.files IS
    'messages to a bank; the file can be written again from here, always the same (O8)';
COMMENT ON COLUMN bank.files.checksum IS 'SHA-256 of the file; NULL: not on a disk yet';
COMMENT ON COLUMN bank.files.state IS
    'recorded, written to a disk, then as the bank''s status report says';

-- A user's consent to be debited, and what is collected by it.
CREATE TABLE bank.mandates (
    mandate_id  text PRIMARY KEY CHECK (mandate_id ~ '^[A-Za-z0-9/?:().,''+ -]{1,35}$'),
    user_id     bigint NOT NULL,
    currency    text NOT NULL REFERENCES ledger.currencies,
    debtor_name text NOT NULL CHECK (length(debtor_name) BETWEEN 1 AND 70),
    debtor_iban text NOT NULL CHECK (bank.iban_problem(debtor_iban) IS NULL),
    debtor_bic  text CHECK (bank.bic_problem(debtor_bic) IS NULL),
    signed_on   date NOT NULL,
    ended_at    timestamptz
);
CREATE UNIQUE INDEX mandates_of_users ON bank.mandates (user_id, currency) WHERE ended_at IS NULL;
COMMENT ON TABLE bank.mandates IS
    'users who pay by direct debit (U3, U4); one ends when a debit fails, or by the operator';

CREATE TABLE bank.debits (
    debit_id      uuid PRIMARY KEY,
    mandate_id    text NOT NULL REFERENCES bank.mandates,
    user_id       bigint NOT NULL,
    currency      text NOT NULL,
    amount        farthing.money NOT NULL CHECK (amount > 0),
    purpose       text NOT NULL CHECK (purpose IN ('bill', 'deposit')),
    end_to_end_id text NOT NULL UNIQUE CHECK (length(end_to_end_id) <= 35),
    state         text NOT NULL DEFAULT 'due'
                  CHECK (state IN ('due', 'sent', 'collected', 'rejected', 'returned')),
    reason        text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    changed_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX debits_open ON bank.debits (user_id, currency) WHERE state IN ('due', 'sent');
COMMENT ON TABLE bank.debits IS
    'collected from users: the bill of a negative balance (U4), or a deposit asked for (U3)';
COMMENT ON COLUMN bank.debits.reason IS 'why the bank rejected or returned it';

CREATE TABLE bank.file_lines (
    file_id   int NOT NULL REFERENCES bank.files,
    line      int NOT NULL,
    payout_id uuid UNIQUE,
    debit_id  uuid UNIQUE REFERENCES bank.debits,
    PRIMARY KEY (file_id, line),
    CHECK (num_nonnulls(payout_id, debit_id) = 1)
);
COMMENT ON TABLE bank.file_lines IS 'what a file orders; a payment is never in two';

-- What the bank says.
CREATE TABLE bank.statements (
    statement_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id       int NOT NULL REFERENCES bank.accounts,
    kind             text NOT NULL CHECK (kind IN ('statement', 'notification')),
    statement_id     text NOT NULL,
    page             text NOT NULL,
    made_at          text NOT NULL,
    read_at          timestamptz NOT NULL DEFAULT now(),
    complete         boolean NOT NULL DEFAULT false,
    UNIQUE (account_id, statement_id, kind, page, made_at)
);
COMMENT ON TABLE bank.statements IS
    'camt.053 and camt.054 that were read; some banks begin their numbers anew each year';

CREATE TABLE bank.entries (
    entry_id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id       int NOT NULL REFERENCES bank.accounts,
    entry_key        text NOT NULL,
    part             int NOT NULL,
    statement_number bigint NOT NULL REFERENCES bank.statements,
    position         int NOT NULL,
    amount           farthing.money,
    amount_text      text NOT NULL,
    currency         text NOT NULL,
    booked_on        date,
    is_reversal      boolean NOT NULL,
    is_return        boolean NOT NULL,
    end_to_end_id    text,
    batch_id         text,
    bank_reference   text,
    party_name       text,
    party_iban       text,
    remittance       text,
    state            text NOT NULL CHECK (state IN ('ignored', 'deposited', 'paid', 'returned',
                         'collected', 'debit_returned', 'reversed', 'queued', 'assigned',
                         'dismissed')),
    reason           text,
    ledger_id        uuid REFERENCES ledger.entries,
    user_id          bigint,
    payout_id        uuid,
    debit_id         uuid REFERENCES bank.debits,
    UNIQUE (account_id, entry_key, part)
);
CREATE INDEX entries_queued ON bank.entries (entry_id) WHERE state = 'queued';
CREATE INDEX entries_by_payout ON bank.entries (payout_id) WHERE payout_id IS NOT NULL;
CREATE INDEX entries_by_bank_reference ON bank.entries (account_id, bank_reference);
CREATE INDEX entries_by_end_to_end_id ON bank.entries (account_id, end_to_end_id);
COMMENT ON TABLE bank.entries IS
    'what a statement books, once, however often and in whatever file the bank says it';
COMMENT ON COLUMN bank.entries.entry_key IS
    'the bank''s reference, else the statement''s and the place in it; with direction and amount';
COMMENT ON COLUMN bank.entries.part IS
    '0: the entry; 1 and more: payments of a batch; -1: what these leave of its amount';
COMMENT ON COLUMN bank.entries.amount IS
    'received is positive, paid negative; NULL: cannot be kept in 10^-6, see amount_text';
COMMENT ON COLUMN bank.entries.state IS
    'what was made of it; queued: waits for staff, who assign it to a user or dismiss it';

ALTER TABLE settlement.terms ADD CHECK (bank.iban_problem(creditor_iban) IS NULL),
    ADD CHECK (bank.bic_problem(creditor_bic) IS NULL);
