-- SPDX-License-Identifier: GPL-3.0-or-later
-- What statements booked that nothing matched: staff say what it is.

CREATE OR REPLACE FUNCTION bank.list_queue(in_after bigint, in_limit int)
RETURNS TABLE (entry_id bigint, booked_on text, amount bigint, amount_text text, currency text,
    party_name text, party_iban text, end_to_end_id text, remittance text, reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.entry_id, e.booked_on::text, e.amount::bigint, e.amount_text, e.currency,
           e.party_name, e.party_iban, e.end_to_end_id, e.remittance, e.reason
    FROM bank.entries e WHERE e.state = 'queued' AND e.entry_id > in_after
    ORDER BY e.entry_id LIMIT in_limit
$$;
COMMENT ON FUNCTION bank.list_queue(bigint, int) IS 'entries that wait for staff, oldest first';

-- A queued receipt is a user's deposit. Returns the ledger's entry; the same again, the same.
-- Raises FT029, FT005 (no such entry), FT010 (not queued, or not a receipt).
CREATE OR REPLACE FUNCTION bank.assign(in_entry_id bigint, in_login_name text)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_user_id bigint := account.require_user(in_login_name);
    v_entry   bank.entries := bank.require_entry(in_entry_id);
BEGIN
    IF v_entry.state = 'assigned' AND v_entry.user_id = v_user_id THEN
        RETURN v_entry.ledger_id;
    END IF;
    IF v_entry.state <> 'queued' OR (v_entry.amount > 0) IS NOT TRUE THEN
        PERFORM farthing.refuse('FT010', v_entry.state);
    END IF;
    v_entry.ledger_id := bank.book('deposit', v_entry, 'user_wallet', v_user_id,
                                   'unmatched_receipts');
    PERFORM bank.conclude(in_entry_id, 'assigned', v_entry.reason, v_entry.ledger_id, v_user_id);
    RETURN v_entry.ledger_id;
END
$$;
COMMENT ON FUNCTION bank.assign(bigint, text) IS 'a receipt is a user''s deposit (U3)';

-- A queued entry is nothing of Farthing's, such as a bank's fee: its amount stays among unmatched
-- receipts, for the provider's other books. Raises FT005, FT010.
CREATE OR REPLACE FUNCTION bank.dismiss(in_entry_id bigint, in_reason text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_entry bank.entries := bank.require_entry(in_entry_id);
BEGIN
    IF v_entry.state <> 'queued' THEN
        PERFORM farthing.refuse('FT010', v_entry.state);
    END IF;
    PERFORM bank.conclude(in_entry_id, 'dismissed', in_reason, v_entry.ledger_id);
END
$$;
COMMENT ON FUNCTION bank.dismiss(bigint, text) IS 'an entry needs no more of us';

CREATE OR REPLACE FUNCTION bank.require_entry(in_entry_id bigint)
RETURNS bank.entries LANGUAGE plpgsql AS $$
DECLARE
    v_entry bank.entries;
BEGIN
    SELECT * INTO v_entry FROM bank.entries e WHERE e.entry_id = in_entry_id FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT005', in_entry_id::text);
    END IF;
    RETURN v_entry;
END
$$;
COMMENT ON FUNCTION bank.require_entry(bigint) IS 'an entry of a statement, locked';
