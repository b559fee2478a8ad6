-- SPDX-License-Identifier: GPL-3.0-or-later
-- A vendor pays back (V14): never more than was paid, and to whom it was paid by.
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor, test.vendor() AS other \gset
SELECT test.person(10000000) AS alice \gset

-- 'amount of total: state', or the refusal's SQLSTATE.
CREATE FUNCTION pg_temp.refund(in_vendor_id int, in_transaction_id uuid,
    in_amount bigint DEFAULT NULL, in_request_id text DEFAULT NULL, in_reason text DEFAULT NULL)
RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT format('%s of %s: %s', r.amount, r.refunded_total, r.state)
            FROM purchase.refund(in_vendor_id, 1, in_transaction_id, in_amount, in_reason,
                                 in_request_id) r);
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;

-- In parts.
SELECT test.offer(:vendor, 1000000, '/parts') AS parts \gset
SELECT is(pg_temp.refund(:vendor, :'parts'), 'FT010', 'V14: what was not bought cannot be refunded');
SELECT test.buy(:'parts', :'alice');
SELECT is(pg_temp.refund(:vendor, :'parts', 1000001), 'FT011', 'V14: nor more than was paid');
SELECT is(pg_temp.refund(:vendor, :'parts', 400000), '400000 of 400000: PARTLY_REFUNDED', 'V14: a part');
SELECT is(test.lock(:vendor, :'alice', '/parts'), 'OK', 'V14: a part leaves the licence');
SELECT is(pg_temp.refund(:vendor, :'parts', 600001), 'FT011', 'V14: a second part too much');
SELECT is(pg_temp.refund(:vendor, :'parts', 1), '1 of 400001: PARTLY_REFUNDED', 'V14: a second part');
SELECT is(pg_temp.refund(:vendor, :'parts'), '599999 of 1000000: REFUNDED', 'V14: what is left');
SELECT is(test.balance(:'alice'), 10000000::bigint, 'V14: the user has it all back');
SELECT is(test.lock(:vendor, :'alice', '/parts'), 'REFUNDED', 'V14: a whole refund ends the licence');
SELECT is(pg_temp.refund(:vendor, :'parts'), 'FT010', 'V14: there is nothing left');
SELECT is(pg_temp.refund(:vendor, :'parts', 1), 'FT010', 'V14: not a micro-unit');
SELECT results_eq(
    format($$SELECT e.kind, p.account, p.holder, p.amount::bigint FROM purchase.refunds f
             JOIN ledger.entries e ON e.entry_id = f.refund_id
             JOIN ledger.postings p ON p.entry_id = e.entry_id
             WHERE f.transaction_id = %L AND f.amount = 1 ORDER BY p.line$$, :'parts'),
    format($$VALUES ('refund', 'user_wallet', %s::bigint, 1::bigint),
                    ('refund', 'vendor_payable', %s, -1)$$,
           (:'alice'::test.person).user_id, :vendor),
    'O10: a refund is an entry of its own');
SELECT is(test.buy(:'parts', :'alice'), 'not charged',
          'V3: the refunded transaction is not sold again');
SELECT is(test.buy(test.offer(:vendor, 700000, '/parts'), :'alice'), 'charged',
          'V7: the item is, under a new one');
SELECT is(test.lock(:vendor, :'alice', '/parts'), 'OK', 'V6: and opens');
SELECT is(pg_temp.refund(:vendor, :'parts'), 'FT010', 'V14: the old one stays refunded');
SELECT is(test.lock(:vendor, :'alice', '/parts'), 'OK', 'V6: which does not end the new licence');

-- Whose it is.
SELECT test.offer(:vendor, 500000, '/whose') AS whose \gset
SELECT test.buy(:'whose', :'alice');
SELECT is(pg_temp.refund(:other, :'whose'), 'FT005', 'V14: another vendor''s is not found');
SELECT is(pg_temp.refund(:other, test.offer(:vendor)), 'FT005', 'V14: bought or not');
SELECT is(pg_temp.refund(:vendor, gen_random_uuid()), 'FT005', 'V14: nor is what never was');
SELECT throws_ok(format('SELECT purchase.refund(%s, 2, %L, NULL, NULL, NULL)', :vendor, :'whose'),
                 'FT002', NULL, 'V2: a stale password');
SELECT vendor.set_disabled(:vendor, true);
SELECT is(pg_temp.refund(:vendor, :'whose'), 'FT003', 'V2: a disabled vendor');
SELECT vendor.set_disabled(:vendor, false);

-- Replays.
SELECT is(pg_temp.refund(:vendor, :'whose', 100000, 'once'), '100000 of 100000: PARTLY_REFUNDED',
          'V14: with a RequestID');
SELECT refund_id AS first FROM purchase.refunds WHERE transaction_id = :'whose' \gset
SELECT is(refund_id, :'first', 'V14: its repeat gives the same refund')
FROM purchase.refund(:vendor, 1, :'whose', 100000, NULL, 'once');
SELECT is(pg_temp.refund(:vendor, :'whose', 200000, 'twice'), '200000 of 300000: PARTLY_REFUNDED',
          'V14: another RequestID is another refund');
SELECT is(pg_temp.refund(:vendor, :'whose', 100000, 'once'), '100000 of 100000: PARTLY_REFUNDED',
          'V14: a late repeat gives the first answer');
