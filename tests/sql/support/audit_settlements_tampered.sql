-- SPDX-License-Identifier: GPL-3.0-or-later
-- One change each to settlements, payouts and the audit: what a full audit finds, exactly.
INSERT INTO test.tamperings (is_closed, what, statement, found) VALUES
    (true, 'a settled amount',
     $$UPDATE settlement.settlements SET amount = amount + 10000, closing = closing - 10000 WHERE
     settlement_id = '{SETTLED_1}'$$,
     'settlement_entry {SETTLED_1}: 2260000 not 2250000; '
     'settlement_opening {SETTLED_3}: 47797 not 57797; '
     'settlement_payout {SETTLED_1}: 2260000 not 2250000; '
     'settlement_threshold {SETTLED_1}: at least 100000 not 2307797; {HISTORY}'),
    (true, 'what a settlement left',
     $$UPDATE settlement.settlements SET closing = closing + 1 WHERE settlement_id = '{SETTLED_3}'$$,
     'position payee {PAYEE_VENDOR} EUR: {ROLLUP_3} 387798 not {ROLLUP_3} 387797; '
     'settlement_sum {SETTLED_3}: 2597797 not 2597798'),
    (true, 'what a settlement covers',
     $$UPDATE settlement.settlements SET until_rollup = until_rollup + 1 WHERE settlement_id =
     '{SETTLED_1}'$$,
     '{HISTORY}'),
    (true, 'a settlement''s line',
     $$UPDATE settlement.lines SET amount = amount + 1 WHERE settlement_id = '{SETTLED_1}' AND kind
     = 'sales'$$,
     'settlement_sum {SETTLED_1}: 2307798 not 2307797; settlement_line {SETTLED_1} sales; '
     '{HISTORY}'),
    (true, 'a settlement''s line that is gone',
     $$DELETE FROM settlement.lines WHERE settlement_id = '{SETTLED_1}' AND kind = 'refunds'$$,
     'settlement_sum {SETTLED_1}: 3607780 not 2307797; settlement_line {SETTLED_1} refunds; '
     '{HISTORY}'),
    (true, 'a settlement that is gone',
     $$DELETE FROM settlement.settlements WHERE settlement_id = '{SETTLED_2}'$$,
     'position payee {PAYEE_AUTHOR} EUR: 0 0 not {ROLLUP_1} 3; '
     'settlement_missing {SETTLED_2}: a settlement not an entry only; '
     'settlement_line {SETTLED_2} collections; {HISTORY}'),
    (true, 'terms that would not have paid',
     $$UPDATE settlement.terms SET amount_threshold = 900000000 WHERE terms_id = {TERMS}$$,
     'settlement_threshold {SETTLED_1}: at least 900000000 not 2307797; '
     'settlement_threshold {SETTLED_3}: at least 900000000 not 2597797; {HISTORY}'),
    (true, 'terms that came later',
     $$UPDATE settlement.terms SET valid_from = now() + interval '1 day' WHERE terms_id = {TERMS}$$,
     'settlement_terms {SETTLED_1}: terms of the payee valid then not terms {TERMS}; '
     'settlement_terms {SETTLED_3}: terms of the payee valid then not terms {TERMS}; {HISTORY}'),
    (true, 'a settlement of a part of a cent',
     $$UPDATE settlement.settlements SET amount = amount + 1, closing = closing - 1 WHERE
     settlement_id = '{SETTLED_1}'$$,
     'settlement_entry {SETTLED_1}: 2250001 not 2250000; '
     'settlement_minor_units {SETTLED_1}: whole in 2 digits not 2250001; '
     'settlement_opening {SETTLED_3}: 57796 not 57797; '
     'settlement_payout {SETTLED_1}: 2250001 not 2250000; {HISTORY}'),
    (true, 'a payout''s amount',
     $$UPDATE settlement.payouts SET amount = amount + 1 WHERE payout_id = '{PAYOUT_1}'$$,
     'payout_state {PAYOUT_1}: 2250001 out of transit, 0 out of the bank not 2250000 out of transit, 0 out of the bank; '
     'settlement_payout {SETTLED_1}: 2250000 not 2250001'),
    (true, 'a payout that is gone',
     $$DELETE FROM settlement.payouts WHERE payout_id = '{PAYOUT_3}'$$,
     'settlement_payout {SETTLED_3}: 2210000 not 0'),
    (true, 'a payout called paid',
     $$UPDATE settlement.payouts SET state = 'paid' WHERE payout_id = '{PAYOUT_3}'$$,
     'payout_state {PAYOUT_3}: 2210000 out of transit, 2210000 out of the bank not 0 out of transit, 0 out of the bank'),
    (true, 'a payout to pay again',
     $$UPDATE settlement.payouts SET state = 'due' WHERE payout_id = '{PAYOUT_2}'$$,
     'payout_state {PAYOUT_2}: 0 out of transit, 0 out of the bank not 290000 out of transit, 290000 out of the bank'),
    (true, 'a payee''s position',
     $$UPDATE settlement.positions SET closing = closing + 1000000 WHERE payee_id = {PAYEE_VENDOR}$$,
     'position payee {PAYEE_VENDOR} EUR: {ROLLUP_3} 387797 not {ROLLUP_3} 1387797'),
    (true, 'a hold of more than the sale',
     $$UPDATE settlement.holds SET amount = 99000000 WHERE hold_id = '{HOLD}'$$,
     'hold {HOLD}: a sale of vendor {VENDOR} of at least 99000000 not of vendor {VENDOR} of 333333'),
    (true, 'a link''s hash',
     $$UPDATE audit.links SET hash = sha256('other') WHERE link_id = 1$$,
     '{HISTORY}'),
    (true, 'a link that is gone',
     $$UPDATE audit.links SET link_id = 2 WHERE link_id = 1$$,
     'link_missing link 1: a link not none'),
    (true, 'the auditor''s own total',
     $$UPDATE audit.totals SET amount = amount + 1 WHERE kind = 'user_wallet' AND holder = {ALICE}$$,
     'audit_total user_wallet {ALICE} EUR: 17799992 not 17799993');
