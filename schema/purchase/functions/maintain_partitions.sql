-- SPDX-License-Identifier: GPL-3.0-or-later
-- Partitions: days of transactions, months of sales and of their royalties. The daemon calls this
-- every hour.

CREATE OR REPLACE FUNCTION purchase.make_partition(in_table text, in_name text,
    in_from timestamptz, in_until timestamptz, in_schema text DEFAULT 'purchase')
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF to_regclass(format('%I.%I', in_schema, in_name)) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %1$I.%2$I PARTITION OF %1$I.%3$I FOR VALUES FROM (%4$L) TO (%5$L)',
                   in_schema, in_name, in_table, purchase.transaction_id_floor(in_from),
                   purchase.transaction_id_floor(in_until));
EXCEPTION WHEN check_violation THEN
    RAISE WARNING 'rows of % wait in %_default: move them', in_name, in_table;
END
$$;
COMMENT ON FUNCTION purchase.make_partition IS 'a partition, unless it exists';

-- Makes those of the coming week and months; drops transactions of more than 7 days ago, which
-- nobody can buy any more. All purchases wait behind a lock on a whole table, so this one gives up
-- after two seconds; there is a week for the next attempt.
CREATE OR REPLACE FUNCTION purchase.maintain_partitions()
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC' SET lock_timeout = '2s' AS $$
DECLARE
    v_time timestamptz;
    v_name text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('purchase.maintain_partitions'));
    FOR v_time IN SELECT date_trunc('day', now()) + n * interval '1 day'
                  FROM generate_series(0, 7) n LOOP
        PERFORM purchase.make_partition('transactions',
            'transactions_' || to_char(v_time, 'YYYYMMDD'), v_time, v_time + interval '1 day');
    END LOOP;
    FOR v_time IN SELECT date_trunc('month', now()) + n * interval '1 month'
                  FROM generate_series(0, 2) n LOOP
        PERFORM purchase.make_partition('sales', 'sales_' || to_char(v_time, 'YYYYMM'),
            v_time, v_time + interval '1 month');
        PERFORM purchase.make_partition('accruals', 'accruals_' || to_char(v_time, 'YYYYMM'),
            v_time, v_time + interval '1 month', 'royalty');
    END LOOP;
    FOR v_name IN SELECT c.relname FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid
                  WHERE h.inhparent = 'purchase.transactions'::regclass
                    AND c.relname ~ '^transactions_[0-9]{8}$'
                    AND right(c.relname, 8) < to_char(now() - interval '7 days', 'YYYYMMDD') LOOP
        EXECUTE format('DROP TABLE purchase.%I', v_name);
    END LOOP;
    DELETE FROM purchase.transactions_default t
    WHERE t.transaction_id < purchase.transaction_id_floor(now() - interval '7 days');
END
$$;
COMMENT ON FUNCTION purchase.maintain_partitions() IS
    'makes coming partitions, drops what nobody can buy any more';
