-- SPDX-License-Identifier: GPL-3.0-or-later
-- Settling a slice of payees: what one transaction does. The procedures go from slice to slice.

-- The next payees after in_after, at most in_limit; in_kind: vendors or owners; in_vendor_id or
-- in_owner_id: that one only. Raises FT030, FT034, FT062 (that one has no terms), FT040.
CREATE OR REPLACE FUNCTION settlement.next_payees(in_kind text, in_vendor_id int,
    in_owner_id text, in_after bigint, in_limit int)
RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_payee_ids bigint[];
BEGIN
    IF (in_kind IN ('vendors', 'owners')) IS NOT TRUE THEN
        PERFORM farthing.refuse_parameter('kind', 'vendors or owners', in_kind);
    ELSIF (in_limit > 0) IS NOT TRUE THEN
        PERFORM farthing.refuse_parameter('slice', 'from 1 on', in_limit::text);
    ELSIF in_kind = 'vendors' AND in_vendor_id IS NOT NULL THEN
        PERFORM FROM vendor.vendors v WHERE v.vendor_id = in_vendor_id;
        IF NOT FOUND THEN
            PERFORM farthing.refuse('FT030', in_vendor_id::text);
        END IF;
        SELECT array_agg(p.payee_id) INTO v_payee_ids
        FROM settlement.payees p WHERE p.vendor_id = in_vendor_id;
    ELSIF in_kind = 'owners' AND in_owner_id IS NOT NULL THEN
        PERFORM FROM royalty.owners o WHERE o.owner_id = in_owner_id;
        IF NOT FOUND THEN
            PERFORM farthing.refuse('FT034', in_owner_id);
        END IF;
        SELECT array_agg(p.payee_id) INTO v_payee_ids
        FROM settlement.payees p JOIN royalty.owners o ON o.owner_number = p.owner_number
        WHERE o.owner_id = in_owner_id;
    ELSE
        RETURN ARRAY(SELECT p.payee_id FROM settlement.payees p
                     WHERE p.payee_id > in_after
                       AND CASE in_kind WHEN 'vendors' THEN p.vendor_id IS NOT NULL
                                        ELSE p.owner_number IS NOT NULL END
                     ORDER BY p.payee_id LIMIT in_limit);
    END IF;
    IF v_payee_ids IS NULL THEN
        PERFORM farthing.refuse('FT062', coalesce(in_vendor_id::text, in_owner_id));
    END IF;
    RETURN ARRAY(SELECT i FROM unnest(v_payee_ids) i WHERE i > in_after);
END
$$;
COMMENT ON FUNCTION settlement.next_payees IS 'the payees of the next slice';

CREATE OR REPLACE FUNCTION settlement.count_payees(in_kind text)
RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE in_kind WHEN 'vendors' THEN count(p.vendor_id) ELSE count(p.owner_number) END
    FROM settlement.payees p
$$;
COMMENT ON FUNCTION settlement.count_payees(text) IS 'how many vendors or owners have terms';

-- Settles the next payees after in_after (0: from the first), at most in_limit, as
-- settlement.due judges; in_dry_run: only tells. A row for each payee and currency, in their order;
-- no row: there is no payee left. Whoever is paid gets a settlement with its lines, its entry in the
-- ledger and a payout; a vendor is told. Running again finds nothing new; two at once wait for each
-- other payee by payee.
-- Raises what next_payees raises; FT040 (a day that has begun nowhere). Locks: positions, in order.
CREATE OR REPLACE FUNCTION settlement.settle_slice(in_kind text, in_vendor_id int,
    in_owner_id text, in_after bigint, in_limit int, in_as_of date, in_dry_run boolean)
