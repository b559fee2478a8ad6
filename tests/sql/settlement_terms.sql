-- SPDX-License-Identifier: GPL-3.0-or-later
-- What is agreed with payees (O6, O7): checked, never edited, never of yesterday.
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor, test.vendor('XTS') AS sandbox \gset
SELECT test.owner('ada') AS ada \gset

SELECT lives_ok(format($$SELECT settlement.set_vendor_terms(%s, 50000000, 'monthly',
    in_creditor_iban => 'DE02120300000000202051')$$, :vendor), 'O6: terms of a vendor');
SELECT results_eq(
    $$SELECT t.currency, t.amount_threshold::bigint, t.calendar, t.creditor_name, p.vendor_id IS NOT NULL
      FROM settlement.current_terms t JOIN settlement.payees p USING (payee_id)$$,
    $$VALUES ('EUR', 50000000::bigint, 'monthly', 'Shop', true)$$,
    'in the vendor''s currency, to its name');
SELECT isnt(settlement.set_vendor_terms(:vendor, 20000000, 'weekly', 5, in_method => 'check',
                                        in_valid_from => '2001-01-01Z'), NULL, 'O6: other terms');
SELECT results_eq('SELECT calendar FROM settlement.terms ORDER BY terms_id',
                  $$VALUES ('monthly'), ('weekly')$$, 'O6: the first are kept');
SELECT ok(bool_and(valid_from >= now()), 'O6: none is valid in the past') FROM settlement.terms;
SELECT is(count(*), 1::bigint, 'one payee') FROM settlement.payees;

SELECT lives_ok($$SELECT settlement.set_owner_terms('ada', c, 10000000, 'any_day', in_method => 'check')
                  FROM unnest('{EUR,USD}'::text[]) c$$, 'O7: an owner has terms in each currency');
SELECT throws_ok($$SELECT settlement.set_owner_terms('bob', 'EUR', 1, 'any_day')$$, 'FT034', NULL,
                 'O7: an owner must exist');
SELECT throws_ok($$SELECT settlement.set_owner_terms('ada', 'XXX', 1, 'any_day')$$, 'FT031', NULL,
                 'so must the currency');
SELECT throws_ok($$SELECT settlement.set_owner_terms('ada', 'XTS', 1, 'any_day')$$, 'FT010', NULL,
                 'play money is not paid out');
SELECT throws_ok(format($$SELECT settlement.set_vendor_terms(%s, 1, 'any_day')$$, :sandbox), 'FT010',
                 NULL, 'nor to a sandbox vendor');
SELECT throws_ok($$SELECT settlement.set_vendor_terms(-1, 1, 'any_day')$$, 'FT030', NULL, 'no such vendor');

-- Whatever is wrong is named, also what a bank would refuse (O8).
CREATE FUNCTION pg_temp.wrong(in_terms text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_detail text;
BEGIN
    EXECUTE format('SELECT settlement.set_vendor_terms(%s, %s)', current_setting('test.vendor'), in_terms);
    RETURN 'taken';
EXCEPTION WHEN SQLSTATE 'FT040' THEN
    GET STACKED DIAGNOSTICS v_detail = COLUMN_NAME;
    RETURN v_detail;
END $$;
SELECT set_config('test.vendor', :'vendor', true);
SELECT is(pg_temp.wrong(terms), wrong, 'O6: ' || terms)
FROM (VALUES
    ($$0, 'any_day', in_method => 'check'$$, 'amount threshold'),
    ($$NULL, 'any_day', in_method => 'check'$$, 'amount threshold'),
    ($$1, 'daily', in_method => 'check'$$, 'calendar'),
    ($$1, 'weekly', in_method => 'check'$$, 'calendar day'),
    ($$1, 'weekly', 8, in_method => 'check'$$, 'calendar day'),
    ($$1, 'weekly', 7, in_method => 'check'$$, 'taken'),
    ($$1, 'day_of_month', 0, in_method => 'check'$$, 'calendar day'),
    ($$1, 'day_of_month', 31, in_method => 'check'$$, 'taken'),
    ($$1, 'day_of_month', 32, in_method => 'check'$$, 'calendar day'),
    ($$1, 'monthly', 1, in_method => 'check'$$, 'calendar day'),
    ($$2, 'monthly', NULL, 1, in_method => 'check'$$, 'early threshold'),
    ($$2, 'monthly', NULL, 2, in_method => 'check'$$, 'taken'),
    ($$1, 'monthly', in_minimum => -1, in_method => 'check'$$, 'minimum'),
    ($$1, 'monthly', in_reserve => -1, in_method => 'check'$$, 'reserve'),
    ($$1, 'monthly', in_method => 'cash'$$, 'method'),
    ($$1, 'monthly', in_method => 'check', in_creditor_name => ' '$$, 'creditor name'),
    ($$1, 'monthly'$$, 'creditor IBAN'),
    ($$1, 'monthly', in_creditor_iban => 'DE03120300000000202051'$$, 'creditor IBAN'),
    ($$1, 'monthly', in_creditor_iban => 'US02120300000000202051'$$, 'creditor IBAN'),
    ($$1, 'any_day', in_method => 'check', in_creditor_iban => 'nonsense'$$, 'creditor IBAN'),
    ($$1, 'monthly', in_creditor_iban => 'DE02120300000000202051', in_creditor_bic => 'BYLADEM'$$, 'creditor BIC'),
    ($$1, 'monthly', in_creditor_iban => 'DE02120300000000202051', in_creditor_bic => 'BYLADEM1001'$$, 'taken')) AS v (terms, wrong);
SELECT * FROM finish();
ROLLBACK;
