-- SPDX-License-Identifier: GPL-3.0-or-later
-- A vendor's site asks whether a user may open an item (V6-V8, V10, V11).
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor \gset
SELECT test.vendor() AS other \gset
SELECT test.person(10000000) AS alice \gset
SELECT test.person(10000000) AS bob \gset
SELECT (:'alice'::test.person).user_id AS alice_id \gset

-- One call: outcome, reason, views left.
CREATE FUNCTION pg_temp.ask(in_vendor_id int, in_user_id bigint, in_path text,
    in_request_id text DEFAULT NULL, in_version int DEFAULT 1, in_id_reason text DEFAULT 'OK')
RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', b.outcome, b.reason, b.views_left)
    FROM license.lock_content_batch(ARRAY[in_vendor_id], ARRAY[in_version], ARRAY[in_user_id],
        ARRAY[in_id_reason], ARRAY[test.origin(in_vendor_id) || in_path], ARRAY[in_request_id]) b
$$;
-- Moves a licence's end.
CREATE FUNCTION pg_temp.ends(in_user_id bigint, in_content_id uuid, in_time timestamptz)
RETURNS void LANGUAGE sql AS $$
    UPDATE license.licenses SET expires_at = in_time
    WHERE user_id = in_user_id AND content_id = in_content_id
$$;

-- Bought, without end.
SELECT is(test.lock(:vendor, :'alice', '/free'), 'NOT_PURCHASED', 'V6: never offered, never bought');
SELECT transaction_id AS bought
FROM test.initiate(:vendor, 1, '/a', in_optional_data => 'option') \gset
SELECT is(test.lock(:vendor, :'alice', '/a'), 'NOT_PURCHASED', 'V6: offered, not bought');
SELECT is(test.buy(:'bought', :'alice'), 'charged', 'Alice buys');
SELECT results_eq(
    format($$SELECT * FROM license.lock_content_batch('{%s}', '{1}', '{%s}', '{OK}',
             ARRAY[test.origin(%1$s) || '/a'], '{NULL}')$$, :vendor, :alice_id),
    format($$VALUES (1, '00000', 'OK', %L::uuid, 'vendor-content', 'option', NULL::int,
                     NULL::timestamptz, NULL::uuid)$$, :'bought'),
    'V6, V10: access, with what the vendor said of it');
SELECT is(test.lock(:vendor, :'alice', '/a'), 'OK', 'V8: again and again');
SELECT is(test.lock(:vendor, :'bob', '/a'), 'NOT_PURCHASED', 'V11: another user has no access');
SELECT is(test.lock(:vendor, :'alice', '/a?'), 'NOT_PURCHASED', 'V6: another URL is another item');
SELECT is(pg_temp.ask(:other, :alice_id, '/a'), '00000 NOT_PURCHASED', 'V6: another vendor''s too');
SELECT results_eq(
    format($$SELECT reason, content_id FROM license.lock_content_batch('{%s,%1$s}', '{1,1}',
             '{0,%s}', '{OK,OK}', ARRAY[test.origin(%1$s) || '/a', 'https://never.example/'],
             '{NULL,NULL}') ORDER BY item$$, :vendor, :alice_id),
    format($$VALUES ('NOT_PURCHASED', purchase.content_id(%s, test.origin(%1$s) || '/a')),
                    ('NOT_PURCHASED', NULL)$$, :vendor),
    'V11: who has no access is told the item, if it was ever offered');

-- What the encrypted user ID said.
SELECT is(pg_temp.ask(:vendor, 0, '/a', in_id_reason => reason), '00000 ' || reason,
          'V6: ' || reason || ' is the answer')
FROM unnest('{ID_INVALID,ID_EXPIRED}'::text[]) reason;
SELECT is(pg_temp.ask(:vendor, :alice_id, '/a', in_id_reason => 'ID_EXPIRED'), '00000 ID_EXPIRED',
          'V6: also of a user who has access');

