-- SPDX-License-Identifier: GPL-3.0-or-later
-- An operator adds and changes vendors (V2, V14).
BEGIN;
SELECT no_plan();
SELECT vendor.add('News', 'CHF', 'scrypt$1', 'https://news.example/',
                  '{https://news.example,https://news.example,http://old.example}',
                  '{/,/,/archive/}') AS news \gset
SELECT ok(:news >= 1001, 'vendors are numbered from 1001');
SELECT results_eq(format('SELECT * FROM vendor.find_credential(%s)', :news),
                  format($$VALUES (%s, 1, 'scrypt$1', false)$$, :news), 'V2: what it is checked by');
SELECT results_eq(format('SELECT origin, path FROM vendor.urls WHERE vendor_id = %s ORDER BY 1', :news),
                  $$VALUES ('http://old.example', '/archive/'), ('https://news.example', '/')$$,
                  'V2: its registered URLs, each once');
SELECT is_empty('SELECT * FROM vendor.find_credential(-1)', 'V2: no such vendor');
SELECT throws_ok($$SELECT vendor.add('N', 'EURO', 'h', 'https://n/', '{}', '{}')$$, 'FT031', NULL,
                 'V2: no such currency');
SELECT throws_ok($$SELECT vendor.add('N', 'EUR', 'h', 'https://n/', '{ftp://n}', '{/}')$$, '23514',
                 NULL, 'V2: an origin is one of the web');
SELECT throws_ok($$SELECT vendor.add('N', 'EUR', 'h', 'https://n/', '{https://n}', '{/a}')$$, '23514',
                 NULL, 'V2: a path is a folder');

SELECT vendor.set_password(:news, 'scrypt$2');
SELECT results_eq(format('SELECT credential_version, password_hash FROM vendor.find_credential(%s)',
                         :news), $$VALUES (2, 'scrypt$2')$$, 'V14: a new password has a new version');
SELECT throws_ok($$SELECT vendor.set_password(-1, 'h')$$, 'FT030', NULL, 'V14: no such vendor');

SELECT vendor.set_disabled(:news, true);
SELECT is(disabled, true, 'a vendor is disabled') FROM vendor.find_credential(:news);
SELECT lives_ok(format('SELECT vendor.set_disabled(%s, true)', :news), 'twice is harmless');
SELECT vendor.set_disabled(:news, false);
SELECT is(disabled, false, 'and enabled') FROM vendor.find_credential(:news);
SELECT throws_ok('SELECT vendor.set_disabled(-1, true)', 'FT030', NULL, 'no such vendor');
SELECT * FROM finish();
ROLLBACK;
