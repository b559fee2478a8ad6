-- SPDX-License-Identifier: GPL-3.0-or-later
-- Logins (B2, B3, U10).
BEGIN;
SELECT no_plan();
SELECT test.person() AS alice \gset
SELECT (:'alice'::test.person).user_id AS id, (:'alice'::test.person).login_id AS login,
       (:'alice'::test.person).login_name AS name \gset

SELECT results_eq(format('SELECT * FROM account.find_credential(upper(%L))', :'name'),
                  format($$VALUES (%s::bigint, 'hash', 'en', false, false, 30)$$, :id),
                  'B2: a login name is found whatever its case');
SELECT is_empty($$SELECT * FROM account.find_credential('nobody')$$, 'B2: or there is none');
SELECT isnt(account.start_login(:id, true, 90), :login::bigint, 'B3: every login is a new one');
SELECT results_eq(format('SELECT session_from_last_purchase, session_minutes '
                         'FROM account.find_credential(%L)', :'name'),
                  'VALUES (true, 90)', 'B3: the session''s length is remembered as it was chosen');
SELECT throws_ok('SELECT account.start_login(-1, false, 5)', 'FT029', NULL, 'B2: no such user');

SELECT lives_ok(format('SELECT account.require_login(%s, %s)', :id, :login), 'B3: a login is open');
SELECT throws_ok(format('SELECT account.require_login(%s, %s)', :id + 1, :login), 'FT027', NULL,
                 'B3: another user''s is none');
SELECT account.end_login(:id + 1, :login);
SELECT lives_ok(format('SELECT account.require_login(%s, %s)', :id, :login),
                'B3: another user cannot end it');
SELECT account.end_login(:id, :login);
SELECT throws_ok(format('SELECT account.require_login(%s, %s)', :id, :login), 'FT027', NULL,
                 'B3: its user can');
SELECT lives_ok(format('SELECT account.end_login(%s, %s)', :id, :login), 'B3: twice is harmless');

-- Disabling an account ends its logins.
SELECT account.start_login(:id, false, 5) AS login \gset
SELECT account.set_disabled(upper(:'name'), true);
SELECT throws_ok(format('SELECT account.require_login(%s, %s)', :id, :login), 'FT027', NULL,
                 'U10: its logins end');
SELECT throws_ok(format('SELECT account.start_login(%s, false, 5)', :id), 'FT026', NULL,
                 'U10: no new one starts');
SELECT is(disabled, true, 'U10: and it is known') FROM account.find_credential(:'name');
SELECT lives_ok(format('SELECT account.set_disabled(%L, true)', :'name'), 'U10: twice is harmless');
SELECT account.set_disabled(:'name', false);
SELECT lives_ok(format('SELECT account.start_login(%s, false, 5)', :id), 'U10: enabled again');
SELECT throws_ok(format('SELECT account.require_login(%s, %s)', :id, :login), 'FT027', NULL,
                 'U10: but the old login stays ended');
SELECT throws_ok($$SELECT account.set_disabled('nobody', true)$$, 'FT029', NULL, 'U10: no such user');
SELECT * FROM finish();
ROLLBACK;
