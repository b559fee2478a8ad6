-- SPDX-License-Identifier: GPL-3.0-or-later
-- A settlement line by line, and each line fact by fact: its sales, refunds and commissions, or an
-- owner's collections, and the payouts that came back.

-- What a vendor's settlement covered: what its rollup had and what came before its time, without
-- what the rollup and the time of the settlement before had.
CREATE OR REPLACE FUNCTION settlement.covered_accruals(in_settlement settlement.settlements,
    in_vendor_id int)
RETURNS TABLE (kind text, fact_id uuid, occurred_at timestamptz, subject_id uuid, amount bigint)
LANGUAGE sql STABLE AS $$
    WITH facts AS (
        SELECT 'sales' AS kind, s.transaction_id AS fact_id, NULL::uuid AS subject_id,
               purchase.xact_number(s.xact_id) AS xact, s.sold_at AS occurred_at,
               s.price::bigint AS amount,
               -CASE WHEN incentive.holder(s.incentive_id) = s.vendor_id
                     THEN s.incentive_amount ELSE 0 END AS incentive
        FROM purchase.sales s
        WHERE s.vendor_id = in_vendor_id
          AND purchase.xact_number(s.xact_id) < in_settlement.until_rollup
        UNION ALL
        SELECT 'refunds', r.refund_id, r.transaction_id, purchase.xact_number(r.xact_id),
               r.refunded_at, -r.amount - r.incentive_amount,
               CASE WHEN incentive.holder(s.incentive_id) = s.vendor_id
                    THEN r.incentive_amount ELSE 0 END
        FROM purchase.refunds r JOIN purchase.sales s ON s.transaction_id = r.transaction_id
        WHERE r.vendor_id = in_vendor_id
          AND purchase.xact_number(r.xact_id) < in_settlement.until_rollup
        UNION ALL
        SELECT 'commissions', a.accrual_id, a.subject_id, a.rollup_id - 1, e.booked_at,
               a.amount::bigint, 0
        FROM royalty.accruals a JOIN ledger.entries e ON e.entry_id = a.subject_id
        WHERE a.kind = 'commission' AND a.vendor_id = in_vendor_id
          AND a.rollup_id <= in_settlement.until_rollup
    )
    SELECT l.kind, f.fact_id, f.occurred_at, f.subject_id, l.amount
    FROM facts f
    LEFT JOIN royalty.accruals a ON a.accrual_id = f.fact_id
    CROSS JOIN LATERAL (VALUES (f.kind, f.amount), ('incentives', f.incentive),
        ('royalties', -a.royalty), ('content_royalties', -a.content_royalty)) AS l (kind, amount)
    WHERE l.amount <> 0 AND f.occurred_at < in_settlement.as_of
      AND (f.xact >= in_settlement.after_rollup OR f.occurred_at >= in_settlement.after_time)
$$;
COMMENT ON FUNCTION settlement.covered_accruals IS 'what a vendor''s settlement paid for';

CREATE OR REPLACE FUNCTION settlement.covered_collections(in_settlement settlement.settlements,
    in_owner_number bigint)
RETURNS TABLE (kind text, fact_id uuid, occurred_at timestamptz, subject_id uuid, amount bigint)
LANGUAGE sql STABLE AS $$
    SELECT 'collections', c.collection_id, c.collected_at, NULL::uuid, l.amount::bigint
    FROM royalty.collection_lines l JOIN royalty.collections c USING (collection_id)
    WHERE l.owner_number = in_owner_number AND c.currency = in_settlement.currency
      AND c.until_rollup <= in_settlement.until_rollup AND c.collected_at < in_settlement.as_of
      AND (c.until_rollup > in_settlement.after_rollup
           OR c.collected_at >= in_settlement.after_time)
$$;
COMMENT ON FUNCTION settlement.covered_collections IS 'what an owner''s settlement paid for';

-- Every fact under a settlement's lines, by line and ID: in_kind, one line (NULL: all); after
-- in_after, a fact of that line (NULL: from the first), at most in_limit (NULL: all). subject_id: of a refund its
-- transaction, of a commission its deposit, of a payout the settlement that it was to pay.
-- What a fact adds to the line: each line's sum is its amount. Raises FT060.
CREATE OR REPLACE FUNCTION settlement.explain(in_settlement_id uuid, in_kind text DEFAULT NULL,
    in_after uuid DEFAULT NULL, in_limit int DEFAULT NULL)
RETURNS TABLE (kind text, fact_id uuid, occurred_at timestamptz, subject_id uuid, amount bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_settlement settlement.settlements;
    v_payee      settlement.payees;
BEGIN
    SELECT * INTO v_settlement FROM settlement.settlements s
    WHERE s.settlement_id = in_settlement_id;
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT060', in_settlement_id::text);
    END IF;
    SELECT * INTO v_payee FROM settlement.payees p WHERE p.payee_id = v_settlement.payee_id;
    RETURN QUERY
    SELECT f.* FROM (
        SELECT a.* FROM settlement.covered_accruals(v_settlement, v_payee.vendor_id) a
        UNION ALL
        SELECT c.* FROM settlement.covered_collections(v_settlement, v_payee.owner_number) c
        UNION ALL
        SELECT 'payout_returns', o.payout_id, o.changed_at, o.settlement_id, o.amount::bigint
        FROM settlement.payouts o WHERE o.again_in = in_settlement_id) f
    WHERE (in_kind IS NULL OR f.kind = in_kind) AND (in_after IS NULL OR f.fact_id > in_after)
    ORDER BY f.kind, f.fact_id LIMIT in_limit;
END
$$;
COMMENT ON FUNCTION settlement.explain IS 'every sale, refund and other fact under a settlement (O6, O7)';
