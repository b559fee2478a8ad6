-- SPDX-License-Identifier: GPL-3.0-or-later
-- How many tokens were sold, when and for what (O10).
BEGIN;
SELECT no_plan();
CREATE FUNCTION pg_temp.sell(in_kind text, in_method text, in_amount bigint, in_at timestamptz,
    in_currency text DEFAULT 'NZD')
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_entry_id uuid := ledger.book(in_kind, gen_random_uuid()::text, in_method,
        '{user_wallet,funds_held}', ARRAY[(test.person()).user_id, 0], in_currency,
        ARRAY[in_amount, -in_amount]);
BEGIN
    UPDATE ledger.entries SET booked_at = in_at WHERE entry_id = v_entry_id;
END
$$;

SELECT pg_temp.sell('deposit', 'cash', 1000001, '2026-01-01 23:59:59.999999Z'),
       pg_temp.sell('deposit', 'cash', 2000000, '2026-01-01 00:00Z'),
       pg_temp.sell('deposit', 'cash', 4000000, '2026-01-02 00:00Z'),
       pg_temp.sell('deposit', 'bank_transfer', 8000000, '2026-01-01 12:00Z'),
       pg_temp.sell('bonus', NULL, 500000, '2026-01-01 12:00Z'),
       pg_temp.sell('direct_debit_return', 'direct_debit', -3000000, '2026-01-03 12:00Z'),
       pg_temp.sell('deposit', 'cash', 7, '2026-01-01 12:00Z', 'FJD');
SELECT results_eq($$SELECT day, currency, kind, method, entries, amount::text, total::text
                    FROM ledger.tokens_by_day WHERE currency IN ('NZD', 'FJD') ORDER BY currency, day, kind, method$$,
    $$VALUES ('2026-01-01'::date, 'FJD', 'deposit', 'cash', 1::bigint, '0.000007', '0.000007'),
             ('2026-01-01', 'NZD', 'bonus', '', 1, '0.500000', '0.500000'),
             ('2026-01-01', 'NZD', 'deposit', 'bank_transfer', 1, '8.000000', '8.500000'),
             ('2026-01-01', 'NZD', 'deposit', 'cash', 2, '3.000001', '11.500001'),
             ('2026-01-02', 'NZD', 'deposit', 'cash', 1, '4.000000', '15.500001'),
             ('2026-01-03', 'NZD', 'direct_debit_return', 'direct_debit', 1, '-3.000000', '12.500001')$$,
    'O10: by day, currency, kind and method, with the sum so far');
SELECT is_empty($$SELECT * FROM
    (SELECT currency, kind, sum(amount) AS amount, sum(entries) AS entries FROM ledger.tokens_by_day
     WHERE kind <> 'direct_debit_return' GROUP BY currency, kind) d
    FULL JOIN (SELECT currency, kind, amount * 0.000001 AS total, entries AS of_total FROM ledger.tokens_sold) t
    USING (currency, kind)
    WHERE d.amount IS DISTINCT FROM t.total OR d.entries IS DISTINCT FROM t.of_total$$,
    'O10: the days make the total');
SELECT * FROM finish();
ROLLBACK;
