-- SPDX-License-Identifier: GPL-3.0-or-later
-- Refunds at the same time never exceed what was paid (V14); nor do incentive codes (B7).
SELECT no_plan();
SELECT test.vendor() AS vendor \gset
SELECT test.person(10000000) AS alice \gset
SELECT test.offer(:vendor, 1000000, '/crowd') AS crowd, test.offer(:vendor, 1000000, '/same') AS same,
       test.offer(:vendor, 1000000, '/whole') AS whole \gset
SELECT test.buy(:'crowd', :'alice'), test.buy(:'same', :'alice'), test.buy(:'whole', :'alice');

CREATE FUNCTION pg_temp.answers(in_statement text, in_times int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(result || ' x' || times, ', ' ORDER BY result)
    FROM (SELECT result, count(*) AS times FROM test.at_once(array_fill(in_statement, ARRAY[in_times]))
          GROUP BY result) r
$$;
SELECT is(pg_temp.answers(format('SELECT amount::text FROM purchase.refund(%s, 1, %L, 300000, NULL, NULL)',
                                 :vendor, :'crowd'), 20),
          '300000 x3, FT011 x17', 'V14: 20 refunds of a third at once: three are paid');
SELECT is(pg_temp.answers(format('SELECT amount::text FROM purchase.refund(%s, 1, %L, NULL, NULL, NULL)',
                                 :vendor, :'whole'), 20),
          '1000000 x1, FT010 x19', 'V14: 20 whole refunds at once: one is paid');
SELECT is(pg_temp.answers(format('SELECT refunded_total::text FROM purchase.refund(%s, 1, %L, 10000, NULL, '
                                 '''same'')', :vendor, :'same'), 20),
          '10000 x20', 'V14: one RequestID 20 times at once: one refund, and all hear of it');
SELECT is(count(*), 1::bigint, 'V14: one refund') FROM purchase.refunds WHERE transaction_id = :'same';
SELECT is(test.balance(:'alice'), (10000000 - 3000000 + 900000 + 1000000 + 10000)::bigint,
          'V14: what was answered is what was paid');

-- One code by many users, each in a batch of their own.
SELECT FROM incentive.issue(:vendor, 1, 1000, now() + interval '1 day', '{CROWD-1,CROWD-2}', NULL, NULL);
SELECT array_agg(test.person(0)) AS people FROM generate_series(1, 20) \gset
SELECT array_agg(test.offer(:vendor, 100, '/code')) AS ids FROM generate_series(1, 20) \gset
CREATE FUNCTION pg_temp.buying(in_id uuid, in_person test.person, in_code text)
RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT outcome FROM purchase.buy_batch(ARRAY[%L::uuid], ARRAY[%s::bigint], '
                  'ARRAY[%s::bigint], ARRAY[%L], ''{f}'')', in_id, (in_person).user_id,
                  (in_person).login_id, in_code)
$$;
SELECT results_eq(
    format($$SELECT result, count(*) FROM test.at_once(ARRAY(
        SELECT pg_temp.buying(id, person, 'CROWD-1')
        FROM unnest(%L::uuid[], %L::test.person[]) v (id, user_id, login_id, login_name),
             LATERAL (SELECT (user_id, login_id, login_name)::test.person) p (person)))
        GROUP BY result ORDER BY result$$, :'ids', :'people'),
    $$VALUES ('00000', 10::bigint), ('FT050', 10)$$,
    'B7: a code for ten purchases by 20 users at once pays ten');
SELECT is(remaining::bigint, 0::bigint, 'B7: and no more') FROM incentive.codes WHERE code = 'CROWD-1';

-- A code that is shown to eight, and pays for one.
SELECT FROM incentive.issue(:vendor, 1, 1000, now() + interval '1 day', '{RACE}', NULL, NULL);
SELECT array_agg(test.person(10000)) AS rich, array_agg(test.offer(:vendor, 900, '/race')) AS races
FROM generate_series(1, 8) \gset
SELECT is(string_agg(result || ' x' || times, ', ' ORDER BY result), '00000 x1, FT051 x7',
          'B7: eight at once who are shown the same sum: one pays it, nobody pays more')
FROM (SELECT result, count(*) AS times FROM test.at_once(ARRAY(
          SELECT format('SELECT outcome FROM purchase.buy_batch(ARRAY[%L::uuid], ARRAY[%s::bigint], '
                        'ARRAY[%s::bigint], ''{RACE}'', ''{f}'', ''{300}'')',
                        t, p.user_id, p.login_id)
          FROM unnest(:'rich'::test.person[]) WITH ORDINALITY p (user_id, login_id, name, n)
          JOIN unnest(:'races'::uuid[]) WITH ORDINALITY r (t, m) ON m = n)) GROUP BY result) r;
SELECT is(sum(test.balance(p)), 80000::numeric, 'B7: the code paid for it in whole')
FROM unnest(:'rich'::test.person[]) p;

SELECT * FROM test.books_balance();
SELECT * FROM finish();
