-- SPDX-License-Identifier: GPL-3.0-or-later
-- Statements against the books: what banks said is what funds_held got for it.

-- Entries of statements whose money was booked in a range. Bank entries are read whole; they carry
-- no transaction's number.
CREATE FUNCTION audit.bank_entries(in_range audit.range)
RETURNS TABLE (entry_id bigint, iban text, reference text, amount bigint, currency text, state text,
    batch_id text, ledger_id uuid, payout_id uuid, debit_id uuid)
LANGUAGE sql STABLE AS $$
    SELECT b.entry_id, a.iban, concat_ws(' ', a.iban, b.entry_key, b.part), b.amount::bigint, b.currency,
           b.state, b.batch_id, b.ledger_id, b.payout_id, b.debit_id
    FROM bank.entries b JOIN bank.accounts a ON a.account_id = b.account_id
    WHERE b.amount <> 0 AND (in_range.after_xact = 0
          OR b.ledger_id IN (SELECT e.entry_id FROM audit.entries(in_range) e))
$$;
COMMENT ON FUNCTION audit.bank_entries IS 'what statements said, of a range';

-- Under which marks the ledger must have each: its own, those of the lines of a file that the bank
-- collected or paid in one sum, or its payout's.
CREATE FUNCTION audit.bank_bookings(in_range audit.range)
RETURNS TABLE (entry_id bigint, kind text, reference text) LANGUAGE sql STABLE AS $$
    SELECT b.entry_id, k.kind, b.reference FROM audit.bank_entries(in_range) b
    CROSS JOIN (VALUES ('deposit'), ('receipt'), ('direct_debit_return')) k (kind)
    WHERE b.state NOT IN ('paid', 'returned')
    UNION ALL
    SELECT b.entry_id, 'deposit', b.reference || ' ' || l.line
    FROM audit.bank_entries(in_range) b
    JOIN bank.files f ON b.batch_id IN (f.message_id, f.message_id || '-1')
    JOIN bank.file_lines l ON l.file_id = f.file_id
    WHERE b.state = 'collected' AND b.debit_id IS NULL
    UNION ALL
    SELECT b.entry_id, CASE b.state WHEN 'paid' THEN 'payout' ELSE 'payout_return' END,
           b.payout_id::text
    FROM audit.bank_entries(in_range) b WHERE b.state IN ('paid', 'returned')
    UNION ALL
    -- A sum pays the lines that nobody had paid before: all in its own transaction.
    SELECT b.entry_id, e.kind, e.reference
    FROM audit.bank_entries(in_range) b
    JOIN bank.files f ON b.batch_id IN (f.message_id, f.message_id || '-1')
    JOIN bank.file_lines l ON l.file_id = f.file_id
    JOIN ledger.entries s ON s.entry_id = b.ledger_id
    JOIN ledger.entries e ON e.kind = 'payout' AND e.reference = l.payout_id::text
                          AND e.xact_id = s.xact_id
    WHERE b.state = 'paid' AND b.payout_id IS NULL
      AND NOT EXISTS (SELECT FROM bank.entries o WHERE o.payout_id = l.payout_id
                      AND o.state = 'paid' AND o.entry_id < b.entry_id)
$$;
COMMENT ON FUNCTION audit.bank_bookings IS 'where the ledger must have what statements said';

CREATE FUNCTION audit.check_bank(in_range audit.range)
RETURNS SETOF audit.finding LANGUAGE sql STABLE AS $$
    WITH booked AS (
        SELECT d.entry_id, p.currency, -sum(p.amount) AS amount
        FROM audit.bank_bookings(in_range) d
        JOIN ledger.entries e ON e.kind = d.kind AND e.reference = d.reference
        JOIN ledger.postings p ON p.entry_id = e.entry_id AND p.account = 'funds_held'
        GROUP BY 1, 2
    )
    SELECT 'bank_entry', 'entry ' || b.entry_id || ' of ' || b.iban, b.amount || ' ' || b.currency,
           coalesce(k.amount || ' ' || k.currency, 'not booked')
    FROM audit.bank_entries(in_range) b LEFT JOIN booked k ON k.entry_id = b.entry_id
    WHERE (k.amount, k.currency) IS DISTINCT FROM (b.amount::numeric, b.currency)
    UNION ALL
    SELECT 'bank_entry_missing', concat_ws(' ', e.kind, e.entry_id), 'an entry of a statement', 'none'
    FROM audit.entries(in_range) e
    WHERE e.kind IN ('receipt', 'direct_debit_return')
      AND NOT EXISTS (SELECT FROM bank.entries b JOIN bank.accounts a ON a.account_id = b.account_id
                      WHERE concat_ws(' ', a.iban, b.entry_key, b.part) = e.reference)
$$;
COMMENT ON FUNCTION audit.check_bank IS 'what banks said is what was booked on funds held';
