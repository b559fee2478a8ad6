-- SPDX-License-Identifier: GPL-3.0-or-later
-- Sales, licences and incentives: each sale has its price from what was offered, and its licence.

CREATE FUNCTION audit.check_sales(in_range audit.range)
RETURNS SETOF audit.finding LANGUAGE sql STABLE AS $$
    WITH sale AS (
        SELECT s.*, o.offer_id AS offered_id, o.kind, o.content_id,
               (o.price, o.currency, o.vendor_id)::text AS offered,
               (s.price, s.currency, s.vendor_id)::text AS sold,
               t.offer_id AS opened_id, i.currency AS incentive_currency,
               i.vendor_id AS incentive_vendor_id
        FROM audit.sales(in_range) s
        LEFT JOIN purchase.offers o ON o.offer_id = s.offer_id
        LEFT JOIN purchase.transactions t ON t.transaction_id = s.transaction_id
        LEFT JOIN incentive.incentives i ON i.incentive_id = s.incentive_id
    )
    SELECT f.* FROM sale s CROSS JOIN LATERAL (
        SELECT 'sale_offer', s.transaction_id::text, 'an offer', 'none: ' || s.offer_id
        WHERE s.offered_id IS NULL
        UNION ALL
        SELECT 'sale_price', s.transaction_id::text, s.offered, s.sold WHERE s.offered <> s.sold
        UNION ALL
        SELECT 'sale_transaction', s.transaction_id::text, s.opened_id::text, s.offer_id::text
        WHERE s.opened_id <> s.offer_id
        UNION ALL
        SELECT 'sale_incentive', s.transaction_id::text,
               'at most the price, by an incentive of the vendor or the provider in ' || s.currency,
               concat_ws(' ', s.incentive_amount, 'by', coalesce(s.incentive_id::text, 'none'))
        WHERE s.incentive_amount NOT BETWEEN 0 AND s.price
           OR (s.incentive_amount > 0) <> (s.incentive_id IS NOT NULL)
           OR s.incentive_id IS NOT NULL AND (s.incentive_currency IS DISTINCT FROM s.currency
              OR coalesce(s.incentive_vendor_id, s.vendor_id) <> s.vendor_id)
        UNION ALL
        SELECT 'sale_license', s.transaction_id::text, 'a licence of user ' || s.user_id, 'none'
        WHERE s.kind = 'content'
          AND NOT EXISTS (SELECT FROM license.licenses n
                          WHERE n.user_id = s.user_id AND n.content_id = s.content_id)
    ) f
$$;
COMMENT ON FUNCTION audit.check_sales IS 'every sale is what was offered, and has its licence';

-- An offer's ID is a hash of all that the vendor said: an offer that was changed later shows.
CREATE FUNCTION audit.check_offers(in_range audit.range)
RETURNS SETOF audit.finding LANGUAGE sql STABLE AS $$
    SELECT 'offer_altered', o.offer_id::text, 'the hash of its content', 'another'
    FROM (SELECT DISTINCT s.offer_id FROM audit.sales(in_range) s) s
    JOIN purchase.offers o ON o.offer_id = s.offer_id
    WHERE NOT EXISTS (
        SELECT FROM (VALUES (NULL::boolean), (o.shipping)) said (shipping)
        WHERE replace(o.offer_id::text, '-', '') = left(encode(sha256(convert_to(ROW(o.vendor_id,
            o.currency, o.title, o.price, o.content_url, o.is_post,
            CASE o.kind WHEN 'content' THEN o.vendor_content_id END, o.views,
            extract(epoch FROM o.absolute_expiry), o.valid_hours, o.incentive_ids, o.description,
            CASE o.kind WHEN 'checkout' THEN o.vendor_content_id END, o.cancel_url,
            said.shipping)::text, 'UTF8')), 'hex'), 32))
$$;
COMMENT ON FUNCTION audit.check_offers IS 'no offer that was sold was changed';

