-- SPDX-License-Identifier: GPL-3.0-or-later
-- What vendors get for users and deposits that came through them (O9, 143, 149), and how terms are
-- set: never for what a rollup has seen.
SELECT no_plan();
CALL royalty.roll_up_all();
SELECT test.vendor() AS vendor, test.vendor('USD') AS dollars, test.vendor() AS none \gset
SELECT royalty.set_commission(:vendor, 250000, 12500), royalty.set_commission(:dollars, 0, 100000) \g /dev/null

-- A user who came through a vendor.
CREATE FUNCTION pg_temp.person(in_vendor_id int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_login_name text := 'via-' || gen_random_uuid();
BEGIN
    PERFORM account.register(v_login_name, 'hash', 'Full Name', 'a@example.org', NULL, 'en', 'EUR',
                             'bank_transfer', test.offer(in_vendor_id), 5000000, '{}', '{}');
    RETURN v_login_name;
END
$$;
CREATE FUNCTION pg_temp.deposit(in_login_name text, in_currency text, in_amount bigint)
RETURNS uuid LANGUAGE sql AS $$
    SELECT entry_id FROM account.receive_funds(in_login_name, in_currency, in_amount, 'cash',
                                               gen_random_uuid()::text)
$$;
CREATE FUNCTION pg_temp.commissions(in_vendor_id int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(a.amount::text, ' ' ORDER BY a.rollup_id) FROM royalty.accruals a
    WHERE a.vendor_id = in_vendor_id AND a.kind = 'commission'
$$;

SELECT pg_temp.person(:vendor) AS ada, pg_temp.person(:dollars) AS bob, pg_temp.person(:none) AS eve,
       (test.person(0)).login_name AS direct \gset
CALL royalty.roll_up_all();
SELECT is(pg_temp.commissions(:vendor), NULL, 'O9: nothing for a registration, nor for its bonus');
SELECT pg_temp.deposit(:'ada', 'USD', 10000000), pg_temp.deposit(:'bob', 'EUR', 10000000),
       pg_temp.deposit(:'eve', 'EUR', 10000000), pg_temp.deposit(:'direct', 'EUR', 10000000) \g /dev/null
CALL royalty.roll_up_all();
SELECT is(pg_temp.commissions(v), NULL, 'O9: nothing for another currency, or without a commission')
FROM unnest(ARRAY[:vendor, :dollars, :none]) v;

SELECT pg_temp.deposit(:'ada', 'EUR', 10000040) AS first \gset
SELECT pg_temp.deposit(:'ada', 'EUR', 120) \g /dev/null
SELECT pg_temp.deposit(:'ada', 'EUR', 39) \g /dev/null
SELECT pg_temp.deposit(:'bob', 'USD', 5) \g /dev/null
CALL royalty.roll_up_all();
SELECT is(pg_temp.commissions(:vendor), '375000 2',
          'O9: for the user once; of each deposit a rate, half-even; what comes to nothing is none');
SELECT is(pg_temp.commissions(:dollars), NULL, 'O9: half a micro-unit is rounded to none');
SELECT results_eq(format($$SELECT account, holder, p.amount FROM ledger.all_postings p JOIN royalty.accruals a
                           ON a.accrual_id = p.entry_id WHERE a.subject_id = %L ORDER BY line$$, :'first'),
    format($$VALUES ('commission_expense', 0::bigint, -375000::bigint), ('vendor_payable', %s, 375000)$$, :vendor),
    'O10: the provider''s expense, owed to the vendor');
SELECT is(payable, 375002::bigint, 'V14: payable has it') FROM vendor.account(:vendor, 1);
SELECT test.payable(:vendor);

-- A new commission is valid from its time on.
SELECT is(royalty.set_commission(:vendor, 7, 0, '1999-01-01Z') BETWEEN now() AND clock_timestamp(), true,
          'O9: what is past means now');
SELECT is(royalty.set_commission(:vendor, 0, 1000000, '2999-01-01Z'), '2999-01-01Z', 'O9: or later');
SELECT pg_temp.deposit(:'ada', 'EUR', 1000000) \g /dev/null
SELECT pg_temp.person(:vendor) AS eva \gset
SELECT pg_temp.deposit(:'eva', 'EUR', 1000000) \g /dev/null
CALL royalty.roll_up_all();
SELECT is(pg_temp.commissions(:vendor), '375000 2 7', 'O9: the one of the deposit''s moment');

-- Refusals, of schedules too.
SELECT throws_ok(statement, sqlstate, NULL, statement)
FROM (VALUES
    ('SELECT royalty.set_commission(-1, 1, 1)', 'FT030'),
    ('SELECT royalty.set_commission(%1$s, -1, 1)', 'FT040'),
    ('SELECT royalty.set_commission(%1$s, 1, 1000001)', 'FT040'),
    ('SELECT royalty.set_commission(%1$s, NULL, 1)', 'FT040'),
    ('SELECT royalty.set_schedule(-1, ''month'', ''{0}'', ''{1}'', ''{0}'')', 'FT030'),
    ('SELECT royalty.set_schedule(%1$s, ''day'', ''{0}'', ''{1}'', ''{0}'')', 'FT040'),
    ('SELECT royalty.set_schedule(%1$s, ''month'', ''{}'', ''{}'', ''{}'')', 'FT040'),
    ('SELECT royalty.set_schedule(%1$s, ''month'', ''{1}'', ''{1}'', ''{0}'')', 'FT040'),
    ('SELECT royalty.set_schedule(%1$s, ''month'', ''{0,5,5}'', ''{1,1,1}'', ''{0,0,0}'')', 'FT040'),
    ('SELECT royalty.set_schedule(%1$s, ''month'', ''{0,-5}'', ''{1,1}'', ''{0,0}'')', 'FT040'),
    ('SELECT royalty.set_schedule(%1$s, ''month'', ''{0}'', ''{1000001}'', ''{0}'')', 'FT040'),
    ('SELECT royalty.set_schedule(%1$s, ''month'', ''{0}'', ''{-1}'', ''{0}'')', 'FT040'),
    ('SELECT royalty.set_schedule(%1$s, ''month'', ''{0}'', ''{NULL}'', ''{0}'')', 'FT040'),
    ('SELECT royalty.set_schedule(%1$s, ''month'', ''{0}'', ''{1}'', ''{-1}'')', 'FT040'),
    ('SELECT royalty.set_schedule(%1$s, ''month'', ''{0}'', ''{1,1}'', ''{0}'')', 'FT040'),
    ('SELECT royalty.register_owner(''x'', ''X'', ''Mars/Base'')', 'FT040'),
    ('SELECT vendor.add(''V'', ''EUR'', ''h'', ''https://x.example/'', ''{}'', ''{}'', ''Mars/Base'')', 'FT040'),
    ('SELECT royalty.set_owners(-1, ''u'', ''o'', ''/'', ''{a}'', ''{1}'', ''{NULL}'')', 'FT030'),
    ('SELECT royalty.set_owners(%1$s, ''https://x.example/'', ''https://x.example'', ''/'', ''{a}'', ''{1}'', ''{NULL}'')', 'FT004'),
    ('SELECT royalty.set_owners(%1$s, %2$L, %3$L, ''/'', ''{a,a}'', ''{1,1}'', ''{NULL,NULL}'')', 'FT040'),
    ('SELECT royalty.set_owners(%1$s, %2$L, %3$L, ''/'', ''{a,b}'', ''{999999,2}'', ''{NULL,NULL}'')', 'FT040'),
    ('SELECT royalty.roll_up(0)', 'FT040'), ('SELECT royalty.roll_up(NULL)', 'FT040')
) v (form, sqlstate), LATERAL (SELECT format(form, :vendor, test.origin(:vendor) || '/',
                                             test.origin(:vendor)) AS statement) s;
SELECT ok(valid_from BETWEEN now() AND clock_timestamp(), 'O4: a schedule is never for the past')
FROM royalty.set_schedule(:vendor, 'week', '{5,0}', '{1,2}', '{NULL,3}', '1999-01-01Z');
SELECT results_eq(format('SELECT from_volume, rate_ppm, fixed_amount FROM royalty.schedules_of(%s) s,
                          royalty.tiers_of(s.schedule_id) t ORDER BY 1', :vendor),
                  'VALUES (0::bigint, 2, 3::bigint), (5, 1, 0)', 'O4: its tiers by volume');
SELECT results_eq(format($$SELECT owner_id, share_ppm, amount_per_sale FROM royalty.set_owners(%s, %L, %L, '/',
                           '{b,a}', '{5,NULL}', '{NULL,7}')$$, :vendor, test.origin(:vendor) || '/',
                         test.origin(:vendor)),
                  $$VALUES ('a', NULL::int, 7::bigint), ('b', 5, NULL)$$, 'O5: owners, as an operator says');
SELECT is(royalty.register_owner('commission-owner', 'Ann', 'Europe/Berlin'),
          royalty.register_owner('commission-owner', 'Anna'), 'O7: an owner is registered once');
SELECT results_eq($$SELECT name, time_zone FROM royalty.owners WHERE owner_id = 'commission-owner'$$,
                  $$VALUES ('Anna', 'UTC')$$, 'O7: a repeat changes name and time zone');

CREATE FUNCTION pg_temp.entries_read() RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables
    WHERE relid = 'ledger.entries'::regclass
$$;
CREATE FUNCTION pg_temp.read_by_a_slice(in_size bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_before constant bigint := pg_temp.entries_read();
BEGIN
    PERFORM royalty.slice_end(0, royalty.horizon(), in_size, royalty.uncovered_id());
    RETURN pg_temp.entries_read() - v_before;
END
$$;
SELECT cmp_ok(count(*), '>', 8::bigint, 'O9: there are more deposits than a slice covers')
FROM ledger.entries WHERE kind = 'deposit';
SELECT is(pg_temp.read_by_a_slice(3), 4::bigint, 'O9: it reads its own and the next one');
SELECT * FROM finish();
