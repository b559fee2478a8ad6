-- SPDX-License-Identifier: GPL-3.0-or-later
-- A vendor's account with the provider (V14): what it sold and what it is owed, in 10^-6.
--
-- payable is the sum of its postings: sales - incentives - refunds - royalties + commissions - what
-- was settled. incentives: what its own codes paid, less what refunds gave back to them; refunds:
-- what was paid back of prices; royalties: the provider's and content owners', as far as accrued.
-- Rollups have summed up days of it; what they have not covered yet is added. next_settlement_on: the
-- next day of its calendar in its time zone; NULL: any day. Raises FT002, FT003.

-- Sales and refunds of a vendor that no rollup has covered. EXECUTE, so that the plan knows how few
-- these are.
CREATE OR REPLACE FUNCTION vendor.uncovered(in_vendor_id int, OUT sales bigint,
    OUT incentives bigint, OUT refunds bigint)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    EXECUTE $sql$
        SELECT coalesce(sum(x.price), 0), coalesce(sum(x.own_incentive), 0),
               coalesce(sum(x.refund), 0)
        FROM (SELECT s.price::bigint, CASE WHEN incentive.holder(s.incentive_id) = $1
                                           THEN s.incentive_amount::bigint END AS own_incentive,
                     NULL::bigint AS refund
              FROM purchase.sales s
              WHERE s.vendor_id = $1 AND s.transaction_id >= $3
                AND purchase.xact_number(s.xact_id) >= $2
              UNION ALL
              SELECT NULL, CASE WHEN incentive.holder(s.incentive_id) = $1
                                THEN -f.incentive_amount END, f.amount + f.incentive_amount
              FROM purchase.refunds f JOIN purchase.sales s ON s.transaction_id = f.transaction_id
              WHERE f.vendor_id = $1 AND purchase.xact_number(f.xact_id) >= $2) x $sql$
    INTO sales, incentives, refunds
    USING in_vendor_id, (SELECT p.rollup_id FROM royalty.progress p), royalty.uncovered_id();
END
$$;
COMMENT ON FUNCTION vendor.uncovered(int) IS 'what no rollup has added to a vendor''s days yet';

-- What was settled with a vendor and did not come back.
CREATE OR REPLACE FUNCTION vendor.settled(in_vendor_id int)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(t.amount - (SELECT coalesce(sum(o.amount), 0) FROM settlement.payouts o
                                    WHERE o.settlement_id = t.settlement_id
                                      AND o.state IN ('rejected', 'returned'))), 0)::bigint
    FROM settlement.payees e JOIN settlement.settlements t ON t.payee_id = e.payee_id
    WHERE e.vendor_id = in_vendor_id
$$;
COMMENT ON FUNCTION vendor.settled(int) IS 'paid out to a vendor, or on its way';

CREATE OR REPLACE FUNCTION vendor.account(in_vendor_id int, in_credential_version int)
RETURNS TABLE (currency text, sales bigint, refunds bigint, incentives bigint, royalties bigint,
    payable bigint, amount_threshold bigint, next_settlement_on date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM vendor.check(in_vendor_id, in_credential_version);
    RETURN QUERY
    SELECT v.currency, d.sales + u.sales, d.refunds + u.refunds, d.incentives + u.incentives,
           d.royalties,
           d.sales + u.sales - d.incentives - u.incentives - d.refunds - u.refunds - d.royalties
           + d.commissions - vendor.settled(in_vendor_id),
           t.amount_threshold::bigint, t.next_day
    FROM vendor.vendors v
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(x.sales), 0)::bigint AS sales,
               coalesce(sum(x.refunds), 0)::bigint AS refunds,
               coalesce(sum(x.incentives), 0)::bigint AS incentives,
               coalesce(sum(x.royalties + x.content_royalties), 0)::bigint AS royalties,
               coalesce(sum(x.commissions), 0)::bigint AS commissions
        FROM royalty.vendor_days x WHERE x.vendor_id = in_vendor_id) d
    CROSS JOIN LATERAL vendor.uncovered(in_vendor_id) u
    LEFT JOIN LATERAL (
        SELECT c.amount_threshold, settlement.next_due_day(c.calendar, c.calendar_day,
                   greatest((now() AT TIME ZONE v.time_zone)::date - 1, p.due_after)) AS next_day
        FROM settlement.payees e
        JOIN settlement.current_terms c ON c.payee_id = e.payee_id AND c.currency = v.currency
        LEFT JOIN settlement.positions p ON p.payee_id = e.payee_id AND p.currency = v.currency
        WHERE e.vendor_id = in_vendor_id) t ON true
    WHERE v.vendor_id = in_vendor_id;
END
$$;
COMMENT ON FUNCTION vendor.account IS 'what a vendor sold and is owed (V14)';

-- A new password by the vendor itself (182), valid at once. Of two that are chosen at the same time
-- one is refused. Raises FT002, FT003.
CREATE OR REPLACE FUNCTION vendor.change_password(in_vendor_id int, in_credential_version int,
    in_password_hash text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM vendor.vendors v WHERE v.vendor_id = in_vendor_id FOR NO KEY UPDATE;
    PERFORM vendor.check(in_vendor_id, in_credential_version);
    PERFORM vendor.set_password(in_vendor_id, in_password_hash);
END
$$;
COMMENT ON FUNCTION vendor.change_password IS 'a vendor changes its password (V14)';
