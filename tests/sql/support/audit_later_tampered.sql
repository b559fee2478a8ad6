-- SPDX-License-Identifier: GPL-3.0-or-later
-- One change each to what came after the closing, or is read with it: what an incremental audit finds, exactly.
INSERT INTO test.tamperings (is_closed, what, statement, found) VALUES
    (false, 'a new sale''s price',
     $$UPDATE purchase.sales SET price = price - 1 WHERE transaction_id = '{PLAIN_LATER}'$$,
     'sale_price {PLAIN_LATER}: (5000,EUR,{PLAIN}) not (4999,EUR,{PLAIN}); '
     'wallet_balance user {ALICE} EUR: 17461660 not 17461659'),
    (false, 'a new sale''s vendor',
     $$UPDATE purchase.sales SET vendor_id = {PLAIN} WHERE transaction_id = '{LATER}'$$,
     'accrual_content {LATER}: 0 not 36666.633333; accrual_royalty {LATER}: 0 not 6667; '
     'accrual_schedule {LATER}: none not {SCHEDULE}; '
     'accrual_vendor {LATER}: {PLAIN} not {VENDOR}; '
     'hold {HOLD}: a sale of vendor {VENDOR} of at least 333333 not of vendor {PLAIN} of 333333; '
     'sale_price {LATER}: (333333,EUR,{VENDOR}) not (333333,EUR,{PLAIN}); '
     'volume_total vendor {VENDOR} {MONTH}'),
    (false, 'a new sale that is gone',
     $$DELETE FROM purchase.sales WHERE transaction_id = '{PLAIN_LATER}'$$,
     'license_sale user {ALICE} {CONTENT_PLAIN_LATER}: a sale of it to user {ALICE} not none; '
     'wallet_balance user {ALICE} EUR: 17466659 not 17461659'),
    (false, 'a new accrual''s royalty',
     $$UPDATE royalty.accruals SET royalty = royalty + 1 WHERE accrual_id = '{LATER}'$$,
     'accrual_royalty {LATER}: 6667 not 6668'),
    (false, 'a new accrual''s volume',
     $$UPDATE royalty.accruals SET volume_before = 0 WHERE accrual_id = '{LATER}'$$,
     'accrual_volume {LATER}: 4199991 not 0'),
    (false, 'a new accrual that is gone',
     $$DELETE FROM royalty.accruals WHERE accrual_id = '{LATER}'$$,
     'accrual_missing {LATER}: an accrual not none; collection_line {COLLECTED_2} author; '
     'collection_line {COLLECTED_2} painter; vendor_carry vendor {VENDOR}'),
    (false, 'a new collection''s line',
     $$UPDATE royalty.collection_lines SET amount = amount + 1 WHERE collection_id =
     '{COLLECTED_2}' AND owner_number = {AUTHOR}$$,
     'collection_entry {COLLECTED_2} owner {AUTHOR}: 33334 not 33333'),
    (false, 'a new settlement''s amount',
     $$UPDATE settlement.settlements SET amount = amount - 10000 WHERE settlement_id =
     '{SETTLED_3}'$$,
     'settlement_entry {SETTLED_3}: 2200000 not 2210000; '
     'settlement_payout {SETTLED_3}: 2200000 not 2210000; '
     'settlement_sum {SETTLED_3}: 2597797 not 2587797'),
    (false, 'a new settlement that is gone',
     $$DELETE FROM settlement.settlements WHERE settlement_id = '{SETTLED_3}'$$,
     'position payee {PAYEE_VENDOR} EUR: {ROLLUP_1} 57797 not {ROLLUP_3} 387797; '
     'settlement_missing {SETTLED_3}: a settlement not an entry only'),
    (false, 'a new payout called paid',
     $$UPDATE settlement.payouts SET state = 'paid' WHERE payout_id = '{PAYOUT_3}'$$,
     'payout_state {PAYOUT_3}: 2210000 out of transit, 2210000 out of the bank not 0 out of transit, 0 out of the bank'),
    (false, 'an old payout that a new entry returns',
     $$UPDATE ledger.entries SET kind = 'payout_return', reference = '{PAYOUT_2}' WHERE entry_id =
     '{SETTLED_3}'$$,
     'payout_state {PAYOUT_2}: 290000 out of transit, 290000 out of the bank not -1920000 out of transit, 290000 out of the bank'),
    (false, 'an old wallet''s balance',
     $$UPDATE account.wallets SET balance = balance + 1 WHERE user_id = {BOB}$$,
     'wallet_balance user {BOB} EUR: 19450000 not 19450001'),
    (false, 'the auditor''s total of a wallet',
     $$UPDATE audit.totals SET amount = amount + 1 WHERE kind = 'user_wallet' AND holder = {BOB}$$,
     'tokens_and_funds EUR: 56710001 not 56710000; '
     'wallet_balance user {BOB} EUR: 19450001 not 19450000'),
    (false, 'the auditor''s total of a volume',
     $$UPDATE audit.totals SET amount = amount + 1 WHERE kind = 'volume'$$,
     'accrual_volume {LATER}: 4199992 not 4199991; '
     'volume_total vendor {VENDOR} {MONTH}: 4533325 not 4533324');
