-- SPDX-License-Identifier: GPL-3.0-or-later
-- The rollup: turns sales, refunds and deposits that were committed into accruals, in the order of
-- their transactions' numbers, each exactly once. A purchase knows nothing of it.
--
-- A number below pg_snapshot_xmin belongs to a transaction that has ended: so a late commit is
-- never passed by. All a rollup writes, its progress too, is one transaction.

-- Held by a rollup alone; shared by whoever sets what rollups go by, until it has committed. Then
-- what is set is valid from a moment that no rollup has seen.
CREATE OR REPLACE FUNCTION royalty.lock_terms()
RETURNS timestamptz LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('royalty'));
    RETURN clock_timestamp();
END
$$;
COMMENT ON FUNCTION royalty.lock_terms() IS 'keeps rollups away; the moment from which on';

-- The highest bound up to in_below such that no refund in [in_from, bound) is of a sale that is not
-- below it too: a refund's transaction can have the lower number.
CREATE OR REPLACE FUNCTION royalty.bound(in_from bigint, in_below bigint)
RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_below bigint := in_below;
    v_early bigint;
BEGIN
    LOOP
        SELECT min(purchase.xact_number(f.xact_id)) INTO v_early
        FROM purchase.refunds f JOIN purchase.sales s ON s.transaction_id = f.transaction_id
        WHERE purchase.xact_number(f.xact_id) >= in_from
          AND purchase.xact_number(f.xact_id) < v_below
          AND purchase.xact_number(s.xact_id) >= v_below;
        EXIT WHEN v_early IS NULL;
        v_below := v_early;
    END LOOP;
    RETURN v_below;
END
$$;
COMMENT ON FUNCTION royalty.bound(bigint, bigint) IS 'where a rollup ends: no refund before its sale';

-- No sale that no rollup has covered has a lower ID: a transaction lives for at most 7 days.
CREATE OR REPLACE FUNCTION royalty.uncovered_id()
RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT purchase.transaction_id_floor(greatest(p.sold_until - interval '8 days', 'epoch'))
    FROM royalty.progress p
$$;
COMMENT ON FUNCTION royalty.uncovered_id() IS 'no sale that no rollup has covered has a lower ID';

-- Every sale that is committed by now has a lower number: a rollup of everything ends here, although
-- sales go on.
CREATE OR REPLACE FUNCTION royalty.horizon()
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT purchase.xact_number(pg_snapshot_xmax(pg_current_snapshot()))
$$;
COMMENT ON FUNCTION royalty.horizon() IS 'where a rollup of everything that begins now ends';

-- Where a slice ends that begins at in_from: at most in_size sales, as many refunds and as many
-- deposits are below it, or a single transaction is. They are read in the order of their indexes, by a
-- plan that is kept: the planner does not know how many follow, and sorting them can take longer than
-- the slice. in_first: no sale that counts has a lower ID.
CREATE OR REPLACE FUNCTION royalty.slice_end(in_from bigint, in_end bigint, in_size bigint,
    in_first uuid)
RETURNS bigint LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
DECLARE
    v_next bigint; -- the first that would be one too many
BEGIN
    SELECT min(n.xact) INTO v_next
    FROM ((SELECT purchase.xact_number(s.xact_id) AS xact FROM purchase.sales s
           WHERE s.transaction_id >= in_first AND purchase.xact_number(s.xact_id) >= in_from
             AND purchase.xact_number(s.xact_id) < in_end
           ORDER BY purchase.xact_number(s.xact_id) OFFSET in_size LIMIT 1)
          UNION ALL
          (SELECT purchase.xact_number(f.xact_id) FROM purchase.refunds f
           WHERE purchase.xact_number(f.xact_id) >= in_from
             AND purchase.xact_number(f.xact_id) < in_end
           ORDER BY purchase.xact_number(f.xact_id) OFFSET in_size LIMIT 1)
          UNION ALL
          (SELECT purchase.xact_number(e.xact_id) FROM ledger.entries e
           WHERE e.kind = 'deposit' AND purchase.xact_number(e.xact_id) >= in_from
             AND purchase.xact_number(e.xact_id) < in_end
           ORDER BY purchase.xact_number(e.xact_id) OFFSET in_size LIMIT 1)) n;
    RETURN CASE WHEN v_next IS NULL THEN in_end ELSE greatest(v_next, in_from + 1) END;
END
$$;
COMMENT ON FUNCTION royalty.slice_end(bigint, bigint, bigint, uuid) IS 'where a slice of a rollup ends';

