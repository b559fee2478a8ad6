-- SPDX-License-Identifier: GPL-3.0-or-later
-- Statements, entry by entry. What was read before changes nothing.

-- The number of a statement of one of our accounts, new or known. NULL: the account is not ours.
CREATE OR REPLACE FUNCTION bank.open_statement(in_kind text, in_iban text, in_currency text,
    in_statement_id text, in_page text, in_made_at text)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_account_id       int;
    v_statement_number bigint;
BEGIN
    SELECT a.account_id INTO v_account_id FROM bank.accounts a
    WHERE a.iban = in_iban AND (in_currency IS NULL OR a.currency = in_currency)
    ORDER BY a.is_default DESC, a.account_id LIMIT 1 FOR UPDATE;
    IF v_account_id IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO bank.statements (account_id, kind, statement_id, page, made_at)
    VALUES (v_account_id, in_kind, in_statement_id, in_page, in_made_at)
    ON CONFLICT DO NOTHING RETURNING statement_number INTO v_statement_number;
    IF v_statement_number IS NULL THEN
        SELECT s.statement_number INTO v_statement_number FROM bank.statements s
        WHERE s.account_id = v_account_id AND s.kind = in_kind
          AND s.statement_id = in_statement_id AND s.page = in_page AND s.made_at = in_made_at;
    END IF;
    RETURN v_statement_number;
END
$$;
COMMENT ON FUNCTION bank.open_statement IS 'begins, or goes on, with a statement';

CREATE OR REPLACE FUNCTION bank.close_statement(in_statement_number bigint)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE bank.statements s SET complete = true WHERE s.statement_number = in_statement_number
$$;
COMMENT ON FUNCTION bank.close_statement(bigint) IS 'the statement was read to its end';

