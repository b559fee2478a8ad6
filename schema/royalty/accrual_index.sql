-- SPDX-License-Identifier: GPL-3.0-or-later
-- A vendor's commissions and refunds are few among its accruals: statements find them here. Sales
-- are found by their transactions, and cost the index nothing.

CREATE INDEX accruals_by_vendor ON royalty.accruals (vendor_id, kind) WHERE kind <> 'sale';
