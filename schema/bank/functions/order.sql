-- SPDX-License-Identifier: GPL-3.0-or-later
-- Files of payments: what is due goes into one file, once.

-- Records a file of all payouts that are due in the account's currency, and sends them: both or
-- neither. NULL: nothing is due. Raises FT010 (no such account).
-- Locks: the account, then the payouts; those that another run has are its own.
CREATE OR REPLACE FUNCTION bank.order_transfers(in_account_id int, in_currency text,
    in_version text, in_execute_on text)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_account bank.accounts := bank.require_own_account(in_account_id, in_currency);
    v_ids     uuid[];
    v_file_id int;
BEGIN
    SELECT array_agg(d.payout_id ORDER BY d.created_at, d.payout_id) INTO v_ids
    FROM (SELECT p.payout_id, p.created_at FROM settlement.payouts p
          WHERE p.state = 'due' AND p.method = 'credit_transfer'
            AND p.currency = v_account.currency
          FOR NO KEY UPDATE SKIP LOCKED) d;
    IF v_ids IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE settlement.payouts p SET state = 'sent', changed_at = now()
    WHERE p.payout_id = ANY (v_ids);
    v_file_id := bank.record_file(v_account, 'credit_transfer', in_version, in_execute_on,
        cardinality(v_ids),
        (SELECT sum(p.amount) FROM settlement.payouts p WHERE p.payout_id = ANY (v_ids)));
    INSERT INTO bank.file_lines (file_id, line, payout_id)
    SELECT v_file_id, i.line, i.payout_id
    FROM unnest(v_ids) WITH ORDINALITY AS i (payout_id, line);
    RETURN v_file_id;
END
$$;
COMMENT ON FUNCTION bank.order_transfers IS 'a file of the payouts that are due (O8)';

-- Bills what users with a mandate owe (U4), and records a file of all debits that are due. NULL:
-- none is. Raises FT010 (no such account, or one without creditor ID).
-- Locks: the account, then the debits.
CREATE OR REPLACE FUNCTION bank.order_debits(in_account_id int, in_currency text,
    in_execute_on text)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_account bank.accounts := bank.require_own_account(in_account_id, in_currency);
    v_ids     uuid[];
    v_file_id int;
BEGIN
    IF v_account.creditor_id IS NULL THEN
        PERFORM farthing.refuse('FT010', 'creditor ID');
    END IF;
    PERFORM bank.make_debit(o.mandate, o.amount, 'bill')
    FROM (SELECT m AS mandate, bank.whole_minor(-w.balance - coalesce((
                     SELECT sum(d.amount) FROM bank.debits d
                     WHERE d.user_id = m.user_id AND d.currency = m.currency
                       AND d.state IN ('due', 'sent')), 0)::bigint, m.currency) AS amount
          FROM bank.mandates m
          JOIN account.wallets w ON w.user_id = m.user_id AND w.currency = m.currency
          WHERE m.currency = v_account.currency AND m.ended_at IS NULL AND w.balance < 0) o
    WHERE o.amount > 0;
    SELECT array_agg(d.debit_id ORDER BY d.debit_id) INTO v_ids
    FROM bank.debits d JOIN bank.mandates m ON m.mandate_id = d.mandate_id
    WHERE d.state = 'due' AND d.currency = v_account.currency AND m.ended_at IS NULL;
    IF v_ids IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE bank.debits d SET state = 'sent', changed_at = now() WHERE d.debit_id = ANY (v_ids);
    v_file_id := bank.record_file(v_account, 'direct_debit', 'pain.008.001.08', in_execute_on,
        cardinality(v_ids),
        (SELECT sum(d.amount) FROM bank.debits d WHERE d.debit_id = ANY (v_ids)));
    INSERT INTO bank.file_lines (file_id, line, debit_id)
    SELECT v_file_id, i.line, i.debit_id
    FROM unnest(v_ids) WITH ORDINALITY AS i (debit_id, line);
    RETURN v_file_id;
END
$$;
COMMENT ON FUNCTION bank.order_debits IS 'a file of the direct debits that are due (U3, U4)';

CREATE OR REPLACE FUNCTION bank.record_file(in_account bank.accounts, in_kind text,
    in_version text, in_execute_on text, in_count int, in_total numeric)
RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    v_file_id int := nextval(pg_get_serial_sequence('bank.files', 'file_id'));
BEGIN
    INSERT INTO bank.files (file_id, message_id, kind, version, account_id, execute_on, count,
                            total)
    OVERRIDING SYSTEM VALUE
    VALUES (v_file_id, 'FARTHING-' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD-') || v_file_id,
            in_kind, in_version, in_account.account_id, in_execute_on::date, in_count, in_total);
    RETURN v_file_id;
END
$$;
COMMENT ON FUNCTION bank.record_file IS 'a file''s header, with a message ID of its own';

-- What the file says of itself, by its number or its message ID. No row: there is none.
CREATE OR REPLACE FUNCTION bank.find_file(in_file_id int, in_message_id text)
RETURNS TABLE (file_id int, message_id text, kind text, version text, created_at timestamptz,
    execute_on text, count int, total bigint, currency text, minor_digits int, name text,
    iban text, bic text, creditor_id text, checksum text, state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT f.file_id, f.message_id, f.kind, f.version, date_trunc('second', f.created_at),
           f.execute_on::text, f.count, f.total::bigint, a.currency, c.minor_digits, a.name,
           a.iban, a.bic, a.creditor_id, f.checksum, f.state
    FROM bank.files f JOIN bank.accounts a ON a.account_id = f.account_id
    JOIN ledger.currencies c ON c.currency = a.currency
    WHERE f.file_id = in_file_id OR f.message_id = in_message_id
$$;
COMMENT ON FUNCTION bank.find_file IS 'a file''s header';

-- The lines after in_after, at most in_limit.
CREATE OR REPLACE FUNCTION bank.list_lines(in_file_id int, in_after int, in_limit int)
RETURNS TABLE (line int, end_to_end_id text, amount bigint, name text, iban text, bic text,
    remittance text, mandate_id text, signed_on text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT l.line, coalesce(p.end_to_end_id, d.end_to_end_id),
           coalesce(p.amount, d.amount)::bigint, coalesce(p.creditor_name, m.debtor_name),
           coalesce(p.creditor_iban, m.debtor_iban), coalesce(p.creditor_bic, m.debtor_bic),
           CASE WHEN p.payout_id IS NOT NULL THEN 'Settlement ' || p.settlement_id
                ELSE 'Account ' || account.payment_reference(d.user_id) END,
           m.mandate_id, m.signed_on::text
    FROM bank.file_lines l
    LEFT JOIN settlement.payouts p ON p.payout_id = l.payout_id
    LEFT JOIN bank.debits d ON d.debit_id = l.debit_id
    LEFT JOIN bank.mandates m ON m.mandate_id = d.mandate_id
    WHERE l.file_id = in_file_id AND l.line > in_after
    ORDER BY l.line LIMIT in_limit
$$;
COMMENT ON FUNCTION bank.list_lines(int, int, int) IS 'the payments of a file, in their order';

-- The file is on a disk. Raises FT009: it was written before with other content.
CREATE OR REPLACE FUNCTION bank.written(in_file_id int, in_checksum text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE bank.files f
    SET checksum = in_checksum,
        state = CASE f.state WHEN 'recorded' THEN 'written' ELSE f.state END
    WHERE f.file_id = in_file_id AND coalesce(f.checksum, in_checksum) = in_checksum;
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT009', in_file_id::text);
    END IF;
END
$$;
COMMENT ON FUNCTION bank.written(int, text) IS 'the file is on a disk, with this checksum';
