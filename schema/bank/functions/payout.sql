-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the bank's word does to a payout; each gives the ledger's entry.

CREATE OR REPLACE FUNCTION bank.confirm_payout(in_payout_id uuid, in_bank_reference text)
RETURNS uuid LANGUAGE plpgsql AS $$
BEGIN
    PERFORM settlement.mark_payout(in_payout_id, 'paid', in_bank_reference);
    RETURN (SELECT e.entry_id FROM ledger.entries e
            WHERE e.kind = 'payout' AND e.reference = in_payout_id::text);
END
$$;
COMMENT ON FUNCTION bank.confirm_payout(uuid, text) IS 'the money has left our account (O8)';

-- Rejected when it never left, returned when it came back.
CREATE OR REPLACE FUNCTION bank.return_payout(in_payout_id uuid, in_reason text,
    in_bank_reference text)
RETURNS uuid LANGUAGE plpgsql AS $$
BEGIN
    PERFORM settlement.return_payout(in_payout_id, in_reason, in_bank_reference);
    RETURN (SELECT e.entry_id FROM ledger.entries e
            WHERE e.kind = 'payout_return' AND e.reference = in_payout_id::text);
END
$$;
COMMENT ON FUNCTION bank.return_payout(uuid, text, text) IS
    'the payee is owed the amount again (O8)';
