-- SPDX-License-Identifier: GPL-3.0-or-later
-- Figure 29A (267): what vendors withheld for content owners goes to the owners' accounts.

-- What each owner is due of the accruals of rollups (in_after, in_until], exact in 10^-12, by vendor.
-- Of a list's sales whose owners got all that they were to get the sum is enough: what is due is
-- linear in the price. Others, and refunds, one by one.
CREATE OR REPLACE FUNCTION royalty.owners_sums(in_after bigint, in_until bigint)
RETURNS TABLE (vendor_id int, owner_number bigint, exact numeric)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    WITH accrual AS MATERIALIZED (
        SELECT a.accrual_id, a.vendor_id, a.owner_list_id, a.subject_id,
               (a.amount - a.royalty)::bigint AS available, a.content_exact
        FROM royalty.accruals a
        WHERE a.rollup_id > in_after AND a.rollup_id <= in_until AND a.owner_list_id IS NOT NULL
    ), plain AS MATERIALIZED (
        SELECT a.vendor_id, a.owner_list_id, count(*) AS sales, sum(a.content_exact) AS exact
        FROM accrual a WHERE a.subject_id IS NULL AND a.content_exact < a.available - 1
        GROUP BY a.vendor_id, a.owner_list_id
    ), part AS (
        SELECT p.vendor_id, w.owner_id,
               coalesce(w.amount_per_sale * p.sales::numeric,
                        div((p.exact - l.amount_per_sale * p.sales) * w.share_ppm * 1000000,
                            l.share_ppm) * 0.000001) AS due
        FROM plain p
        JOIN LATERAL (SELECT sum(s.share_ppm) AS share_ppm,
                             coalesce(sum(s.amount_per_sale), 0) AS amount_per_sale
                      FROM royalty.owner_shares s
                      WHERE s.owner_list_id = p.owner_list_id OFFSET 0) l ON true
        JOIN royalty.owner_shares w ON w.owner_list_id = p.owner_list_id
        UNION ALL
        SELECT a.vendor_id, w.owner_id, w.due
        FROM accrual a
        JOIN purchase.sales s ON s.transaction_id = a.accrual_id
        CROSS JOIN LATERAL royalty.owners_due(a.owner_list_id, s.price, a.available) w
        WHERE a.subject_id IS NULL AND a.content_exact >= a.available - 1
        UNION ALL
        SELECT a.vendor_id, w.owner_id, w.due
        FROM accrual a
        JOIN purchase.refunds f ON f.refund_id = a.accrual_id
        JOIN purchase.sales s ON s.transaction_id = a.subject_id
        JOIN royalty.accruals o ON o.accrual_id = a.subject_id
        CROSS JOIN LATERAL (SELECT royalty.refunded_before(f.transaction_id,
                                purchase.xact_number(f.xact_id), f.refund_id) AS sum) b
        CROSS JOIN LATERAL royalty.owners_refunded(a.owner_list_id, s.price,
            (o.amount - o.royalty)::bigint, b.sum,
            (b.sum + f.amount + f.incentive_amount)::bigint) w
    )
    SELECT p.vendor_id, o.owner_number, sum(p.due)
    FROM part p JOIN royalty.owners o ON o.owner_id = p.owner_id
    GROUP BY p.vendor_id, o.owner_number;
END
$$;
COMMENT ON FUNCTION royalty.owners_sums IS 'what owners are due of some rollups, by vendor (O5, O7)';

