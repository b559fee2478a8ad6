-- SPDX-License-Identifier: GPL-3.0-or-later
-- How sales are found, whatever the planner knew of a partition when it made a plan.

-- By block ranges a rollup would read, each second, all that was sold since autovacuum last came.
DROP INDEX purchase.sales_by_xact;
CREATE INDEX sales_by_xact ON purchase.sales (purchase.xact_number(xact_id));

-- Made last, so that it is the newest of the indexes of every partition made from now on. In an
-- empty partition all indexes cost the same, and of those the planner takes the newest: once sales
-- come, a plan that looks for one by sales_by_vendor would read that index from end to end.
ALTER TABLE purchase.sales DROP CONSTRAINT sales_pkey;
ALTER TABLE purchase.sales ADD PRIMARY KEY (transaction_id);
