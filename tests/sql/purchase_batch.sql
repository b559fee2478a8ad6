-- SPDX-License-Identifier: GPL-3.0-or-later
-- Purchases in one batch do not touch each other (B6, V3).
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor \gset
SELECT test.person(10000000) AS alice \gset
SELECT test.person(10000000) AS bob \gset
SELECT test.person(0) AS poor \gset

CREATE FUNCTION pg_temp.outcomes(in_transaction_ids uuid[], in_people test.person[])
RETURNS TABLE (item int, outcome text, charged boolean, balance bigint) LANGUAGE sql AS $$
    SELECT b.item, b.outcome, b.charged, b.balance
    FROM purchase.buy_batch(in_transaction_ids, ARRAY(SELECT p.user_id FROM unnest(in_people) p),
                            ARRAY(SELECT p.login_id FROM unnest(in_people) p),
                            array_fill(NULL::text, ARRAY[cardinality(in_people)]),
                            array_fill(false, ARRAY[cardinality(in_people)])) b
    ORDER BY b.item
$$;
CREATE FUNCTION pg_temp.tell(in_transaction_ids uuid[], in_people test.person[])
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(':', outcome, charged, balance), ' ' ORDER BY item)
    FROM pg_temp.outcomes(in_transaction_ids, in_people)
$$;

SELECT array_agg(test.offer(:vendor, 1000000, '/' || n)) AS ids FROM generate_series(1, 9) n \gset
SELECT is(pg_temp.tell((:'ids'::uuid[])[1:5],
        ARRAY[:'alice', :'bob', :'alice', :'poor', (0, 0, '')::test.person]::test.person[]),
    '00000:t:9000000 00000:t:9000000 00000:t:8000000 FT020 FT027',
    'B6: each item has its own outcome; the same user''s second purchase sees the first');
SELECT is(pg_temp.tell((:'ids'::uuid[])[1:3] || (:'ids'::uuid[])[6],
        ARRAY[:'alice', :'bob', :'alice', :'poor']::test.person[]),
    '00000:f:8000000 00000:f:9000000 00000:f:8000000 FT020',
    'V3: repetitions beside a refusal');
SELECT is(pg_temp.tell(array_fill((:'ids'::uuid[])[6], ARRAY[3]),
        ARRAY[:'alice', :'bob', :'alice']::test.person[]),
    '00000:t:7000000 FT008 00000:f:7000000',
    'V11: one transaction by two users, and again, in one batch: the first has it');
SELECT is(pg_temp.tell(ARRAY[test.offer(:vendor, 500000, '/twice'), test.offer(:vendor, 500000, '/twice')],
        ARRAY[:'alice', :'alice']::test.person[]),
    '00000:t:6500000 00000:f:6500000',
    'V7: two transactions of one item by one user in one batch: charged once');
SELECT is(pg_temp.tell(ARRAY[test.offer(:vendor, 500000, '/both'), test.offer(:vendor, 500000, '/both')],
        ARRAY[:'alice', :'bob']::test.person[]),
    '00000:t:6000000 00000:t:8500000',
    'V3: two transactions of one item by two users: both buy');
SELECT is(pg_temp.tell('{}', '{}'), NULL, 'an empty batch does nothing');
SELECT is(count(*) FILTER (WHERE charged), 256::bigint, 'B6: a batch of 256')
FROM pg_temp.outcomes(
    ARRAY(SELECT test.offer(:vendor, 1000, '/many/' || n) FROM generate_series(1, 256) n),
    ARRAY(SELECT test.person(1000) FROM generate_series(1, 256)));

-- Two purchases that are too much together.
SELECT test.person(1500000) AS carol \gset
SELECT is(pg_temp.tell((:'ids'::uuid[])[7:8], ARRAY[:'carol', :'carol']::test.person[]),
    '00000:t:500000 FT020', 'B4: two purchases that exceed the balance together: one is refused');

SELECT * FROM test.books_balance();
SELECT * FROM finish();
ROLLBACK;
