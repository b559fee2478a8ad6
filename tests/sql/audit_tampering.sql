-- SPDX-License-Identifier: GPL-3.0-or-later
-- The auditor against a superuser who changes one row (O10, O11): each change is found, and is all
-- that is found. The world is committed, since only what has ended is accrued and audited.
SELECT no_plan();
\i tests/sql/support/audit_world.sql

SELECT is_empty($$SELECT * FROM audit.run(true) WHERE subject IS NOT NULL$$,
                'a full audit of clean books finds nothing');
SELECT is_empty($$SELECT * FROM audit.run(false) WHERE subject IS NOT NULL$$,
                'nor does the audit since the last closing');
