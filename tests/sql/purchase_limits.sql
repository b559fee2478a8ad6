-- SPDX-License-Identifier: GPL-3.0-or-later
-- Spending limits and the credit line (B5, U4, U8). A limit that is reached exactly is kept.
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor \gset
CREATE SEQUENCE pg_temp.paths;

-- Buys a new item.
CREATE FUNCTION pg_temp.spend(in_person test.person, in_price bigint)
RETURNS text LANGUAGE sql AS $$
    SELECT test.buy(test.offer((SELECT max(vendor_id) FROM vendor.vendors), in_price,
                               '/' || nextval('pg_temp.paths')), in_person)
$$;

-- A user with one limit.
CREATE FUNCTION pg_temp.limited(in_transaction bigint DEFAULT NULL, in_session bigint DEFAULT NULL,
    in_day bigint DEFAULT NULL, in_week bigint DEFAULT NULL, in_month bigint DEFAULT NULL)
RETURNS test.person LANGUAGE plpgsql AS $$
DECLARE
    v_person test.person := test.person(100000000);
BEGIN
    PERFORM account.set_limits(v_person.login_name, 'EUR', 0, in_transaction, in_session, in_day,
                               in_week, in_month);
    RETURN v_person;
END
$$;

-- The wallet as if its counters were of that day.
CREATE FUNCTION pg_temp.spent_on(in_person test.person, in_day date)
RETURNS void LANGUAGE sql AS $$
    UPDATE account.wallets SET spent_on = in_day WHERE user_id = (in_person).user_id
$$;

-- The balance.
SELECT test.person(1000000) AS alice \gset
SELECT is(pg_temp.spend(:'alice', 1000001), 'FT020', 'B4: one micro-unit more than there is');
SELECT is(pg_temp.spend(:'alice', 1000000), 'charged', 'B4: all there is');
SELECT is(test.balance(:'alice'), 0::bigint, 'nothing is left');
SELECT is(pg_temp.spend(:'alice', 1), 'FT020', 'B4: then not the smallest price');
SELECT account.set_limits((:'alice'::test.person).login_name, 'EUR', 500000, NULL, NULL, NULL, NULL,
                          NULL);
SELECT is(pg_temp.spend(:'alice', 500001), 'FT020', 'U4: one micro-unit more than the credit line');
SELECT is(pg_temp.spend(:'alice', 500000), 'charged', 'U4: the whole credit line');
SELECT is(test.balance(:'alice'), -500000::bigint, 'U4: the balance is negative');
SELECT throws_ok(format($$SELECT account.set_limits(%L, 'EUR', 499999, NULL, NULL, NULL, NULL, NULL)$$,
                        (:'alice'::test.person).login_name),
                 'FT040', NULL, 'U4: a credit line is not lowered below what is used of it');
SELECT lives_ok(format($$SELECT account.set_limits(%L, 'EUR', 500000, NULL, NULL, NULL, NULL, NULL)$$,
                       (:'alice'::test.person).login_name), 'U4: but to that');

-- Each limit: the micro-unit too much, the limit exactly, then nothing more.
SELECT pg_temp.limited(in_transaction => 1000000) AS bob \gset
SELECT is(pg_temp.spend(:'bob', 1000001), 'FT021', 'B5: more than a transaction''s limit');
SELECT is(pg_temp.spend(:'bob', 1000000), 'charged', 'B5: exactly a transaction''s limit');
SELECT is(pg_temp.spend(:'bob', 1000000), 'charged', 'B5: a transaction''s limit is of each one');

SELECT pg_temp.limited(in_session => 1000000) AS bob \gset
SELECT is(pg_temp.spend(:'bob', 600000), 'charged', 'B5: within the session''s limit');
SELECT is(pg_temp.spend(:'bob', 400001), 'FT022', 'B5: more than the session''s limit');
SELECT is(pg_temp.spend(:'bob', 400000), 'charged', 'B5: exactly the session''s limit');
SELECT is(pg_temp.spend(:'bob', 1), 'FT022', 'B5: then nothing more');
SELECT is(pg_temp.spend(((:'bob'::test.person).user_id,
        account.start_login((:'bob'::test.person).user_id, false, 5), '')::test.person, 1000000),
    'charged', 'B5: a new login is a new session');

SELECT pg_temp.limited(in_day => 1000000) AS bob \gset
SELECT is(pg_temp.spend(:'bob', 600000), 'charged', 'B5: within the day''s limit');
SELECT is(pg_temp.spend(:'bob', 400001), 'FT023', 'B5: more than the day''s limit');
SELECT is(pg_temp.spend(:'bob', 400000), 'charged', 'B5: exactly the day''s limit');
SELECT is(pg_temp.spend(:'bob', 1), 'FT023', 'B5: then nothing more');
SELECT pg_temp.spent_on(:'bob', account.today() - 1);
SELECT is(pg_temp.spend(:'bob', 1000000), 'charged', 'B5: the next day has its own');

