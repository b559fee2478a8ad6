-- SPDX-License-Identifier: GPL-3.0-or-later
-- A vendor's site offers items (V1-V3).
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor \gset
SELECT test.vendor('JPY') AS other \gset
SELECT test.person(100000000) AS alice \gset

SELECT outcome, transaction_id AS first, currency, expires_at = now() + interval '1 hour' AS in_time
FROM test.initiate(:vendor) \gset
SELECT is(:'outcome'::text, '00000', 'V1: an item is offered');
SELECT is(:'currency'::text, 'EUR', 'V1: in the vendor''s currency');
SELECT ok(:'in_time', 'V3: for as long as was said');
SELECT ok(:'first'::text ~ '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]',
          'V3: the transaction ID is of version 7');

-- All parameters come out as they went in.
SELECT transaction_id AS whole FROM purchase.initiate_batch(ARRAY[:vendor], ARRAY[1],
    ARRAY['Tïtle "quoted", (1)'], ARRAY[1::bigint], ARRAY['https://x/%41?a=b&c'],
    ARRAY[test.origin(:vendor)], ARRAY['/%41'], ARRAY[false], ARRAY['Ünïcode'], ARRAY[3],
    ARRAY['9999-12-31T23:59:59.999999Z'::timestamptz], ARRAY[9000000000000000::bigint],
    ARRAY['-1'], ARRAY[E'line\nline'], ARRAY[repeat('x', 4096)], ARRAY['whole'], '{NULL}', '{NULL}', '{NULL}', 60) \gset
SELECT results_eq(
    format($$SELECT state, title, description, price, currency, content_url, is_post,
        vendor_content_id, views, absolute_expiry, valid_hours, incentive_ids, vendor_id,
        vendor_name, vendor_home_url FROM purchase.view_batch(ARRAY[%L::uuid], '{0}', '{0}')$$,
        :'whole'),
    format($$VALUES ('PENDING', 'Tïtle "quoted", (1)', E'line\nline', 1::bigint, 'EUR',
        'https://x/%%41?a=b&c', false, 'Ünïcode', 3, '9999-12-31T23:59:59.999999Z'::timestamptz,
        9000000000000000, '-1', %s, 'Shop', 'https://shop.example/')$$, :vendor),
    'V1, V3: every parameter is stored as it was said');
SELECT is((test.initiate(:other, 5)).currency, 'JPY', 'V1: another vendor, another currency');

-- Who may not.
SELECT is((test.initiate(:vendor, in_credential_version => 2)).outcome, 'FT002',
          'V2: a remembered password that is out of date is refused');
SELECT is((test.initiate(-1)).outcome, 'FT002', 'V2: an unknown vendor is refused');
SELECT is(outcome, 'FT004', 'V2: a URL of another origin is refused')
FROM purchase.initiate_batch(ARRAY[:vendor], '{1}', '{T}', '{1}', '{https://evil.example/a}',
    '{https://evil.example}', '{/a}', '{t}', '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{NULL}',
    '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{NULL}', 60);
UPDATE vendor.urls SET path = '/shop/' WHERE vendor_id = :vendor;
SELECT is((test.initiate(:vendor, in_path => path)).outcome, expected,
          'V2: ' || path || ' under the registered /shop/')
FROM (VALUES ('/shop/', '00000'), ('/shop/a/b', '00000'), ('/shop', 'FT004'), ('/shopping', 'FT004'),
             ('/', 'FT004'), ('/a/shop/', 'FT004')) v (path, expected);
UPDATE vendor.urls SET path = '/' WHERE vendor_id = :vendor;
SELECT vendor.set_disabled(:other, true);
SELECT is((test.initiate(:other)).outcome, 'FT003', 'V2: a disabled vendor is refused');
SELECT is((test.initiate(:other, in_credential_version => 9)).outcome, 'FT002',
          'V2: but not told so without the password');
SELECT vendor.set_disabled(:other, false);
SELECT is((test.initiate(:other)).outcome, '00000', 'V2: enabled again');

-- RequestIDs.
SELECT transaction_id AS asked, expires_at AS until
FROM test.initiate(:vendor, in_request_id => 'r-1') \gset
SELECT is((r.outcome, r.transaction_id, r.expires_at),
          ('00000'::text, :'asked'::uuid, :'until'::timestamptz),
          'V1: the same RequestID with the same parameters gives the same answer')
FROM test.initiate(:vendor, in_request_id => 'r-1', in_lifetime_s => 7200) r;
SELECT is((test.initiate(:vendor, 1000001, in_request_id => 'r-1')).outcome, 'FT009',
          'V1: with another price it is a conflict');
