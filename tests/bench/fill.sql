-- SPDX-License-Identifier: GPL-3.0-or-later
-- Loads a market for the benchmark. psql variables: users, vendors, items, sales (past ones);
-- transactions: of the database, in which the past sales were made, used up before they are loaded (0:
-- none);
-- user, vendor: the IDs of one of each, whose password the new ones share.

\set funds 10000000000
\set past_price 1000

-- Each subtransaction that writes has a number.
CREATE TEMPORARY TABLE number (n bigint);
SELECT pg_current_xact_id()::text::bigint AS first_xact \gset
SELECT set_config('fill.transactions', :'transactions', false);
DO $$
BEGIN
    FOR n IN 1..current_setting('fill.transactions')::bigint LOOP
        BEGIN
            INSERT INTO number VALUES (n);
        EXCEPTION WHEN unique_violation THEN
            NULL;
        END;
        IF n % 50000 = 0 THEN
            COMMIT;
        END IF;
    END LOOP;
END
$$;

BEGIN;
SET LOCAL work_mem = '256MB';
-- The triggers would check each row; the audit after the run checks them all.
SET LOCAL session_replication_role = replica;

-- Vendors sell under http://<vendor_id>.vendor.example/.
INSERT INTO vendor.vendors (name, currency, password_hash, home_url)
SELECT 'Vendor ' || n, v.currency, v.password_hash, 'http://vendor.example/'
FROM generate_series(1, :vendors) n, vendor.vendors v
WHERE v.vendor_id = :vendor;

INSERT INTO vendor.urls (vendor_id, origin, path)
SELECT v.vendor_id, 'http://' || v.vendor_id || '.vendor.example', '/'
FROM vendor.vendors v
WHERE v.vendor_id > :vendor;

-- Users user-1, user-2, … each with funds; every second one has limits that the run stays below.
INSERT INTO account.users (login_name, password_hash, full_name, email, language, payment_method)
SELECT 'user-' || n, u.password_hash, 'User ' || n, 'user-' || n || '@example.org', u.language,
       u.payment_method
FROM generate_series(1, :users) n, account.users u
WHERE u.user_id = :user
ORDER BY n;

CREATE TEMPORARY TABLE filled ON COMMIT DROP AS
SELECT u.user_id, gen_random_uuid() AS entry_id,
       row_number() OVER (ORDER BY u.user_id) - 1 AS place
FROM account.users u
WHERE u.user_id > :user;
ANALYZE filled;

INSERT INTO ledger.entries (entry_id, kind, reference, method)
SELECT f.entry_id, 'deposit', 'fill ' || f.user_id, 'cash' FROM filled f;

INSERT INTO ledger.postings (entry_id, line, account, holder, currency, amount)
SELECT f.entry_id, l.line, l.account, CASE l.line WHEN 1 THEN f.user_id ELSE 0 END, 'EUR', l.amount
FROM filled f,
     (VALUES (1, 'user_wallet', :funds), (2, 'funds_held', -:funds)) l (line, account, amount);

-- Past sales of the last year: sale s is of user s modulo users, each of a user's of another item.
SELECT purchase.make_partition('sales', 'sales_' || to_char(month, 'YYYYMM'), month,
                               month + interval '1 month')
FROM generate_series(date_trunc('month', now()) - interval '12 months', now(), '1 month') month
WHERE :sales > 0;

INSERT INTO purchase.offers (offer_id, content_id, vendor_id, kind, title, price, currency,
                             content_url, is_post, shipping)
SELECT md5('offer ' || n)::uuid, md5('content ' || n)::uuid, :vendor + 1 + n % :vendors,
       'content', 'Past item ' || n, :past_price, 'EUR', 'http://vendor.example/past/' || n, false,
       false
FROM generate_series(0, :items - 1) n
WHERE :sales > 0;

INSERT INTO purchase.sales (transaction_id, user_id, vendor_id, offer_id, price, balance_after,
                            currency, sold_at, xact_id)
SELECT (lpad(to_hex((extract(epoch FROM p.sold_at) * 1000)::bigint), 12, '0') || '7'
        || substr(md5(p.number::text), 1, 3) || '8' || substr(md5(p.number::text), 4, 15))::uuid,
       p.user_id, :vendor + 1 + p.item % :vendors, md5('offer ' || p.item)::uuid, :past_price,
       :funds - p.count * :past_price, 'EUR', p.sold_at,
       (:first_xact + p.number::bigint * :transactions / :sales)::text::xid8
FROM (SELECT f.user_id, s.number, s.number / :users + 1 AS count,
             (f.place * 97 + s.number / :users) % :items AS item,
             now() - (:sales - s.number) * (interval '365 days' / greatest(:sales, 1)) AS sold_at
      FROM generate_series(0, :sales - 1) s (number)
      JOIN filled f ON f.place = s.number % :users) p
ORDER BY p.number;

INSERT INTO license.licenses (user_id, content_id, transaction_id)
SELECT s.user_id, o.content_id, s.transaction_id
FROM purchase.sales s JOIN purchase.offers o USING (offer_id)
WHERE s.user_id > :user;

INSERT INTO account.wallets (user_id, currency, balance, limit_day, limit_month)
SELECT f.user_id, 'EUR',
       :funds - (:sales - f.place + :users - 1) / :users * :past_price,
       CASE f.place % 2 WHEN 0 THEN :funds END, CASE f.place % 2 WHEN 0 THEN :funds END
FROM filled f;

-- Sales of no such transactions are as if rolled up, with no royalty due.
UPDATE royalty.progress SET rollup_id = pg_current_xact_id()::text::bigint,
    collected_id = pg_current_xact_id()::text::bigint WHERE :transactions = 0;
COMMIT;

VACUUM (ANALYZE);
CHECKPOINT;