SELECT is(pg_temp.refund(:vendor, :'whose', 100001, 'once'), 'FT009', 'V14: with another amount, none');
SELECT is(pg_temp.refund(:vendor, :'whose', NULL, 'once'), 'FT009', 'V14: nor without');
SELECT is(pg_temp.refund(:vendor, :'parts', 100000, 'once'), 'FT009', 'V14: nor of another transaction');
SELECT is(pg_temp.refund(:vendor, :'whose', 100000, 'once', 'sorry'), 'FT009', 'V14: nor for a reason');
SELECT is(pg_temp.refund(:vendor, :'whose', 999999, 'retry'), 'FT011', 'V14: a refusal …');
SELECT is(pg_temp.refund(:vendor, :'whose', 1, 'retry'), '1 of 300001: PARTLY_REFUNDED',
          'V14: … does not use up its RequestID');

-- What an incentive paid goes back to who issued it, in proportion; the last part takes the rest.
SELECT FROM incentive.issue(:vendor, 1, 1000, now() + interval '1 day', '{OWN,ALL}', NULL, NULL);
SELECT FROM incentive.issue_by_provider('EUR', 1000, now() + interval '1 day', '{MSP}');
SELECT test.offer(:vendor, 4000, '/own') AS own, test.offer(:vendor, 4000, '/msp') AS msp,
       test.offer(:vendor, 1000, '/all') AS whole \gset
SELECT test.buy(:'own', :'alice', 'OWN'), test.buy(:'msp', :'alice', 'MSP'),
       test.buy(:'whole', :'alice', 'ALL');
SELECT is(pg_temp.refund(:vendor, :'msp', 3001), 'FT011',
          'V14: the user gets back what the user paid, not what the code did');
SELECT is(pg_temp.refund(:vendor, :'msp', 1), '1 of 1: PARTLY_REFUNDED', 'a micro-unit');
SELECT is(pg_temp.refund(:vendor, :'msp', 1000), '1000 of 1001: PARTLY_REFUNDED', 'a third');
SELECT is(pg_temp.refund(:vendor, :'msp', 1000), '1000 of 2001: PARTLY_REFUNDED', 'a third');
SELECT is(pg_temp.refund(:vendor, :'msp'), '999 of 3000: REFUNDED', 'the rest');
SELECT is(array_agg(incentive_amount::bigint ORDER BY refund_id), '{0,333,333,334}',
          'B7: the issuer''s parts are rounded down, and sum to what the code paid')
FROM purchase.refunds WHERE transaction_id = :'msp';
SELECT is(sum(amount), 0::numeric, 'O10: afterwards the issuer has paid nothing')
FROM ledger.all_postings WHERE account = 'incentive_expense';
SELECT is(pg_temp.refund(:vendor, :'own'), '3000 of 3000: REFUNDED', 'B7: of the vendor''s own incentive');
SELECT is(sum(amount), 0::numeric, 'O10: the vendor ends where it began')
FROM ledger.all_postings WHERE account = 'vendor_payable' AND holder = :vendor
 AND entry_id IN (SELECT :'own'::uuid UNION SELECT refund_id FROM purchase.refunds
                  WHERE transaction_id = :'own');
SELECT is(pg_temp.refund(:vendor, :'whole', 1), 'FT011',
          'B7: the user paid nothing, so nothing goes to the user');
SELECT is(pg_temp.refund(:vendor, :'whole'), '0 of 0: REFUNDED', 'B7: but the sale can be undone');
SELECT is(test.lock(:vendor, :'alice', '/all'), 'REFUNDED', 'V14: and its licence ends');
SELECT is(pg_temp.refund(:vendor, :'whole'), 'FT010', 'V14: once');

-- Whatever the price, the code and the parts: nothing is lost, nobody gets more than was paid.
CREATE FUNCTION pg_temp.parts_add_up(in_vendor_id int, in_person test.person, in_price bigint,
    in_code bigint, in_part bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_code text := gen_random_uuid();
    v_id   uuid := test.offer(in_vendor_id, in_price, '/' || v_code);
BEGIN
    PERFORM incentive.issue_by_provider('EUR', in_code, now() + interval '1 day', ARRAY[v_code]);
    PERFORM test.buy(v_id, in_person, v_code);
    WHILE pg_temp.refund(in_vendor_id, v_id, in_part) ~ 'PARTLY' LOOP
        NULL;
    END LOOP;
    PERFORM pg_temp.refund(in_vendor_id, v_id);
    RETURN (SELECT format('%s %s %s', sum(r.amount) + sum(r.incentive_amount),
                          bool_and(r.incentive_amount >= 0), pg_temp.refund(in_vendor_id, v_id))
            FROM purchase.refunds r WHERE r.transaction_id = v_id);
END
$$;
SELECT is(pg_temp.parts_add_up(:vendor, :'alice', price, code, part), price || ' t FT010',
          format('V14: %s of which a code paid %s, in parts of %s', price, code, part))
FROM (VALUES (7, 3, 1), (7, 3, 3), (100, 99, 1), (999983, 333333, 71429), (3, 1, 2), (10, 9, 7))
     v (price, code, part);

SELECT * FROM test.books_balance();
SELECT * FROM finish();
ROLLBACK;
