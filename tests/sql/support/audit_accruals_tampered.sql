-- SPDX-License-Identifier: GPL-3.0-or-later
-- One change each to accruals and what they follow from: what a full audit finds, exactly.
INSERT INTO test.tamperings (is_closed, what, statement, found) VALUES
    (true, 'an accrual''s royalty',
     $$UPDATE royalty.accruals SET royalty = royalty - 1 WHERE accrual_id = '{EDGE}'$$,
     'accrual_royalty {EDGE}: 46001 not 46000; audit_total royalty_income 0 EUR; '
     'audit_total vendor_payable {VENDOR} EUR; settlement_line {SETTLED_1} royalties; '
     'vendor_day vendor {VENDOR} {DAY}; {HISTORY}'),
    (true, 'an accrual''s volume',
     $$UPDATE royalty.accruals SET volume_before = volume_before + 1 WHERE accrual_id = '{EDGE}'$$,
     'accrual_volume {EDGE}: 1999984 not 1999985; {HISTORY}'),
    (true, 'an accrual''s schedule',
     $$UPDATE royalty.accruals SET schedule_id = NULL WHERE accrual_id = '{EDGE}'$$,
     'accrual_schedule {EDGE}: {SCHEDULE} not none; {HISTORY}'),
    (true, 'an accrual''s content royalty',
     $$UPDATE royalty.accruals SET content_exact = content_exact + 0.000001 WHERE accrual_id =
     '{EDGE}'$$,
     'accrual_content {EDGE}: 153334.500000 not 153334.500001; audit_total content {VENDOR}; '
     'vendor_carry vendor {VENDOR}; {HISTORY}'),
    (true, 'an accrual''s withheld amount',
     $$UPDATE royalty.accruals SET content_royalty = content_royalty + 1 WHERE accrual_id =
     '{EDGE}'$$,
     'content_withheld vendor {VENDOR}: 335675 not 335676; '
     'audit_total content_royalty_withheld {VENDOR} EUR; audit_total vendor_payable {VENDOR} EUR; '
     'settlement_line {SETTLED_1} content_royalties; vendor_day vendor {VENDOR} {DAY}; {HISTORY}'),
    (true, 'an accrual''s amount',
     $$UPDATE royalty.accruals SET amount = amount + 1 WHERE accrual_id = '{EDGE}'$$,
     'accrual_amount {EDGE}: 1500000 not 1500001; {HISTORY}'),
    (true, 'an accrual that is gone',
     $$DELETE FROM royalty.accruals WHERE accrual_id = '{TINY}'$$,
     'accrual_missing {TINY}: an accrual not none; audit_total content {VENDOR}; '
     'audit_total content_royalty_withheld {VENDOR} EUR; audit_total vendor_payable {VENDOR} EUR; '
     'collection_line {COLLECTED_1} author; collection_line {COLLECTED_1} painter; '
     'settlement_line {SETTLED_1} content_royalties; vendor_carry vendor {VENDOR}; '
     'vendor_day vendor {VENDOR} {DAY}; {HISTORY}'),
    (true, 'an accrual of nothing',
     $$INSERT INTO royalty.accruals (accrual_id, kind, vendor_id, rollup_id, subject_id,
     schedule_id, owner_list_id, volume_before, amount, royalty, content_exact, content_royalty)
     SELECT '00000000-0000-7000-8000-000000000004', kind, vendor_id, rollup_id, subject_id,
     schedule_id, owner_list_id, volume_before, amount, royalty, content_exact, content_royalty
     FROM royalty.accruals WHERE accrual_id = '{TINY}'$$,
     'accrual_without_sale 00000000-0000-7000-8000-000000000004: a sale not none; '
     'audit_total content {VENDOR}; audit_total content_royalty_withheld {VENDOR} EUR; '
     'audit_total vendor_payable {VENDOR} EUR; vendor_carry vendor {VENDOR}; {HISTORY}'),
    (true, 'what a refund gave back',
     $$UPDATE royalty.accruals SET royalty = royalty - 1 WHERE accrual_id = '{PART}'$$,
     'refund_royalty {PART}: -15300 not -15301; audit_total royalty_income 0 EUR; '
     'audit_total vendor_payable {VENDOR} EUR; settlement_line {SETTLED_1} royalties; '
     'vendor_day vendor {VENDOR} {DAY}; {HISTORY}'),
    (true, 'a refund''s accrual that is gone',
     $$DELETE FROM royalty.accruals WHERE accrual_id = '{PART}'$$,
     'refund_accrual_missing {PART}: an accrual not none; audit_total content {VENDOR}; '
     'audit_total content_royalty_withheld {VENDOR} EUR; audit_total royalty_income 0 EUR; '
     'audit_total vendor_payable {VENDOR} EUR; collection_line {COLLECTED_1} author; '
     'collection_line {COLLECTED_1} painter; settlement_line {SETTLED_1} content_royalties; '
     'settlement_line {SETTLED_1} royalties; vendor_carry vendor {VENDOR}; '
     'vendor_day vendor {VENDOR} {DAY}; {HISTORY}'),
    (true, 'a commission',
     $$UPDATE royalty.accruals SET amount = amount + 1 WHERE accrual_id = '{COMMISSION}'$$,
     'commission {DEPOSIT}: 202500 to vendor {VENDOR} not 202501 to vendor {VENDOR}; '
     'audit_total commission_expense 0 EUR; audit_total vendor_payable {VENDOR} EUR; '
     'settlement_line {SETTLED_1} commissions; vendor_day vendor {VENDOR} {DAY}; {HISTORY}'),
    (true, 'a tier''s rate',
     $$UPDATE royalty.tiers SET rate_ppm = 1 WHERE schedule_id = {SCHEDULE} AND from_volume > 0$$,
     'accrual_royalty {EDGE}: 26002 not 46001; accrual_royalty {GIVEN}: 1 not 14001; '
     'accrual_royalty {LATER}: 0 not 6667; {HISTORY}'),
    (true, 'a schedule''s beginning',
     $$UPDATE royalty.schedules SET valid_from = valid_from - interval '1 second' WHERE schedule_id
     = {SCHEDULE}$$,
     '{HISTORY}'),
    (true, 'an owner''s share',
     $$UPDATE royalty.owner_shares SET share_ppm = share_ppm + 1 WHERE owner_id = 'author'$$,
     'accrual_content {EDGE}: 153336.000000 not 153334.500000; '
     'accrual_content {FIRST}: 103335.100002 not 103334.100001; '
     'accrual_content {GIVEN}: 73334.400000 not 73333.700000; '
     'accrual_content {LATER}: 36666.966666 not 36666.633333; '
     'accrual_content {SECOND}: 103333.299966 not 103332.299983; '
     'refund_content {PART}: -31000.499001 not -31000.199001; '
     'refund_content {WHOLE}: -103333.299966 not -103332.299983; '
     'collection_line {COLLECTED_1} author; collection_line {COLLECTED_2} author; {HISTORY}'),
    (true, 'a period''s volume',
     $$UPDATE royalty.volumes SET volume = volume - 1$$,
     'volume_total vendor {VENDOR} {MONTH}: 4533324 not 4533323'),
    (true, 'a vendor''s day',
     $$UPDATE royalty.vendor_days SET royalties = royalties - 1 WHERE vendor_id = {VENDOR}$$,
     'vendor_day vendor {VENDOR} {DAY}: 6 4533324 400000 2 1299983 102369 335675 202500 not 6 4533324 400000 2 1299983 102368 335675 202500'),
    (true, 'a vendor''s carry',
     $$UPDATE royalty.vendor_carries SET content_exact = content_exact - 1$$,
     'vendor_carry vendor {VENDOR}: 335675.734332 not 335674.734332'),
    (true, 'an owner''s account',
     $$UPDATE royalty.owner_accounts SET exact = exact + 1 WHERE owner_number = {AUTHOR}$$,
     'owner_account owner {AUTHOR} EUR: 323336.634803 not 323337.634803'),
    (true, 'a collection''s line',
     $$UPDATE royalty.collection_lines SET exact = exact + 0.5 WHERE collection_id =
     '{COLLECTED_1}' AND owner_number = {AUTHOR}$$,
     'audit_total owner {AUTHOR} EUR: 290003.501470 not 290003.001470; '
     'collection_line {COLLECTED_1} author: 290003.001470 not 290003.501470; '
     'owner_account owner {AUTHOR} EUR: 323337.134803 not 323336.634803; '
     'owner_payable owner {AUTHOR} EUR: 323337 not 323336; {HISTORY}'),
    (true, 'a collected amount',
     $$UPDATE royalty.collection_lines SET amount = amount + 1 WHERE collection_id =
     '{COLLECTED_1}' AND owner_number = {AUTHOR}$$,
     'collection_entry {COLLECTED_1} owner {AUTHOR}: 290004 not 290003; '
     'owner_payable owner {AUTHOR} EUR; settlement_line {SETTLED_2} collections; {HISTORY}'),
    (true, 'a collection that begins too early',
     $$UPDATE royalty.collections SET after_rollup = 0 WHERE collection_id =
     '{COLLECTED_2}'$$,
     'collection_gap {COLLECTED_2}: after rollup {ROLLUP_1} not after rollup 0; '
     'collection_line {COLLECTED_2} author; collection_line {COLLECTED_2} painter');
