-- SPDX-License-Identifier: GPL-3.0-or-later
-- The account summary (U5): who, what is in the wallets, the last bookings.

-- What a user writes on a bank transfer: a creditor reference of ISO 11649.
CREATE OR REPLACE FUNCTION account.payment_reference(in_user_id bigint)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 'RF' || lpad((98 - (in_user_id || '271500')::numeric % 97)::text, 2, '0') || in_user_id
$$;
COMMENT ON FUNCTION account.payment_reference(bigint) IS 'creditor reference (ISO 11649) (U3)';

-- Raises FT027.
CREATE OR REPLACE FUNCTION account.summary(in_user_id bigint, in_login_id bigint)
RETURNS TABLE (login_name text, full_name text, payment_reference text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM account.require_login(in_user_id, in_login_id);
    RETURN QUERY SELECT u.login_name, u.full_name, account.payment_reference(u.user_id)
                 FROM account.users u WHERE u.user_id = in_user_id;
END
$$;
COMMENT ON FUNCTION account.summary(bigint, bigint) IS 'the user of an open login (U5)';

CREATE OR REPLACE FUNCTION account.list_wallets(in_user_id bigint)
RETURNS TABLE (currency text, balance bigint, credit_line bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT w.currency, w.balance::bigint, w.credit_line::bigint
    FROM account.wallets w WHERE w.user_id = in_user_id ORDER BY w.currency
$$;
COMMENT ON FUNCTION account.list_wallets(bigint) IS 'balances per currency (U2)';

-- amount: as it changed the balance. A refund is named after what was bought.
CREATE OR REPLACE FUNCTION account.list_transactions(in_user_id bigint, in_limit int)
RETURNS TABLE (booked_at timestamptz, kind text, title text, vendor_name text, currency text,
    amount bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    (SELECT s.sold_at, 'purchase', o.title, v.name, s.currency,
            (s.incentive_amount - s.price)::bigint
     FROM purchase.sales s
     JOIN purchase.offers o ON o.offer_id = s.offer_id
     JOIN vendor.vendors v ON v.vendor_id = s.vendor_id
     WHERE s.user_id = in_user_id ORDER BY s.sold_at DESC LIMIT in_limit)
    UNION ALL
    (SELECT e.booked_at, e.kind, o.title, v.name, p.currency, p.amount::bigint
     FROM ledger.postings p JOIN ledger.entries e ON e.entry_id = p.entry_id
     LEFT JOIN purchase.refunds f ON f.refund_id = e.entry_id
     LEFT JOIN purchase.sales s ON s.transaction_id = f.transaction_id
     LEFT JOIN purchase.offers o ON o.offer_id = s.offer_id
     LEFT JOIN vendor.vendors v ON v.vendor_id = s.vendor_id
     WHERE p.account = 'user_wallet' AND p.holder = in_user_id
     ORDER BY p.entry_id DESC LIMIT in_limit)
    ORDER BY 1 DESC LIMIT in_limit
$$;
COMMENT ON FUNCTION account.list_transactions(bigint, int) IS 'the last bookings, newest first (U5)';
