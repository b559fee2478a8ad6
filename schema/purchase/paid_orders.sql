-- SPDX-License-Identifier: GPL-3.0-or-later
-- Orders of goods are paid once, by whichever of their transactions (V12).

CREATE TABLE purchase.paid_orders (
    content_id     uuid PRIMARY KEY,
    transaction_id uuid NOT NULL
);
COMMENT ON TABLE purchase.paid_orders IS
    'orders that are paid, and by which sale; a whole refund takes the row away';
COMMENT ON COLUMN purchase.paid_orders.content_id IS 'the order: a hash of vendor and order';

INSERT INTO purchase.paid_orders (content_id, transaction_id)
SELECT o.content_id, s.transaction_id
FROM purchase.sales s JOIN purchase.offers o ON o.offer_id = s.offer_id
LEFT JOIN (SELECT r.transaction_id, sum(r.amount + r.incentive_amount) AS amount
           FROM purchase.refunds r GROUP BY r.transaction_id) r
     ON r.transaction_id = s.transaction_id
WHERE o.kind = 'checkout' AND coalesce(r.amount, 0) < s.price
ORDER BY s.transaction_id
ON CONFLICT (content_id) DO NOTHING;