SELECT pg_temp.limited(in_week => 1000000) AS bob \gset
SELECT is(pg_temp.spend(:'bob', 600000), 'charged', 'B5: within the week''s limit');
SELECT is(pg_temp.spend(:'bob', 400001), 'FT024', 'B5: more than the week''s limit');
SELECT is(pg_temp.spend(:'bob', 400000), 'charged', 'B5: exactly the week''s limit');
SELECT pg_temp.spent_on(:'bob', date_trunc('week', account.today()::timestamp)::date);
SELECT is(pg_temp.spend(:'bob', 1), 'FT024', 'B5: what was spent on Monday is of this week');
SELECT pg_temp.spent_on(:'bob', date_trunc('week', account.today()::timestamp)::date - 1);
SELECT is(pg_temp.spend(:'bob', 1000000), 'charged', 'B5: what was spent on Sunday is not');

SELECT pg_temp.limited(in_month => 1000000) AS bob \gset
SELECT is(pg_temp.spend(:'bob', 600000), 'charged', 'B5: within the month''s limit');
SELECT is(pg_temp.spend(:'bob', 400001), 'FT025', 'B5: more than the month''s limit');
SELECT is(pg_temp.spend(:'bob', 400000), 'charged', 'B5: exactly the month''s limit');
SELECT pg_temp.spent_on(:'bob', date_trunc('month', account.today()::timestamp)::date);
SELECT is(pg_temp.spend(:'bob', 1), 'FT025', 'B5: what was spent on the first is of this month');
SELECT pg_temp.spent_on(:'bob', date_trunc('month', account.today()::timestamp)::date - 1);
SELECT is(pg_temp.spend(:'bob', 1000000), 'charged', 'B5: what was spent the day before is not');

-- The counters roll over together, and never back.
SELECT pg_temp.limited(in_day => 5, in_week => 1000000, in_month => 1000000) AS bob \gset
SELECT is(pg_temp.spend(:'bob', 5), 'charged', 'a day''s limit is reached');
SELECT pg_temp.spent_on(:'bob', account.today() + 1);
SELECT is(pg_temp.spend(:'bob', 1), 'FT023',
          'B5: a purchase that began before midnight counts on the day that has begun');
SELECT is(spent_on, account.today() + 1, 'B5: and the day stays') FROM account.wallets
WHERE user_id = (:'bob'::test.person).user_id;
UPDATE account.wallets SET limit_day = NULL WHERE user_id = (:'bob'::test.person).user_id;
SELECT is(pg_temp.spend(:'bob', 1), 'charged', 'B5: also when it is charged');
SELECT is((spent_on, spent_day, spent_week, spent_month),
          (account.today() + 1, 6::farthing.money, 6::farthing.money, 6::farthing.money),
          'B5: the later day''s counters grow')
FROM account.wallets WHERE user_id = (:'bob'::test.person).user_id;

SELECT pg_temp.limited(in_session => 1000000) AS bob \gset
SELECT pg_temp.spent_on(:'bob', account.today() + 1);
SELECT is(pg_temp.spend(:'bob', 7), 'charged', 'B5: with a session''s limit too');
SELECT is((spent_on, spent_day), (account.today() + 1, 7::farthing.money), 'B5: the later day stays')
FROM account.wallets WHERE user_id = (:'bob'::test.person).user_id;

-- The first that holds is said; a refusal spends nothing.
SELECT pg_temp.limited(1, 1, 1, 1, 1) AS bob \gset
SELECT is(pg_temp.spend(:'bob', 2), 'FT021', 'B5: the transaction''s limit is said first');
SELECT is((spent_day, balance), (0::farthing.money, 100000000::farthing.money),
          'B5: a refusal spends nothing')
FROM account.wallets WHERE user_id = (:'bob'::test.person).user_id;
SELECT is(pg_temp.spend(:'bob', 1), 'charged', 'B5: every limit reached exactly at once');
SELECT account.set_limits((:'bob'::test.person).login_name, 'EUR', 0, 0, NULL, NULL, NULL, NULL);
SELECT is(pg_temp.spend(:'bob', 1), 'FT021', 'U8: a limit of nothing allows nothing');
SELECT account.set_limits((:'bob'::test.person).login_name, 'EUR', 0, NULL, NULL, NULL, NULL, NULL);
SELECT is(pg_temp.spend(:'bob', 50000000), 'charged', 'U8: without limits the balance is the limit');

-- One limit does not know the other currency's spending.
SELECT pg_temp.limited(in_day => 1000000) AS bob \gset
SELECT account.receive_funds((:'bob'::test.person).login_name, 'USD', 5000000, 'cash', 'usd');
SELECT is(pg_temp.spend(:'bob', 1000000), 'charged', 'U2: spent in one currency …');
SELECT is(test.buy(test.offer(test.vendor('USD'), 3000000), :'bob'), 'charged',
          'U2: … leaves the other''s limit alone');

SELECT throws_ok($$SELECT account.set_limits('nobody', 'EUR', 0, NULL, NULL, NULL, NULL, NULL)$$,
                 'FT029', NULL, 'U8: limits of an unknown user');
SELECT throws_ok(format($$SELECT account.set_limits(%L, 'EURO', 0, NULL, NULL, NULL, NULL, NULL)$$,
                        (:'bob'::test.person).login_name), 'FT031', NULL, 'U8: in an unknown currency');
SELECT * FROM test.books_balance();
SELECT * FROM finish();
ROLLBACK;