-- The key under which an entry is to be kept, and why it needs a closer look. The same reference,
-- direction and amount in another statement of the same day is the same entry (key NULL: known);
-- on another day or at another place of the same statement it is another one, for staff.
CREATE OR REPLACE FUNCTION bank.key_of(in_entry bank.entries, OUT entry_key text, OUT reason text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_known bank.entries;
BEGIN
    SELECT * INTO v_known FROM bank.entries e
    WHERE e.account_id = in_entry.account_id AND e.entry_key = in_entry.entry_key LIMIT 1;
    entry_key := in_entry.entry_key;
    IF v_known.entry_id IS NULL THEN
        RETURN;
    ELSIF v_known.statement_number = in_entry.statement_number
       AND v_known.position = in_entry.position THEN
        IF EXISTS (SELECT FROM bank.entries e WHERE e.account_id = in_entry.account_id
                   AND e.entry_key = in_entry.entry_key AND e.part = in_entry.part) THEN
            entry_key := NULL;
        END IF;
    ELSIF v_known.statement_number <> in_entry.statement_number
          AND coalesce(v_known.booked_on = in_entry.booked_on, true) THEN
        entry_key := NULL;
    ELSE
        entry_key := format('%s again in %s at %s', in_entry.entry_key,
                            in_entry.statement_number, in_entry.position);
        reason := format('the bank''s reference is that of entry %s too', v_known.entry_id);
        IF EXISTS (SELECT FROM bank.entries e WHERE e.account_id = in_entry.account_id
                   AND e.entry_key = key_of.entry_key AND e.part = in_entry.part) THEN
            entry_key := NULL;
        END IF;
    END IF;
END
$$;
COMMENT ON FUNCTION bank.key_of IS 'how an entry is kept; NULL: it was booked before';

-- Books entries of a statement, in their order, each once; says how many came to what: the states
-- of bank.entries, and 'known'. in_problems: what the reader found wrong with one; NULL: nothing.
-- Locks: the account, so that nobody else reads a statement of it.
CREATE OR REPLACE FUNCTION bank.read_entries(in_statement_number bigint, in_positions int[],
    in_parts int[], in_keys text[], in_amounts bigint[], in_amount_texts text[],
    in_currencies text[], in_booked_on text[], in_reversals boolean[], in_returns boolean[],
    in_end_to_end_ids text[], in_batch_ids text[], in_bank_references text[],
    in_party_names text[], in_party_ibans text[], in_remittances text[], in_reasons text[],
    in_problems text[])
RETURNS TABLE (state text, count bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_account bank.accounts;
    v_entry   bank.entries;
    v_problem text;
    v_key     record;
    v_counts  jsonb := '{}';
BEGIN
    SELECT a.* INTO STRICT v_account FROM bank.accounts a
    JOIN bank.statements s ON s.account_id = a.account_id
    WHERE s.statement_number = in_statement_number FOR UPDATE OF a;
    FOR v_entry.position, v_entry.part, v_entry.entry_key, v_entry.amount, v_entry.amount_text,
        v_entry.currency, v_entry.booked_on, v_entry.is_reversal, v_entry.is_return,
        v_entry.end_to_end_id, v_entry.batch_id, v_entry.bank_reference, v_entry.party_name,
        v_entry.party_iban, v_entry.remittance, v_entry.reason, v_problem IN
        SELECT i.position, i.part, i.entry_key, i.amount, i.amount_text, i.currency,
               i.booked_on::date, i.is_reversal, i.is_return, i.end_to_end_id, i.batch_id,
               i.bank_reference, i.party_name, i.party_iban, i.remittance, i.reason, i.problem
        FROM unnest(in_positions, in_parts, in_keys, in_amounts, in_amount_texts, in_currencies,
                    in_booked_on, in_reversals, in_returns, in_end_to_end_ids, in_batch_ids,
                    in_bank_references, in_party_names, in_party_ibans, in_remittances, in_reasons,
                    in_problems) WITH ORDINALITY
             AS i (position, part, entry_key, amount, amount_text, currency, booked_on, is_reversal,
                   is_return, end_to_end_id, batch_id, bank_reference, party_name, party_iban,
                   remittance, reason, problem, n) ORDER BY i.n
    LOOP
        v_entry.account_id := v_account.account_id;
        v_entry.statement_number := in_statement_number;
        v_key := bank.key_of(v_entry);
        IF v_key.entry_key IS NULL THEN
            v_entry.state := 'known';
        ELSE
            v_entry.entry_key := v_key.entry_key;
            v_entry.state := bank.take_entry(v_entry, coalesce(v_problem, v_key.reason,
                CASE WHEN v_entry.currency <> v_account.currency
                     THEN 'its currency is not the account''s' END));
        END IF;
        v_counts := v_counts || jsonb_build_object(v_entry.state,
            coalesce((v_counts ->> v_entry.state)::bigint, 0) + 1);
    END LOOP;
    RETURN QUERY SELECT c.key, c.value::bigint FROM jsonb_each_text(v_counts) c ORDER BY c.key;
END
$$;
COMMENT ON FUNCTION bank.read_entries IS 'books a slice of a statement, each entry once (U3, O8)';

-- One new entry; returns what was made of it.
CREATE OR REPLACE FUNCTION bank.take_entry(in_entry bank.entries, in_problem text)
RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger.currencies c WHERE c.currency = in_entry.currency) THEN
        in_entry.amount := NULL;
    END IF;
    in_entry.state := CASE WHEN in_entry.amount = 0 THEN 'ignored' ELSE 'queued' END;
    INSERT INTO bank.entries (account_id, entry_key, part, statement_number, position, amount,
        amount_text, currency, booked_on, is_reversal, is_return, end_to_end_id, batch_id,
        bank_reference, party_name, party_iban, remittance, state, reason)
    SELECT in_entry.account_id, in_entry.entry_key, in_entry.part, in_entry.statement_number,
        in_entry.position, in_entry.amount, in_entry.amount_text, in_entry.currency,
        in_entry.booked_on, in_entry.is_reversal, in_entry.is_return, in_entry.end_to_end_id,
        in_entry.batch_id, in_entry.bank_reference, in_entry.party_name, in_entry.party_iban,
        in_entry.remittance, in_entry.state, in_entry.reason
    RETURNING entry_id INTO in_entry.entry_id;
    IF in_entry.state = 'ignored' THEN
        RETURN in_entry.state;
    ELSIF in_problem IS NOT NULL OR in_entry.amount IS NULL THEN
        PERFORM bank.enqueue(in_entry, coalesce(in_problem, 'no amount in a currency of ours'));
    ELSE
        PERFORM bank.match(in_entry);
    END IF;
    RETURN (SELECT e.state FROM bank.entries e WHERE e.entry_id = in_entry.entry_id);
END
$$;
COMMENT ON FUNCTION bank.take_entry(bank.entries, text) IS 'keeps a new entry, and books it';
