-- SPDX-License-Identifier: GPL-3.0-or-later
-- Status reports (pain.002): what the bank accepted and what it rejected.

-- Takes one status of a file of ours: of the whole (in_end_to_end_id NULL) or of one payment.
-- Returns how many payments it rejected. Only what is still sent is: repeating changes nothing, and
-- what a statement said counts more. -1: no file, or no payment in it, of that name.
-- Locks: the file, then its payments.
CREATE OR REPLACE FUNCTION bank.read_status(in_message_id text, in_end_to_end_id text,
    in_is_rejected boolean, in_reason text)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_file  bank.files;
    v_line  record;
    v_lines int := 0;
    v_count int := 0;
BEGIN
    SELECT * INTO v_file FROM bank.files f WHERE f.message_id = in_message_id FOR UPDATE;
    IF NOT FOUND THEN
        RETURN -1;
    END IF;
    FOR v_line IN
        SELECT p.payout_id, d AS debit, coalesce(p.state, d.state) AS state
        FROM bank.file_lines l LEFT JOIN settlement.payouts p ON p.payout_id = l.payout_id
        LEFT JOIN bank.debits d ON d.debit_id = l.debit_id
        WHERE l.file_id = v_file.file_id
          AND (in_end_to_end_id IS NULL
               OR in_end_to_end_id = coalesce(p.end_to_end_id, d.end_to_end_id))
        ORDER BY l.line
    LOOP
        v_lines := v_lines + 1;
        CONTINUE WHEN v_line.state <> 'sent' OR NOT in_is_rejected;
        IF v_line.payout_id IS NOT NULL THEN
            PERFORM bank.return_payout(v_line.payout_id, in_reason, NULL);
        ELSE
            PERFORM bank.fail_debit(v_line.debit, 'rejected', in_reason);
        END IF;
        v_count := v_count + 1;
    END LOOP;
    IF v_lines = 0 THEN
        RETURN -1;
    END IF;
    UPDATE bank.files f
    SET state = CASE WHEN in_is_rejected AND (in_end_to_end_id IS NULL OR f.count = 1)
                     THEN 'rejected'
                     WHEN in_is_rejected THEN 'in_part'
                     WHEN in_end_to_end_id IS NULL AND f.state IN ('recorded', 'written')
                     THEN 'accepted' ELSE f.state END
    WHERE f.file_id = v_file.file_id;
    RETURN v_count;
END
$$;
COMMENT ON FUNCTION bank.read_status IS 'a status report on a file (O8)';
