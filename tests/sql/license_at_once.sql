-- SPDX-License-Identifier: GPL-3.0-or-later
-- Accesses at the same time (V6, V8).
SELECT no_plan();
SELECT test.vendor() AS vendor \gset
SELECT test.person(10000000) AS alice \gset
SELECT (:'alice'::test.person).user_id AS alice_id \gset

-- Lock_Content for parallel paths and RequestIDs as one statement: 'REASON:VIEWS_LEFT …'.
CREATE FUNCTION pg_temp.asking(in_vendor_id int, in_user_id bigint, in_paths text[],
    in_request_ids text[]) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT string_agg(concat_ws('':'', reason, views_left), '' '' ORDER BY item) '
                  'FROM license.lock_content_batch(%L, %L, %L, %L, %L, %L)',
                  array_fill(in_vendor_id, n), array_fill(1, n), array_fill(in_user_id, n),
                  array_fill('OK'::text, n),
                  ARRAY(SELECT test.origin(in_vendor_id) || p FROM unnest(in_paths) p),
                  in_request_ids)
    FROM (SELECT ARRAY[cardinality(in_paths)]) v (n)
$$;
SELECT test.offer(:vendor, 1, '/one', in_views => 1) AS one,
       test.offer(:vendor, 1, '/ten', in_views => 10) AS ten,
       test.offer(:vendor, 1, '/same', in_views => 5) AS same \gset
SELECT is(test.buy(t, :'alice'), 'charged', 'Alice buys')
FROM unnest(ARRAY[:'one', :'ten', :'same']::uuid[]) t;

SELECT is(test.answers(array_fill(pg_temp.asking(:vendor, :alice_id, '{/one}', '{NULL}'),
                                     ARRAY[20])),
          'OK:0 x1, VIEWS_EXHAUSTED:0 x19', 'V8: the last view asked for by 20 at once is given once');
SELECT is(count(*) FILTER (WHERE result ~ '^OK'), 10::bigint,
          'V8: ten views asked for by 20 at once are given ten times')
FROM test.at_once(array_fill(pg_temp.asking(:vendor, :alice_id, '{/ten}', '{NULL}'), ARRAY[20]));
SELECT is(test.answers(array_fill(pg_temp.asking(:vendor, :alice_id, '{/same}', '{once}'),
                                     ARRAY[20])),
          'OK:4 x20', 'V6: one RequestID by 20 at once uses one view, and all have its answer');

-- Batches in opposite order; somebody holds a licence, then a RequestID, in the middle.
SELECT array_agg(path ORDER BY path) AS paths, array_agg(path ORDER BY path DESC) AS shtap,
       array_agg(test.buy(test.offer(:vendor, 1, path, in_views => 100), :'alice')) AS bought
FROM (SELECT '/path' || n AS path FROM generate_series(1, 9) n) p \gset
SELECT array_agg(content_id) AS contents FROM (
    SELECT content_id FROM license.licenses WHERE user_id = :alice_id AND views_left = 100
    ORDER BY content_id) l \gset
SELECT is(test.answers(ARRAY[
              pg_temp.asking(:vendor, :alice_id, :'paths', array_fill(NULL::text, ARRAY[9])),
              pg_temp.asking(:vendor, :alice_id, :'shtap', array_fill(NULL::text, ARRAY[9]))],
              format('UPDATE license.licenses SET views_left = 0 WHERE content_id = %L',
                     (:'contents'::uuid[])[5])) ~ '^[OK :89x12,]+$', true,
          'V8: batches in opposite order do not deadlock');
SELECT is(test.answers(ARRAY[
              pg_temp.asking(:vendor, :alice_id, :'paths', '{1,2,3,4,5,6,7,8,9}'),
              pg_temp.asking(:vendor, :alice_id, :'shtap', '{9,8,7,6,5,4,3,2,1}')],
              format('INSERT INTO license.accesses VALUES (%s, ''5'', gen_random_uuid(), 1, '
                     'gen_random_uuid(), ''OK'')', :vendor)),
          trim(repeat('OK:97 ', 9)) || ' x2', 'V6: nor when they have the same RequestIDs');
SELECT is((SELECT count(*) FROM license.licenses WHERE user_id = :alice_id AND views_left = 97),
          9::bigint, 'V8: and each view is counted once, each RequestID too');

-- A view is asked for while the licence is replaced by one without limit.
SELECT purchase.content_id(:vendor, test.origin(:vendor) || '/one') AS content \gset
SELECT test.offer(:vendor, 1, '/one') AS unlimited \gset
SELECT count(*) FROM test.at_once(array_fill(pg_temp.asking(:vendor, :alice_id, '{/one}', '{NULL}'),
    ARRAY[10]) || test.buying(ARRAY[:'unlimited']::uuid[], ARRAY[:'alice']::test.person[]));
SELECT is(views_left, NULL, 'V8: what was bought without limit stays so')
FROM license.licenses WHERE user_id = :alice_id AND content_id = :'content';

SELECT * FROM test.books_balance();
SELECT * FROM finish();