-- Who asks.
SELECT is(pg_temp.ask(:vendor, :alice_id, '/a', in_version => 2), 'FT002 OK', 'V2: a stale password');
SELECT is((pg_temp.ask(-1, :alice_id, '/a')), 'FT002 NOT_PURCHASED', 'V2: an unknown vendor');
SELECT vendor.set_disabled(:vendor, true);
SELECT is(test.lock(:vendor, :'alice', '/a'), 'FT003', 'V2: a disabled vendor');
SELECT vendor.set_disabled(:vendor, false);
SELECT account.set_disabled((:'alice'::test.person).login_name, true);
SELECT is(test.lock(:vendor, :'alice', '/a'), 'ACCOUNT_DISABLED', 'U10: a disabled account');
SELECT account.set_disabled((:'alice'::test.person).login_name, false);
SELECT account.start_login(:alice_id, false, 5) AS login \gset
SELECT (:alice_id, :login, (:'alice'::test.person).login_name)::test.person AS alice \gset
SELECT is(test.lock(:vendor, :'alice', '/a'), 'OK', 'U10: enabled again');

-- Views.
SELECT is(test.buy(test.offer(:vendor, 1, '/v', in_views => 3), :'alice'), 'charged', 'three views');
SELECT is(pg_temp.ask(:vendor, :alice_id, '/v'), '00000 OK 2', 'V8: each access uses up a view');
SELECT is(pg_temp.ask(:vendor, :alice_id, '/v', 'q'), '00000 OK 1', 'V8: with a RequestID too');
SELECT is(pg_temp.ask(:vendor, :alice_id, '/v', 'q'), '00000 OK 1',
          'V6: a repeated RequestID gets its answer and uses no view');
SELECT is(pg_temp.ask(:vendor, :alice_id, '/v'), '00000 OK 0', 'V8: the last view');
SELECT is(pg_temp.ask(:vendor, :alice_id, '/v', 'q'), '00000 OK 1', 'V6: the answer is the first one');
SELECT is(pg_temp.ask(:vendor, :alice_id, '/v'), '00000 VIEWS_EXHAUSTED 0', 'V8: none is left');
SELECT is(pg_temp.ask(:vendor, :alice_id, '/v', 'r'), '00000 VIEWS_EXHAUSTED 0', 'V8: nor so');
SELECT is(test.buy(test.offer(:vendor, 1, '/v', in_views => 2), :'alice'), 'charged',
          'V7: what is used up can be bought again');
SELECT is(pg_temp.ask(:vendor, :alice_id, '/v', 'r'), '00000 VIEWS_EXHAUSTED 0',
          'V6: but a repetition gets the first answer');
SELECT is(pg_temp.ask(:vendor, :alice_id, '/v'), '00000 OK 1', 'V8: and counts anew');
SELECT is(pg_temp.ask(:vendor, (:'bob'::test.person).user_id, '/v', 'q'), 'FT009 OK 1',
          'V6: the same RequestID for another user is a conflict');
SELECT is(pg_temp.ask(:vendor, :alice_id, '/a', 'q'), 'FT009 OK 1', 'V6: for another item too');
SELECT is(pg_temp.ask(:other, :alice_id, '/v', 'q'), '00000 NOT_PURCHASED',
          'V6: another vendor''s RequestID is another');
SELECT is(pg_temp.ask(:vendor, :alice_id, '/v', 's', 2), 'FT002 OK 1', 'a refusal …');
SELECT is(pg_temp.ask(:vendor, :alice_id, '/v', 's'), '00000 OK 0',
          'V6: … is not remembered with its RequestID');

-- In one batch.
SELECT is(test.buy(test.offer(:vendor, 1, '/b', in_views => 3), :'alice'), 'charged', 'three views');
SELECT results_eq(
    format($$SELECT item, outcome, reason, views_left FROM license.lock_content_batch(
        array_fill(%s, ARRAY[8]), '{1,1,1,1,1,1,2,1}', array_fill(%s::bigint, ARRAY[8]),
        '{OK,OK,OK,OK,OK,OK,OK,ID_EXPIRED}', array_fill(test.origin(%1$s) || '/b', ARRAY[8]),
        '{NULL,u,u,NULL,NULL,w,x,NULL}') ORDER BY item$$, :vendor, :alice_id),
    $$VALUES (1, '00000', 'OK', 2), (2, '00000', 'OK', 1), (3, '00000', 'OK', 1),
             (4, '00000', 'OK', 0), (5, '00000', 'VIEWS_EXHAUSTED', 0),
             (6, '00000', 'VIEWS_EXHAUSTED', 0), (7, 'FT002', 'OK', 3),
             (8, '00000', 'ID_EXPIRED', NULL)$$,
    'V8: the first that ask have the views; one RequestID twice uses one');
