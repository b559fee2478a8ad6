-- SPDX-License-Identifier: GPL-3.0-or-later
-- What becomes of payouts (O8): sent to the bank, paid, or back again.

-- Raises FT061. Locks the payout.
CREATE OR REPLACE FUNCTION settlement.lock_payout(in_payout_id uuid)
RETURNS settlement.payouts LANGUAGE plpgsql AS $$
DECLARE
    v_payout settlement.payouts;
BEGIN
    SELECT * INTO v_payout FROM settlement.payouts o WHERE o.payout_id = in_payout_id
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT061', in_payout_id::text);
    END IF;
    RETURN v_payout;
END
$$;
COMMENT ON FUNCTION settlement.lock_payout(uuid) IS 'a payout, locked';

-- in_state: sent, in a file to the bank; or paid, confirmed by the bank or a check handed out. The
-- bank's reference may be NULL. False: it was so already, nothing is booked again.
-- Raises FT061, FT010 (it came back, or a check is not sent to a bank), FT040. Locks: the payout.
CREATE OR REPLACE FUNCTION settlement.mark_payout(in_payout_id uuid, in_state text,
    in_bank_reference text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_payout settlement.payouts := settlement.lock_payout(in_payout_id);
BEGIN
    IF (in_state IN ('sent', 'paid')) IS NOT TRUE THEN
        PERFORM farthing.refuse_parameter('state', 'sent or paid', in_state);
    ELSIF v_payout.state = in_state OR v_payout.state = 'paid' THEN
        RETURN false;
    ELSIF v_payout.state NOT IN ('due', 'sent')
          OR in_state = 'sent' AND v_payout.method <> 'credit_transfer' THEN
        PERFORM farthing.refuse('FT010', in_payout_id::text);
    END IF;
    IF in_state = 'paid' THEN
        PERFORM ledger.book('payout', in_payout_id::text, v_payout.method,
            ARRAY['payouts_in_transit', 'funds_held'], ARRAY[0, 0], v_payout.currency,
            ARRAY[-v_payout.amount, v_payout.amount]);
    END IF;
    UPDATE settlement.payouts o
    SET state = in_state, changed_at = clock_timestamp(),
        bank_reference = coalesce(in_bank_reference, o.bank_reference)
    WHERE o.payout_id = in_payout_id;
    RETURN true;
END
$$;
COMMENT ON FUNCTION settlement.mark_payout IS 'a payout was sent to the bank, or is paid (O8)';

-- A payout that is due or sent never left: rejected. One that was paid came back: returned. The next
-- settlement pays it again. False: it was back already.
-- Raises FT061. Locks: the payout.
CREATE OR REPLACE FUNCTION settlement.return_payout(in_payout_id uuid, in_reason text,
    in_bank_reference text DEFAULT NULL)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_payout settlement.payouts := settlement.lock_payout(in_payout_id);
    v_payee  settlement.payees;
    v_was_paid constant boolean := v_payout.state = 'paid';
BEGIN
    IF v_payout.state IN ('rejected', 'returned') THEN
        RETURN false;
    END IF;
    SELECT p.* INTO v_payee
    FROM settlement.settlements s JOIN settlement.payees p ON p.payee_id = s.payee_id
    WHERE s.settlement_id = v_payout.settlement_id;
    PERFORM ledger.book('payout_return', in_payout_id::text, v_payout.method,
        ARRAY[CASE WHEN v_was_paid THEN 'funds_held' ELSE 'payouts_in_transit' END,
              CASE WHEN v_payee.vendor_id IS NULL THEN 'owner_payable' ELSE 'vendor_payable' END],
        ARRAY[0, coalesce(v_payee.vendor_id, v_payee.owner_number)], v_payout.currency,
        ARRAY[-v_payout.amount, v_payout.amount]);
    UPDATE settlement.payouts o
    SET state = CASE WHEN v_was_paid THEN 'returned' ELSE 'rejected' END,
        changed_at = clock_timestamp(), reason = in_reason,
        bank_reference = coalesce(in_bank_reference, o.bank_reference)
    WHERE o.payout_id = in_payout_id;
    RETURN true;
END
$$;
COMMENT ON FUNCTION settlement.return_payout IS
    'a payout did not reach its payee: due again with the next settlement (O8)';

-- Those of a state (NULL: any) and a settlement (NULL: any), oldest first, after in_after (NULL:
-- from the first), at most in_limit.
CREATE OR REPLACE FUNCTION settlement.list_payouts(in_state text, in_settlement_id uuid, in_after uuid,
    in_limit int)
RETURNS TABLE (payout_id uuid, settlement_id uuid, vendor_id int, owner_id text, state text,
    method text, currency text, amount bigint, creditor_name text, creditor_iban text,
    creditor_bic text, creditor_address text, created_at timestamptz, changed_at timestamptz,
    bank_reference text, reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.payout_id, o.settlement_id, p.vendor_id, p.owner_id, o.state, o.method, o.currency,
           o.amount, o.creditor_name, o.creditor_iban, o.creditor_bic, o.creditor_address,
           o.created_at, o.changed_at, o.bank_reference, o.reason
    FROM settlement.payouts o
    JOIN settlement.settlements s ON s.settlement_id = o.settlement_id
    JOIN settlement.payee_list p ON p.payee_id = s.payee_id
    WHERE (in_state IS NULL OR o.state = in_state)
      AND (in_settlement_id IS NULL OR o.settlement_id = in_settlement_id)
      AND (in_after IS NULL OR o.payout_id > in_after)
    ORDER BY o.payout_id LIMIT in_limit
$$;
COMMENT ON FUNCTION settlement.list_payouts IS 'payouts with where they go (O8)';
