-- SPDX-License-Identifier: GPL-3.0-or-later
-- Vendors are told what became of their transactions: at least once, and nobody waits for others.
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor, test.vendor() AS silent, test.person(90000000) AS ada \gset
SELECT throws_ok($$SELECT notification.set_endpoint(-1, 'https://x.example/', '\x00')$$, 'FT030', NULL,
                 'no such vendor');
SELECT throws_ok(format('SELECT notification.redeliver(%s, NULL, NULL, NULL)', :silent), 'FT010', NULL,
                 'who is not told, is told nothing again');
SELECT throws_ok('SELECT notification.redeliver(-1, NULL, NULL, NULL)', 'FT030', NULL, 'no such vendor');
SELECT notification.set_endpoint(:vendor, 'https://hook.example/', '\x5ec7e7');
CREATE FUNCTION pg_temp.claim(in_limit int DEFAULT 10, in_vendor_limit int DEFAULT 10,
    in_busy int[] DEFAULT '{}')
RETURNS TABLE (event_id uuid, vendor_id int, kind text, subject_id uuid, attempts int, state text,
               price bigint, refunded_amount bigint, url text, secret bytea)
LANGUAGE sql AS $$
    SELECT event_id, vendor_id, kind, subject_id, attempts, state, price, refunded_amount, url, secret
    FROM notification.claim(in_limit, in_vendor_limit, in_busy, 60)
$$;
-- Time passes: every lease and every wait is over.
CREATE FUNCTION pg_temp.wait() RETURNS void LANGUAGE sql AS $$
    UPDATE notification.events SET due_at = now() WHERE due_at IS NOT NULL $$;

-- Sales and refunds of a vendor that wants to be told make events; on the fast path and the other.
SELECT test.offer(:vendor, 1000000, '/a') AS fast, test.offer(:vendor, 500000, '/b') AS slow \gset
SELECT incentive.issue(:vendor, 1, 100000, '2999-01-01Z', '{TELL}', NULL, NULL) \gset
SELECT is(test.buy(:'fast', :'ada'), 'charged', 'sold on the fast path');
SELECT is(test.buy(:'slow', :'ada', 'TELL'), 'charged', 'sold with a code');
SELECT is(test.buy(test.offer(:silent), :'ada'), 'charged', 'sold by a vendor that is not told');
SELECT is(test.buy(:'fast', :'ada'), 'not charged', 'a repeat');
SELECT bag_eq('SELECT vendor_id, kind, subject_id FROM notification.events',
              format($$VALUES (%s, 'purchased', %L::uuid), (%s, 'purchased', %L)$$,
                     :vendor, :'fast', :vendor, :'slow'), 'V14: one event for each sale');
SELECT is(notification.count_waiting(), 2::bigint, 'both wait');

SELECT bag_eq('SELECT subject_id, attempts, state, price, url, secret FROM pg_temp.claim()',
              format($$VALUES (%L::uuid, 1, 'PURCHASED', 1000000::bigint, 'https://hook.example/', '\x5ec7e7'::bytea),
                              (%L, 1, 'PURCHASED', 500000, 'https://hook.example/', '\x5ec7e7')$$,
                     :'fast', :'slow'), 'what is due is claimed, with what there is to tell');
SELECT is_empty('SELECT FROM pg_temp.claim()', 'and not twice');
SELECT pg_temp.wait();
SELECT is(count(*), 2::bigint, 'but again when the lease is over') FROM pg_temp.claim() WHERE attempts = 2;

