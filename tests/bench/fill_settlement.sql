-- SPDX-License-Identifier: GPL-3.0-or-later
-- After fill.sql: schedules, content owners and terms for its vendors, and what the purchases of
-- bench-settlement need. psql variables: those of fill.sql, and owners.

BEGIN;
SET LOCAL work_mem = '256MB';

-- Tiers that a vendor's month passes.
INSERT INTO royalty.schedules (vendor_id, period, valid_from)
SELECT v.vendor_id, 'month', '2000-01-01Z' FROM vendor.vendors v WHERE v.vendor_id > :vendor;
INSERT INTO royalty.tiers (schedule_id, from_volume, rate_ppm)
SELECT s.schedule_id, t.from_volume, t.rate_ppm
FROM royalty.schedules s, (VALUES (0, 100000), (200000, 80000), (500000, 50000)) t (from_volume, rate_ppm);

-- Each item has owners of its own, who share two fifths.
INSERT INTO royalty.owners (owner_id, name, registered_at)
SELECT 'owner ' || n, 'Owner ' || n, now() FROM generate_series(0, :owners - 1) n;
INSERT INTO royalty.owner_lists (vendor_id, content_url, valid_from)
SELECT o.vendor_id, o.content_url, '2000-01-01Z' FROM purchase.offers o WHERE o.title LIKE 'Past item %';
INSERT INTO royalty.owner_shares (owner_list_id, owner_id, share_ppm)
SELECT l.owner_list_id, 'owner ' || n,
       greatest(400000 / greatest(:owners / :items, 1), 1)
FROM generate_series(0, :owners - 1) n
JOIN (SELECT owner_list_id, row_number() OVER (ORDER BY owner_list_id) - 1 AS place
      FROM royalty.owner_lists) l ON l.place = n % :items;

INSERT INTO settlement.payees (vendor_id)
SELECT v.vendor_id FROM vendor.vendors v WHERE v.vendor_id > :vendor ORDER BY 1;
INSERT INTO settlement.payees (owner_number) SELECT o.owner_number FROM royalty.owners o ORDER BY 1;
INSERT INTO settlement.terms (payee_id, currency, valid_from, amount_threshold, calendar, method,
                              creditor_name, creditor_iban)
SELECT p.payee_id, 'EUR', '2000-01-01Z', CASE WHEN p.vendor_id IS NULL THEN 10000 ELSE 1000000 END,
       'any_day', 'credit_transfer', 'Creditor', 'DE02120300000000202051'
FROM settlement.payees p;

-- Purchases: transactions of past items, each by a user who has not bought that item yet.
CREATE SCHEMA bench;
CREATE TABLE bench.logins AS
SELECT u.user_id, row_number() OVER (ORDER BY u.user_id) - 1 AS place
FROM account.users u WHERE u.user_id > :user;
INSERT INTO account.logins (user_id) SELECT l.user_id FROM bench.logins l;
ALTER TABLE bench.logins ADD COLUMN login_id bigint;
UPDATE bench.logins b SET login_id = l.login_id FROM account.logins l WHERE l.user_id = b.user_id;
CREATE UNIQUE INDEX ON bench.logins (place);
CREATE TABLE bench.stock (transaction_id uuid PRIMARY KEY);
-- Counts on from the past sales.
CREATE SEQUENCE bench.stocked MINVALUE 0;
SELECT setval('bench.stocked', :sales + :users);

CREATE TABLE bench.items AS
SELECT o.offer_id, replace(o.title, 'Past item ', '')::bigint AS place
FROM purchase.offers o WHERE o.title LIKE 'Past item %';
CREATE UNIQUE INDEX ON bench.items (place);

CREATE FUNCTION bench.supply(in_count int)
RETURNS TABLE (transaction_id uuid, user_id bigint, login_id bigint)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_users constant bigint := (SELECT max(place) + 1 FROM bench.logins);
    v_items constant bigint := (SELECT max(place) + 1 FROM bench.items);
    v_first constant bigint := setval('bench.stocked', nextval('bench.stocked') + in_count)
                               - in_count;
BEGIN
    RETURN QUERY
    WITH wanted AS MATERIALIZED (
        SELECT purchase.new_transaction_id() AS transaction_id, l.user_id, l.login_id, i.offer_id
        FROM generate_series(v_first, v_first + in_count - 1) n
        JOIN bench.logins l ON l.place = n % v_users
        JOIN bench.items i ON i.place = (l.place * 97 + n / v_users) % v_items
    ), pending AS (
        INSERT INTO purchase.transactions (transaction_id, offer_id, expires_at)
        SELECT w.transaction_id, w.offer_id, now() + interval '1 day' FROM wanted w
    ), noted AS (
        INSERT INTO bench.stock SELECT w.transaction_id FROM wanted w
    )
    SELECT w.transaction_id, w.user_id, w.login_id FROM wanted w;
END
$$;
COMMIT;

VACUUM (ANALYZE);
CHECKPOINT;
