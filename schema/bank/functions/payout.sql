-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the bank's word does to a payout; each gives the ledger's entry.

CREATE OR REPLACE FUNCTION bank.payout_entry(in_payout_id uuid, in_state text)
RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT e.entry_id FROM ledger.entries e
    WHERE e.kind = CASE in_state WHEN 'paid' THEN 'payout' ELSE 'payout_return' END
      AND e.reference = in_payout_id::text
$$;
COMMENT ON FUNCTION bank.payout_entry(uuid, text) IS 'where the ledger says that it was paid or came back';

CREATE OR REPLACE FUNCTION bank.confirm_payout(in_payout_id uuid, in_bank_reference text)
RETURNS uuid LANGUAGE plpgsql AS $$
BEGIN
    PERFORM settlement.mark_payout(in_payout_id, 'paid', in_bank_reference);
    RETURN bank.payout_entry(in_payout_id, 'paid');
END
$$;
COMMENT ON FUNCTION bank.confirm_payout(uuid, text) IS 'the money has left our account (O8)';

-- Rejected when it never left, returned when it came back.
CREATE OR REPLACE FUNCTION bank.return_payout(in_payout_id uuid, in_reason text,
    in_bank_reference text)
RETURNS uuid LANGUAGE plpgsql AS $$
BEGIN
    PERFORM settlement.return_payout(in_payout_id, in_reason, in_bank_reference);
    RETURN bank.payout_entry(in_payout_id, 'returned');
END
$$;
COMMENT ON FUNCTION bank.return_payout(uuid, text, text) IS
    'the payee is owed the amount again (O8)';
