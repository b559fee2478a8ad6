-- SPDX-License-Identifier: GPL-3.0-or-later
-- A new user (U1).
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor \gset
SELECT test.offer(:vendor) AS via \gset

CREATE FUNCTION pg_temp.register(in_login_name text, in_currency text DEFAULT 'EUR',
    in_via uuid DEFAULT NULL, in_bonus bigint DEFAULT 0, in_questions text[] DEFAULT '{}')
RETURNS bigint LANGUAGE sql AS $$
    SELECT account.register(in_login_name, 'scrypt$1', 'Ada', 'ada@example.org', 'Street 1', 'de',
        in_currency, 'check', in_via, in_bonus, in_questions, in_questions)
$$;

SELECT pg_temp.register('Ada', in_via => :'via', in_bonus => 500000,
                        in_questions => '{first_pet,siblings}') AS ada \gset
SELECT results_eq(
    format($$SELECT login_name, password_hash, full_name, email, address, language, payment_method,
             via_vendor_id, disabled_at FROM account.users WHERE user_id = %s$$, :ada),
    format($$VALUES ('Ada', 'scrypt$1', 'Ada', 'ada@example.org', 'Street 1', 'de', 'check', %s,
                     NULL::timestamptz)$$, :vendor),
    'U1: the person, and the vendor whose site sent them');
SELECT results_eq(
    format($$SELECT question, answer_hash FROM account.identifiers WHERE user_id = %s ORDER BY 1$$,
           :ada),
    $$VALUES ('first_pet', 'first_pet'), ('siblings', 'siblings')$$, 'U1: other identifiers');
SELECT results_eq(format('SELECT * FROM account.list_wallets(%s)', :ada),
                  $$VALUES ('EUR', 500000::bigint, 0::bigint)$$, 'U1: a wallet with the bonus');
SELECT results_eq(
    format($$SELECT kind, account, holder, currency, amount FROM ledger.all_postings
             WHERE entry_id IN (SELECT entry_id FROM ledger.postings WHERE holder = %s) ORDER BY line$$,
           :ada),
    format($$VALUES ('bonus', 'bonus_expense', 0::bigint, 'EUR', -500000::bigint),
                    ('bonus', 'user_wallet', %s, 'EUR', 500000)$$, :ada),
    'U1, O10: the bonus is an entry');
SELECT pg_temp.register('direct') AS direct,
       pg_temp.register('unknown', in_via => gen_random_uuid()) AS unknown \gset
SELECT is(via_vendor_id, NULL, 'U1: registered directly, or through an unknown transaction')
FROM account.users WHERE user_id IN (:direct, :unknown);
SELECT results_eq(format('SELECT * FROM account.list_wallets(%s)', pg_temp.register('none', 'USD')),
                  $$VALUES ('USD', 0::bigint, 0::bigint)$$, 'U1: without a bonus an empty wallet');
SELECT throws_ok($$SELECT pg_temp.register('Ada')$$, 'FT028', NULL, 'U1: the login name is taken');
SELECT throws_ok($$SELECT pg_temp.register('aDA')$$, 'FT028', NULL, 'U1: whatever its case');
SELECT throws_ok($$SELECT pg_temp.register('Bea', 'XXX')$$, 'FT031', NULL, 'U2: no such currency');
SELECT is((SELECT count(*) FROM account.find_credential('Bea')), 0::bigint, 'and nobody was made');
SELECT * FROM test.books_balance();
SELECT * FROM finish();
ROLLBACK;
