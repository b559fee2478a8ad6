-- SPDX-License-Identifier: GPL-3.0-or-later
-- What proves a vendor's messages (S3).
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS shop \gset
SELECT test.vendor() AS other \gset
SELECT sha256('one') AS one, sha256('two') AS two, sha256('late') AS late \gset

SELECT is(vendor.find_security_secret(:shop), NULL, 'S3: at first there is no secret');
SELECT vendor.set_security_secret(:shop, 'sealed');
SELECT is(vendor.find_security_secret(:shop), 'sealed'::bytea, 'S3: it is kept as it is sealed');
SELECT vendor.set_security_secret(:shop, 'again');
SELECT is(vendor.find_security_secret(:shop), 'again'::bytea, 'S3: a new one replaces it');
SELECT is(vendor.find_security_secret(:other), NULL, 'S3: it is no other vendor''s');
SELECT vendor.set_security_secret(:shop, NULL);
SELECT is(vendor.find_security_secret(:shop), NULL, 'S3: it can be taken away');
SELECT throws_ok($$SELECT vendor.set_security_secret(-1, 's')$$, 'FT030', NULL, 'no such vendor');

SELECT is(vendor.admits_certificate(:shop, :'one'), true,
          'S3: without certificates of its own a vendor may show any');
SELECT vendor.add_certificate(:shop, :'one', 'pem 1', now() + interval '1 day');
SELECT results_eq(format('SELECT * FROM vendor.find_certificate(%L)', :'one'),
                  format($$VALUES (%s, 'pem 1')$$, :shop), 'S3: a certificate names its vendor');
SELECT is_empty(format('SELECT * FROM vendor.find_certificate(%L)', :'two'), 'S3: another names nobody');
SELECT is(vendor.admits_certificate(:shop, :'one'), true, 'S3: it may be shown');
SELECT is(vendor.admits_certificate(:shop, :'two'), false, 'S3: no other may');
SELECT vendor.add_certificate(:other, :'two', 'pem 2', now() + interval '1 day');
SELECT is(vendor.admits_certificate(:shop, :'two'), false, 'S3: least of all another vendor''s');
SELECT lives_ok(format('SELECT vendor.add_certificate(%s, %L, ''pem'', now())', :shop, :'one'),
                'registered twice is harmless');
SELECT throws_ok(format('SELECT vendor.add_certificate(%s, %L, ''pem'', now())', :other, :'one'),
                 'FT010', NULL, 'S3: a certificate is one vendor''s only');
SELECT throws_ok(format('SELECT vendor.add_certificate(-1, %L, ''pem'', now())', :'late'),
                 'FT030', NULL, 'no such vendor');
SELECT vendor.add_certificate(:shop, :'late', 'pem', now());
SELECT is_empty(format('SELECT * FROM vendor.find_certificate(%L)', :'late'),
                'S3: an expired certificate names nobody');
SELECT vendor.disable_certificate(:shop, :'one');
SELECT is_empty(format('SELECT * FROM vendor.find_certificate(%L)', :'one'), 'S3: nor a disabled one');
SELECT is(vendor.admits_certificate(:shop, :'two'), false,
          'S3: a vendor whose certificates all ended may not show any');
SELECT throws_ok(format('SELECT vendor.disable_certificate(%s, %L)', :shop, :'two'), 'FT030', NULL,
                 'it is not the vendor''s');
SELECT vendor.add_certificate(:shop, :'one', 'pem 1', now());
SELECT is(vendor.admits_certificate(:shop, :'one'), true, 'registered again, it is enabled');

SELECT lives_ok(format('SELECT vendor.take_nonce(%s, ''n'', now() + interval ''5 min'')', :shop),
                'S3: a message is accepted');
SELECT throws_ok(format('SELECT vendor.take_nonce(%s, ''n'', now() + interval ''5 min'')', :shop),
                 'FT001', NULL, 'S3: once');
SELECT lives_ok(format('SELECT vendor.take_nonce(%s, ''n'', now() - interval ''5 min'')', :other),
                'S3: each vendor has nonces of its own');
SELECT is(vendor.forget_nonces(100), 1, 'those that expired are forgotten');
SELECT is((SELECT array_agg(vendor_id) FROM vendor.nonces), ARRAY[:shop], 'no others');
SELECT is(vendor.forget_nonces(100), 0, 'once');
SELECT * FROM finish();
ROLLBACK;
