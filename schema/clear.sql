-- SPDX-License-Identifier: GPL-3.0-or-later
-- The first step of an upgrade: drops all functions, views and composite types of our schemas. The
-- steps that follow make those of today, so that nothing stays of what was renamed or removed, and
-- no type is held by a function that still uses it.
--
-- What a table, or somebody else's view, depends on stays and is replaced in place, as far as
-- PostgreSQL can replace it; nothing is dropped that does not come back.

DO $$
DECLARE
    v_statement  text;
    v_statements text[];
    v_blocked    text[];
BEGIN
    SELECT array_agg(d.statement) INTO v_statements
    FROM (SELECT format('DROP ROUTINE %s', p.oid::regprocedure) AS statement,
                 p.pronamespace AS namespace
          FROM pg_proc p
          UNION ALL
          SELECT format('DROP %s %s', CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TYPE' END,
                        c.oid::regclass), c.relnamespace
          FROM pg_class c WHERE c.relkind IN ('v', 'c')) d
    JOIN pg_namespace n ON n.oid = d.namespace
    WHERE n.nspowner = 'farthing_owner'::regrole;

    -- What is held by another of them is free in a later round.
    LOOP
        v_blocked := '{}';
        FOREACH v_statement IN ARRAY coalesce(v_statements, '{}') LOOP
            BEGIN
                EXECUTE v_statement;
            EXCEPTION WHEN dependent_objects_still_exist THEN
                v_blocked := v_blocked || v_statement;
            END;
        END LOOP;
        EXIT WHEN v_blocked = '{}' OR v_blocked = v_statements;
        v_statements := v_blocked;
    END LOOP;
END
$$;
