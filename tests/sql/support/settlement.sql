-- SPDX-License-Identifier: GPL-3.0-or-later
-- What settlement reads, made by hand and at any time: the rollup and the collection have stories
-- of their own.

-- The vendor's sum of a day, changed as a rollup would.
CREATE FUNCTION test.add_day(in_vendor_id int, in_at timestamptz, in_sales bigint DEFAULT 0,
    in_incentives bigint DEFAULT 0, in_refunds bigint DEFAULT 0, in_royalties bigint DEFAULT 0,
    in_content bigint DEFAULT 0, in_commissions bigint DEFAULT 0)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO royalty.vendor_days AS d
    SELECT v.vendor_id, (in_at AT TIME ZONE v.time_zone)::date, (in_sales <> 0)::int, in_sales,
           in_incentives, (in_refunds <> 0)::int, in_refunds, in_royalties, in_content,
           in_commissions
    FROM vendor.vendors v WHERE v.vendor_id = in_vendor_id
    ON CONFLICT (vendor_id, day) DO UPDATE
    SET sales_count = d.sales_count + excluded.sales_count, sales = d.sales + excluded.sales,
        incentives = d.incentives + excluded.incentives,
        refunds_count = d.refunds_count + excluded.refunds_count,
        refunds = d.refunds + excluded.refunds, royalties = d.royalties + excluded.royalties,
        content_royalties = d.content_royalties + excluded.content_royalties,
        commissions = d.commissions + excluded.commissions;
$$;

-- A rollup that covered one transaction more; its number.
CREATE FUNCTION test.next_rollup() RETURNS bigint LANGUAGE sql AS $$
    UPDATE royalty.progress SET rollup_id = rollup_id + 1 RETURNING rollup_id $$;

-- A sale, made at in_at and rolled up now; its transaction.
CREATE FUNCTION test.accrue_sale(in_vendor_id int, in_price bigint, in_at timestamptz DEFAULT now(),
    in_royalty bigint DEFAULT 0, in_content bigint DEFAULT 0)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    v_currency text := vendor.currency(in_vendor_id);
    v_id       uuid := test.offer(in_vendor_id, in_price, '/' || gen_random_uuid());
    v_rollup_id bigint := test.next_rollup();
BEGIN
    PERFORM test.buy(v_id, test.person(in_price, v_currency));
    UPDATE purchase.sales s SET sold_at = in_at, xact_id = (v_rollup_id - 1)::text::xid8
    WHERE s.transaction_id = v_id;
    PERFORM test.add_day(in_vendor_id, in_at, in_sales => in_price, in_royalties => in_royalty,
                         in_content => in_content);
    INSERT INTO royalty.accruals (accrual_id, kind, vendor_id, rollup_id, amount, royalty,
                                  content_royalty)
    SELECT v_id, 'sale', in_vendor_id, v_rollup_id, in_price, in_royalty, in_content
    WHERE in_royalty <> 0 OR in_content <> 0;
    RETURN v_id;
END
$$;

-- A refund of it, at in_at; what it gives back of the royalty.
CREATE FUNCTION test.accrue_refund(in_transaction_id uuid, in_amount bigint,
    in_at timestamptz DEFAULT now(), in_royalty bigint DEFAULT 0)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_refund    purchase.refunds;
    v_rollup_id bigint := test.next_rollup();
BEGIN
    SELECT b.* INTO v_refund FROM purchase.sales s
    CROSS JOIN LATERAL purchase.book_refund(s.vendor_id, s.transaction_id, in_amount, '') b
    WHERE s.transaction_id = in_transaction_id;
    UPDATE purchase.refunds r SET refunded_at = in_at, xact_id = (v_rollup_id - 1)::text::xid8
    WHERE r.refund_id = v_refund.refund_id;
    PERFORM test.add_day(v_refund.vendor_id, in_at, in_refunds => in_amount,
                         in_royalties => -in_royalty);
    INSERT INTO royalty.accruals (accrual_id, kind, vendor_id, rollup_id, subject_id, amount, royalty)
    SELECT v_refund.refund_id, 'refund', v_refund.vendor_id, v_rollup_id, in_transaction_id,
           -in_amount, -in_royalty WHERE in_royalty <> 0;
END
$$;

CREATE FUNCTION test.accrue_commission(in_vendor_id int, in_amount bigint,
    in_at timestamptz DEFAULT now())
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_entry_id uuid;
BEGIN
    SELECT r.entry_id INTO v_entry_id FROM account.receive_funds(
        (test.person()).login_name, 'EUR', 1000000, 'cash', gen_random_uuid()::text) r;
    UPDATE ledger.entries e SET booked_at = in_at WHERE e.entry_id = v_entry_id;
    PERFORM test.add_day(in_vendor_id, in_at, in_commissions => in_amount);
    INSERT INTO royalty.accruals (accrual_id, kind, vendor_id, rollup_id, subject_id, amount, royalty)
    VALUES (purchase.new_transaction_id(), 'commission', in_vendor_id, test.next_rollup(),
            v_entry_id, in_amount, 0);
END
$$;

CREATE FUNCTION test.owner(in_owner_id text, in_time_zone text DEFAULT 'UTC')
RETURNS bigint LANGUAGE sql AS $$
    INSERT INTO royalty.owners (owner_id, name, time_zone, registered_at)
    VALUES (in_owner_id, 'Owner ' || in_owner_id, in_time_zone, now()) RETURNING owner_number $$;