SELECT is(views_left, 0, 'V8: and no more than there were are used')
FROM license.licenses WHERE transaction_id = (SELECT max(transaction_id::text)::uuid
                                              FROM license.licenses WHERE user_id = :alice_id);
SELECT is(pg_temp.ask(:vendor, :alice_id, '/b', 'w'), '00000 VIEWS_EXHAUSTED 0',
          'V6: a RequestID that came too late stays so');

-- Time.
SELECT purchase.content_id(:vendor, test.origin(:vendor) || '/t') AS timed \gset
SELECT is(test.buy(test.offer(:vendor, 1, '/t', in_hours => 24), :'alice'), 'charged', '24 hours');
SELECT is(expires_at, now() + interval '24 hours', 'V8: hours count from the purchase')
FROM license.licenses WHERE user_id = :alice_id AND content_id = :'timed';
SELECT is(test.lock(:vendor, :'alice', '/t'), 'OK', 'V8: within its time');
SELECT pg_temp.ends(:alice_id, :'timed', now() + interval '1 microsecond');
SELECT is(test.lock(:vendor, :'alice', '/t'), 'OK', 'V8: until its last moment');
SELECT pg_temp.ends(:alice_id, :'timed', now());
SELECT is(test.lock(:vendor, :'alice', '/t'), 'LICENSE_EXPIRED', 'V8: then no more');
SELECT is(test.buy(test.offer(:vendor, 1, '/t', in_hours => 1), :'alice'), 'charged',
          'V7: what has expired can be bought again');
SELECT is(test.lock(:vendor, :'alice', '/t'), 'OK', 'V8: and opens again');

SELECT is(purchase.license_expiry(absolute, hours), expected, 'V8: ' || description)
FROM (VALUES
    (NULL::timestamptz, NULL::bigint, NULL::timestamptz, 'no end was said'),
    (now() + interval '1 day', 48, now() + interval '1 day', 'the absolute end comes first'),
    (now() + interval '3 days', 48, now() + interval '2 days', 'the duration ends first'),
    ('9999-12-31T23:59:59Z', NULL, '9999-12-31T23:59:59Z', 'the year 9999'),
    (NULL, 8766000, now() + interval '8766000 hours', 'a thousand years'),
    (NULL, 9223372036854775807, NULL, 'as many hours as can be said are as good as no end'),
    ('9999-12-31T23:59:59Z', 9223372036854775807, '9999-12-31T23:59:59Z', 'beside an absolute end')
) v (absolute, hours, expected, description);

-- Both.
SELECT purchase.content_id(:vendor, test.origin(:vendor) || '/both') AS both \gset
SELECT is(test.buy(test.offer(:vendor, 1, '/both', 1, 24), :'alice'), 'charged', 'one view, 24 hours');
SELECT pg_temp.ends(:alice_id, :'both', now());
SELECT is(pg_temp.ask(:vendor, :alice_id, '/both'), '00000 LICENSE_EXPIRED 1',
          'V8: time ends a licence that has views, and none is used');
SELECT pg_temp.ends(:alice_id, :'both', now() + interval '1 day');
SELECT is(test.lock(:vendor, :'alice', '/both'), 'OK', 'V8: the one view');
SELECT is(test.lock(:vendor, :'alice', '/both'), 'VIEWS_EXHAUSTED', 'V8: views end one that has time');
SELECT is(test.buy(test.offer(:vendor, 1, '/both'), :'alice'), 'charged', 'bought without end');
SELECT is(pg_temp.ask(:vendor, :alice_id, '/both'), '00000 OK', 'V8: the new sale''s terms hold');

SELECT * FROM test.books_balance();
SELECT * FROM finish();
ROLLBACK;
