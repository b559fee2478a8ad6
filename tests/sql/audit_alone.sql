-- SPDX-License-Identifier: GPL-3.0-or-later
-- The auditor shares no code with what it checks (O11).
BEGIN;
SELECT plan(3);

CREATE VIEW pg_temp.code AS
    SELECT n.nspname AS schema, n.nspname || '.' || p.proname AS name, p.prosrc AS text
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspowner = to_regrole('farthing_owner');

SELECT results_eq($$SELECT DISTINCT c.name COLLATE "default" FROM pg_temp.code a JOIN pg_temp.code c
                        ON a.text ~ ('\m' || replace(c.name, '.', '\s*\.\s*') || '\s*\(')
                    WHERE a.schema = 'audit' AND c.schema <> 'audit' ORDER BY 1$$,
                  $$VALUES ('farthing.refuse'), ('purchase.xact_number')$$,
                  'it calls two functions of others: to refuse, and what the indexes are over');
SELECT is_empty($$SELECT a.name, v.schemaname || '.' || v.viewname FROM pg_temp.code a JOIN pg_views v
                      ON a.text ~ ('\m' || v.schemaname || '\s*\.\s*' || v.viewname || '\M')
                  WHERE a.schema = 'audit' AND v.schemaname NOT LIKE 'pg\_%'$$,
                'and reads tables only, no view of others');
SELECT is_empty($$SELECT c.name FROM pg_temp.code c WHERE c.schema <> 'audit' AND c.text ~ '\maudit\s*\.'$$,
                'nothing of others uses the auditor''s');
SELECT * FROM finish();
ROLLBACK;
