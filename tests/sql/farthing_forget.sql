-- SPDX-License-Identifier: GPL-3.0-or-later
-- What is kept only for repetitions and sessions is forgotten in time, a few rows at once (V3, B3, S1).
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor \gset
SELECT farthing.forget(1, 1, 1, 1000000); -- what other stories left

-- A time-ordered ID of so many days ago.
CREATE FUNCTION pg_temp.id(in_days int) RETURNS uuid LANGUAGE sql AS $$
    SELECT overlay(gen_random_uuid()::text PLACING substr(purchase.transaction_id_floor(
        now() - in_days * interval '1 day')::text, 1, 13) FROM 1)::uuid
$$;
-- What is left of each kind.
CREATE FUNCTION pg_temp.remains() RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ',
        (SELECT count(*) FROM purchase.requests), (SELECT count(*) FROM license.accesses),
        (SELECT count(*) FROM vendor.requests), (SELECT count(*) FROM notification.events))
$$;
INSERT INTO purchase.requests
SELECT :vendor, 'r' || d || n, '', gen_random_uuid(), now() - d * interval '1 day'
FROM unnest('{8,6}'::int[]) d, generate_series(1, 5) n;
INSERT INTO license.accesses (vendor_id, request_id, access_id, user_id, content_id, reason)
SELECT :vendor, 'r' || d || n, pg_temp.id(d), 1, gen_random_uuid(), 'OK'
FROM unnest('{8,6}'::int[]) d, generate_series(1, 5) n;
INSERT INTO vendor.requests (vendor_id, operation, request_id, fingerprint, taken_at)
SELECT :vendor, 'RefundTransaction', 'r' || d || n, '', now() - d * interval '1 day'
FROM unnest('{8,6}'::int[]) d, generate_series(1, 5) n;
INSERT INTO notification.events (event_id, vendor_id, kind, subject_id, due_at)
SELECT pg_temp.id(d), :vendor, 'purchased', gen_random_uuid(), due
FROM unnest('{31,29}'::int[]) d, generate_series(1, 5) n, unnest(ARRAY[NULL, now()]) due;
SELECT is(pg_temp.remains(), '10 10 10 20', 'RequestIDs of three kinds, and notifications');
SELECT is(farthing.forget(7, 30, 60, 3), 3, 'V3: a few are forgotten at once');
SELECT is(pg_temp.remains(), '7 7 7 17', 'V3: of each kind');
SELECT is(farthing.forget(7, 30, 60, 3), 2, 'V3: then what is left');
SELECT is(farthing.forget(7, 30, 60, 3), 0, 'V3: then nothing');
SELECT is(pg_temp.remains(), '5 5 5 15', 'V3: what is young is kept, and notifications that wait');
SELECT is(farthing.forget(5, 30, 60, 5) || ' ' || pg_temp.remains(), '5 0 0 0 15', 'V3: until it is old');

-- Logins: of 61 minutes and of 59, when a session lasts an hour at most.
CREATE FUNCTION pg_temp.login(in_minutes int, in_ended boolean DEFAULT false,
    in_bought_minutes int DEFAULT NULL) RETURNS test.person LANGUAGE plpgsql AS $$
DECLARE
    v_person test.person := test.person();
BEGIN
    UPDATE account.logins SET started_at = now() - in_minutes * interval '1 minute',
           review_at = now() - in_minutes * interval '1 minute',
           ended_at = CASE WHEN in_ended THEN now() END
    WHERE user_id = v_person.user_id;
    INSERT INTO account.login_spendings VALUES (v_person.user_id, v_person.login_id, 'EUR', 5);
    INSERT INTO purchase.sales (transaction_id, user_id, vendor_id, offer_id, price, balance_after,
                                currency, sold_at)
    SELECT purchase.new_transaction_id(), v_person.user_id, 1, gen_random_uuid(), 5, 5, 'EUR',
           now() - in_bought_minutes * interval '1 minute' WHERE in_bought_minutes IS NOT NULL;
    RETURN v_person;
END
$$;
CREATE TEMP TABLE people (name text, person test.person);
INSERT INTO people VALUES
    ('young', pg_temp.login(59)), ('old', pg_temp.login(61)), ('ended', pg_temp.login(5, true)),
    ('buys', pg_temp.login(600, false, 20)), ('bought', pg_temp.login(600, false, 61)),
    ('bought, ended', pg_temp.login(600, true, 20));
CREATE FUNCTION pg_temp.known() RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(': ', string_agg(p.name, ' ' ORDER BY p.name),
                     (SELECT count(*) FROM account.login_spendings s, people i
                      WHERE s.user_id = (i.person).user_id))
    FROM people p JOIN account.logins l ON l.login_id = (p.person).login_id
$$;
SELECT is(farthing.forget(7, 30, 60, 100), 6, 'B3: logins are looked at');
SELECT is(pg_temp.known(), 'buys young: 2',
          'B3: what is ended or beyond a session is forgotten, with what was spent in it');
SELECT lives_ok(format('SELECT account.require_login(%s, %s)', (person).user_id, (person).login_id),
                'B3: still open: ' || name) FROM people WHERE name IN ('buys', 'young');
SELECT throws_ok(format('SELECT account.require_login(%s, %s)', (person).user_id, (person).login_id),
                 'FT027', NULL, 'B3: no more: ' || name) FROM people WHERE name IN ('old', 'ended');
SELECT is(farthing.forget(7, 30, 60, 100), 0, 'B3: they are not looked at again …');
SELECT is(review_at, now() + interval '40 minutes', 'B3: … until an hour after the last purchase')
FROM account.logins, people WHERE login_id = (person).login_id AND name = 'buys';

-- Every kind is found by an index, also while the table is small: nothing is read that stays.
SET LOCAL enable_seqscan = off;
CREATE FUNCTION pg_temp.scans() RETURNS bigint LANGUAGE sql AS $$
    SELECT sum(seq_scan) FROM pg_stat_xact_user_tables
    WHERE (schemaname, relname) IN (('purchase', 'requests'), ('license', 'accesses'),
        ('vendor', 'requests'), ('notification', 'events'), ('account', 'logins'),
        ('account', 'login_spendings'))
$$;
SELECT pg_temp.scans() AS before \gset
SELECT is(farthing.forget(7, 30, 60, 100), 0, 'nothing to do');
SELECT is(pg_temp.scans(), :before::bigint, 'and no table is read from end to end');
SELECT * FROM finish();
ROLLBACK;
