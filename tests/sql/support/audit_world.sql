-- SPDX-License-Identifier: GPL-3.0-or-later
-- Books with something of everything, committed, accrued and closed once; and what came after.

-- IDs that findings name, by what the stories call them.
CREATE TABLE test.names (name text PRIMARY KEY, id text NOT NULL);

CREATE FUNCTION test.id(in_name text)
RETURNS text LANGUAGE sql STABLE AS $$ SELECT id FROM test.names WHERE name = in_name $$;

CREATE FUNCTION test.call(in_name text, in_id text)
RETURNS void LANGUAGE sql AS $$ INSERT INTO test.names VALUES (in_name, in_id) $$;

-- Two vendors: one pays royalties by tiers, has content owners and incentives; one has nothing.
SELECT test.vendor() AS vendor \gset
SELECT test.vendor() AS plain \gset
SELECT test.origin(:vendor) AS origin \gset
SELECT schedule_id AS schedule FROM royalty.set_schedule(:vendor, 'month', '{0,2500000}', '{50000,20001}', '{1000,0}', NULL) \gset
SELECT royalty.set_commission(:vendor, 2500, 10000, NULL);
SELECT count(*) FROM royalty.set_content_owners(:vendor, 1, :'origin' || '/', :'origin', '/',
    '{author,painter}', '{100001,NULL}', '{NULL,3333}', NULL, NULL);
SELECT codes[1] AS code, incentive_id AS incentive
FROM incentive.issue(:vendor, 1, 400000, now() + interval '1 day', '{AUDITCODE}', '', NULL) \gset
SELECT settlement.set_vendor_terms(:vendor, 100000, 'any_day', in_reserve => 50000,
    in_creditor_iban => 'DE89370400440532013000') AS terms \gset
SELECT settlement.set_owner_terms('author', 'EUR', 10000, 'any_day',
    in_creditor_name => 'Author', in_method => 'check');

SELECT test.person(20000000) AS alice \gset
SELECT test.person(0) AS bob \gset
UPDATE account.users SET via_vendor_id = :vendor WHERE user_id = (:'bob'::test.person).user_id;
SELECT entry_id AS deposit FROM account.receive_funds((:'bob'::test.person).login_name, 'EUR',
    20000000, 'bank_transfer', 'audited deposit') \gset

\ir audit_bank_world.sql
SELECT test.offer(:vendor, 1000001, '/a') AS first, test.offer(:vendor, 999983, '/b') AS second,
       test.offer(:vendor, 1500000, '/c') AS edge, test.offer(:vendor, 7, '/d') AS tiny,
       test.offer(:vendor, 700000, '/e') AS given, test.offer(:plain, 250000, '/f') AS plain_sale \gset
SELECT test.buy(:'first', :'alice');
SELECT test.buy(:'second', :'bob');
SELECT test.buy(:'edge', :'alice');
SELECT test.buy(:'tiny', :'alice');
SELECT test.buy(:'given', :'bob', :'code');
SELECT test.buy(:'plain_sale', :'bob');
SELECT refund_id AS part FROM purchase.refund(:vendor, 1, :'first', 300000, 'part', NULL) \gset
SELECT refund_id AS whole FROM purchase.refund(:vendor, 1, :'second', NULL, 'whole', NULL) \gset
CALL royalty.roll_up_all();
CALL royalty.collect_all();
CALL settlement.settle_vendors();
CALL settlement.settle_owners();
SELECT settlement.mark_payout(payout_id, 'paid', NULL) FROM settlement.payouts WHERE method = 'check';
SELECT bank.order_transfers(NULL, 'EUR', 'pain.001.001.09', '2026-12-01') AS file \gset
SELECT is(test.bank_says('PAIDOUT1', -total, in_batch_id => message_id), 'paid', 'O8: a file is paid in one sum')
FROM bank.files WHERE file_id = :file;
SELECT is(test.bank_says('PAIDOUT1 RTN', amount, in_end_to_end_id => end_to_end_id), 'returned', 'O8: a payout comes back')
FROM settlement.payouts WHERE method = 'credit_transfer';
CALL royalty.roll_up_all();
SELECT link_id FROM audit.close();

-- After the closing: more of the same, not closed yet.
SELECT test.offer(:vendor, 333333, '/later') AS later, test.offer(:plain, 5000, '/g') AS plain_later \gset
SELECT test.buy(:'later', :'alice');
SELECT test.buy(:'plain_later', :'alice');
SELECT settlement.hold(:'later', 'disputed') AS hold \gset
SELECT is(test.bank_says('UNKNOWN2', 8000000, 'words'), 'queued', 'U3: a receipt of nobody');
CALL royalty.roll_up_all();
CALL royalty.collect_all();
CALL settlement.settle_vendors();
CALL royalty.roll_up_all();

SELECT test.call(n.name, n.id) FROM (VALUES
    ('VENDOR', :'vendor'), ('PLAIN', :'plain'), ('ALICE', (:'alice'::test.person).user_id::text),
    ('BOB', (:'bob'::test.person).user_id::text), ('DEPOSIT', :'deposit'), ('FIRST', :'first'),
    ('SECOND', :'second'), ('EDGE', :'edge'), ('TINY', :'tiny'), ('GIVEN', :'given'),
    ('PLAIN_SALE', :'plain_sale'), ('LATER', :'later'), ('PLAIN_LATER', :'plain_later'), ('PART', :'part'), ('WHOLE', :'whole'),
    ('SCHEDULE', :'schedule'), ('INCENTIVE', :'incentive'), ('HOLD', :'hold'), ('TERMS', :'terms')
) n (name, id);
SELECT test.call('SETTLED_' || n, settlement_id::text), test.call('ROLLUP_' || n, until_rollup::text)
FROM (SELECT row_number() OVER (ORDER BY settlement_id) AS n, * FROM settlement.settlements) t;
SELECT test.call('PAYOUT_' || row_number() OVER (ORDER BY payout_id), payout_id::text)
FROM settlement.payouts;
SELECT test.call('COLLECTED_' || row_number() OVER (ORDER BY collection_id), collection_id::text)
FROM royalty.collections;
SELECT test.call('COMMISSION', accrual_id::text) FROM royalty.accruals WHERE kind = 'commission';
SELECT test.call(upper(owner_id), owner_number::text) FROM royalty.owners;
SELECT test.call('PAYEE_' || n.name, p.payee_id::text)
FROM settlement.payees p JOIN test.names n
     ON (n.name, n.id) IN (('VENDOR', p.vendor_id::text), ('AUTHOR', p.owner_number::text));
SELECT test.call('OFFER_' || n.name, s.offer_id::text), test.call('CONTENT_' || n.name, o.content_id::text)
FROM test.names n JOIN purchase.sales s ON s.transaction_id::text = n.id
JOIN purchase.offers o ON o.offer_id = s.offer_id;
-- When it was, and 40 days before, in the words of findings.
SELECT test.call('DAY' || d.name, d.at::date::text),
       test.call('MONTH' || d.name, 'month ' || extract(epoch FROM date_trunc('month', d.at)
                                                         AT TIME ZONE d.time_zone))
FROM (SELECT b.name, v.time_zone, (s.sold_at - b.before) AT TIME ZONE v.time_zone AS at
      FROM purchase.sales s JOIN vendor.vendors v ON v.vendor_id = s.vendor_id
      CROSS JOIN (VALUES ('', interval '0'), ('_BEFORE', interval '40 days')) b (name, before)
      WHERE s.transaction_id = :'edge') d;
SELECT test.call('HISTORY', 'history_rewritten link ' || link_id || ', closed '
                 || to_char(closed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
FROM audit.links;
