-- SPDX-License-Identifier: GPL-3.0-or-later
-- A new pending transaction of an item offered before: for a copied link (V11), a late visitor, and
-- a visitor whom Lock_Content turned away (226). It is the item's newest offer, so that an old
-- link does not buy at an old price. OptionalData was said of one visit and is not carried to
-- another's.

-- An order of goods is the vendor's to offer again (V12).
-- Raises FT033 (never offered, or an order), FT003, FT006 (the offer's absolute expiry has passed).
CREATE OR REPLACE FUNCTION purchase.offer_item(in_content_id uuid, in_lifetime_s int)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_transaction_id uuid := purchase.new_transaction_id();
    v_offer          purchase.offers;
BEGIN
    SELECT o.* INTO v_offer FROM purchase.offers o
    WHERE o.content_id = in_content_id AND o.kind = 'content'
    ORDER BY o.offered_at DESC LIMIT 1;
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT033', in_content_id::text);
    ELSIF v_offer.absolute_expiry <= now() THEN
        PERFORM farthing.refuse('FT006', in_content_id::text);
    ELSIF EXISTS (SELECT FROM vendor.vendors v
                  WHERE v.vendor_id = v_offer.vendor_id AND v.disabled_at IS NOT NULL) THEN
        PERFORM farthing.refuse('FT003', v_offer.vendor_id::text);
    END IF;
    INSERT INTO purchase.transactions (transaction_id, offer_id, expires_at)
    VALUES (v_transaction_id, v_offer.offer_id,
            purchase.transaction_expiry(in_lifetime_s, v_offer.absolute_expiry));
    RETURN v_transaction_id;
END
$$;
COMMENT ON FUNCTION purchase.offer_item(uuid, int) IS
    'a new transaction of an item''s newest offer (V11)';

-- Raises FT005, FT033, FT003, FT006.
CREATE OR REPLACE FUNCTION purchase.offer_again(in_transaction_id uuid, in_lifetime_s int)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_content_id uuid;
BEGIN
    SELECT o.content_id INTO v_content_id FROM purchase.offers o WHERE o.offer_id = coalesce(
        (SELECT t.offer_id FROM purchase.transactions t
         WHERE t.transaction_id = in_transaction_id),
        (SELECT s.offer_id FROM purchase.sales s WHERE s.transaction_id = in_transaction_id));
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT005', in_transaction_id::text);
    END IF;
    RETURN purchase.offer_item(v_content_id, in_lifetime_s);
END
$$;
COMMENT ON FUNCTION purchase.offer_again(uuid, int) IS
    'a new transaction of the item that a transaction was for (V11)';