CREATE FUNCTION audit.check_refunds(in_range audit.range)
RETURNS SETOF audit.finding LANGUAGE sql STABLE AS $$
    WITH refund AS (
        SELECT r.*, s.user_id, s.price, s.incentive_amount AS sale_incentive, s.vendor_id AS sold_by,
               (SELECT sum(x.amount) FROM purchase.refunds x
                WHERE x.transaction_id = r.transaction_id) AS total,
               (SELECT sum(x.incentive_amount) FROM purchase.refunds x
                WHERE x.transaction_id = r.transaction_id) AS incentive_total,
               (SELECT sum(p.amount) FROM ledger.postings p
                WHERE p.entry_id = r.refund_id AND p.account = 'user_wallet'
                  AND p.holder = s.user_id) AS paid_back
        FROM audit.refunds(in_range) r
        LEFT JOIN purchase.sales s ON s.transaction_id = r.transaction_id
    )
    SELECT f.* FROM refund r CROSS JOIN LATERAL (
        SELECT 'refund_sale', r.refund_id::text, 'a sale of vendor ' || r.vendor_id,
               coalesce('of vendor ' || r.sold_by, 'none')
        WHERE r.sold_by IS DISTINCT FROM r.vendor_id
        UNION ALL
        SELECT 'refund_total', r.refund_id::text, 'at most ' || r.price - r.sale_incentive
               || ' and ' || r.sale_incentive, r.total || ' and ' || r.incentive_total
        WHERE r.total > r.price - r.sale_incentive OR r.incentive_total > r.sale_incentive
        UNION ALL
        SELECT 'refund_entry', r.refund_id::text, r.amount::text,
               coalesce(r.paid_back::text, 'no posting')
        WHERE coalesce(r.paid_back, 0) <> r.amount
    ) f
    UNION ALL
    SELECT 'refund_missing', e.entry_id::text, 'a refund', 'an entry only'
    FROM audit.entries(in_range) e
    WHERE e.kind = 'refund'
      AND NOT EXISTS (SELECT FROM purchase.refunds r WHERE r.refund_id = e.entry_id)
$$;
COMMENT ON FUNCTION audit.check_refunds IS 'every refund is of a sale, within it, and was booked';

-- Licences as they are now, of transactions from the range's oldest ID on: with the range's sales, some
-- days of earlier ones. Codes against all that they ever paid: a full audit's.
CREATE FUNCTION audit.check_licenses(in_range audit.range)
RETURNS SETOF audit.finding LANGUAGE sql STABLE AS $$
    WITH license AS (
        SELECT n.*, s.user_id AS buyer, s.price, o.content_id AS sold_content_id, o.views,
               (SELECT sum(r.amount + r.incentive_amount) FROM purchase.refunds r
                WHERE r.transaction_id = n.transaction_id) AS refunded
        FROM license.licenses n
        LEFT JOIN purchase.sales s ON s.transaction_id = n.transaction_id
        LEFT JOIN purchase.offers o ON o.offer_id = s.offer_id
        WHERE n.transaction_id >= in_range.oldest_id
    )
    SELECT f.* FROM license n CROSS JOIN LATERAL (
        SELECT 'license_sale', 'user ' || n.user_id || ' ' || n.content_id,
               'a sale of it to user ' || n.user_id,
               coalesce('of ' || n.sold_content_id || ' to user ' || n.buyer, 'none')
        WHERE (n.buyer, n.sold_content_id) IS DISTINCT FROM (n.user_id, n.content_id)
        UNION ALL
        SELECT 'license_views', 'user ' || n.user_id || ' ' || n.content_id,
               coalesce('at most ' || n.views, 'unlimited'), coalesce(n.views_left::text, 'unlimited')
        WHERE n.views_left > n.views OR (n.views_left IS NULL) <> (n.views IS NULL)
        UNION ALL
        SELECT 'license_refunded', 'user ' || n.user_id || ' ' || n.content_id,
               CASE WHEN n.refunded = n.price THEN 'ended' ELSE 'open' END,
               CASE WHEN n.refunded_at IS NULL THEN 'open' ELSE 'ended' END
        WHERE n.buyer IS NOT NULL
          AND (n.refunded_at IS NOT NULL) <> (coalesce(n.refunded, 0) = n.price)
    ) f
    UNION ALL
    SELECT 'incentive_used', 'incentive ' || i.incentive_id, c.used::text, coalesce(s.paid, 0)::text
    FROM incentive.incentives i
    CROSS JOIN LATERAL (SELECT i.amount * i.count - coalesce(sum(c.remaining), 0) AS used
                        FROM incentive.codes c WHERE c.incentive_id = i.incentive_id) c
    LEFT JOIN (SELECT s.incentive_id, sum(s.incentive_amount) AS paid FROM purchase.sales s
               WHERE s.incentive_id IS NOT NULL GROUP BY 1) s ON s.incentive_id = i.incentive_id
    WHERE in_range.after_xact = 0 AND c.used <> coalesce(s.paid, 0)
$$;
COMMENT ON FUNCTION audit.check_licenses IS
    'every licence has its sale and ends with its refund; codes paid what they lost';
