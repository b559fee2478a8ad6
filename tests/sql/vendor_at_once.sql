-- SPDX-License-Identifier: GPL-3.0-or-later
-- A vendor's calls that arrive at the same time (V14). Committed: other sessions must see it.
SELECT no_plan();
SELECT test.vendor() AS vendor \gset

-- The same request arrives eight times at once: one issue, and everyone gets its codes.
CREATE TEMP TABLE answers AS SELECT * FROM test.at_once(ARRAY(SELECT format(
    'SELECT codes[1] FROM incentive.issue(%s, 1, 1000, ''2999-01-01Z'', ''{%s-C%s}'', NULL, ''same'')',
    :vendor, :vendor, n) FROM generate_series(1, 8) n));
SELECT is(count(DISTINCT result), 1::bigint, 'V14: one answer for all') FROM answers;
SELECT ok(bool_and(result LIKE :'vendor' || '-C_'), 'which is a code') FROM answers;
SELECT is(count(*), 1::bigint, 'V14: one issue') FROM incentive.incentives WHERE vendor_id = :vendor;
SELECT bag_eq(format('SELECT code FROM incentive.codes JOIN incentive.incentives USING (incentive_id) '
                     'WHERE vendor_id = %s', :vendor), 'SELECT DISTINCT result FROM answers',
              'of the code that was answered');

-- Four choose a password at the same time: one is refused.
SELECT bag_eq(format($$SELECT result FROM test.at_once(ARRAY(SELECT format(
                  'SELECT vendor.change_password(%s, 1, ''h%%s'')::text', n)
                  FROM generate_series(1, 4) n))$$, :vendor),
              $$VALUES (''), ('FT002'), ('FT002'), ('FT002')$$, 'V14: of four at once one is taken');
SELECT is(credential_version, 2, 'there is one new password') FROM vendor.find_credential(:vendor);
SELECT * FROM finish();
