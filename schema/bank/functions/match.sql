-- SPDX-License-Identifier: GPL-3.0-or-later
-- What an entry of a statement is: each function below looks for one thing it may be, books it and
-- returns true, or returns false and leaves it to the next. What nobody knows is queued.
-- Amounts: received is positive, paid negative.

-- Writes down what was made of an entry.
CREATE OR REPLACE FUNCTION bank.conclude(in_entry_id bigint, in_state text,
    in_reason text DEFAULT NULL, in_ledger_id uuid DEFAULT NULL, in_user_id bigint DEFAULT NULL,
    in_payout_id uuid DEFAULT NULL, in_debit_id uuid DEFAULT NULL)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    UPDATE bank.entries e
    SET state = in_state, reason = in_reason, ledger_id = in_ledger_id, user_id = in_user_id,
        payout_id = in_payout_id, debit_id = in_debit_id
    WHERE e.entry_id = in_entry_id;
    RETURN true;
END
$$;
COMMENT ON FUNCTION bank.conclude IS 'what was made of an entry of a statement';

-- The mark in the ledger, of this kind once.
CREATE OR REPLACE FUNCTION bank.ledger_reference(in_entry bank.entries)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT a.iban || ' ' || in_entry.entry_key || ' ' || in_entry.part
    FROM bank.accounts a WHERE a.account_id = in_entry.account_id
$$;
COMMENT ON FUNCTION bank.ledger_reference(bank.entries) IS 'account, entry and part';

-- Books an entry between two accounts; the first gets its amount. Of which kind, the caller says.
CREATE OR REPLACE FUNCTION bank.book(in_kind text, in_entry bank.entries, in_account text,
    in_holder bigint, in_against text)
RETURNS uuid LANGUAGE sql AS $$
    SELECT ledger.book(in_kind, bank.ledger_reference(in_entry),
        CASE WHEN in_entry.debit_id IS NULL THEN 'bank_transfer' ELSE 'direct_debit' END,
        ARRAY[in_against, in_account], ARRAY[0, in_holder], in_entry.currency,
        ARRAY[-in_entry.amount, in_entry.amount]::bigint[])
$$;
COMMENT ON FUNCTION bank.book IS 'an entry of the ledger for one of a statement';

-- To staff, with the reason; the money is booked as not matched.
CREATE OR REPLACE FUNCTION bank.enqueue(in_entry bank.entries, in_reason text)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN bank.conclude(in_entry.entry_id, 'queued', in_reason,
        CASE WHEN in_entry.amount IS NOT NULL
             THEN bank.book('receipt', in_entry, 'unmatched_receipts', 0, 'funds_held') END);
END
$$;
COMMENT ON FUNCTION bank.enqueue IS 'leaves an entry to staff, its money unmatched';

-- A payout: its debit confirms it, money with its ID came back.
CREATE OR REPLACE FUNCTION bank.match_payout(in_entry bank.entries)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_payout settlement.payouts;
    v_state  constant text := CASE WHEN in_entry.amount < 0 THEN 'paid' ELSE 'returned' END;
BEGIN
    SELECT * INTO v_payout FROM settlement.payouts p
    WHERE p.end_to_end_id = in_entry.end_to_end_id AND p.method = 'credit_transfer' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    ELSIF v_payout.currency <> in_entry.currency OR v_payout.amount <> abs(in_entry.amount) THEN
        RETURN bank.enqueue(in_entry, format('payout %s is of another amount', v_payout.payout_id));
    ELSIF in_entry.amount < 0 AND v_payout.state = 'sent' THEN
        RETURN bank.conclude(in_entry.entry_id, 'paid', in_payout_id => v_payout.payout_id,
            in_ledger_id => bank.confirm_payout(v_payout.payout_id, in_entry.bank_reference));
    ELSIF in_entry.amount > 0 AND v_payout.state = 'paid' THEN
        RETURN bank.conclude(in_entry.entry_id, 'returned', in_entry.reason,
            in_payout_id => v_payout.payout_id,
            in_ledger_id => bank.return_payout(v_payout.payout_id, in_entry.reason,
                                               in_entry.bank_reference));
    ELSIF v_payout.state = v_state AND NOT EXISTS (
              SELECT FROM bank.entries e
              WHERE e.payout_id = v_payout.payout_id AND e.state = v_state) THEN
        -- Staff had said so before the bank did.
        RETURN bank.conclude(in_entry.entry_id, v_state, in_entry.reason,
            in_payout_id => v_payout.payout_id,
            in_ledger_id => bank.payout_entry(v_payout.payout_id, v_state));
    END IF;
    RETURN bank.enqueue(in_entry, format('payout %s is %s', v_payout.payout_id, v_payout.state));
END
$$;
COMMENT ON FUNCTION bank.match_payout(bank.entries) IS 'confirms or returns a payout (O8)';

