-- SPDX-License-Identifier: GPL-3.0-or-later
-- Booking entries. Every entry but a sale is made here, together with the balances it changes.

-- Raises FT031.
CREATE OR REPLACE FUNCTION ledger.require_currency(in_currency text)
RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger.currencies c WHERE c.currency = in_currency) THEN
        PERFORM farthing.refuse('FT031', in_currency);
    END IF;
END
$$;
COMMENT ON FUNCTION ledger.require_currency(text) IS 'refuses a code that is not of ISO 4217';

-- Books an entry of parallel accounts, holders and amounts (10^-6) in one currency, and changes
-- the wallets among them; makes a wallet that does not exist. Returns the entry's ID; for a
-- reference of this kind that was booked before with the same method and lines, the first one's.
-- Raises FT032 (does not sum to zero), FT009 (same reference, other method or lines).
-- Locks: the reference, then the wallets in key order.
CREATE OR REPLACE FUNCTION ledger.book(in_kind text, in_reference text, in_method text,
    in_accounts text[], in_holders bigint[], in_currency text, in_amounts bigint[])
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    v_entry_id uuid := purchase.new_transaction_id();
    v_booked   uuid;
BEGIN
    INSERT INTO ledger.entries (entry_id, kind, reference, method)
    VALUES (v_entry_id, in_kind, in_reference, in_method)
    ON CONFLICT (kind, reference) DO NOTHING RETURNING entry_id INTO v_booked;
    IF v_booked IS NULL THEN
        SELECT e.entry_id INTO v_booked FROM ledger.entries e
        WHERE e.kind = in_kind AND e.reference = in_reference;
        IF EXISTS (SELECT e.method, p.line, p.account, p.holder, p.currency, p.amount
                   FROM ledger.entries e JOIN ledger.postings p ON p.entry_id = e.entry_id
                   WHERE e.entry_id = v_booked
                   EXCEPT
                   SELECT in_method, i.line, i.account, i.holder, in_currency, i.amount
                   FROM unnest(in_accounts, in_holders, in_amounts) WITH ORDINALITY
                        AS i (account, holder, amount, line)) THEN
            PERFORM farthing.refuse('FT009', in_reference);
        END IF;
        RETURN v_booked;
    END IF;

    INSERT INTO ledger.postings (entry_id, line, account, holder, currency, amount)
    SELECT v_entry_id, i.line, i.account, i.holder, in_currency, i.amount
    FROM unnest(in_accounts, in_holders, in_amounts) WITH ORDINALITY
         AS i (account, holder, amount, line);

    INSERT INTO account.wallets AS w (user_id, currency, balance)
    SELECT i.holder, in_currency, sum(i.amount)
    FROM unnest(in_accounts, in_holders, in_amounts) AS i (account, holder, amount)
    WHERE i.account = 'user_wallet' GROUP BY i.holder ORDER BY i.holder
    ON CONFLICT (user_id, currency) DO UPDATE SET balance = w.balance + excluded.balance;
    RETURN v_entry_id;
END
$$;
COMMENT ON FUNCTION ledger.book IS 'books an entry once and changes the balances it names (O10)';

-- Refuses postings that do not sum to zero for each entry and currency. An entry's lines come in
-- one statement, so a statement is what is checked.
CREATE OR REPLACE FUNCTION ledger.refuse_unbalanced()
RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_entry_id uuid;
BEGIN
    SELECT n.entry_id INTO v_entry_id FROM new_postings n
    GROUP BY n.entry_id, n.currency HAVING sum(n.amount) <> 0 LIMIT 1;
    IF FOUND THEN
        PERFORM farthing.refuse('FT032', v_entry_id::text);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION ledger.refuse_unbalanced() IS 'every entry sums to zero (O10)';

CREATE OR REPLACE TRIGGER postings_balance AFTER INSERT ON ledger.postings
    REFERENCING NEW TABLE AS new_postings
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_unbalanced();
