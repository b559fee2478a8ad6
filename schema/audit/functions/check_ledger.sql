-- SPDX-License-Identifier: GPL-3.0-or-later
-- Entries and balances (O10): every entry sums to zero, every balance is the sum of its postings.

CREATE FUNCTION audit.check_entries(in_range audit.range)
RETURNS SETOF audit.finding LANGUAGE sql STABLE AS $$
    WITH entry AS (
        SELECT e.entry_id, e.kind, count(p.entry_id) AS postings FROM audit.entries(in_range) e
        LEFT JOIN ledger.postings p ON p.entry_id = e.entry_id GROUP BY 1, 2
    ), allowed (kind, accounts) AS (VALUES
        ('deposit', '{funds_held,user_wallet,unmatched_receipts}'::text[]),
        ('bonus', '{bonus_expense,user_wallet}'),
        ('refund', '{user_wallet,vendor_payable,incentive_expense}'),
        ('collection', '{content_royalty_withheld,owner_payable}'),
        ('settlement', '{vendor_payable,owner_payable,payouts_in_transit}'),
        ('payout', '{payouts_in_transit,funds_held}'),
        ('payout_return', '{payouts_in_transit,funds_held,vendor_payable,owner_payable}'),
        ('receipt', '{funds_held,unmatched_receipts}'),
        ('direct_debit_return', '{user_wallet,funds_held}')
    )
    SELECT 'entry_without_postings', e.entry_id::text, 'postings', 'none'
    FROM entry e WHERE e.postings = 0
      AND NOT (e.kind = 'collection' -- less than a millionth for anybody
               AND NOT EXISTS (SELECT FROM royalty.collection_lines l
                               WHERE l.collection_id = e.entry_id AND l.amount <> 0))
    UNION ALL
    SELECT 'posting_without_entry', p.entry_id::text, 'an entry', 'none'
    FROM ledger.postings p
    WHERE in_range.after_xact = 0
      AND NOT EXISTS (SELECT FROM ledger.entries e WHERE e.entry_id = p.entry_id)
    UNION ALL
    SELECT 'posting_account', p.entry_id || ' line ' || p.line, array_to_string(a.accounts, ' or '),
           p.account
    FROM entry e JOIN allowed a ON a.kind = e.kind
    JOIN ledger.postings p ON p.entry_id = e.entry_id
    WHERE p.account <> ALL (a.accounts)
    UNION ALL
    SELECT 'entry_unbalanced', concat_ws(' ', e.kind, e.entry_id, p.currency), '0',
           sum(p.amount)::text
    FROM entry e JOIN ledger.postings p ON p.entry_id = e.entry_id
    GROUP BY e.kind, e.entry_id, p.currency HAVING sum(p.amount) <> 0
$$;
COMMENT ON FUNCTION audit.check_entries IS 'every entry has postings of its kind and sums to zero';

-- Wallets as they are now against everything posted: up to the link by the auditor's own totals,
-- and all that came after. Below its credit line is what the bank took back, and no more: no purchase
-- goes there, and the line is never lowered below what is used of it.
CREATE FUNCTION audit.check_wallets(in_range audit.range)
RETURNS SETOF audit.finding LANGUAGE sql STABLE AS $$
    WITH posted AS (
        SELECT x.holder, x.currency, sum(x.amount) AS amount FROM (
            SELECT t.holder, t.detail AS currency, t.amount FROM audit.totals t
            WHERE t.kind = 'user_wallet' AND in_range.after_xact > 0
            UNION ALL
            SELECT p.holder, p.currency, p.amount
            FROM audit.postings((in_range.after_xact, 9223372036854775807,
                                 in_range.oldest_id)::audit.range) p
            WHERE p.account = 'user_wallet') x
        GROUP BY 1, 2
    )
    SELECT CASE WHEN w.user_id IS NULL THEN 'wallet_missing' ELSE 'wallet_balance' END,
           'user ' || coalesce(w.user_id, p.holder) || ' ' || coalesce(w.currency, p.currency),
           coalesce(p.amount, 0)::text, coalesce(w.balance::text, 'no wallet')
    FROM account.wallets w
    FULL JOIN posted p ON p.holder = w.user_id AND p.currency = w.currency
    WHERE coalesce(w.balance, 0) <> coalesce(p.amount, 0) OR w.user_id IS NULL AND p.amount <> 0
    UNION ALL
    SELECT 'wallet_overdrawn', 'user ' || w.user_id || ' ' || w.currency,
           'at least ' || r.taken_back - w.credit_line, w.balance::text
    FROM account.wallets w
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(p.amount), 0) AS taken_back FROM ledger.postings p
        WHERE p.account = 'user_wallet' AND p.holder = w.user_id AND p.currency = w.currency
          AND (SELECT e.kind FROM ledger.entries e -- no join: by key also in a full audit
               WHERE e.entry_id = p.entry_id) = 'direct_debit_return') r
    WHERE w.balance < -w.credit_line AND w.balance < r.taken_back - w.credit_line
$$;
COMMENT ON FUNCTION audit.check_wallets IS 'every wallet is the sum of its postings, within its credit';

-- What the provider owes and earned is what it holds, per currency: the tokens that users have are
-- covered, with what is on its way to others. Play money (XTS) is nobody's.
CREATE FUNCTION audit.check_funds(in_range audit.range)
RETURNS SETOF audit.finding LANGUAGE sql STABLE AS $$
    WITH posted AS (
        SELECT x.account, x.currency, sum(x.amount) AS amount FROM (
            SELECT t.kind AS account, t.detail AS currency, t.amount FROM audit.totals t
            WHERE t.kind NOT IN ('volume', 'content', 'owner') AND in_range.after_xact > 0
            UNION ALL
            SELECT p.account, p.currency, p.amount FROM audit.postings(in_range) p) x
        GROUP BY 1, 2
    )
    SELECT 'tokens_and_funds', p.currency,
           coalesce(sum(p.amount) FILTER (WHERE p.account <> 'funds_held'), 0)::text,
           coalesce(-sum(p.amount) FILTER (WHERE p.account = 'funds_held'), 0)::text
    FROM posted p GROUP BY p.currency HAVING sum(p.amount) <> 0
    UNION ALL
    SELECT 'funds_overdrawn', p.currency, 'funds at the bank', p.amount::text
    FROM posted p WHERE p.account = 'funds_held' AND p.amount > 0
$$;
COMMENT ON FUNCTION audit.check_funds IS 'tokens and debts equal the funds held, per currency';
