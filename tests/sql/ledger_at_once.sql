-- SPDX-License-Identifier: GPL-3.0-or-later
-- Bookings, initiations and keys at the same time (U3, V1, S1).
SELECT no_plan();
SELECT test.vendor() AS vendor \gset
SELECT test.person(0) AS alice \gset
SELECT (:'alice'::test.person).login_name AS name \gset
SELECT 'once ' || :'name' AS reference \gset

SELECT is(count(DISTINCT result), 1::bigint, 'U3: the same reference by 20 at once is one entry')
FROM test.at_once(array_fill(format('SELECT entry_id::text FROM account.receive_funds(%L, ''EUR'', '
                                    '500, ''cash'', %L)', :'name', :'reference'), ARRAY[20]),
                  in_role => 'farthing_dba');
SELECT is(test.balance(:'alice'), 500::bigint, 'U3: and booked once');
SELECT is(count(DISTINCT result), 20::bigint, 'U3: 20 references are 20 entries')
FROM test.at_once(ARRAY(SELECT format('SELECT entry_id::text FROM account.receive_funds(%L, '
                                      '''USD'', 500, ''cash'', %L)', :'name', :'reference' || n)
                        FROM generate_series(1, 20) n), in_role => 'farthing_dba');
SELECT is(test.balance(:'alice', 'USD'), 10000::bigint,
          'U2: into a wallet that the first of them makes');

CREATE FUNCTION pg_temp.initiating(in_vendor_id int, in_paths text[], in_request_ids text[])
RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT string_agg(outcome || transaction_id, '' '' ORDER BY transaction_id) FROM '
                  'purchase.initiate_batch(%L,%L,%L,%L,%L,%L,%L,%L,%L,%L,%L,%L,%L,%L,%L,%L,60)',
                  array_fill(in_vendor_id, n), array_fill(1, n), array_fill('T'::text, n),
                  array_fill(5, n), ARRAY(SELECT test.origin(in_vendor_id) || p FROM unnest(in_paths) p),
                  array_fill(test.origin(in_vendor_id), n), in_paths, array_fill(true, n),
                  array_fill(NULL::text, n), array_fill(NULL::int, n),
                  array_fill(NULL::timestamptz, n), array_fill(NULL::bigint, n),
                  array_fill(NULL::text, n), array_fill(NULL::text, n), array_fill(NULL::text, n),
                  in_request_ids)
    FROM (SELECT ARRAY[cardinality(in_paths)]) v (n)
$$;
SELECT is(count(DISTINCT result), 1::bigint, 'V1: a RequestID by 20 at once is one transaction')
FROM test.at_once(array_fill(pg_temp.initiating(:vendor, '{/a}', '{r}'), ARRAY[20]));
SELECT is(count(DISTINCT result), 1::bigint, 'V1: batches in opposite order do not deadlock')
FROM test.at_once(ARRAY[pg_temp.initiating(:vendor, '{/b,/c,/d,/e,/f}', '{b,c,d,e,f}'),
                        pg_temp.initiating(:vendor, '{/f,/e,/d,/c,/b}', '{f,e,d,c,b}')],
                  format('INSERT INTO purchase.requests VALUES (%s, ''d'', '''', gen_random_uuid(), '
                         'now())', :vendor));
SELECT is(count(*) FILTER (WHERE result LIKE '00000%'), 2::bigint,
          'V1: nor when they say the same of the same items without a RequestID')
FROM test.at_once(ARRAY[
    pg_temp.initiating(:vendor, '{/g,/h,/i,/j,/k}', '{NULL,NULL,NULL,NULL,NULL}'),
    pg_temp.initiating(:vendor, '{/k,/j,/i,/h,/g}', '{NULL,NULL,NULL,NULL,NULL}')]);
SELECT is(count(*), 11::bigint, 'V3: each offer is stored once')
FROM purchase.offers WHERE vendor_id = :vendor;

SELECT count(*) FROM test.at_once(array_fill('SELECT key.add(''form'', ''\x00'', 24)::text'::text,
                                             ARRAY[10]));
SELECT is(count(*), 1::bigint, 'S1: of ten daemons one adds a key')
FROM key.list('-infinity') WHERE purpose = 'form';

SELECT * FROM test.books_balance();
SELECT * FROM finish();