-- Covers at most in_slice sales, refunds and deposits each; more, when a single transaction or what
-- belongs together is more. Returns the number of sales, refunds and commissions; 0: nothing is left,
-- or all below in_below is covered. While nothing is sold nothing is written, but how far that is known
-- for every 2000 transactions. What the daemon's role sets for its plans would make this slow.
-- Raises FT035 (the cluster's transaction numbers are behind the rollups), FT040.
-- Locks: the rollups' lock; one works, others wait.
CREATE OR REPLACE FUNCTION royalty.roll_up(in_slice int DEFAULT 10000, in_below bigint DEFAULT NULL)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan SET enable_seqscan = on SET enable_hashjoin = on
SET enable_mergejoin = on SET jit = off AS $$
DECLARE
    v_start  bigint;
    v_first  uuid;
    v_from   bigint;
    v_below  bigint;
    v_end    bigint;
    v_to     bigint;
    v_size   bigint := in_slice;
    v_count  bigint := 0;
    v_newest timestamptz;
BEGIN
    IF (in_slice > 0) IS NOT TRUE THEN
        PERFORM farthing.refuse_parameter('in_slice', 'greater than 0', in_slice::text);
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('royalty'));
    SELECT p.rollup_id INTO v_start FROM royalty.progress p;
    v_end := purchase.xact_number(pg_snapshot_xmin(pg_current_snapshot()));
    IF v_end < v_start THEN
        PERFORM farthing.refuse('FT035', v_end || ' < ' || v_start);
    ELSIF v_start >= in_below THEN
        RETURN 0;
    END IF;
    v_from := v_start;
    v_first := royalty.uncovered_id();
    WHILE v_count = 0 AND v_from < v_end LOOP
        v_to := royalty.slice_end(v_from, v_end, v_size, v_first);
        v_below := royalty.bound(v_from, v_to);
        EXIT WHEN v_below = v_from AND v_to >= v_end;
        -- Looking first costs little; planning what follows costs milliseconds.
        IF EXISTS (SELECT FROM purchase.sales s WHERE s.transaction_id >= v_first
                   AND purchase.xact_number(s.xact_id) >= v_from
                   AND purchase.xact_number(s.xact_id) < v_below) THEN
            SELECT a.count, a.newest INTO v_count, v_newest
            FROM royalty.accrue_sales(v_from, v_below, v_first) a;
        END IF;
        IF EXISTS (SELECT FROM purchase.refunds f WHERE purchase.xact_number(f.xact_id) >= v_from
                   AND purchase.xact_number(f.xact_id) < v_below) THEN
            v_count := v_count + royalty.accrue_refunds(v_from, v_below);
        END IF;
        IF EXISTS (SELECT FROM ledger.entries e
                   WHERE e.kind = 'deposit' AND purchase.xact_number(e.xact_id) >= v_from
                     AND purchase.xact_number(e.xact_id) < v_below) THEN
            v_count := v_count + royalty.accrue_commissions(v_from, v_below);
        END IF;
        v_from := v_below;
        v_size := 2 * v_size;
    END LOOP;
    IF v_count > 0 OR v_from - v_start > 2000 THEN
        UPDATE royalty.progress p
        SET rollup_id = v_from, sold_until = greatest(p.sold_until, v_newest),
            rolled_up_at = now();
    END IF;
    RETURN v_count;
END
$$;
COMMENT ON FUNCTION royalty.roll_up IS
    'accrues royalties and commissions of a slice of what was committed; 0: nothing is left (O4, O5, O9)';

-- All that was sold until now, a commit for each slice; slices take in_share_percent of the time.
-- For psql and cron: CALL royalty.roll_up_all().
CREATE OR REPLACE PROCEDURE royalty.roll_up_all(in_slice int DEFAULT 10000,
    in_share_percent int DEFAULT 10)
LANGUAGE plpgsql AS $$
DECLARE
    v_below constant bigint := royalty.horizon();
    v_begun timestamptz;
BEGIN
    LOOP
        CALL farthing.next_slice(v_begun, in_share_percent);
        EXIT WHEN royalty.roll_up(in_slice, v_below) = 0;
    END LOOP;
END
$$;
COMMENT ON PROCEDURE royalty.roll_up_all IS 'accrues all that was committed, slice by slice (O4, O5, O9)';

-- Since when the oldest sale waits that no rollup has covered; NULL: none waits. EXECUTE, so that
-- the plan knows how few these are.
CREATE OR REPLACE FUNCTION royalty.waiting_since()
RETURNS timestamptz LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_since timestamptz;
BEGIN
    EXECUTE 'SELECT min(s.sold_at) FROM purchase.sales s '
            'WHERE purchase.xact_number(s.xact_id) >= $1 AND s.transaction_id >= $2'
    INTO v_since
    USING (SELECT p.rollup_id FROM royalty.progress p), royalty.uncovered_id();
    RETURN v_since;
END
$$;
COMMENT ON FUNCTION royalty.waiting_since() IS 'when the oldest sale was made that waits for a rollup';
