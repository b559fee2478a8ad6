-- SPDX-License-Identifier: GPL-3.0-or-later
-- Paying with an incentive code (B7, V9).

-- IncentiveIDs of an offer (186): NULL: all; -1: none; else a comma-separated list.
CREATE OR REPLACE FUNCTION incentive.allowed(in_incentive_ids text, in_incentive_id int)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT in_incentive_ids IS NULL OR in_incentive_id::text = ANY (
        string_to_array(replace(in_incentive_ids, ' ', ''), ','))
$$;
COMMENT ON FUNCTION incentive.allowed(text, int) IS 'whether IncentiveIDs names an incentive (V9)';

-- The code, when it can pay for the offer. Raises FT050: unknown, expired, used up, or not for it.
CREATE OR REPLACE FUNCTION incentive.find(in_code text, in_offer purchase.offers)
RETURNS incentive.codes LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_code incentive.codes;
BEGIN
    SELECT c.* INTO v_code FROM incentive.codes c
    JOIN incentive.incentives i ON i.incentive_id = c.incentive_id
    WHERE c.code = in_code AND c.remaining > 0 AND i.expires_at > now()
      AND i.currency = in_offer.currency AND coalesce(i.vendor_id, 0) IN (0, in_offer.vendor_id)
      AND incentive.allowed(in_offer.incentive_ids, i.incentive_id);
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT050');
    END IF;
    RETURN v_code;
END
$$;
COMMENT ON FUNCTION incentive.find IS 'a code that can pay for an offer (B7)';

-- Takes from a code what it can pay of the price. Returns the incentive's ID and the amount.
-- Raises FT050. Locks: the code.
CREATE OR REPLACE FUNCTION incentive.redeem(in_code text, in_offer purchase.offers,
    OUT incentive_id int, OUT amount bigint)
LANGUAGE plpgsql AS $$
DECLARE
    v_code incentive.codes;
BEGIN
    PERFORM FROM incentive.codes c WHERE c.code = in_code FOR NO KEY UPDATE;
    v_code := incentive.find(in_code, in_offer);
    incentive_id := v_code.incentive_id;
    amount := least(v_code.remaining, in_offer.price);
    UPDATE incentive.codes c SET remaining = c.remaining - redeem.amount WHERE c.code = in_code;
END
$$;
COMMENT ON FUNCTION incentive.redeem IS 'takes from a code what it can pay (B7)';

-- Whose account bears what an incentive paid: the vendor's that issued it, or the provider's.
CREATE OR REPLACE FUNCTION incentive.account(in_incentive_id int)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN i.vendor_id IS NULL THEN 'incentive_expense' ELSE 'vendor_payable' END
    FROM incentive.incentives i WHERE i.incentive_id = in_incentive_id
$$;
COMMENT ON FUNCTION incentive.account(int) IS 'ledger account of who issued an incentive';

CREATE OR REPLACE FUNCTION incentive.holder(in_incentive_id int)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(i.vendor_id, 0)::bigint
    FROM incentive.incentives i WHERE i.incentive_id = in_incentive_id
$$;
COMMENT ON FUNCTION incentive.holder(int) IS 'ledger holder of who issued an incentive';
