-- SPDX-License-Identifier: GPL-3.0-or-later
-- An order of goods is paid in the same window (V12).
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor \gset
SELECT test.person(10000000) AS alice \gset
SELECT test.person(10000000) AS bob \gset
UPDATE account.users SET full_name = 'Ada Buyer', address = E'1 Mill Road\nCambridge'
WHERE user_id = (:'alice'::test.person).user_id;

SELECT outcome, transaction_id AS first FROM test.checkout(:vendor, 'ORDER-1', 2500000, true, 'o-1') \gset
SELECT is(:'outcome'::text, '00000', 'V12: an order is offered');
SELECT results_eq(
    format($$SELECT state, kind, title, price, content_url, is_post, vendor_content_id, cancel_url,
                    shipping, views, valid_hours
             FROM purchase.view_batch(ARRAY[%L::uuid], '{0}', '{0}')$$, :'first'),
    format($$VALUES ('PENDING', 'checkout', 'Two hats', 2500000::bigint, %L, false, 'ORDER-1', %L,
                     true, NULL::int, NULL::bigint)$$,
           test.origin(:vendor) || '/thanks', test.origin(:vendor) || '/cancelled'),
    'V12: and shown');
SELECT is((r.outcome, r.transaction_id), ('00000'::text, :'first'::uuid),
          'V12: the same RequestID gives the same transaction')
FROM test.checkout(:vendor, 'ORDER-1', 2500000, true, 'o-1') r;
SELECT is((test.checkout(:vendor, 'ORDER-1', 2500000, false, 'o-1')).outcome, 'FT009',
          'V12: but not without asking for the address');
SELECT is((test.checkout(:vendor, 'ORDER-2', 2500000, true, 'o-1')).outcome, 'FT009',
          'V12: nor for another order');
UPDATE vendor.urls SET path = '/shop/' WHERE vendor_id = :vendor;
SELECT is((test.checkout(:vendor, 'ORDER-3')).outcome, 'FT004', 'V2: the way back is registered');
UPDATE vendor.urls SET path = '/' WHERE vendor_id = :vendor;

-- Paid: the vendor gets name and address when the user says so, and only then.
CREATE FUNCTION pg_temp.shipping(in_vendor_id int, in_transaction_id uuid) RETURNS text LANGUAGE sql
AS $$ SELECT coalesce(g.shipping, 'nothing') FROM purchase.get(in_vendor_id, 1, in_transaction_id, NULL) g $$;
SELECT is(pg_temp.shipping(:vendor, :'first'), 'nothing', 'V12: nothing before it is paid');
SELECT is(test.buy(:'first', :'alice', NULL, true), 'charged', 'V12: paid, with leave');
SELECT is(pg_temp.shipping(:vendor, :'first'), E'Ada Buyer\n1 Mill Road\nCambridge',
          'V12: the vendor gets name and address');
UPDATE account.users SET address = 'Elsewhere' WHERE user_id = (:'alice'::test.person).user_id;
SELECT is(pg_temp.shipping(:vendor, :'first'), E'Ada Buyer\n1 Mill Road\nCambridge',
          'V12: those of that moment, once');
SELECT (test.checkout(:vendor, 'ORDER-4')).transaction_id AS silent,
       (test.checkout(:vendor, 'ORDER-5', in_shipping => false)).transaction_id AS unasked,
       (test.checkout(:vendor, 'ORDER-6')).transaction_id AS bare,
       test.offer(:vendor, in_path => '/item') AS item \gset
SELECT is(test.buy(:'silent', :'alice'), 'charged', 'V12: paid without leave');
SELECT is(pg_temp.shipping(:vendor, :'silent'), 'nothing', 'V12: the vendor gets nothing');
SELECT is(test.buy(:'silent', :'alice', NULL, true), 'not charged', 'V12: leave given too late …');
SELECT is(pg_temp.shipping(:vendor, :'silent'), 'nothing', 'V12: … passes nothing');
SELECT is(test.buy(:'unasked', :'alice', NULL, true), 'charged', 'V12: leave that was not asked for …');
SELECT is(pg_temp.shipping(:vendor, :'unasked'), 'nothing', 'V12: … passes nothing');
SELECT is(test.buy(:'item', :'alice', NULL, true), 'charged', 'S1: of content likewise');
SELECT is(pg_temp.shipping(:vendor, :'item'), 'nothing', 'S1: a vendor learns nothing');
SELECT is(test.buy(:'bare', :'bob', NULL, true), 'charged', 'V12: a user without address');
SELECT is(pg_temp.shipping(:vendor, :'bare'), 'Full Name', 'V12: has a name');

-- An order is no content.
SELECT is(test.state(:'first', :'alice'), 'OWNED', 'V7: it is paid');
SELECT is(test.buy(checkout.transaction_id, :'alice'), 'not charged',
          'V7: the same order under another transaction is not charged again')
