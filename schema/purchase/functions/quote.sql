-- SPDX-License-Identifier: GPL-3.0-or-later
-- What an incentive code would pay of a transaction, in 10^-6; nothing is taken from it.
-- Raises FT005, FT050.

CREATE OR REPLACE FUNCTION purchase.quote(in_transaction_id uuid, in_incentive_code text)
RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_offer purchase.offers;
    v_code  incentive.codes;
BEGIN
    SELECT o.* INTO v_offer FROM purchase.transactions t
    JOIN purchase.offers o ON o.offer_id = t.offer_id
    WHERE t.transaction_id = in_transaction_id;
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT005', in_transaction_id::text);
    END IF;
    v_code := incentive.find(in_incentive_code, v_offer);
    RETURN least(v_code.remaining, v_offer.price);
END
$$;
COMMENT ON FUNCTION purchase.quote IS 'what an incentive code would pay (B7)';
