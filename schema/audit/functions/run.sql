-- SPDX-License-Identifier: GPL-3.0-or-later
-- An audit: all checks over a range, in one snapshot; and the link that a clean one adds.

-- in_full: from the beginning, else from the newest link. One row for each check, with how long it
-- took, and one more for each finding but the first; subject NULL: found nothing. The range is a
-- constant to the planner: a check is inlined, and planned for as much as there is to read.
CREATE FUNCTION audit.run(in_full boolean, in_findings_max int DEFAULT 1000)
RETURNS TABLE (check_function text, description text, duration_ms bigint, check_name text,
    subject text, expected text, actual text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET work_mem = '128MB' SET jit = off
SET enable_nestloop = on AS $$
DECLARE
    v_range   audit.range := audit.range(CASE WHEN NOT in_full
                                              THEN (SELECT max(l.link_id) FROM audit.links l) END);
    v_check   record;
    v_began   timestamptz;
    v_found   audit.finding[];
BEGIN
    -- Of all rows nothing is found faster one by one; the planner cannot know how many follow.
    PERFORM set_config('enable_nestloop', CASE WHEN in_full THEN 'off' ELSE 'on' END, true);
    FOR v_check IN
        SELECT p.oid::regproc::text AS name, d.description
        FROM pg_proc p JOIN pg_description d ON d.objoid = p.oid AND d.classoid = 'pg_proc'::regclass
        WHERE p.pronamespace = 'audit'::regnamespace AND p.proname ~ '^check_' ORDER BY p.proname
    LOOP
        v_began := clock_timestamp();
        EXECUTE format('SELECT array(SELECT f FROM %s(%L::audit.range) f LIMIT $1)', v_check.name,
                       v_range) INTO v_found USING in_findings_max;
        RETURN QUERY
        SELECT split_part(v_check.name, '.', 2), v_check.description,
               (extract(epoch FROM clock_timestamp() - v_began) * 1000)::bigint, f.*
        FROM (SELECT) one LEFT JOIN unnest(v_found) f ON true
        ORDER BY f.check_name, f.subject;
    END LOOP;
END
$$;
COMMENT ON FUNCTION audit.run IS 'all checks of the auditor';

-- What an audit read: facts of its range.
CREATE FUNCTION audit.scope(in_full boolean)
RETURNS TABLE (sales bigint, accruals bigint, entries bigint, links bigint, below_xact bigint,
    last_closed_at timestamptz, last_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT (SELECT count(*) FROM audit.sales(r)), (SELECT count(*) FROM audit.accruals(r)),
           (SELECT count(*) FROM audit.entries(r)), coalesce(l.link_id, 0), r.below_xact, l.closed_at,
           encode(l.hash, 'hex')
    FROM (SELECT) one
    LEFT JOIN LATERAL (SELECT * FROM audit.links ORDER BY link_id DESC LIMIT 1) l ON true
    CROSS JOIN LATERAL audit.range(CASE WHEN NOT in_full THEN l.link_id END) r
$$;
COMMENT ON FUNCTION audit.scope IS 'how much an audit reads, and the newest link';

-- Adds a link over all that was rolled up since the last, if no check finds anything in it; nothing
-- new: none. Keep the hash where the operator of the database cannot write.
-- Raises FT070 (something is wrong). Locks: audit.links against others that close.
CREATE FUNCTION audit.close(OUT link_id bigint, OUT facts bigint, OUT hash text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    v_last    audit.links;
    v_audited record;
    v_range   audit.range;
    v_digest  record;
BEGIN
    LOCK TABLE audit.links IN EXCLUSIVE MODE;
    SELECT * INTO v_last FROM audit.links ORDER BY link_id DESC LIMIT 1;
    SELECT r AS range, EXISTS (SELECT FROM audit.run(false, 1) f WHERE f.subject IS NOT NULL) AS is_wrong
    INTO v_audited -- of one snapshot: nothing is closed that was not audited
    FROM audit.range(v_last.link_id) r;
    IF v_audited.is_wrong THEN
        PERFORM farthing.refuse('FT070');
    END IF;
    v_range := v_audited.range;
    SELECT * INTO v_digest FROM audit.digest(v_range);
    IF v_digest.facts = 0 THEN
        RETURN;
    END IF;
    INSERT INTO audit.links (link_id, below_xact, facts, hash, sold_until)
    SELECT coalesce(v_last.link_id, 0) + 1, v_range.below_xact, v_digest.facts,
           audit.link_hash(v_last.hash, v_range, v_digest.hash),
           coalesce(greatest(v_last.sold_until, max(s.sold_at)), '-infinity')
    FROM audit.sales(v_range) s
    RETURNING links.link_id, links.facts, encode(links.hash, 'hex') INTO link_id, facts, hash;
    INSERT INTO audit.totals AS t SELECT * FROM audit.range_totals(v_range)
    ON CONFLICT (kind, holder, detail) DO UPDATE SET amount = t.amount + excluded.amount;
END
$$;
COMMENT ON FUNCTION audit.close IS 'closes what was audited: a link of the chain';