FROM test.checkout(:vendor, 'ORDER-1', 2500000);
SELECT is(test.buy(checkout.transaction_id, :'alice'), 'not charged', 'V7: nor at another price')
FROM test.checkout(:vendor, 'ORDER-1', 99);
SELECT is(test.lock(:vendor, :'alice', '/thanks'), 'NOT_PURCHASED', 'V6: it opens no page');
SELECT is_empty(format($$SELECT FROM license.list(%s, %s, 0, 10) WHERE title = 'Two hats'$$,
                       (:'alice'::test.person).user_id, (:'alice'::test.person).login_id),
                'U7: it is not among the content');
SELECT is(test.buy(:'first', :'bob'), 'FT008', 'V11: somebody else cannot pay it');
SELECT (test.checkout(:vendor, 'ORDER-1', 99)).transaction_id AS second,
       (test.checkout(:vendor, 'ORDER-1', in_shipping => false)).transaction_id AS third,
       (test.checkout(test.vendor(), 'ORDER-1')).transaction_id AS other \gset
SELECT is(test.state(:'second', :'bob'), 'TAKEN', 'V12: nor under another transaction');
SELECT is(test.buy(:'second', :'bob'), 'FT008', 'V12: which is refused');
SELECT is(test.balance(:'bob'), 9000000::bigint, 'V12: and charges nothing');
SELECT is(test.state(:'other', :'bob'), 'PENDING', 'V12: another vendor''s order is another');
SELECT throws_ok(format('SELECT purchase.offer_again(%L, 60)', :'first'), 'FT033', NULL,
                 'V11: nor is it offered to them under another transaction');
SELECT throws_ok(format('SELECT purchase.offer_item(purchase.order_content_id(%s, ''ORDER-1''), 60)',
                        :vendor), 'FT033', NULL, 'S1: nor shown to who guesses its number');
SELECT FROM purchase.refund(:vendor, 1, :'first', 1000000, NULL, NULL);
SELECT is(test.buy(:'second', :'bob'), 'FT008', 'V12: an order refunded in part is paid');
SELECT is(state, 'REFUNDED', 'V14: it can be refunded')
FROM purchase.refund(:vendor, 1, :'first', NULL, NULL, NULL);
SELECT is(vendor_content_id || kind, 'ORDER-1checkout', 'V14: and is known by its order')
FROM purchase.get(:vendor, 1, :'first', NULL);


-- After a whole refund it can be paid again, once, by anybody.
SELECT is(test.state(:'second', :'bob'), 'PENDING', 'V12: an order that was paid back waits again');
SELECT is(test.buy(:'first', :'alice'), 'not charged', 'V3: its transaction stays as it is');
SELECT is(test.buy(:'second', :'bob'), 'charged', 'V12: another user pays it');
SELECT is(test.state(:'third', :'alice'), 'TAKEN', 'V12: now the first one …');
SELECT is(test.buy(:'third', :'alice'), 'FT008', 'V12: … cannot');
SELECT is(string_agg(concat_ws(':', item, outcome, charged), ' ' ORDER BY item),
          '1:00000:t 2:FT008 3:00000:t', 'V12: nor can two users in one batch')
FROM purchase.buy_batch(
    ARRAY[(test.checkout(:vendor, 'ORDER-7')).transaction_id,
          (test.checkout(:vendor, 'ORDER-7')).transaction_id, test.offer(:vendor, 5, '/plain')],
    ARRAY[(:'alice'::test.person).user_id, (:'bob'::test.person).user_id, (:'bob'::test.person).user_id],
    ARRAY[(:'alice'::test.person).login_id, (:'bob'::test.person).login_id,
          (:'bob'::test.person).login_id], '{NULL,NULL,NULL}', '{f,f,f}');

-- A sandbox: play money (XTS), and refusals that a price provokes.
SELECT test.vendor('XTS') AS box \gset
SELECT test.offer(:box, 1000, '/play') AS play \gset
SELECT results_eq(
    format($$SELECT sandbox, balance FROM purchase.view_batch(array_fill(%L::uuid, ARRAY[2]),
             ARRAY[0, %s], ARRAY[0, %s]) ORDER BY item$$, :'play', (:'bob'::test.person).user_id,
           (:'bob'::test.person).login_id),
    'VALUES (true, 0::bigint), (true, purchase.play_money())', 'its window shows play money');
SELECT is(test.buy(:'play', :'bob'), 'charged', 'which pays');
SELECT is(test.balance(:'bob', 'XTS'), purchase.play_money() - 1000, 'once it is given');
SELECT is(test.balance(:'bob'), (9000000 - 99 - 5)::bigint, 'and no other money');
SELECT is(test.buy(test.offer(:box, price, '/refused' || price), :'bob'), 'FT0' || price,
          'a price of ' || price || ' micro-units is refused')
FROM generate_series(20, 26) price;
SELECT is(test.buy(test.offer(:box, price, '/sold' || price), :'bob'), 'charged',
          'one of ' || price || ' is not') FROM unnest('{19,27}'::int[]) price;
SELECT is(test.buy(test.offer(:vendor, 20, '/real'), :'bob'), 'charged', 'nor one in real money');
SELECT is(test.balance(:'bob', 'XTS'), purchase.play_money() - 1000 - 19 - 27, 'given once');

SELECT * FROM test.books_balance();
SELECT * FROM finish();
ROLLBACK;
