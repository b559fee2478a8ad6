-- SPDX-License-Identifier: GPL-3.0-or-later
-- The licence that a user had of an item, anew by a sale of now (V7).
-- Locks: the licence. The user's wallet must be locked, so that it neither comes nor goes.

CREATE OR REPLACE FUNCTION license.renew(in_transaction_id uuid) RETURNS void LANGUAGE sql AS $$
    UPDATE license.licenses n
    SET transaction_id = s.transaction_id, views_left = o.views,
        expires_at = purchase.license_expiry(o.absolute_expiry, o.valid_hours), refunded_at = NULL
    FROM purchase.sales s
    JOIN purchase.offers o ON o.offer_id = s.offer_id
    WHERE s.transaction_id = in_transaction_id
      AND n.user_id = s.user_id AND n.content_id = o.content_id
$$;
COMMENT ON FUNCTION license.renew(uuid) IS 'the licence of a sold item, anew';
