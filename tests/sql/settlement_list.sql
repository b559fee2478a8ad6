-- SPDX-License-Identifier: GPL-3.0-or-later
-- A vendor reads its settlements page by page (V14, O6), an operator reads one fact by fact.
BEGIN;
SELECT no_plan();
SELECT test.payee(1000000) AS vendor, test.payee(1000000) AS other \gset
PREPARE page(timestamptz, timestamptz, uuid, int) AS
    SELECT settlement_id FROM settlement.list(:vendor, 1, $1, $2, $3, $4);
SELECT is_empty($$EXECUTE page('1970-01-01Z', '2999-01-01Z', NULL, 10)$$, 'V14: none yet');

-- Five settlements; the fourth is another vendor's. They were made on the first days of 2030.
CREATE TEMP TABLE made (n int, id uuid);
CREATE FUNCTION pg_temp.settle(n int, in_vendor_id int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_sale uuid := test.accrue_sale(in_vendor_id, (n + 2) * 1000000, '2026-02-01Z', 30000, 20000);
BEGIN
    PERFORM test.accrue_refund(v_sale, 1000000, '2026-02-02Z', 10000), test.settle(in_vendor_id);
    UPDATE settlement.settlements SET settled_at = '2030-01-01Z'::timestamptz + n * interval '1 day'
    WHERE settlement_id = (test.last_settlement(in_vendor_id)).settlement_id;
    INSERT INTO made SELECT n, (test.last_settlement(in_vendor_id)).settlement_id;
END $$;
SELECT pg_temp.settle(1, :vendor), pg_temp.settle(2, :vendor), pg_temp.settle(3, :vendor),
       pg_temp.settle(4, :other), pg_temp.settle(5, :vendor);
SELECT results_eq($$EXECUTE page('1970-01-01Z', '2999-01-01Z', NULL, 10)$$,
                  'SELECT id FROM made WHERE n <> 4 ORDER BY n', 'its own, oldest first');
SELECT results_eq($$EXECUTE page('1970-01-01Z', '2999-01-01Z', NULL, 2)$$,
                  'SELECT id FROM made WHERE n IN (1, 2) ORDER BY n', 'a page');
SELECT id AS second FROM made WHERE n = 2 \gset
SELECT results_eq(format($$EXECUTE page('1970-01-01Z', '2999-01-01Z', %L, 2)$$, :'second'),
                  'SELECT id FROM made WHERE n IN (3, 5) ORDER BY n', 'the next page');
SELECT results_eq($$EXECUTE page('2030-01-03Z', '2030-01-04Z', NULL, 10)$$,
                  'SELECT id FROM made WHERE n = 2', 'from Since until before Until');
SELECT results_eq(
    format($$SELECT l.currency, sales, refunds, royalties, amount, sold_from = v.registered_at, sold_until <= now() + interval '1 minute'
             FROM settlement.list(%1$s, 1, '1970-01-01Z', '2999-01-01Z', NULL, 1) l, vendor.vendors v
             WHERE v.vendor_id = %1$s$$, :vendor),
    $$VALUES ('EUR', 3000000::bigint, 1000000::bigint, 40000::bigint, 1960000::bigint, true, true)$$,
    'V14: the figures, from the vendor''s first day on');
SELECT ok(b.sold_from = a.sold_until, 'V14: one begins where the one before ended')
FROM settlement.list(:vendor, 1, '1970-01-01Z', '2999-01-01Z', NULL, 1) a,
     settlement.list(:vendor, 1, '1970-01-01Z', '2999-01-01Z', a.settlement_id, 1) b;
SELECT throws_ok(format($$SELECT settlement.list(%s, 2, now(), now(), NULL, 1)$$, :vendor), 'FT002', NULL,
                 'a stale password');

-- Fact by fact.
SELECT id AS first FROM made WHERE n = 1 \gset
SELECT results_eq(format('SELECT kind, amount, occurred_at FROM settlement.explain(%L)', :'first'),
    $$VALUES ('content_royalties', -20000::bigint, '2026-02-01Z'::timestamptz), ('refunds', -1000000, '2026-02-02Z'),
             ('royalties', -30000, '2026-02-01Z'), ('royalties', 10000, '2026-02-02Z'), ('sales', 3000000, '2026-02-01Z')$$,
    'O6: every fact of a settlement');
SELECT results_eq(format($$SELECT a.amount, b.amount FROM settlement.explain(%1$L, 'royalties', NULL, 1) a,
                           settlement.explain(%1$L, 'royalties', a.fact_id, 9) b$$, :'first'),
                  'VALUES (-30000::bigint, 10000::bigint)', 'O6: page by page');
SELECT is(subject_id, (SELECT fact_id FROM settlement.explain(:'first', 'sales')), 'O6: a refund names its sale')
FROM settlement.explain(:'first', 'refunds');
SELECT results_eq(format('SELECT vendor_id, name, currency, trigger, after_time, opening, amount, closing
                          FROM settlement.show(%L)', :'first'),
    format($$VALUES (%s, 'Shop', 'EUR', 'amount', NULL::timestamptz, 0::bigint, 1960000::bigint, 0::bigint)$$, :vendor),
    'O6: and who got it');
SELECT * FROM test.settlements_add_up();
SELECT * FROM finish();
ROLLBACK;
