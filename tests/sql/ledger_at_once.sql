-- SPDX-License-Identifier: GPL-3.0-or-later
-- Bookings, initiations and keys at the same time (U3, V1, S1).
SELECT no_plan();
SELECT test.vendor() AS vendor \gset
SELECT test.person(0) AS alice \gset
SELECT (:'alice'::test.person).login_name AS name \gset
SELECT 'once ' || :'name' AS reference \gset

-- The daemon's sessions may not book funds, so they open the gate for the owner's function.
GRANT EXECUTE ON FUNCTION account.receive_funds TO farthing_daemon;
SELECT is(count(DISTINCT result), 1::bigint, 'U3: the same reference by 20 at once is one entry')
FROM test.at_once(array_fill(format('SELECT entry_id::text FROM account.receive_funds(%L, ''EUR'', '
                                    '500, ''cash'', %L)', :'name', :'reference'), ARRAY[20]));
SELECT is(test.balance(:'alice'), 500::bigint, 'U3: and booked once');
SELECT is(count(DISTINCT result), 20::bigint, 'U3: 20 references are 20 entries')
FROM test.at_once(ARRAY(SELECT format('SELECT entry_id::text FROM account.receive_funds(%L, '
                                      '''USD'', 500, ''cash'', %L)', :'name', :'reference' || n)
                        FROM generate_series(1, 20) n));
SELECT is(test.balance(:'alice', 'USD'), 10000::bigint,
          'U2: into a wallet that the first of them makes');
REVOKE EXECUTE ON FUNCTION account.receive_funds FROM farthing_daemon;

CREATE FUNCTION pg_temp.initiating(in_vendor_id int, in_paths text[], in_request_ids text[])
RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT string_agg(outcome || transaction_id, '' '' ORDER BY transaction_id) FROM '
                  'purchase.initiate_batch(%L,%L,%L,%L,%L,%L,%L,%L,%L,%L,%L,%L,%L,%L,%L,%L,''{}'',''{}'',''{}'',60)',
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
FROM test.at_once(ARRAY[pg_temp.initiating(:vendor, '{/b,/c,/d,/e}', '{b,c,d,e}'),
                        pg_temp.initiating(:vendor, '{/e,/d,/c,/b}', '{e,d,c,b}')]);
SELECT is(count(*), 5::bigint, 'V3: each offer is stored once')
FROM purchase.offers WHERE vendor_id = :vendor;

SELECT count(*) FROM test.at_once(array_fill('SELECT key.add(''form'', ''\x00'', 24)::text'::text,
                                             ARRAY[10]));
SELECT is(count(*), 1::bigint, 'S1: of ten daemons one adds a key')
FROM key.list('-infinity') WHERE purpose = 'form';

SELECT * FROM test.books_balance();
SELECT * FROM finish();
