-- SPDX-License-Identifier: GPL-3.0-or-later
-- One change each to wallets and entries: what a full audit finds, exactly.
INSERT INTO test.tamperings (is_closed, what, statement, found) VALUES
    (true, 'a wallet''s balance',
     $$UPDATE account.wallets SET balance = balance + 1000000 WHERE user_id = {ALICE}$$,
     'wallet_balance user {ALICE} EUR: 17461659 not 18461659'),
    (true, 'a wallet that is gone',
     $$DELETE FROM account.wallets WHERE user_id = {ALICE}$$,
     'wallet_missing user {ALICE} EUR: 17461659 not no wallet'),
    (true, 'a wallet from nowhere',
     $$INSERT INTO account.wallets (user_id, currency, balance) VALUES ({ALICE}, 'USD', 5)$$,
     'wallet_balance user {ALICE} USD: 0 not 5'),
    (true, 'a wallet below its credit line',
     $$UPDATE account.wallets SET balance = -1 WHERE user_id = {BOB}$$,
     'wallet_balance user {BOB} EUR: 19450000 not -1; '
     'wallet_overdrawn user {BOB} EUR: at least 0 not -1'),
    (true, 'a posting''s amount',
     $$UPDATE ledger.postings SET amount = amount + 1 WHERE entry_id = '{DEPOSIT}' AND account =
     'user_wallet'$$,
     'entry_unbalanced deposit {DEPOSIT} EUR: 0 not 1; '
     'tokens_and_funds EUR: 56710001 not 56710000; '
     'wallet_balance user {BOB} EUR: 19450001 not 19450000; audit_total user_wallet {BOB} EUR; '
     '{HISTORY}'),
    (true, 'a posting''s holder',
     $$UPDATE ledger.postings SET holder = {ALICE} WHERE entry_id = '{DEPOSIT}' AND account =
     'user_wallet'$$,
     'commission {DEPOSIT}: none not 202500 to vendor {VENDOR}; '
     'wallet_balance user {ALICE} EUR: 37461659 not 17461659; '
     'wallet_balance user {BOB} EUR: -550000 not 19450000; audit_total user_wallet {ALICE} EUR; '
     'audit_total user_wallet {BOB} EUR; {HISTORY}'),
    (true, 'a posting''s account',
     $$UPDATE ledger.postings SET account = 'bonus_expense' WHERE entry_id = '{DEPOSIT}' AND
     account = 'funds_held'$$,
     'posting_account {DEPOSIT} line 1: funds_held or user_wallet or unmatched_receipts not bonus_expense; '
     'audit_total bonus_expense 0 EUR; audit_total funds_held 0 EUR; {HISTORY}'),
    (true, 'a posting that is gone',
     $$DELETE FROM ledger.postings WHERE entry_id = '{DEPOSIT}' AND account = 'funds_held'$$,
     'entry_unbalanced deposit {DEPOSIT} EUR: 0 not 20000000; '
     'tokens_and_funds EUR: 56710000 not 36710000; audit_total funds_held 0 EUR; {HISTORY}'),
    (true, 'a posting without an entry',
     $$INSERT INTO ledger.postings VALUES ('00000000-0000-7000-8000-000000000002', 1,
     'user_wallet', {ALICE}, 'EUR', 1)$$,
     'posting_without_entry 00000000-0000-7000-8000-000000000002: an entry not none'),
    (true, 'an entry of nothing',
     $$INSERT INTO ledger.entries (entry_id, kind, reference, booked_at, xact_id) SELECT
     '00000000-0000-7000-8000-000000000005', 'receipt', 'nothing', booked_at, xact_id FROM
     ledger.entries WHERE entry_id = '{DEPOSIT}'$$,
     'bank_entry_missing receipt 00000000-0000-7000-8000-000000000005: an entry of a statement not none; '
     'entry_without_postings 00000000-0000-7000-8000-000000000005: postings not none; {HISTORY}'),
    (true, 'an entry that is gone',
     $$DELETE FROM ledger.entries WHERE entry_id = '{DEPOSIT}'$$,
     'commission {DEPOSIT}: none not 202500 to vendor {VENDOR}; '
     'posting_without_entry {DEPOSIT}: an entry not none; '
     'posting_without_entry {DEPOSIT}: an entry not none; '
     'wallet_balance user {BOB} EUR: -550000 not 19450000; audit_total funds_held 0 EUR; '
     'audit_total user_wallet {BOB} EUR; settlement_line {SETTLED_1} commissions; '
     'vendor_day vendor {VENDOR} {DAY}; {HISTORY}'),
    (true, 'an entry''s kind',
     $$UPDATE ledger.entries SET kind = 'bonus' WHERE entry_id = '{DEPOSIT}'$$,
     'commission {DEPOSIT}: none not 202500 to vendor {VENDOR}; '
     'posting_account {DEPOSIT} line 1: bonus_expense or user_wallet not funds_held; {HISTORY}'),
    (true, 'an entry''s reference',
     $$UPDATE ledger.entries SET reference = 'other' WHERE entry_id = '{DEPOSIT}'$$,
     '{HISTORY}');
