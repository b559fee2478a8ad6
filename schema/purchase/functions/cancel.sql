-- SPDX-License-Identifier: GPL-3.0-or-later
-- The user declines (217). Raises FT005, FT010 (it was bought). Cancelling twice is harmless.

CREATE OR REPLACE FUNCTION purchase.cancel(in_transaction_id uuid)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM purchase.sales s WHERE s.transaction_id = in_transaction_id) THEN
        PERFORM farthing.refuse('FT010', in_transaction_id::text);
    END IF;
    UPDATE purchase.transactions t SET cancelled_at = coalesce(t.cancelled_at, now())
    WHERE t.transaction_id = in_transaction_id;
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT005', in_transaction_id::text);
    END IF;
END
$$;
COMMENT ON FUNCTION purchase.cancel(uuid) IS 'declines a pending transaction (B1)';
