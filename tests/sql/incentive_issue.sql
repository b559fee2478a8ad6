-- SPDX-License-Identifier: GPL-3.0-or-later
-- Codes are issued, by a vendor or by the provider, and pay (V14, U15, B7).
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor, test.vendor() AS other \gset

-- A repeated RequestID gives the first codes again, whatever codes came with it.
PREPARE issue(text[], text) AS
    SELECT * FROM incentive.issue(:vendor, 1, 300000, '2999-01-01Z', $1, 'SPRING', $2);
CREATE TEMP TABLE issued AS EXECUTE issue('{SPRING-B,SPRING-A}', 'spring');
SELECT is(codes, '{SPRING-B,SPRING-A}', 'V14: codes come back in their order') FROM issued;
SELECT results_eq($$EXECUTE issue('{SPRING-C,SPRING-D}', 'spring')$$, 'TABLE issued',
                  'a repeat gives the first issue');
SELECT is(count(*), 2::bigint, 'and stores nothing') FROM incentive.codes c
JOIN issued i ON i.incentive_id = c.incentive_id;
SELECT is_empty($$SELECT FROM incentive.codes WHERE code IN ('SPRING-C', 'SPRING-D')$$,
                'the codes that came with the repeat pay nothing');
SELECT throws_ok($$EXECUTE issue('{X1,X2,X3}', 'spring')$$, 'FT009', NULL, 'another count');
SELECT throws_ok(format($$SELECT incentive.issue(%s, 1, 300001, '2999-01-01Z', '{X1,X2}', 'SPRING', 'spring')$$,
                        :vendor), 'FT009', NULL, 'another amount');
SELECT throws_ok(format($$SELECT incentive.issue(%s, 1, 300000, '2999-01-02Z', '{X1,X2}', 'SPRING', 'spring')$$,
                        :vendor), 'FT009', NULL, 'another expiry');
SELECT throws_ok(format($$SELECT incentive.issue(%s, 1, 300000, '2999-01-01Z', '{X1,X2}', NULL, 'spring')$$,
                        :vendor), 'FT009', NULL, 'another prefix');
SELECT lives_ok(format($$SELECT incentive.issue(%s, 1, 300000, '2999-01-01Z', '{O1}', NULL, 'spring')$$,
                       :other), 'a RequestID is the vendor''s own');
SELECT lives_ok($$EXECUTE issue('{N1}', NULL)$$, 'without RequestID each call issues');
SELECT lives_ok($$EXECUTE issue('{N2}', NULL)$$, 'again');

SELECT throws_ok($$EXECUTE issue('{SPRING-A}', 'next')$$, 'FT010', NULL, 'a code exists once');
SELECT is_empty($$SELECT FROM vendor.requests WHERE request_id = 'next'$$,
                'what was refused does not use the RequestID up');
SELECT throws_ok(format($$SELECT incentive.issue(%s, 1, 1, now(), '{X1}', NULL, NULL)$$, :vendor),
                 'FT040', NULL, 'an issue expires in the future');
SELECT throws_ok(format($$SELECT incentive.issue(%s, 2, 1, '2999-01-01Z', '{X1}', NULL, NULL)$$, :vendor),
                 'FT002', NULL, 'a stale password');
SELECT throws_ok(format($$SELECT incentive.issue(%s, 1, 0, '2999-01-01Z', '{X1}', NULL, NULL)$$, :vendor),
                 '23514', NULL, 'a code is worth something');
SELECT throws_ok(format($$SELECT incentive.issue(%s, 1, 1, '2999-01-01Z', '{}', NULL, NULL)$$, :vendor),
                 '23514', NULL, 'an issue has codes');

-- A code pays at its issuer, in part, then in full, until nothing is left.
SELECT test.person(5000000) AS ada \gset
SELECT incentive_id AS issue FROM issued \gset
SELECT is(test.buy(test.offer(:other, 100000, '/foreign'), :'ada', 'SPRING-A'), 'FT050',
          'B7: not at another vendor');
SELECT is(test.buy(test.offer(:vendor, 200000, '/one'), :'ada', 'SPRING-A'), 'charged',
          'B7: it pays the whole price');
SELECT is(test.balance(:'ada'), 5000000::bigint, 'and the user nothing');
SELECT is(test.buy(test.offer(:vendor, 250000, '/two'), :'ada', 'SPRING-A'), 'charged',
          'B7: what is left pays in part');
SELECT is(test.balance(:'ada'), 4850000::bigint, 'and the user the rest');
SELECT is(test.buy(test.offer(:vendor, 250000, '/three'), :'ada', 'SPRING-A'), 'FT050', 'used up');
SELECT is(test.buy(test.offer(:vendor, 250000, '/three'), :'ada', 'spring-b'), 'FT050', 'no such code');
SELECT is(test.buy((SELECT transaction_id FROM test.initiate(:vendor, 250000, '/none',
          in_incentive_ids => '-1')), :'ada', 'SPRING-B'), 'FT050', 'V9: -1 allows none');
SELECT is(test.buy((SELECT transaction_id FROM test.initiate(:vendor, 250000, '/list',
          in_incentive_ids => '7, ' || :issue)), :'ada', 'SPRING-B'), 'charged', 'V9: a list names it');
UPDATE incentive.incentives SET expires_at = now() WHERE incentive_id = :issue;
SELECT is(test.buy(test.offer(:vendor, 10000, '/late'), :'ada', 'SPRING-B'), 'FT050', 'expired');

-- The provider's codes pay everywhere in their currency, at the provider's cost.
SELECT throws_ok($$SELECT incentive.issue_by_provider('EURO', 1, '2999-01-01Z', '{P0}')$$, 'FT031',
                 NULL, 'no such currency');
SELECT throws_ok($$SELECT incentive.issue_by_provider('EUR', 1, now(), '{P0}')$$, 'FT040', NULL,
                 'no issue in the past');
SELECT incentive.issue_by_provider('EUR', 400000, '2999-01-01Z', '{P1}') AS provided \gset
SELECT is(test.buy(test.offer(:other, 100000, '/foreign'), :'ada', 'P1'), 'charged',
          'U15: the provider''s code pays at any vendor');
SELECT results_eq(format($$SELECT account, holder, sum(amount)::bigint FROM ledger.all_postings
                           WHERE kind = 'purchase' AND account <> 'user_wallet' GROUP BY 1, 2
                           HAVING account <> 'vendor_payable' OR holder IN (%s, %s) ORDER BY 1, 2$$,
                         :vendor, :other),
                  format($$VALUES ('incentive_expense', 0::bigint, -100000::bigint),
                                  ('vendor_payable', %s, 150000 + 0), ('vendor_payable', %s, 100000)$$,
                         :vendor, :other), 'B7: its issuer bears what a code paid');
SELECT test.books_balance();
SELECT * FROM finish();
ROLLBACK;
