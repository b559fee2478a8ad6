-- SPDX-License-Identifier: GPL-3.0-or-later
-- Disputed sales: what they gave their vendor is kept back until the dispute is over.

-- Holds what is left of a sale's price. Held already: the hold there is. Returns hold_id.
-- Raises FT005, FT010 (all of it was refunded). Locks: the hold of the transaction.
CREATE OR REPLACE FUNCTION settlement.hold(in_transaction_id uuid, in_reason text)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_vendor_id int;
    v_left      bigint;
    v_hold_id   uuid;
BEGIN
    SELECT s.vendor_id, s.price - coalesce(
               (SELECT sum(r.amount + r.incentive_amount) FROM purchase.refunds r
                WHERE r.transaction_id = in_transaction_id), 0)
    INTO v_vendor_id, v_left
    FROM purchase.sales s WHERE s.transaction_id = in_transaction_id;
    IF NOT FOUND OR v_left <= 0 THEN
        PERFORM farthing.refuse(CASE WHEN FOUND THEN 'FT010' ELSE 'FT005' END,
                                in_transaction_id::text);
    END IF;
    INSERT INTO settlement.holds AS h (hold_id, transaction_id, vendor_id, amount, reason)
    VALUES (purchase.new_transaction_id(), in_transaction_id, v_vendor_id, v_left,
            coalesce(in_reason, ''))
    ON CONFLICT (transaction_id) WHERE released_at IS NULL DO UPDATE SET reason = h.reason
    RETURNING h.hold_id INTO v_hold_id;
    RETURN v_hold_id;
END
$$;
COMMENT ON FUNCTION settlement.hold(uuid, text) IS 'keeps back what a disputed sale gave its vendor';

-- Ends the hold of a transaction. False: there was none.
CREATE OR REPLACE FUNCTION settlement.release(in_transaction_id uuid)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE settlement.holds h SET released_at = clock_timestamp()
    WHERE h.transaction_id = in_transaction_id AND h.released_at IS NULL;
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION settlement.release(uuid) IS 'ends the hold of a sale; the next settlement pays it';

-- What refunds took since is not held twice.
CREATE OR REPLACE FUNCTION settlement.held(in_vendor_id int)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(greatest(0, h.amount - coalesce(
               (SELECT sum(r.amount + r.incentive_amount) FROM purchase.refunds r
                WHERE r.transaction_id = h.transaction_id AND r.refunded_at > h.held_at), 0))),
               0)::bigint
    FROM settlement.holds h WHERE h.vendor_id = in_vendor_id AND h.released_at IS NULL
$$;
COMMENT ON FUNCTION settlement.held(int) IS 'what is kept back of a vendor''s disputed sales';
