-- SPDX-License-Identifier: GPL-3.0-or-later
-- An item is offered again: copied links, late visitors, visitors turned away (V11).
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor \gset
SELECT purchase.content_id(:vendor, test.origin(:vendor) || '/article') AS content \gset
SELECT test.person(10000000) AS alice \gset
SELECT test.person(10000000) AS bob \gset

CREATE FUNCTION pg_temp.price(in_transaction_id uuid) RETURNS bigint LANGUAGE sql AS $$
    SELECT v.price FROM purchase.view_batch(ARRAY[in_transaction_id], '{0}', '{0}') v
$$;
-- Each statement of one transaction has the same now(): as if an offer were made earlier.
CREATE FUNCTION pg_temp.an_hour_passes() RETURNS void LANGUAGE sql AS $$
    UPDATE purchase.offers SET offered_at = offered_at - interval '1 hour'
$$;

SELECT transaction_id AS first FROM test.initiate(:vendor, 100, in_optional_data => 'mine') \gset
SELECT is(test.buy(:'first', :'alice'), 'charged', 'Alice buys and passes her link on');
SELECT purchase.offer_again(:'first', 600) AS again \gset
SELECT is(test.state(:'again', :'bob'), 'PENDING', 'V11: who comes with it gets a new transaction');
SELECT is((optional_data, expires_at), (NULL::text, now() + interval '10 minutes'),
          'V11: without the first visitor''s OptionalData, for as long as was said')
FROM purchase.transactions WHERE transaction_id = :'again';
SELECT is(test.buy(:'again', :'bob'), 'charged', 'V11: and can buy the item');

-- The newest offer is sold, also when it was made before.
SELECT pg_temp.an_hour_passes();
SELECT test.offer(:vendor, 200);
SELECT is(pg_temp.price(purchase.offer_item(:'content', 600)), 200::bigint,
          'V11: a new price is the item''s');
SELECT is(pg_temp.price(purchase.offer_again(:'first', 600)), 200::bigint,
          'V11: an old link does not buy at the old price');
SELECT pg_temp.an_hour_passes();
SELECT test.offer(:vendor, 100);
SELECT is(pg_temp.price(purchase.offer_item(:'content', 600)), 100::bigint,
          'V11: the price was put back: it holds again');
SELECT pg_temp.an_hour_passes();
SELECT count(*) FROM (SELECT ARRAY[16]) v (n), purchase.initiate_batch(
    array_fill(:vendor, n), array_fill(1, n), array_fill('T'::text, n),
    ARRAY(SELECT generate_series(1, 16)),
    array_fill(test.origin(:vendor) || '/article', n), array_fill(test.origin(:vendor), n),
    array_fill('/article'::text, n), array_fill(true, n), array_fill(NULL::text, n),
    array_fill(NULL::int, n), array_fill(NULL::timestamptz, n), array_fill(NULL::bigint, n),
    array_fill(NULL::text, n), array_fill(NULL::text, n), array_fill(NULL::text, n),
    array_fill(NULL::text, n), 60);
SELECT is(pg_temp.price(purchase.offer_item(:'content', 600)), 16::bigint,
          'V11: of many prices in one batch the last holds');
SELECT is(pg_temp.price(:'again'), 100::bigint, 'V3: a transaction keeps its price');

-- Refusals.
SELECT throws_ok('SELECT purchase.offer_again(gen_random_uuid(), 60)', 'FT005', NULL,
                 'V11: an unknown transaction');
SELECT throws_ok('SELECT purchase.offer_item(gen_random_uuid(), 60)', 'FT033', NULL,
                 'V11: an item that was never offered');
SELECT vendor.set_disabled(:vendor, true);
SELECT throws_ok(format('SELECT purchase.offer_again(%L, 60)', :'first'), 'FT003', NULL,
                 'V11: of a disabled vendor');
SELECT throws_ok(format('SELECT purchase.offer_item(%L, 60)', :'content'), 'FT003', NULL,
                 'V11: of a disabled vendor');
SELECT * FROM test.books_balance();
SELECT * FROM finish();
ROLLBACK;