-- Credits the owners for one vendor: the growth of each owner's running total, in whole 10^-6.
CREATE OR REPLACE FUNCTION royalty.book_collection(in_vendor_id int, in_after bigint,
    in_until bigint, in_owners bigint[], in_exact numeric[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_currency text := vendor.currency(in_vendor_id);
    v_id       uuid;
    v_amounts  bigint[];
BEGIN
    INSERT INTO royalty.owner_accounts (owner_number, currency, exact)
    SELECT i, v_currency, 0 FROM unnest(in_owners) i ORDER BY i
    ON CONFLICT (owner_number, currency) DO NOTHING;
    WITH grown AS (
        UPDATE royalty.owner_accounts a SET exact = a.exact + i.exact
        FROM unnest(in_owners, in_exact) WITH ORDINALITY AS i (owner_number, exact, place)
        WHERE a.owner_number = i.owner_number AND a.currency = v_currency
        RETURNING i.place, floor(a.exact) - floor(a.exact - i.exact) AS amount
    )
    SELECT array_agg(g.amount ORDER BY g.place) INTO v_amounts FROM grown g;
    SELECT ledger.book('collection', format('vendor %s rollup %s', in_vendor_id, in_until), NULL,
               coalesce(array_agg(l.account), '{}'), coalesce(array_agg(l.holder), '{}'),
               v_currency, coalesce(array_agg(l.amount), '{}')) INTO v_id
    FROM (SELECT 'content_royalty_withheld' AS account, in_vendor_id::bigint AS holder,
                 -sum(a)::bigint AS amount FROM unnest(v_amounts) a
          UNION ALL
          SELECT 'owner_payable', i.owner_number, i.amount
          FROM unnest(in_owners, v_amounts) AS i (owner_number, amount)) l
    WHERE l.amount <> 0;
    INSERT INTO royalty.collections (collection_id, vendor_id, currency, after_rollup, until_rollup)
    VALUES (v_id, in_vendor_id, v_currency, in_after, in_until);
    INSERT INTO royalty.collection_lines (collection_id, owner_number, exact, amount)
    SELECT v_id, i.owner_number, i.exact, i.amount
    FROM unnest(in_owners, in_exact, v_amounts) AS i (owner_number, exact, amount);
END
$$;
COMMENT ON FUNCTION royalty.book_collection IS 'credits owners with what one vendor withheld (267)';

-- Collects from every vendor what was withheld of the next in_slice transactions, not beyond rollup
-- in_until. Returns how many these were; 0: nothing is left. Raises FT040.
-- Locks: collections; one works, others wait.
CREATE OR REPLACE FUNCTION royalty.collect(in_slice int DEFAULT 1000000, in_until bigint DEFAULT NULL)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off AS $$
DECLARE
    v_after bigint;
    v_until bigint;
    v_part  record;
BEGIN
    IF (in_slice > 0) IS NOT TRUE THEN
        PERFORM farthing.refuse_parameter('in_slice', 'greater than 0', in_slice::text);
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('royalty.collect'));
    SELECT p.collected_id, least(p.rollup_id, p.collected_id + in_slice, in_until)
    INTO v_after, v_until FROM royalty.progress p;
    IF v_until <= v_after THEN
        RETURN 0;
    END IF;
    FOR v_part IN SELECT s.vendor_id, array_agg(s.owner_number ORDER BY s.owner_number) AS owners,
                         array_agg(s.exact ORDER BY s.owner_number) AS exact
                  FROM royalty.owners_sums(v_after, v_until) s
                  GROUP BY s.vendor_id ORDER BY s.vendor_id LOOP
        PERFORM royalty.book_collection(v_part.vendor_id, v_after, v_until, v_part.owners,
                                        v_part.exact);
    END LOOP;
    UPDATE royalty.progress p SET collected_id = v_until;
    RETURN v_until - v_after;
END
$$;
COMMENT ON FUNCTION royalty.collect IS
    'credits content owners with what vendors withheld of a slice; 0: nothing is left (267)';

-- All that was accrued until now, a commit for each slice; slices take in_share_percent of the time.
-- For psql and cron: CALL royalty.collect_all().
CREATE OR REPLACE PROCEDURE royalty.collect_all(in_slice int DEFAULT 1000000,
    in_share_percent int DEFAULT 10)
LANGUAGE plpgsql AS $$
DECLARE
    v_until constant bigint := (SELECT p.rollup_id FROM royalty.progress p);
    v_begun timestamptz;
BEGIN
    LOOP
        CALL farthing.next_slice(v_begun, in_share_percent);
        EXIT WHEN royalty.collect(in_slice, v_until) = 0;
    END LOOP;
END
$$;
COMMENT ON PROCEDURE royalty.collect_all IS 'credits content owners with all that was withheld (267)';
