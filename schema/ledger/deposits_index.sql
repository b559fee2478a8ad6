-- SPDX-License-Identifier: GPL-3.0-or-later
-- Deposits in the order of commits, as a rollup reads them: by block ranges it would read all of them
-- for each of its slices.

CREATE INDEX deposits_by_xact ON ledger.entries (purchase.xact_number(xact_id)) WHERE kind = 'deposit';
