-- SPDX-License-Identifier: GPL-3.0-or-later
-- Settling everybody, with CALL: each slice is committed for itself, so that an interruption loses
-- nothing and the next run goes on. A procedure that commits runs with the caller's rights and
-- cannot set a search path: every name here is qualified.

-- in_slice payees are settled at a time, which takes in_share_percent of the time. Raises what
-- settle_slice and next_slice raise.
CREATE OR REPLACE PROCEDURE settlement.settle_all(in_kind text, in_vendor_id int,
    in_owner_id text, in_as_of date, in_dry_run boolean, in_slice int, in_share_percent int)
LANGUAGE plpgsql AS $$
DECLARE
    v_row   record;
    v_begun timestamptz;
    v_after bigint;
    v_next  bigint := 0;
    v_seen  bigint := 0;
    v_paid  bigint := 0;
    v_sums  jsonb := '{}';
BEGIN
    WHILE v_next IS NOT NULL LOOP
        CALL farthing.next_slice(v_begun, in_share_percent);
        v_after := v_next;
        v_next := NULL;
        FOR v_row IN SELECT * FROM settlement.settle_slice(in_kind, in_vendor_id, in_owner_id,
                                       v_after, in_slice, in_as_of, in_dry_run) LOOP
            v_next := v_row.payee_id;
            v_seen := v_seen + 1;
            CONTINUE WHEN v_row.outcome <> 'paid';
            v_paid := v_paid + 1;
            v_sums := v_sums || pg_catalog.jsonb_build_object(v_row.currency, v_row.amount
                + coalesce((v_sums->>v_row.currency)::bigint, 0));
            IF in_dry_run THEN
                RAISE NOTICE '% % would be paid % %',
                    coalesce(v_row.vendor_id::text, v_row.owner_id), v_row.name,
                    pg_catalog.trim_scale(v_row.amount * 0.000001), v_row.currency;
            END IF;
        END LOOP;
    END LOOP;
    RAISE NOTICE '% looked at, % %', v_seen, v_paid,
        CASE WHEN in_dry_run THEN 'would be paid' ELSE 'paid' END;
    FOR v_row IN SELECT * FROM pg_catalog.jsonb_each_text(v_sums) AS s (currency, amount) LOOP
        RAISE NOTICE '% %', pg_catalog.trim_scale(v_row.amount::bigint * 0.000001),
            v_row.currency;
    END LOOP;
END
$$;
COMMENT ON PROCEDURE settlement.settle_all IS 'what settle_vendors and settle_owners call';

-- in_as_of: as if at the beginning of that day in each payee's time zone; NULL: now. in_vendor_id:
-- this one only. in_dry_run: tells what would be paid, and changes nothing.
CREATE OR REPLACE PROCEDURE settlement.settle_vendors(in_as_of date DEFAULT NULL,
    in_vendor_id int DEFAULT NULL, in_dry_run boolean DEFAULT false, in_slice int DEFAULT 200,
    in_share_percent int DEFAULT 10)
LANGUAGE plpgsql AS $$
BEGIN
    CALL settlement.settle_all('vendors', in_vendor_id, NULL, in_as_of, in_dry_run, in_slice,
                               in_share_percent);
END
$$;
COMMENT ON PROCEDURE settlement.settle_vendors IS
    'pays every vendor whose thresholds are reached, slice by slice (O6, O11, fig. 28)';

CREATE OR REPLACE PROCEDURE settlement.settle_owners(in_as_of date DEFAULT NULL,
    in_owner_id text DEFAULT NULL, in_dry_run boolean DEFAULT false, in_slice int DEFAULT 200,
    in_share_percent int DEFAULT 10)
LANGUAGE plpgsql AS $$
BEGIN
    CALL settlement.settle_all('owners', NULL, in_owner_id, in_as_of, in_dry_run, in_slice,
                               in_share_percent);
END
$$;
COMMENT ON PROCEDURE settlement.settle_owners IS
    'pays every content owner whose thresholds are reached, slice by slice (O7, O11, fig. 29B)';
