-- SPDX-License-Identifier: GPL-3.0-or-later
-- Purchases at the same time, in sessions of their own (B6, V3, V7, V11).
SELECT no_plan();
SELECT test.vendor() AS vendor \gset
SELECT test.person(10000000) AS alice \gset
SELECT test.person(10000000) AS bob \gset

-- The same transaction 50 times.
SELECT test.offer(:vendor, 1000000, '/fifty') AS fifty \gset
SELECT is(test.answers(array_fill(test.buying(ARRAY[:'fifty']::uuid[],
                                                 ARRAY[:'alice']::test.person[]), ARRAY[50])),
          '1:00000:f x49, 1:00000:t x1', 'V3: bought 50 times at once, charged once');
SELECT is(test.balance(:'alice'), 9000000::bigint, 'V3: the wallet too');
SELECT is(count(*), 1::bigint, 'V3: one sale') FROM purchase.sales WHERE transaction_id = :'fifty';

-- Two transactions of one item by one user.
SELECT array_agg(test.offer(:vendor, 1000000, '/item')) AS two FROM generate_series(1, 2) \gset
SELECT is(test.answers(ARRAY(SELECT test.buying(ARRAY[t], ARRAY[:'alice']::test.person[])
                                FROM unnest(:'two'::uuid[]) t)),
          '1:00000:f x1, 1:00000:t x1', 'V7: one item by two transactions at once, charged once');
SELECT is(test.balance(:'alice'), 8000000::bigint, 'V7: the wallet too');

-- Both find what they need before either pays: the second finds the wallet changed.
SELECT test.person(6000000) AS anna \gset
SELECT format('UPDATE account.wallets SET balance = 0 WHERE user_id = %s',
              (:'anna'::test.person).user_id) AS held \gset
SELECT array_agg(test.offer(:vendor, 1000000, '/late')) AS two FROM generate_series(1, 2) \gset
SELECT ARRAY(SELECT test.buying(ARRAY[t], ARRAY[:'anna']::test.person[])
             FROM unnest(:'two'::uuid[]) t) AS both \gset
SELECT is(test.answers(:'both', :'held'), '1:00000:f x1, 1:00000:t x1',
          'V7: one item by two transactions, both found before either is charged: charged once');
SELECT is(count(*), 1::bigint, 'V14: it is paid back') FROM purchase.sales s
CROSS JOIN LATERAL purchase.refund(:vendor, 1, s.transaction_id, NULL, NULL, NULL)
WHERE s.transaction_id = ANY (:'two');
SELECT array_agg(test.offer(:vendor, 1000000, '/late')) AS two FROM generate_series(1, 2) \gset
SELECT ARRAY(SELECT test.buying(ARRAY[t], ARRAY[:'anna']::test.person[])
             FROM unnest(:'two'::uuid[]) t) AS both \gset
SELECT is(test.answers(:'both', :'held'), '1:00000:f x1, 1:00000:t x1',
          'V7: likewise when a licence that was paid back is bought anew');
SELECT array_agg(test.offer(:vendor, 4000000, '/late' || n)) AS two FROM generate_series(1, 2) n \gset
SELECT ARRAY(SELECT test.buying(ARRAY[t], ARRAY[:'anna']::test.person[])
             FROM unnest(:'two'::uuid[]) t) AS both \gset
SELECT is(test.answers(:'both', :'held'), '1:00000:t x1, 1:FT020 x1',
          'B4: two items, for both of which there was money before either is charged: one is refused');

-- The same transaction by two users.
SELECT test.offer(:vendor, 1000000, '/rivals') AS rivals \gset
SELECT is(test.answers(ARRAY(SELECT test.buying(ARRAY[:'rivals']::uuid[], ARRAY[p])
                                FROM unnest(ARRAY[:'alice', :'bob']::test.person[]) p)),
          '1:00000:t x1, 1:FT008 x1', 'V11: one transaction by two users at once: one has it');
SELECT is(test.balance(:'alice') + test.balance(:'bob'), 17000000::bigint, 'V11: one pays');

-- One order by twenty users, to each of whom the vendor gave a transaction of its own.
SELECT array_agg(test.person(1000000)) AS buyers,
       array_agg((test.checkout(:vendor, 'CROWD', 1000)).transaction_id) AS orders
FROM generate_series(1, 20) \gset
CREATE FUNCTION pg_temp.paying(in_ids uuid[], in_people test.person[]) RETURNS text[] LANGUAGE sql AS $$
    SELECT array_agg(test.buying(ARRAY[in_ids[n]], ARRAY[in_people[n]]))
    FROM generate_subscripts(in_ids, 1) n
$$;
SELECT is(test.answers(pg_temp.paying(:'orders', :'buyers')), '1:00000:t x1, 1:FT008 x19',
          'V12: an order by twenty users at once: one pays');
SELECT is(count(*), 1::bigint, 'V12: and there is one sale') FROM purchase.sales
WHERE transaction_id = ANY (:'orders');
SELECT transaction_id AS paid FROM purchase.sales WHERE transaction_id = ANY (:'orders') \gset
SELECT FROM purchase.refund(:vendor, 1, :'paid', NULL, NULL, NULL);
SELECT is(test.answers(pg_temp.paying(array_remove(:'orders'::uuid[], :'paid'), ARRAY(
                           SELECT p FROM unnest(:'buyers'::test.person[]) p LIMIT 19))),
          '1:00000:t x1, 1:FT008 x18', 'V12: paid back, one of the others pays');

