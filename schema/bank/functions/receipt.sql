-- SPDX-License-Identifier: GPL-3.0-or-later
-- Receipts: whose deposit one is, and what the bank takes back.

-- The users whose payment reference (account.payment_reference) stands in a text, in any case, with
-- blanks or without. Digits may follow it: every length with the right check digits is looked at.
CREATE OR REPLACE FUNCTION bank.users_in(in_text text)
RETURNS bigint[] LANGUAGE sql STABLE AS $$
    WITH found AS (
        SELECT regexp_replace(m[1], '[^0-9]', '', 'g') AS digits
        FROM regexp_matches(upper(in_text), '(?:^|[^A-Z0-9])RF((?:[ ./-]?[0-9]){3,40})', 'g') m),
    candidates AS (
        SELECT DISTINCT substr(digits, 3, length)::bigint AS user_id
        FROM found, generate_series(1, least(length(digits) - 2, 18)) AS length
        WHERE substr(digits, 3, 1) <> '0'
          AND (substr(digits, 3, length) || '2715' || left(digits, 2))::numeric % 97 = 1)
    SELECT coalesce(array_agg(u.user_id ORDER BY u.user_id), '{}')
    FROM candidates JOIN account.users u USING (user_id)
$$;
COMMENT ON FUNCTION bank.users_in(text) IS 'users whose payment reference a text names (U3)';

-- A credit with exactly one user's reference is that user's deposit.
CREATE OR REPLACE FUNCTION bank.match_reference(in_entry bank.entries)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_users bigint[];
    v_login text;
BEGIN
    IF in_entry.amount < 0 OR in_entry.is_reversal OR in_entry.is_return THEN
        RETURN false;
    END IF;
    v_users := bank.users_in(in_entry.remittance);
    IF cardinality(v_users) <> 1 THEN
        RETURN cardinality(v_users) > 1
               AND bank.enqueue(in_entry, 'it may mean several users');
    END IF;
    SELECT u.login_name INTO v_login FROM account.users u WHERE u.user_id = v_users[1];
    RETURN bank.conclude(in_entry.entry_id, 'deposited', in_user_id => v_users[1],
        in_ledger_id => (SELECT r.entry_id FROM account.receive_funds(v_login, in_entry.currency,
            in_entry.amount, 'bank_transfer', bank.ledger_reference(in_entry)) r));
END
$$;
COMMENT ON FUNCTION bank.match_reference(bank.entries) IS 'books a user''s deposit (U3)';

-- A receipt that the bank takes back: the one credit with its reference and amount. The user's
-- balance may go below zero.
CREATE OR REPLACE FUNCTION bank.match_reversal(in_entry bank.entries)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_ids      bigint[];
    v_original bank.entries;
BEGIN
    IF NOT in_entry.is_reversal OR in_entry.amount > 0 THEN
        RETURN false;
    END IF;
    SELECT array_agg(e.entry_id) INTO v_ids FROM bank.entries e
    WHERE e.account_id = in_entry.account_id AND e.currency = in_entry.currency
      AND e.amount = -in_entry.amount AND e.state IN ('deposited', 'assigned', 'queued')
      AND (e.bank_reference = in_entry.bank_reference
           OR e.end_to_end_id = in_entry.end_to_end_id);
    IF v_ids IS NULL OR cardinality(v_ids) > 1 THEN
        RETURN bank.enqueue(in_entry, 'reverses a receipt that is not known');
    END IF;
    SELECT * INTO v_original FROM bank.entries e WHERE e.entry_id = v_ids[1] FOR UPDATE;
    UPDATE bank.entries e SET state = 'reversed' WHERE e.entry_id = v_original.entry_id;
    RETURN bank.conclude(in_entry.entry_id, 'reversed', in_entry.reason,
        in_user_id => v_original.user_id,
        in_ledger_id => CASE WHEN v_original.state = 'queued'
            THEN bank.book('receipt', in_entry, 'unmatched_receipts', 0, 'funds_held')
            ELSE bank.book('direct_debit_return', in_entry, 'user_wallet', v_original.user_id,
                           'funds_held') END);
END
$$;
COMMENT ON FUNCTION bank.match_reversal(bank.entries) IS 'takes back a receipt';

-- Finds out what an entry is, and books it.
CREATE OR REPLACE FUNCTION bank.match(in_entry bank.entries)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN CASE
        WHEN in_entry.end_to_end_id IS NOT NULL AND bank.match_payout(in_entry) THEN true
        WHEN in_entry.end_to_end_id IS NOT NULL AND bank.match_debit(in_entry) THEN true
        WHEN in_entry.batch_id IS NOT NULL AND bank.match_batch(in_entry) THEN true
        WHEN bank.match_reversal(in_entry) THEN true
        WHEN bank.match_reference(in_entry) THEN true
        ELSE bank.enqueue(in_entry, CASE
            WHEN in_entry.amount < 0 THEN 'no payment of ours'
            WHEN in_entry.remittance ~* '\mRF *[0-9]'
                THEN 'its reference is mistyped, or no user''s'
            ELSE 'no reference of a user' END) END;
END
$$;
COMMENT ON FUNCTION bank.match(bank.entries) IS 'what an entry of a statement is';