-- What a vendor withheld, credited to an owner at in_at.
CREATE FUNCTION test.collect(in_owner_id text, in_vendor_id int, in_amount bigint,
    in_at timestamptz DEFAULT now())
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_rollup_id     bigint := test.next_rollup();
    v_collection_id uuid := purchase.new_transaction_id();
BEGIN
    UPDATE royalty.progress SET collected_id = v_rollup_id;
    INSERT INTO royalty.collections (collection_id, vendor_id, currency, after_rollup, until_rollup,
                                     collected_at)
    VALUES (v_collection_id, in_vendor_id, vendor.currency(in_vendor_id), v_rollup_id - 1,
            v_rollup_id, in_at);
    INSERT INTO royalty.collection_lines (collection_id, owner_number, exact, amount)
    SELECT v_collection_id, o.owner_number, in_amount, in_amount
    FROM royalty.owners o WHERE o.owner_id = in_owner_id;
END
$$;

-- A vendor, or a vendor in a time zone, with terms that began long ago.
CREATE FUNCTION test.payee(in_threshold bigint, in_calendar text DEFAULT 'any_day',
    in_day int DEFAULT NULL, in_early bigint DEFAULT NULL, in_minimum bigint DEFAULT 0,
    in_reserve bigint DEFAULT 0, in_time_zone text DEFAULT 'UTC', in_currency text DEFAULT 'EUR')
RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    v_vendor_id int := test.vendor(in_currency);
BEGIN
    UPDATE vendor.vendors v SET time_zone = in_time_zone WHERE v.vendor_id = v_vendor_id;
    PERFORM settlement.set_vendor_terms(v_vendor_id, in_threshold, in_calendar, in_day, in_early,
        in_minimum, in_reserve, in_creditor_iban => 'DE02120300000000202051');
    PERFORM test.long_agreed();
    RETURN v_vendor_id;
END
$$;

CREATE FUNCTION test.long_agreed() RETURNS void LANGUAGE sql AS $$
    UPDATE settlement.terms SET valid_from = '2020-01-01Z' WHERE valid_from > '2020-01-01Z' $$;

-- 'OUTCOME', or 'AMOUNT by TRIGGER[ of DAY]' of a vendor's settlement; of several currencies, all.
CREATE FUNCTION test.settle(in_vendor_id int, in_as_of date DEFAULT NULL,
    in_dry_run boolean DEFAULT false)
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(CASE s.outcome WHEN 'paid'
               THEN concat_ws(' ', s.amount, 'by', s.trigger, 'of ' || s.due_on)
               ELSE s.outcome END, ', ')
    FROM settlement.settle_slice('vendors', in_vendor_id, NULL, 0, 1, in_as_of, in_dry_run) s $$;

CREATE FUNCTION test.settle_owner(in_owner_id text, in_as_of date DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(CASE s.outcome WHEN 'paid'
               THEN concat_ws(' ', s.amount, s.currency, 'by', s.trigger, 'of ' || s.due_on)
               ELSE s.outcome END, ', ')
    FROM settlement.settle_slice('owners', NULL, in_owner_id, 0, 1, in_as_of, false) s $$;

-- A vendor's last settlement.
CREATE FUNCTION test.last_settlement(in_vendor_id int)
RETURNS settlement.settlements LANGUAGE sql AS $$
    SELECT s FROM settlement.settlements s JOIN settlement.payees p USING (payee_id)
    WHERE p.vendor_id = in_vendor_id ORDER BY s.settlement_id DESC LIMIT 1 $$;

-- The end of every story in which somebody was settled: opening + lines = amount + closing, and each
-- line is the sum of its facts.
CREATE FUNCTION test.settlements_add_up()
RETURNS SETOF text LANGUAGE sql AS $$
    SELECT is_empty($q$SELECT s.settlement_id FROM settlement.settlements s
        LEFT JOIN settlement.lines l USING (settlement_id) GROUP BY s.settlement_id
        HAVING s.opening + coalesce(sum(l.amount), 0) <> s.amount + s.closing$q$,
        'O6: opening + lines = amount + closing')
    UNION ALL
    SELECT is_empty($q$SELECT s.settlement_id, kind, l.amount, e.amount, l.count, e.count
        FROM settlement.settlements s
        CROSS JOIN LATERAL (SELECT f.kind, sum(f.amount) AS amount, count(*) AS count
                            FROM settlement.explain(s.settlement_id) f GROUP BY f.kind) e
        FULL JOIN settlement.lines l USING (settlement_id, kind)
        WHERE l.amount IS DISTINCT FROM e.amount
           OR kind IN ('sales', 'refunds', 'collections', 'payout_returns')
              AND l.count IS DISTINCT FROM e.count$q$,
        'O6: each line is the sum of its facts')
    UNION ALL
    SELECT is_empty($q$SELECT fact_id, kind FROM settlement.settlements s,
        LATERAL settlement.explain(s.settlement_id) GROUP BY fact_id, kind, s.payee_id
        HAVING count(*) > 1$q$, 'O6: each fact is in one settlement')
    UNION ALL
    SELECT * FROM test.books_balance()
$$;

-- The end of a story that committed: the next one finds no payee, and rollups go on from here.
CREATE FUNCTION test.forget_settlements() RETURNS void LANGUAGE sql AS $$
    TRUNCATE settlement.payees, settlement.terms, settlement.positions, settlement.settlements,
        settlement.lines, settlement.payouts, settlement.holds;
    UPDATE royalty.progress SET rollup_id = purchase.xact_number(pg_current_xact_id()),
        collected_id = purchase.xact_number(pg_current_xact_id());
$$;
