-- SPDX-License-Identifier: GPL-3.0-or-later
-- One change each to what banks said and what was booked for it.
SELECT test.call(k.name, b.entry_id::text), test.call(k.name || '_BOOKED', b.ledger_id::text)
FROM bank.entries b, replace(b.entry_key, ' ', '_') k (name);

INSERT INTO test.tamperings (is_closed, what, statement, found) VALUES
    (false, 'a wallet below what the bank took back',
     $$UPDATE account.wallets SET balance = -3200001 WHERE user_id = {CAROL}$$,
     'wallet_balance user {CAROL} EUR: -3100000 not -3200001; '
     'wallet_overdrawn user {CAROL} EUR: at least -3200000 not -3200001'),
    (true, 'a wallet that holds the least it may',
     $$UPDATE account.wallets SET balance = -3200000 WHERE user_id = {CAROL}$$,
     'wallet_balance user {CAROL} EUR: -3100000 not -3200000'),
    (true, 'a wallet without credit below what the bank took back',
     $$UPDATE account.wallets SET balance = -2000001 WHERE user_id = {DAVE}$$,
     'wallet_balance user {DAVE} EUR: -1900000 not -2000001; '
     'wallet_overdrawn user {DAVE} EUR: at least -2000000 not -2000001'),
    (true, 'a receipt''s amount on the statement',
     $$UPDATE bank.entries SET amount = amount + 1 WHERE entry_key = 'UNKNOWN1'$$, 'bank_entry entry {UNKNOWN1} of DE02120300000000202051: 9000001 EUR not 9000000 EUR'),
    (true, 'the sum of a file on the statement',
     $$UPDATE bank.entries SET amount = amount - 1 WHERE entry_key = 'DEBITSUM'$$, 'bank_entry entry {DEBITSUM} of DE02120300000000202051: 1999999 EUR not 2000000 EUR'),
    (true, 'the sum of paid transfers on the statement',
     $$UPDATE bank.entries SET amount = amount - 1 WHERE entry_key = 'PAIDOUT1'$$, 'bank_entry entry {PAIDOUT1} of DE02120300000000202051: -2250001 EUR not -2250000 EUR'),
    (true, 'a returned payout on the statement',
     $$UPDATE bank.entries SET amount = amount - 1 WHERE entry_key = 'PAIDOUT1 RTN'$$, 'bank_entry entry {PAIDOUT1_RTN} of DE02120300000000202051: 2249999 EUR not 2250000 EUR'),
    (true, 'a statement''s entry called ignored',
     $$UPDATE bank.entries SET state = 'ignored', ledger_id = NULL WHERE entry_key = 'PAIDOUT1 RTN'$$,
     'bank_entry entry {PAIDOUT1_RTN} of DE02120300000000202051: 2250000 EUR not not booked'),
    (true, 'a currency on the statement',
     $$UPDATE bank.entries SET currency = 'USD' WHERE entry_key = 'RETURNED'$$, 'bank_entry entry {RETURNED} of DE02120300000000202051: -2000000 USD not -2000000 EUR'),
    (true, 'a returned debit that the bank never returned',
     $$DELETE FROM bank.entries WHERE entry_key = 'RETURNED'$$, 'bank_entry_missing direct_debit_return {RETURNED_BOOKED}: an entry of a statement not none'),
    (true, 'a receipt booked as less',
     $$UPDATE ledger.postings p SET amount = p.amount + 1 FROM ledger.entries e
     WHERE e.entry_id = p.entry_id AND e.reference LIKE '% UNKNOWN1 0' AND p.account = 'funds_held'$$,
     'bank_entry entry {UNKNOWN1} of DE02120300000000202051: 9000000 EUR not 8999999 EUR; '
     'entry_unbalanced receipt {UNKNOWN1_BOOKED} EUR: 0 not 1; '
     'tokens_and_funds EUR: 56710000 not 56709999; audit_total funds_held 0 EUR; {HISTORY}'),
    (false, 'a new receipt''s amount on the statement',
     $$UPDATE bank.entries SET amount = amount + 1 WHERE entry_key = 'UNKNOWN2'$$, 'bank_entry entry {UNKNOWN2} of DE02120300000000202051: 8000001 EUR not 8000000 EUR'),
    (false, 'a new receipt that the bank never had',
     $$DELETE FROM bank.entries WHERE entry_key = 'UNKNOWN2'$$, 'bank_entry_missing receipt {UNKNOWN2_BOOKED}: an entry of a statement not none');