-- Delivered, failed, given up.
SELECT event_id AS one FROM notification.events WHERE subject_id = :'fast' \gset
SELECT event_id AS two FROM notification.events WHERE subject_id = :'slow' \gset
SELECT notification.delivered(:'one');
SELECT notification.failed(:'two', 2, 'status 500', 20);
SELECT is_empty('SELECT FROM pg_temp.claim()', 'neither is due now');
SELECT is(due_at - now(), interval '20 s', 'what failed is due after its wait') FROM notification.events
WHERE event_id = :'two';
SELECT is(last_problem, 'status 500', 'and says why') FROM notification.events WHERE event_id = :'two';
SELECT is(failing, true, 'the vendor is failing') FROM notification.endpoints WHERE vendor_id = :vendor;
SELECT is(notification.count_waiting(), 1::bigint, 'one waits');
SELECT notification.failed(:'two', 1, 'late', NULL);
SELECT is(last_problem, 'status 500', 'a claim that is over changes nothing') FROM notification.events
WHERE event_id = :'two';
SELECT notification.failed(:'one', 2, 'late', 10);
SELECT is(due_at, NULL, 'what was delivered stays so') FROM notification.events WHERE event_id = :'one';
SELECT pg_temp.wait();
SELECT is(attempts, 3, 'the next attempt') FROM pg_temp.claim();
SELECT notification.failed(:'two', 3, 'status 500', NULL);
SELECT is(notification.count_waiting(), 0::bigint, 'given up');

-- Again: one event, or all of a time.
SELECT is(notification.redeliver(:vendor, :'two', NULL, NULL), 1, 'one event');
SELECT is(attempts, 1, 'it starts anew') FROM pg_temp.claim();
SELECT notification.delivered(:'two');
SELECT is(failing, false, 'the vendor is well again') FROM notification.endpoints WHERE vendor_id = :vendor;
SELECT is(notification.redeliver(:vendor, NULL, now() - interval '1 hour', now()), 0, 'before Until');
SELECT is(notification.redeliver(:vendor, NULL, now(), now() + interval '1 hour'), 2, 'from Since');
SELECT is(notification.redeliver(:vendor, gen_random_uuid(), NULL, NULL), 0, 'no such event');
SELECT notification.set_endpoint(:silent, 'https://silent.example/', '\x00');
SELECT is(notification.redeliver(:silent, :'two', NULL, NULL), 0, 'not another vendor''s');
SELECT notification.delivered(event_id) FROM pg_temp.claim();

-- A refund is told, with the state it led to.
SELECT purchase.refund(:vendor, 1, :'fast', 250000, 'late', NULL) \gset
SELECT results_eq('SELECT kind, state, refunded_amount FROM pg_temp.claim()',
                  $$VALUES ('refunded', 'PARTLY_REFUNDED', 250000::bigint)$$, 'V14: a refund is told');

-- Many vendors: limits, those that are busy, and one that fails.
DELETE FROM notification.events;
INSERT INTO notification.events (event_id, vendor_id, kind, subject_id)
SELECT gen_random_uuid(), v, 'purchased', :'fast' FROM unnest(ARRAY[:vendor, :silent]) v, generate_series(1, 5);
SELECT results_eq('SELECT vendor_id, count(*) FROM pg_temp.claim(10, 2) GROUP BY 1 ORDER BY 1',
                  format('VALUES (%s, 2::bigint), (%s, 2)', :vendor, :silent), 'a few of each vendor');
SELECT is(count(*), 3::bigint, 'not more than asked for') FROM pg_temp.claim(3, 2);
SELECT pg_temp.wait();
SELECT results_eq(format('SELECT DISTINCT vendor_id FROM pg_temp.claim(10, 10, ARRAY[%s])', :vendor),
                  format('VALUES (%s)', :silent), 'none of a vendor that is busy');
UPDATE notification.endpoints SET failing = vendor_id = :vendor;
SELECT pg_temp.wait();
SELECT results_eq('SELECT vendor_id, count(*) FROM pg_temp.claim(10, 10) GROUP BY 1 ORDER BY 1',
                  format('VALUES (%s, 1::bigint), (%s, 5)', :vendor, :silent),
                  'of a failing vendor one');

-- No more.
SELECT notification.set_endpoint(:vendor, NULL, NULL);
SELECT pg_temp.wait();
SELECT results_eq('SELECT DISTINCT vendor_id FROM pg_temp.claim(100, 100)', format('VALUES (%s)', :silent),
                  'who wants no more, is told no more');
SELECT is(test.buy(test.offer(:vendor, 1000000, '/c'), :'ada'), 'charged', 'it still sells');
SELECT is_empty(format('SELECT FROM notification.events WHERE vendor_id = %s AND due_at IS NOT NULL',
                       :vendor), 'and nothing waits');
SELECT test.books_balance();
SELECT * FROM finish();
ROLLBACK;
