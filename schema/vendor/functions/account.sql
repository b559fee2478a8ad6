-- SPDX-License-Identifier: GPL-3.0-or-later
-- A vendor's account with the provider (V14): what it sold and what it is owed, in 10^-6.
--
-- payable is the sum of its postings: sales - incentives - refunds - royalties - what was settled.
-- incentives: what its own codes paid; refunds: what they took from it. Thresholds and dates come
-- with settlement. Raises FT002, FT003.

CREATE OR REPLACE FUNCTION vendor.account(in_vendor_id int, in_credential_version int)
RETURNS TABLE (currency text, sales bigint, refunds bigint, incentives bigint, royalties bigint,
    payable bigint, amount_threshold bigint, next_settlement_on date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM vendor.check(in_vendor_id, in_credential_version);
    RETURN QUERY
    SELECT v.currency, s.price, -p.refunds, i.amount, 0::bigint,
           s.price - i.amount + p.amount, NULL::bigint, NULL::date
    FROM vendor.vendors v
    CROSS JOIN LATERAL (SELECT coalesce(sum(x.price), 0)::bigint AS price FROM purchase.sales x
                        WHERE x.vendor_id = in_vendor_id) s
    CROSS JOIN LATERAL (SELECT coalesce(sum(x.incentive_amount), 0)::bigint AS amount
                        FROM purchase.sales x
                        JOIN incentive.incentives n ON n.incentive_id = x.incentive_id
                        WHERE x.vendor_id = in_vendor_id AND n.vendor_id = in_vendor_id) i
    CROSS JOIN LATERAL (SELECT coalesce(sum(x.amount), 0)::bigint AS amount,
                               coalesce(sum(x.amount) FILTER (WHERE e.kind = 'refund'), 0)::bigint
                                   AS refunds
                        FROM ledger.postings x JOIN ledger.entries e ON e.entry_id = x.entry_id
                        WHERE x.account = 'vendor_payable' AND x.holder = in_vendor_id) p
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
