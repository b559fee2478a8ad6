-- SPDX-License-Identifier: GPL-3.0-or-later
-- One change each to sales, refunds and licences: what a full audit finds, exactly.
INSERT INTO test.tamperings (is_closed, what, statement, found) VALUES
    (true, 'a sale''s price',
     $$UPDATE purchase.sales SET price = price + 1 WHERE transaction_id = '{FIRST}'$$,
     'accrual_amount {FIRST}: 1000002 not 1000001; '
     'accrual_content {FIRST}: 103334.200002 not 103334.100001; '
     'refund_content {PART}: -31000.198001 not -31000.199001; '
     'sale_price {FIRST}: (1000001,EUR,{VENDOR}) not (1000002,EUR,{VENDOR}); '
     'wallet_balance user {ALICE} EUR: 17461658 not 17461659; accrual_volume {EDGE}; '
     'accrual_volume {GIVEN}; accrual_volume {LATER}; accrual_volume {SECOND}; '
     'accrual_volume {TINY}; audit_total user_wallet {ALICE} EUR; '
     'audit_total vendor_payable {VENDOR} EUR; audit_total volume {VENDOR} {MONTH}; '
     'collection_line {COLLECTED_1} author; collection_line {COLLECTED_1} painter; '
     'settlement_line {SETTLED_1} sales; vendor_day vendor {VENDOR} {DAY}; '
     'volume_total vendor {VENDOR} {MONTH}; {HISTORY}'),
    (true, 'a sale''s buyer',
     $$UPDATE purchase.sales SET user_id = {BOB} WHERE transaction_id = '{EDGE}'$$,
     'license_sale user {ALICE} {CONTENT_EDGE}: a sale of it to user {ALICE} not of {CONTENT_EDGE} to user {BOB}; '
     'sale_license {EDGE}: a licence of user {BOB} not none; '
     'wallet_balance user {ALICE} EUR: 18961659 not 17461659; '
     'wallet_balance user {BOB} EUR: 17950000 not 19450000; audit_total user_wallet {ALICE} EUR; '
     'audit_total user_wallet {BOB} EUR; {HISTORY}'),
    (true, 'a sale''s vendor',
     $$UPDATE purchase.sales SET vendor_id = {VENDOR} WHERE transaction_id = '{PLAIN_SALE}'$$,
     'accrual_missing {PLAIN_SALE}: an accrual not none; '
     'sale_price {PLAIN_SALE}: (250000,EUR,{PLAIN}) not (250000,EUR,{VENDOR}); '
     'accrual_volume {LATER}; audit_total vendor_payable {PLAIN} EUR; '
     'audit_total vendor_payable {VENDOR} EUR; audit_total volume {VENDOR} {MONTH}; '
     'settlement_line {SETTLED_1} sales; vendor_day vendor {PLAIN} {DAY}; '
     'vendor_day vendor {VENDOR} {DAY}; volume_total vendor {VENDOR} {MONTH}; {HISTORY}'),
    (true, 'a sale''s currency',
     $$UPDATE purchase.sales SET currency = 'USD' WHERE transaction_id = '{TINY}'$$,
     'sale_price {TINY}: (7,EUR,{VENDOR}) not (7,USD,{VENDOR}); '
     'wallet_balance user {ALICE} EUR: 17461666 not 17461659; '
     'wallet_missing user {ALICE} USD: -7 not no wallet; audit_total user_wallet {ALICE} EUR; '
     'audit_total user_wallet {ALICE} USD; audit_total vendor_payable {VENDOR} EUR; '
     'audit_total vendor_payable {VENDOR} USD; {HISTORY}'),
    (true, 'a sale''s offer',
     $$UPDATE purchase.sales SET offer_id = '{OFFER_LATER}' WHERE transaction_id = '{EDGE}'$$,
     'license_sale user {ALICE} {CONTENT_EDGE}: a sale of it to user {ALICE} not of {CONTENT_LATER} to user {ALICE}; '
     'sale_price {EDGE}: (333333,EUR,{VENDOR}) not (1500000,EUR,{VENDOR}); '
     'sale_transaction {EDGE}: {OFFER_EDGE} not {OFFER_LATER}; {HISTORY}'),
    (true, 'a sale''s time, into another month',
     $$UPDATE purchase.sales SET sold_at = sold_at - interval '40 days' WHERE transaction_id =
     '{EDGE}'$$,
     'accrual_content {EDGE}: 0 not 153334.500000; accrual_content {TINY}: 0.000000 not 6.999999; '
     'accrual_royalty {EDGE}: 0 not 46001; accrual_royalty {GIVEN}: 30000 not 14001; '
     'accrual_royalty {TINY}: 7 not 0; accrual_schedule {EDGE}: none not {SCHEDULE}; '
     'accrual_volume {GIVEN}; accrual_volume {LATER}; accrual_volume {TINY}; '
     'audit_total volume {VENDOR} {MONTH}; vendor_day vendor {VENDOR} {DAY_BEFORE}; '
     'vendor_day vendor {VENDOR} {DAY}; volume_total vendor {VENDOR} {MONTH}; {HISTORY}'),
    (true, 'the balance that a sale left',
     $$UPDATE purchase.sales SET balance_after = balance_after + 1 WHERE transaction_id = '{FIRST}'$$,
     '{HISTORY}'),
    (true, 'what an incentive paid of a sale',
     $$UPDATE purchase.sales SET incentive_amount = 300000 WHERE transaction_id = '{GIVEN}'$$,
     'accrual_amount {GIVEN}: 400000 not 300000; '
     'incentive_used incentive {INCENTIVE}: 400000 not 300000; '
     'wallet_balance user {BOB} EUR: 19350000 not 19450000; audit_total user_wallet {BOB} EUR; '
     'audit_total vendor_payable {VENDOR} EUR; settlement_line {SETTLED_1} incentives; '
     'vendor_day vendor {VENDOR} {DAY}; {HISTORY}'),
    (true, 'the incentive of a sale',
     $$UPDATE purchase.sales SET incentive_id = NULL WHERE transaction_id = '{GIVEN}'$$,
     'accrual_amount {GIVEN}: 700000 not 300000; '
     'incentive_used incentive {INCENTIVE}: 400000 not 0; '
     'sale_incentive {GIVEN}: at most the price, by an incentive of the vendor or the provider in EUR not 400000 by none; '
     'audit_total incentive_expense 0 EUR; audit_total vendor_payable {VENDOR} EUR; '
     'settlement_line {SETTLED_1} incentives; vendor_day vendor {VENDOR} {DAY}; {HISTORY}'),
    (true, 'a sale that is gone',
     $$DELETE FROM purchase.sales WHERE transaction_id = '{PLAIN_SALE}'$$,
     'license_sale user {BOB} {CONTENT_PLAIN_SALE}: a sale of it to user {BOB} not none; '
     'wallet_balance user {BOB} EUR: 19700000 not 19450000; audit_total user_wallet {BOB} EUR; '
     'audit_total vendor_payable {PLAIN} EUR; vendor_day vendor {PLAIN} {DAY}; {HISTORY}'),
    (true, 'a sale that never was',
     $$INSERT INTO purchase.sales (transaction_id, user_id, vendor_id, offer_id, price,
     balance_after, currency, xact_id) SELECT '00000000-0000-7000-8000-000000000001', user_id,
     vendor_id, offer_id, price, balance_after, currency, xact_id FROM purchase.sales WHERE
     transaction_id = '{PLAIN_SALE}'$$,
     'wallet_balance user {BOB} EUR: 19200000 not 19450000; audit_total user_wallet {BOB} EUR; '
     'audit_total vendor_payable {PLAIN} EUR; vendor_day vendor {PLAIN} {DAY}; {HISTORY}'),
    (true, 'an offer''s price',
     $$UPDATE purchase.offers SET price = 1 WHERE offer_id = '{OFFER_PLAIN_SALE}'$$,
     'offer_altered {OFFER_PLAIN_SALE}: the hash of its content not another; '
     'sale_price {PLAIN_SALE}: (1,EUR,{PLAIN}) not (250000,EUR,{PLAIN})'),
    (true, 'an offer''s title',
     $$UPDATE purchase.offers SET title = 'Other' WHERE offer_id = '{OFFER_PLAIN_SALE}'$$,
     'offer_altered {OFFER_PLAIN_SALE}: the hash of its content not another'),
    (true, 'an offer that is gone',
     $$DELETE FROM purchase.offers WHERE offer_id = '{OFFER_PLAIN_SALE}'$$,
     'license_sale user {BOB} {CONTENT_PLAIN_SALE}: a sale of it to user {BOB} not none; '
     'sale_offer {PLAIN_SALE}: an offer not none: {OFFER_PLAIN_SALE}; '
     'sale_price {PLAIN_SALE}: (,,) not (250000,EUR,{PLAIN})'),
    (true, 'a transaction''s offer',
     $$UPDATE purchase.transactions SET offer_id = '{OFFER_LATER}' WHERE transaction_id =
     '{EDGE}'$$,
     'sale_transaction {EDGE}: {OFFER_LATER} not {OFFER_EDGE}'),
    (true, 'a refund''s amount',
     $$UPDATE purchase.refunds SET amount = amount - 1 WHERE refund_id = '{PART}'$$,
     'refund_accrual_amount {PART}: -299999 of vendor {VENDOR} not -300000 of vendor {VENDOR}; '
     'refund_content {PART}: -31000.095667 not -31000.199001; '
     'refund_entry {PART}: 299999 not 300000; collection_line {COLLECTED_1} author; '
     'collection_line {COLLECTED_1} painter; settlement_line {SETTLED_1} refunds; '
     'vendor_day vendor {VENDOR} {DAY}; {HISTORY}'),
    (true, 'a refund above the price',
     $$UPDATE purchase.refunds SET amount = 2000000 WHERE refund_id = '{PART}'$$,
     'refund_accrual_amount {PART}: -2000000 of vendor {VENDOR} not -300000 of vendor {VENDOR}; '
     'refund_content {PART}: -206667.993334 not -31000.199001; '
     'refund_entry {PART}: 2000000 not 300000; refund_royalty {PART}: -102000 not -15300; '
     'refund_total {PART}: at most 1000001 and 0 not 2000000 and 0; '
     'collection_line {COLLECTED_1} author; collection_line {COLLECTED_1} painter; '
     'settlement_line {SETTLED_1} refunds; vendor_day vendor {VENDOR} {DAY}; {HISTORY}'),
    (true, 'a refund that is gone',
     $$DELETE FROM purchase.refunds WHERE refund_id = '{PART}'$$,
     'refund_accrual_without_refund {PART}: a refund not none; '
     'refund_missing {PART}: a refund not an entry only; collection_line {COLLECTED_1} author; '
     'collection_line {COLLECTED_1} painter; settlement_line {SETTLED_1} content_royalties; '
     'settlement_line {SETTLED_1} refunds; settlement_line {SETTLED_1} royalties; '
     'vendor_day vendor {VENDOR} {DAY}; {HISTORY}'),
    (true, 'a refund of another vendor',
     $$UPDATE purchase.refunds SET vendor_id = {PLAIN} WHERE refund_id = '{PART}'$$,
     'refund_accrual_amount {PART}: -300000 of vendor {PLAIN} not -300000 of vendor {VENDOR}; '
     'refund_sale {PART}: a sale of vendor {PLAIN} not of vendor {VENDOR}; '
     'settlement_line {SETTLED_1} content_royalties; settlement_line {SETTLED_1} refunds; '
     'settlement_line {SETTLED_1} royalties; vendor_day vendor {PLAIN} {DAY}; '
     'vendor_day vendor {VENDOR} {DAY}; {HISTORY}'),
    (true, 'a licence that is gone',
     $$DELETE FROM license.licenses WHERE transaction_id = '{EDGE}'$$,
     'sale_license {EDGE}: a licence of user {ALICE} not none'),
    (true, 'a licence that nobody bought',
     $$UPDATE license.licenses SET transaction_id = '00000000-0000-7000-8000-000000000003' WHERE
     transaction_id = '{EDGE}'$$,
     'license_sale user {ALICE} {CONTENT_EDGE}: a sale of it to user {ALICE} not none'),
    (true, 'a licence given to another',
     $$UPDATE license.licenses SET user_id = {BOB} WHERE transaction_id = '{EDGE}'$$,
     'license_sale user {BOB} {CONTENT_EDGE}: a sale of it to user {BOB} not of {CONTENT_EDGE} to user {ALICE}; '
     'sale_license {EDGE}: a licence of user {ALICE} not none'),
    (true, 'a refunded licence opened again',
     $$UPDATE license.licenses SET refunded_at = NULL WHERE transaction_id = '{SECOND}'$$,
     'license_refunded user {BOB} {CONTENT_SECOND}: ended not open'),
    (true, 'a licence with more views than sold',
     $$UPDATE license.licenses SET views_left = 100 WHERE transaction_id = '{EDGE}'$$,
     'license_views user {ALICE} {CONTENT_EDGE}: unlimited not 100'),
    (true, 'an incentive code filled up again',
     $$UPDATE incentive.codes SET remaining = remaining + 1 WHERE incentive_id = {INCENTIVE}$$,
     'incentive_used incentive {INCENTIVE}: 399999 not 400000'),
    (true, 'an incentive''s amount',
     $$UPDATE incentive.incentives SET amount = amount + 1 WHERE incentive_id = {INCENTIVE}$$,
     'incentive_used incentive {INCENTIVE}: 400001 not 400000; {HISTORY}');
