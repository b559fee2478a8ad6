-- SPDX-License-Identifier: GPL-3.0-or-later
-- Disputed sales are held back from settlement (O6, 255).
BEGIN;
SELECT no_plan();
SELECT test.payee(1000000) AS vendor \gset
SELECT test.accrue_sale(:vendor, 2000000) AS calm, test.accrue_sale(:vendor, 3000000) AS disputed \gset
SELECT settlement.hold(:'disputed', 'not as described') AS hold \gset
SELECT is(settlement.hold(:'disputed', 'again'), :'hold'::uuid, 'O6: a sale is held once');
SELECT is(settlement.held(:vendor), 3000000::bigint, 'O6: with its price');
SELECT is(test.settle(:vendor), '2000000 by amount', 'O6: the others are paid');
SELECT is((test.last_settlement(:vendor)).closing::bigint, 3000000::bigint, 'O6: what is held is carried');
SELECT is(test.settle(:vendor), 'held', 'O6: and not paid later');
SELECT ok(settlement.release(:'disputed'), 'the dispute is over');
SELECT ok(NOT settlement.release(:'disputed'), 'once');
SELECT is(test.settle(:vendor), '3000000 by amount', 'O6: the vendor gets it');

-- A refund lowers what is held; what is not left is not held.
SELECT test.accrue_sale(:vendor, 1500000) AS sale, test.accrue_sale(:vendor, 4000000) AS second \gset
SELECT settlement.hold(:'sale', 'dispute');
UPDATE settlement.holds SET held_at = held_at - interval '1 hour';
SELECT test.accrue_refund(:'sale', 500000);
SELECT is(settlement.held(:vendor), 1000000::bigint, 'O6: what was refunded is not held too');
SELECT is(test.settle(:vendor), '4000000 by amount', 'O6: neither the refund nor the rest is paid');
SELECT test.accrue_refund(:'sale', 1000000);
SELECT is(settlement.held(:vendor), 0::bigint, 'O6: nothing is left to hold');
SELECT settlement.release(:'sale');
SELECT throws_ok(format($$SELECT settlement.hold(%L, 'x')$$, :'sale'), 'FT010', NULL, 'all of it was refunded');
SELECT throws_ok($$SELECT settlement.hold(gen_random_uuid(), 'x')$$, 'FT005', NULL, 'no such sale');

-- More held than there is: nothing is owed for it.
SELECT test.accrue_sale(:vendor, 1000000) AS paid \gset
SELECT is(test.settle(:vendor), '1000000 by amount', 'paid before the dispute');
SELECT settlement.hold(:'paid', 'late');
SELECT test.accrue_sale(:vendor, 1200000);
SELECT is(test.settle(:vendor), 'held', 'O6: a later sale is kept back for it');
SELECT test.accrue_sale(:vendor, 800000);
SELECT is(test.settle(:vendor), '1000000 by amount', 'O6: as much as is disputed');
SELECT settlement.release(:'paid');
SELECT is(test.settle(:vendor), '1000000 by amount', 'O6: until it is over');
SELECT * FROM test.settlements_add_up();
SELECT * FROM finish();
ROLLBACK;
