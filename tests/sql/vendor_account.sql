-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a vendor sold and is owed (V14), and its own new password.
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor, test.vendor() AS other, test.person(9000000) AS ada,
       test.person(9000000) AS bob \gset
PREPARE figures AS SELECT currency, sales, refunds, incentives, royalties, payable,
                          amount_threshold, next_settlement_on FROM vendor.account(:vendor, 1);
SELECT results_eq('figures', $$VALUES ('EUR', 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint,
                                       NULL::bigint, NULL::date)$$, 'V14: nothing sold yet');

SELECT FROM incentive.issue(:vendor, 1, 300000, '2999-01-01Z', '{OWN}', NULL, NULL);
SELECT incentive.issue_by_provider('EUR', 300000, '2999-01-01Z', '{FREE}');
SELECT test.offer(:vendor, 1000000, '/a') AS plain, test.offer(:vendor, 1000000, '/b') AS own,
       test.offer(:vendor, 1000000, '/c') AS free, test.offer(:other, 7000000) AS foreign \gset
SELECT is(test.buy(:'plain', :'ada'), 'charged', 'sold');
SELECT is(test.buy(:'own', :'ada', 'OWN'), 'charged', 'with the vendor''s own code');
SELECT is(test.buy(:'free', :'ada', 'FREE'), 'charged', 'with the provider''s code');
SELECT is(test.buy(:'foreign', :'bob'), 'charged', 'by another vendor');
SELECT results_eq('figures', $$VALUES ('EUR', 3000000::bigint, 0::bigint, 300000::bigint, 0::bigint,
                                       2700000::bigint, NULL::bigint, NULL::date)$$,
                  'V14: own codes cost the vendor, the provider''s do not');

SELECT FROM purchase.refund(:vendor, 1, :'plain', 400000, NULL, NULL);
SELECT FROM purchase.refund(:vendor, 1, :'own', NULL, NULL, NULL);
SELECT FROM purchase.refund(:vendor, 1, :'free', 350000, NULL, NULL);
SELECT results_eq('figures', $$VALUES ('EUR', 3000000::bigint,
        400000::bigint + 1000000 + 350000 + 150000, 0::bigint, 0::bigint, 1100000::bigint,
        NULL::bigint, NULL::date)$$,
    'V14: refunds take what users, the provider and the vendor''s own codes get back');
SELECT is(payable, sales - incentives - refunds - royalties, 'V14: the figures add up')
FROM vendor.account(:vendor, 1);
SELECT is(payable, (SELECT sum(amount)::bigint FROM ledger.all_postings
                    WHERE account = 'vendor_payable' AND holder = :vendor),
          'V14: to what the ledger says') FROM vendor.account(:vendor, 1);

-- What was agreed with it.
SELECT settlement.set_vendor_terms(:vendor, 5000000, 'monthly', in_method => 'check');
SELECT results_eq(format('SELECT amount_threshold, next_settlement_on FROM vendor.account(%s, 1)', :vendor),
    $$SELECT 5000000::bigint, (date_trunc('month', now() AT TIME ZONE 'UTC' + interval '1 month' - interval '1 day'))::date$$,
    'V14, O6: threshold and next date');
SELECT settlement.set_vendor_terms(:vendor, 7000000, 'any_day', in_method => 'check');
SELECT results_eq(format('SELECT amount_threshold, next_settlement_on FROM vendor.account(%s, 1)', :vendor),
    'VALUES (7000000::bigint, NULL::date)', 'V14, O6: any day when there is no calendar');

SELECT throws_ok(format('SELECT vendor.account(%s, 2)', :vendor), 'FT002', NULL, 'a stale password');
SELECT throws_ok('SELECT vendor.account(-1, 1)', 'FT002', NULL, 'no such vendor');

-- ChangePassword.
SELECT throws_ok(format($$SELECT vendor.change_password(%s, 2, 'h2')$$, :vendor), 'FT002', NULL,
                 'V14: not with a stale password');
SELECT lives_ok(format($$SELECT vendor.change_password(%s, 1, 'h2')$$, :vendor), 'V14: a new password');
SELECT results_eq(format('SELECT credential_version, password_hash FROM vendor.find_credential(%s)',
                         :vendor), $$VALUES (2, 'h2')$$, 'it has a new version');
SELECT throws_ok('figures', 'FT002', NULL, 'the old one is refused');
SELECT throws_ok(format($$SELECT vendor.change_password(%s, 1, 'h3')$$, :vendor), 'FT002', NULL,
                 'also for choosing another');
SELECT vendor.set_disabled(:vendor, true);
SELECT throws_ok(format('SELECT vendor.account(%s, 2)', :vendor), 'FT003', NULL, 'a disabled vendor');
SELECT throws_ok(format($$SELECT vendor.change_password(%s, 2, 'h3')$$, :vendor), 'FT003', NULL,
                 'keeps its password');
SELECT test.books_balance();
SELECT * FROM finish();
ROLLBACK;