SELECT is((test.initiate(:vendor, in_request_id => 'r-1', in_optional_data => 'o')).outcome,
          'FT009', 'V1: with other OptionalData too');
SELECT is((test.initiate(:vendor, in_request_id => 'r-1', in_optional_data => '')).outcome,
          'FT009', 'V1: an empty text is not the same as none');
SELECT isnt((test.initiate(:other, in_request_id => 'r-1')).transaction_id, :'asked',
            'V1: another vendor''s RequestID is another');
SELECT is((test.initiate(:vendor, in_path => '/b', in_request_id => 'r-2',
                         in_credential_version => 2)).outcome, 'FT002', 'a refusal …');
SELECT is((test.initiate(:vendor, in_path => '/b', in_request_id => 'r-2')).outcome, '00000',
          'V1: … is not remembered with its RequestID');
SELECT results_eq(
    format($$SELECT item, outcome, transaction_id = first_value(transaction_id) OVER (ORDER BY item)
        FROM purchase.initiate_batch(array_fill(%s, ARRAY[4]), '{1,1,1,1}', '{T,T,T,U}',
        '{1,1,1,1}', array_fill('https://x/b'::text, ARRAY[4]),
        array_fill(test.origin(%1$s), ARRAY[4]), '{/b,/b,/b,/b}', '{t,t,t,t}',
        '{NULL,NULL,NULL,NULL}', '{NULL,NULL,NULL,NULL}', '{NULL,NULL,NULL,NULL}',
        '{NULL,NULL,NULL,NULL}', '{NULL,NULL,NULL,NULL}', '{NULL,NULL,NULL,NULL}',
        '{a,a,b,a}', '{same,same,same,same}', '{}', '{}', '{}', 60) ORDER BY item$$, :vendor),
    $$VALUES (1, '00000', true), (2, '00000', true), (3, 'FT009', NULL), (4, 'FT009', NULL)$$,
    'V1: one RequestID four times in a batch: the first is done, its repetition repeats it');
SELECT is(count(*), 1::bigint, 'V3: and one transaction is stored')
FROM purchase.transactions WHERE transaction_id IN
     (SELECT transaction_id FROM purchase.requests WHERE request_id = 'same');

-- Offers are shared.
SELECT array_agg(test.offer(:vendor, in_path => '/shared')) AS shared
FROM generate_series(1, 3) \gset
SELECT is(count(DISTINCT offer_id), 1::bigint, 'V3: transactions that say the same share an offer')
FROM purchase.transactions WHERE transaction_id = ANY (:'shared');
SELECT is(count(*), 1::bigint, 'V3: and it is stored once')
FROM purchase.offers WHERE content_url = test.origin(:vendor) || '/shared';
SELECT test.offer(:vendor, 2, '/shared') AS cheaper \gset
SELECT is(count(*), 2::bigint, 'V1: another price is another offer of the same item')
FROM purchase.offers
WHERE content_id = purchase.content_id(:vendor, test.origin(:vendor) || '/shared');

-- A batch says each item's outcome.
SELECT results_eq(
    format($$SELECT item, outcome, transaction_id IS NOT NULL FROM purchase.initiate_batch(
        ARRAY[%s,%1$s,-1], '{1,2,1}', '{A,B,C}', '{1,2,3}', '{https://x/a,https://x/b,https://x/c}',
        array_fill(test.origin(%1$s), ARRAY[3]), '{/a,/b,/c}', '{t,f,t}', '{NULL,NULL,NULL}',
        '{NULL,NULL,NULL}', '{NULL,NULL,NULL}', '{NULL,NULL,NULL}', '{NULL,NULL,NULL}',
        '{NULL,NULL,NULL}', '{NULL,NULL,NULL}', '{NULL,NULL,NULL}', '{}', '{}', '{}', 60) ORDER BY item$$, :vendor),
    $$VALUES (1, '00000', true), (2, 'FT002', false), (3, 'FT002', false)$$,
    'V1: a refused item does not touch the others');

-- What has ended by itself is not sold.
SELECT is((test.initiate(:vendor, in_expiry => now() + interval '10 minutes')).expires_at,
          now() + interval '10 minutes', 'V8: nothing can be bought after its absolute expiry');
SELECT is(test.buy(test.offer(:vendor, in_path => '/past', in_expiry => now()), :'alice'), 'FT006',
          'V8: an item that has expired is not charged');
SELECT throws_ok(format('SELECT purchase.offer_item(purchase.content_id(%s, %L), 60)', :vendor,
                        test.origin(:vendor) || '/past'),
                 'FT006', NULL, 'V8: nor is it offered again');
SELECT * FROM test.books_balance();
SELECT * FROM finish();
ROLLBACK;
