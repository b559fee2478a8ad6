-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who is due a share of an item's sales (V14, O5).
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor \gset
SELECT test.origin(:vendor) AS origin \gset
PREPARE owners(text[], int[], bigint[], timestamptz, text) AS
    SELECT * FROM royalty.set_content_owners(:vendor, 1, :'origin' || '/songs/', :'origin', '/songs/',
                                             $1, $2, $3, $4, $5);
SELECT results_eq($$EXECUTE owners('{singer,writer}', '{600000,NULL}', '{NULL,50000}', '2999-01-01Z', 'r')$$,
                  $$VALUES ('singer', 600000, NULL::bigint, '2999-01-01Z'::timestamptz),
                           ('writer', NULL, 50000, '2999-01-01Z')$$, 'O5: shares and amounts');
SELECT results_eq($$EXECUTE owners('{singer,writer}', '{600000,NULL}', '{NULL,50000}', '2999-01-01Z', 'r')$$,
                  $$VALUES ('singer', 600000, NULL::bigint, '2999-01-01Z'::timestamptz),
                           ('writer', NULL, 50000, '2999-01-01Z')$$, 'a repeat gives the same');
SELECT is(count(*), 1::bigint, 'and makes no second list') FROM royalty.owner_lists WHERE vendor_id = :vendor;
SELECT throws_ok($$EXECUTE owners('{singer}', '{600000}', '{NULL}', '2999-01-01Z', 'r')$$, 'FT009', NULL,
                 'other owners');
SELECT throws_ok($$EXECUTE owners('{singer,writer}', '{600000,NULL}', '{NULL,50000}', NULL, 'r')$$, 'FT009',
                 NULL, 'another time');
SELECT clock_timestamp() AS before \gset
PREPARE brief(text[], int[], timestamptz, text) AS
    SELECT o.owner_id, o.share_ppm, o.valid_from BETWEEN :'before' AND clock_timestamp()
    FROM royalty.set_content_owners(:vendor, 1, :'origin' || '/songs/', :'origin', '/songs/', $1, $2,
                                    array_fill(NULL::bigint, ARRAY[cardinality($1)]), $3, $4) o;
SELECT results_eq($$EXECUTE brief('{singer}', '{1000000}', NULL, NULL)$$, $$VALUES ('singer', 1000000, true)$$,
                  'O5: from now on, the whole price');
SELECT results_eq($$EXECUTE brief('{singer}', '{1}', '1999-01-01Z', NULL)$$, $$VALUES ('singer', 1, true)$$,
                  'what is past means now');
SELECT results_eq($$EXECUTE brief('{}', '{}', NULL, 'none')$$, $$VALUES (NULL, NULL::int, true)$$,
                  'O5: nobody any more');
SELECT results_eq($$EXECUTE brief('{}', '{}', NULL, 'none')$$, $$VALUES (NULL, NULL::int, true)$$,
                  'a repeat of that');
SELECT is(count(*), 4::bigint, 'lists are kept, none is edited') FROM royalty.owner_lists
WHERE vendor_id = :vendor;

SELECT throws_ok($$EXECUTE owners('{a,b}', '{600000,400001}', '{NULL,NULL}', NULL, NULL)$$, 'FT040', NULL,
                 'no more than the whole');
SELECT lives_ok($$EXECUTE owners('{a,b}', '{600000,400000}', '{NULL,NULL}', NULL, NULL)$$, 'the whole');
SELECT throws_ok($$EXECUTE owners('{a}', '{1}', '{1}', NULL, NULL)$$, '23514', NULL, 'a share or an amount');
SELECT throws_ok($$EXECUTE owners('{a}', '{NULL}', '{NULL}', NULL, NULL)$$, '23514', NULL, 'one of them');
SELECT throws_ok($$EXECUTE owners('{a}', '{0}', '{NULL}', NULL, NULL)$$, '23514', NULL, 'of something');
SELECT throws_ok($$EXECUTE owners('{a,a}', '{1,1}', '{NULL,NULL}', NULL, NULL)$$, '23505', NULL,
                 'each owner once');
SELECT throws_ok(format($$SELECT royalty.set_content_owners(%s, 1, 'https://x.example/', 'https://x.example',
                          '/', '{}', '{}', '{}', NULL, NULL)$$, :vendor), 'FT004', NULL,
                 'V2: under a registered URL');
SELECT throws_ok(format($$SELECT royalty.set_content_owners(%s, 2, 'u', 'o', '/', '{}', '{}', '{}', NULL,
                          NULL)$$, :vendor), 'FT002', NULL, 'a stale password');
SELECT * FROM finish();
ROLLBACK;