-- A direct debit: collected, it is a deposit; the bank may take it back.
CREATE OR REPLACE FUNCTION bank.match_debit(in_entry bank.entries)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_debit bank.debits;
BEGIN
    SELECT * INTO v_debit FROM bank.debits d
    WHERE d.end_to_end_id = in_entry.end_to_end_id FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    ELSIF v_debit.currency <> in_entry.currency OR v_debit.amount <> abs(in_entry.amount) THEN
        RETURN bank.enqueue(in_entry, format('debit %s is of another amount', v_debit.debit_id));
    ELSIF in_entry.amount > 0 AND v_debit.state = 'sent' THEN
        RETURN bank.conclude(in_entry.entry_id, 'collected', in_user_id => v_debit.user_id,
            in_debit_id => v_debit.debit_id,
            in_ledger_id => bank.collect(v_debit, bank.ledger_reference(in_entry)));
    ELSIF in_entry.amount < 0 AND v_debit.state = 'collected' THEN
        PERFORM bank.fail_debit(v_debit, 'returned', in_entry.reason);
        in_entry.debit_id := v_debit.debit_id;
        RETURN bank.conclude(in_entry.entry_id, 'debit_returned', in_entry.reason,
            in_user_id => v_debit.user_id, in_debit_id => v_debit.debit_id,
            in_ledger_id => bank.book('direct_debit_return', in_entry, 'user_wallet',
                                      v_debit.user_id, 'funds_held'));
    END IF;
    RETURN bank.enqueue(in_entry, format('debit %s is %s', v_debit.debit_id, v_debit.state));
END
$$;
COMMENT ON FUNCTION bank.match_debit(bank.entries) IS 'collects or returns a direct debit (U3, U4)';

-- A collected debit as its user's deposit.
CREATE OR REPLACE FUNCTION bank.collect(in_debit bank.debits, in_reference text)
RETURNS uuid LANGUAGE plpgsql AS $$
BEGIN
    UPDATE bank.debits d SET state = 'collected', changed_at = now()
    WHERE d.debit_id = in_debit.debit_id;
    RETURN (SELECT r.entry_id FROM account.users u,
                   account.receive_funds(u.login_name, in_debit.currency, in_debit.amount,
                                         'direct_debit', in_reference) r
            WHERE u.user_id = in_debit.user_id);
END
$$;
COMMENT ON FUNCTION bank.collect(bank.debits, text) IS 'books a direct debit that was collected';

-- A debit that failed ends its mandate: nothing more is tried before the user agrees again.
CREATE OR REPLACE FUNCTION bank.fail_debit(in_debit bank.debits, in_state text, in_reason text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE bank.debits d SET state = in_state, reason = in_reason, changed_at = now()
    WHERE d.debit_id = in_debit.debit_id;
    UPDATE bank.mandates m SET ended_at = coalesce(m.ended_at, now())
    WHERE m.mandate_id = in_debit.mandate_id;
END
$$;
COMMENT ON FUNCTION bank.fail_debit IS 'a rejected or returned direct debit';

-- One sum for a whole file of ours, whose payments the entry does not list.
CREATE OR REPLACE FUNCTION bank.match_batch(in_entry bank.entries)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_file bank.files;
    v_sum  numeric;
    v_last uuid;
BEGIN
    SELECT * INTO v_file FROM bank.files f
    WHERE in_entry.batch_id IN (f.message_id, f.message_id || '-1')
      AND in_entry.part = 0 AND in_entry.end_to_end_id IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT sum(CASE WHEN p.payout_id IS NULL THEN d.amount ELSE -p.amount END) INTO v_sum
    FROM bank.file_lines l LEFT JOIN settlement.payouts p ON p.payout_id = l.payout_id
    LEFT JOIN bank.debits d ON d.debit_id = l.debit_id
    WHERE l.file_id = v_file.file_id AND coalesce(p.state, d.state) = 'sent';
    IF v_sum IS DISTINCT FROM in_entry.amount THEN
        RETURN bank.enqueue(in_entry, format('%s has %s outstanding', v_file.message_id,
                                             coalesce(v_sum, 0) / 1000000));
    END IF;
    SELECT max(CASE WHEN p.payout_id IS NULL
                    THEN bank.collect(d, bank.ledger_reference(in_entry) || ' ' || l.line)
                    ELSE bank.confirm_payout(p.payout_id, in_entry.bank_reference) END::text)::uuid
    INTO v_last
    FROM bank.file_lines l LEFT JOIN settlement.payouts p ON p.payout_id = l.payout_id
    LEFT JOIN bank.debits d ON d.debit_id = l.debit_id
    WHERE l.file_id = v_file.file_id AND coalesce(p.state, d.state) = 'sent';
    RETURN bank.conclude(in_entry.entry_id,
        CASE v_file.kind WHEN 'direct_debit' THEN 'collected' ELSE 'paid' END,
        in_ledger_id => v_last);
END
$$;
COMMENT ON FUNCTION bank.match_batch(bank.entries) IS 'confirms all payments of a file (O8)';
