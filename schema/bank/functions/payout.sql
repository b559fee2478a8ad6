-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the bank's word does to a payout.

CREATE OR REPLACE FUNCTION bank.confirm_payout(in_payout_id uuid, in_bank_reference text)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    v_payout settlement.payouts;
BEGIN
    UPDATE settlement.payouts p
    SET state = 'paid', changed_at = now(), bank_reference = in_bank_reference
    WHERE p.payout_id = in_payout_id RETURNING * INTO v_payout;
    RETURN ledger.book('payout', v_payout.payout_id::text, v_payout.method,
        '{payouts_in_transit,funds_held}', '{0,0}', v_payout.currency,
        ARRAY[-v_payout.amount, v_payout.amount]::bigint[]);
END
$$;
COMMENT ON FUNCTION bank.confirm_payout(uuid, text) IS 'the money has left our account (O8)';

-- Rejected when it never left, returned when it came back.
CREATE OR REPLACE FUNCTION bank.return_payout(in_payout_id uuid, in_reason text)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    v_payout settlement.payouts;
    v_payee  settlement.payees;
    v_paid   boolean;
BEGIN
    SELECT * INTO v_payout FROM settlement.payouts p WHERE p.payout_id = in_payout_id FOR UPDATE;
    SELECT y.* INTO v_payee FROM settlement.payees y
    JOIN settlement.settlements s ON s.payee_id = y.payee_id
    WHERE s.settlement_id = v_payout.settlement_id;
    v_paid := v_payout.state = 'paid';
    UPDATE settlement.payouts p
    SET state = CASE WHEN v_paid THEN 'returned' ELSE 'rejected' END, changed_at = now()
    WHERE p.payout_id = in_payout_id;
    RETURN ledger.book('payout_return', v_payout.payout_id::text, v_payout.method,
        ARRAY[CASE WHEN v_paid THEN 'funds_held' ELSE 'payouts_in_transit' END,
              CASE WHEN v_payee.vendor_id IS NULL THEN 'owner_payable' ELSE 'vendor_payable' END],
        ARRAY[0, coalesce(v_payee.vendor_id, v_payee.owner_number)], v_payout.currency,
        ARRAY[-v_payout.amount, v_payout.amount]::bigint[]);
END
$$;
COMMENT ON FUNCTION bank.return_payout(uuid, text) IS 'the payee is owed the amount again (O8)';
