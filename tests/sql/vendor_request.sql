-- SPDX-License-Identifier: GPL-3.0-or-later
-- RequestIDs: the same key with the same parameters gives the same answer and does nothing twice.
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor, test.vendor() AS other \gset
SELECT is(vendor.take_request(:vendor, 'Op', 'r', 'parameters'), NULL, 'a new one');
SELECT vendor.answer_request(:vendor, 'Op', 'r', '{"a": 1}');
SELECT is(vendor.take_request(:vendor, 'Op', 'r', 'parameters'), '{"a": 1}', 'a repeat is answered');
SELECT throws_ok(format($$SELECT vendor.take_request(%s, 'Op', 'r', 'others')$$, :vendor), 'FT009', NULL,
                 'other parameters are refused');
SELECT is(vendor.take_request(:vendor, 'Other', 'r', 'others'), NULL, 'another operation has its own');
SELECT is(vendor.take_request(:other, 'Op', 'r', 'others'), NULL, 'another vendor has its own');
SELECT is(vendor.take_request(:vendor, 'Op', NULL, 'parameters'), NULL, 'without one each call is new');
SELECT is(vendor.take_request(:vendor, 'Op', NULL, 'parameters'), NULL, 'again');
SELECT is(count(*), 3::bigint, 'and is not kept') FROM vendor.requests WHERE vendor_id IN (:vendor, :other);
SELECT lives_ok(format('SELECT vendor.check(%s, 1)', :vendor), 'a good credential');
SELECT throws_ok(format('SELECT vendor.check(%s, 2)', :vendor), 'FT002', NULL, 'another version');
SELECT throws_ok('SELECT vendor.check(-1, 1)', 'FT002', NULL, 'no such vendor');
SELECT * FROM finish();
ROLLBACK;
