-- SPDX-License-Identifier: GPL-3.0-or-later
-- "My content": what was bought is reopened while its licence lasts (U7).
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor \gset
SELECT test.person(10000000) AS alice \gset
SELECT (:'alice'::test.person).user_id AS alice_id, (:'alice'::test.person).login_id AS login \gset
SELECT purchase.content_id(:vendor, test.origin(:vendor) || '/article') AS content \gset
SELECT purchase.content_id(:vendor, test.origin(:vendor) || '/viewed') AS viewed \gset

CREATE FUNCTION pg_temp.reopen(in_person test.person, in_content_id uuid) RETURNS text
LANGUAGE sql AS $$
    SELECT format('SELECT * FROM license.reopen(%s, %s, %L)', (in_person).user_id,
                  (in_person).login_id, in_content_id)
$$;

SELECT throws_ok(pg_temp.reopen(:'alice', :'content'), 'FT033', NULL, 'U7: never offered');
SELECT transaction_id AS bought FROM test.initiate(:vendor, 5, in_optional_data => 'option') \gset
SELECT throws_ok(pg_temp.reopen(:'alice', :'content'), 'FT033', NULL, 'U7: offered, never bought');
SELECT is(test.buy(:'bought', :'alice'), 'charged', 'Alice buys');
SELECT results_eq(pg_temp.reopen(:'alice', :'content'),
    format($$VALUES (false, %L::uuid, %s, %L, true, 'vendor-content', 'option', 5::bigint, 'EUR',
                     9999995::bigint)$$, :'bought', :vendor, test.origin(:vendor) || '/article'),
    'U7, V10: the receipt of the sale, not charged');
SELECT throws_ok(pg_temp.reopen(test.person(), :'content'), 'FT033', NULL, 'U7: not another user');
SELECT throws_ok(pg_temp.reopen((:alice_id, 0, '')::test.person, :'content'), 'FT027', NULL,
                 'U7: not without a login');
SELECT vendor.set_disabled(:vendor, true);
SELECT lives_ok(pg_temp.reopen(:'alice', :'content'), 'U7: even if the vendor sells no more');
SELECT vendor.set_disabled(:vendor, false);

SELECT is(test.buy(test.offer(:vendor, 5, '/viewed', in_views => 1), :'alice'), 'charged', 'one view');
SELECT lives_ok(pg_temp.reopen(:'alice', :'viewed'), 'U7: reopening uses no view');
SELECT results_eq(
    format('SELECT content_id, title, vendor_name, bought_at, views_left, expires_at, valid '
           'FROM license.list(%s, %s, 0, 10)', :alice_id, :login),
    format($$VALUES (%L::uuid, 'Title', 'Shop', now(), 1, NULL::timestamptz, true),
                    (%L, 'Title', 'Shop', now(), NULL, NULL, true)$$, :'viewed', :'content'),
    'U7: what was bought, newest first');
SELECT is(test.lock(:vendor, :'alice', '/viewed'), 'OK', 'the one view is used');
SELECT throws_ok(pg_temp.reopen(:'alice', :'viewed'), 'FT033', NULL, 'U7: used up');
UPDATE license.licenses SET expires_at = now() WHERE user_id = :alice_id AND content_id = :'content';
SELECT throws_ok(pg_temp.reopen(:'alice', :'content'), 'FT033', NULL, 'U7: expired');
SELECT results_eq(format('SELECT content_id, valid FROM license.list(%s, %s, 1, 1)', :alice_id, :login),
                  format('VALUES (%L::uuid, false)', :'content'), 'U7: a page of the list');
SELECT throws_ok(format('SELECT * FROM license.list(%s, 0, 0, 10)', :alice_id), 'FT027', NULL,
                 'U7: no list without a login');
SELECT * FROM test.books_balance();
SELECT * FROM finish();
ROLLBACK;
