-- SPDX-License-Identifier: GPL-3.0-or-later
-- The auditor: proves the books from the facts alone. Nothing of the other schemas uses this, and of
-- their code only two functions are used here, neither of which says what is right:
-- purchase.xact_number, a cast, since the indexes by which a day's rows are found are over it; and
-- farthing.refuse, by which a closing is refused as all is.

CREATE SCHEMA audit;

-- When a row that is never edited was written, for the history of a day.
ALTER TABLE royalty.schedules ADD COLUMN xact_id xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE royalty.commissions ADD COLUMN xact_id xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE royalty.owner_lists ADD COLUMN xact_id xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE settlement.terms ADD COLUMN xact_id xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE incentive.incentives ADD COLUMN xact_id xid8 NOT NULL DEFAULT pg_current_xact_id();

DROP INDEX ledger.entries_by_xact;
CREATE INDEX entries_by_xact ON ledger.entries
    USING brin (purchase.xact_number(xact_id)) WITH (pages_per_range = 32, autosummarize = on);

CREATE TABLE audit.links (
    link_id    bigint PRIMARY KEY CHECK (link_id > 0),
    below_xact bigint NOT NULL UNIQUE,
    facts      bigint NOT NULL,
    hash       bytea NOT NULL,
    sold_until timestamptz NOT NULL,
    closed_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE audit.links IS
    'the chain: each link hashes the one before and all facts of its commits; made when an audit found nothing wrong';
COMMENT ON COLUMN audit.links.below_xact IS 'its facts were written by transactions below this, not below the one before';
COMMENT ON COLUMN audit.links.sold_until IS 'when the newest sale up to it was made; it can be closed long after that';

CREATE TABLE audit.totals (
    kind   text NOT NULL,
    holder bigint NOT NULL,
    detail text NOT NULL,
    amount numeric NOT NULL,
    PRIMARY KEY (kind, holder, detail)
);
COMMENT ON TABLE audit.totals IS
    'running totals at the newest link, the auditor''s own: so that the audit of a day reads a day';
COMMENT ON COLUMN audit.totals.kind IS
    'a ledger account (detail: currency), ''volume'' (a vendor''s, of a period), ''content'' (a vendor''s exact content royalties), ''owner'' (exact collections of a currency)';