-- The balance, and each limit, allow one of two.
SELECT test.person(1000000) AS carol \gset
SELECT array_agg(test.offer(:vendor, 600000, '/balance' || n)) AS two
FROM generate_series(1, 2) n \gset
SELECT is(test.answers(ARRAY(SELECT test.buying(ARRAY[t], ARRAY[:'carol']::test.person[])
                                FROM unnest(:'two'::uuid[]) t)),
          '1:00000:t x1, 1:FT020 x1', 'B4: two purchases exceed the balance together');
SELECT is(test.balance(:'carol'), 400000::bigint, 'B4: one is charged');
SELECT refusal, test.person(10000000) AS person,
       ARRAY[CASE refusal WHEN 'FT022' THEN 1000000 END, CASE refusal WHEN 'FT023' THEN 1000000 END,
             CASE refusal WHEN 'FT024' THEN 1000000 END, CASE refusal WHEN 'FT025' THEN 1000000 END]
       AS limits
INTO TEMP limited FROM unnest('{FT022,FT023,FT024,FT025}'::text[]) refusal;
SELECT account.set_limits((person).login_name, 'EUR', 0, NULL, limits[1], limits[2], limits[3],
                          limits[4]) FROM limited;
CREATE TEMP TABLE limited_offers AS
    SELECT refusal, person, array_agg(test.offer(:vendor, 600000, '/' || refusal || n)) AS offers
    FROM limited, generate_series(1, 2) n GROUP BY refusal, person;
SELECT is(test.answers(ARRAY(SELECT test.buying(ARRAY[t], ARRAY[person]) FROM unnest(offers) t)),
          format('1:00000:t x1, 1:%s x1', refusal), 'B5: two purchases exceed the limit of ' || refusal)
FROM limited_offers ORDER BY refusal;

-- Batches of the same users and transactions, in opposite order. Somebody holds one in the middle.
SELECT array_agg(p.person ORDER BY n) AS people, array_agg(p.person ORDER BY n DESC) AS elpoep,
       array_agg(offer ORDER BY n) AS offers, array_agg(offer ORDER BY n DESC) AS sreffo
FROM (SELECT n, test.person(1000000) AS person, test.offer(:vendor, 400000, '/order' || n) AS offer
      FROM generate_series(1, 20) n) p \gset
SELECT format('UPDATE account.wallets SET balance = 0 WHERE user_id = %s',
              ((:'people'::test.person[])[10]).user_id) AS held \gset
SELECT is(test.answers(ARRAY[test.buying(:'offers', :'people'), test.buying(:'sreffo', :'elpoep')],
                       :'held'),
          (SELECT string_agg(r, ', ' ORDER BY r) FROM (
               SELECT string_agg(n || ':00000:' || c, ' ' ORDER BY n) || ' x1' AS r
               FROM generate_series(1, 20) n, unnest('{f,t}'::text[]) c GROUP BY c) b),
          'B6: batches in opposite order do not deadlock, and each is charged once');
SELECT is(test.answers(ARRAY[test.buying(:'offers', :'elpoep'), test.buying(:'sreffo', :'people')],
                       :'held'),
          (SELECT string_agg(n || ':FT008', ' ' ORDER BY n) || ' x2' FROM generate_series(1, 20) n),
          'V11: nor when each wants what another has');
SELECT array_agg(test.offer(:vendor, 1000, '/new' || n) ORDER BY n) AS fresh,
       (:'people'::test.person[])[1:10] AS some, (:'people'::test.person[])[11:20] AS others
FROM generate_series(1, 10) n \gset
SELECT is(count(*) FILTER (WHERE r.outcome = '00000:t'), 10::bigint,
          'V11: ten users and ten others want the same ten at once: each is sold once')
FROM test.at_once(ARRAY[test.buying(:'fresh', :'some'), test.buying(ARRAY(
         SELECT t FROM unnest(:'fresh'::uuid[]) t ORDER BY t DESC), :'others')]) b,
     regexp_matches(b.result, '\d+:(\S+)', 'g') m, LATERAL (SELECT m[1] AS outcome) r;
SELECT is(count(*), 10::bigint, 'V11: and there are ten sales')
FROM purchase.sales WHERE transaction_id = ANY (:'fresh');

-- Buying while the account is being disabled: sold before it, or refused after it.
SELECT test.person(1000000) AS dora \gset
SELECT array_agg(test.offer(:vendor, 1000, '/closing' || n)) AS closing
FROM generate_series(1, 10) n \gset
CREATE TEMP TABLE closed AS
    SELECT * FROM test.at_once(
        ARRAY(SELECT test.buying(ARRAY[t], ARRAY[:'dora']::test.person[])
              FROM unnest(:'closing'::uuid[]) t)
        || format('SELECT account.set_disabled(%L, true)::text', (:'dora'::test.person).login_name),
        in_role => current_user);
SELECT is_empty('SELECT * FROM closed WHERE place <= 10 AND result NOT IN (''1:00000:t'', ''1:FT026'')',
                'U10: what is bought while an account is disabled is sold or refused');
SELECT is(1000 * count(*), 1000000 - test.balance(:'dora'), 'U10: and charged if it was sold')
FROM closed WHERE result = '1:00000:t';

SELECT * FROM test.books_balance();
SELECT * FROM finish();