RETURNS TABLE (payee_id bigint, vendor_id int, owner_id text, name text, currency text,
    outcome text, trigger text, due_on date, payable bigint, held bigint, amount bigint,
    settlement_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_payee_ids bigint[] := settlement.next_payees(in_kind, in_vendor_id, in_owner_id, in_after,
                                                   in_limit);
BEGIN
    IF in_as_of > (clock_timestamp() AT TIME ZONE 'UTC' + interval '14 hours')::date THEN
        PERFORM farthing.refuse_parameter('day to settle as of', 'one that has begun', in_as_of::text);
    ELSIF in_dry_run THEN
        RETURN QUERY SELECT d.payee_id, d.vendor_id, d.owner_id, d.name, d.currency, d.outcome,
            d.trigger, d.due_on, d.payable, d.held, d.amount, NULL::uuid
            FROM settlement.due(v_payee_ids, in_as_of) d;
        RETURN;
    END IF;
    INSERT INTO settlement.positions (payee_id, currency)
    SELECT DISTINCT t.payee_id, t.currency FROM settlement.terms t
    WHERE t.payee_id = ANY (v_payee_ids)
      AND NOT EXISTS (SELECT FROM settlement.positions p
                      WHERE p.payee_id = t.payee_id AND p.currency = t.currency)
    ORDER BY 1, 2
    ON CONFLICT DO NOTHING;
    PERFORM FROM settlement.positions p WHERE p.payee_id = ANY (v_payee_ids)
    ORDER BY p.payee_id, p.currency FOR NO KEY UPDATE;
    RETURN QUERY SELECT * FROM settlement.pay(v_payee_ids, in_as_of);
END
$$;
COMMENT ON FUNCTION settlement.settle_slice IS 'settles the next payees, in one transaction (O6, O7)';

-- The positions of the payees are locked, so that a new statement sees what others have done.
CREATE OR REPLACE FUNCTION settlement.pay(in_payee_ids bigint[], in_as_of date)
RETURNS TABLE (payee_id bigint, vendor_id int, owner_id text, name text, currency text,
    outcome text, trigger text, due_on date, payable bigint, held bigint, amount bigint,
    settlement_id uuid)
LANGUAGE sql AS $$
    WITH judged AS MATERIALIZED (
        SELECT d.*, CASE d.outcome WHEN 'paid' THEN purchase.new_transaction_id() END
                        AS settlement_id
        FROM settlement.due(in_payee_ids, in_as_of) d
    ), paid AS MATERIALIZED (
        SELECT j.*, p.owner_number, t.method, t.creditor_name, t.creditor_iban, t.creditor_bic,
               t.creditor_address, purchase.new_transaction_id() AS payout_id
        FROM judged j
        JOIN settlement.payees p ON p.payee_id = j.payee_id
        JOIN settlement.terms t ON t.terms_id = j.terms_id
        WHERE j.outcome = 'paid'
    ), new_settlements AS (
        INSERT INTO settlement.settlements (settlement_id, payee_id, currency, terms_id, trigger,
            due_on, after_rollup, until_rollup, after_time, as_of, opening, amount, closing,
            settled_at)
        SELECT d.settlement_id, d.payee_id, d.currency, d.terms_id, d.trigger, d.due_on,
               d.after_rollup, d.until_rollup, d.after_time, d.as_of, d.opening, d.amount,
               d.payable - d.amount, clock_timestamp()
        FROM paid d
    ), new_lines AS (
        INSERT INTO settlement.lines (settlement_id, kind, count, amount)
        SELECT d.settlement_id, l.kind, l.count, l.amount
        FROM settlement.new_lines(ARRAY(SELECT d.payee_id FROM paid d), in_as_of) l
        JOIN paid d ON d.payee_id = l.payee_id AND d.currency = l.currency
    ), again AS (
        UPDATE settlement.payouts o SET again_in = d.settlement_id
        FROM paid d
        JOIN settlement.settlements s ON s.payee_id = d.payee_id AND s.currency = d.currency
        WHERE o.settlement_id = s.settlement_id AND o.again_in IS NULL
          AND o.state IN ('rejected', 'returned')
    ), moved AS (
        UPDATE settlement.positions p
        SET rollup_id = d.until_rollup, as_of = d.as_of, closing = d.payable - d.amount,
            due_after = coalesce(d.due_on, p.due_after)
        FROM paid d WHERE p.payee_id = d.payee_id AND p.currency = d.currency
    ), new_entries AS (
        INSERT INTO ledger.entries (entry_id, kind, reference, method)
        SELECT d.settlement_id, 'settlement', d.settlement_id::text, d.method FROM paid d
    ), new_postings AS (
        INSERT INTO ledger.postings (entry_id, line, account, holder, currency, amount)
        SELECT d.settlement_id, l.line, l.account, l.holder, d.currency, l.amount
        FROM paid d
        CROSS JOIN LATERAL (VALUES
            (1, CASE WHEN d.vendor_id IS NULL THEN 'owner_payable' ELSE 'vendor_payable' END,
             coalesce(d.vendor_id, d.owner_number), -d.amount),
            (2, 'payouts_in_transit', 0, d.amount)) AS l (line, account, holder, amount)
    ), new_payouts AS (
        INSERT INTO settlement.payouts (payout_id, settlement_id, end_to_end_id, currency, amount,
            method, creditor_name, creditor_iban, creditor_bic, creditor_address)
        SELECT d.payout_id, d.settlement_id, replace(d.payout_id::text, '-', ''), d.currency,
               d.amount, d.method, d.creditor_name, d.creditor_iban, d.creditor_bic,
               d.creditor_address
        FROM paid d
    ), told AS (
        INSERT INTO notification.events (event_id, vendor_id, kind, subject_id)
        SELECT purchase.new_transaction_id(), d.vendor_id, 'settled', d.settlement_id
        FROM paid d JOIN vendor.vendors v ON v.vendor_id = d.vendor_id WHERE v.is_notified
    )
    SELECT j.payee_id, j.vendor_id, j.owner_id, j.name, j.currency, j.outcome, j.trigger, j.due_on,
           j.payable, j.held, j.amount, j.settlement_id
    FROM judged j ORDER BY j.payee_id, j.currency
$$;
COMMENT ON FUNCTION settlement.pay(bigint[], date) IS 'settles payees whose positions are locked';
