-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the stories need: vendors, users with funds, offers; and calls said briefly.

CREATE SCHEMA test;
GRANT USAGE ON SCHEMA test TO PUBLIC;

CREATE TYPE test.person AS (user_id bigint, login_id bigint, login_name text);

-- A vendor that sells under https://<vendor_id>.example/.
CREATE FUNCTION test.vendor(in_currency text DEFAULT 'EUR')
RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    v_vendor_id int := vendor.add('Shop', in_currency, 'hash', 'https://shop.example/', '{}', '{}');
BEGIN
    INSERT INTO vendor.urls VALUES (v_vendor_id, test.origin(v_vendor_id), '/');
    RETURN v_vendor_id;
END
$$;

CREATE FUNCTION test.origin(in_vendor_id int)
RETURNS text LANGUAGE sql AS $$ SELECT 'https://' || in_vendor_id || '.example' $$;

-- A user who is logged in and has received funds.
CREATE FUNCTION test.person(in_funds bigint DEFAULT 0, in_currency text DEFAULT 'EUR')
RETURNS test.person LANGUAGE plpgsql AS $$
DECLARE
    v_person test.person;
BEGIN
    v_person.login_name := 'user-' || gen_random_uuid();
    v_person.user_id := account.register(v_person.login_name, 'hash', 'Full Name', 'a@example.org',
        NULL, 'en', in_currency, 'bank_transfer', NULL, 0, '{}', '{}');
    v_person.login_id := account.start_login(v_person.user_id, false, 30);
    IF in_funds > 0 THEN
        PERFORM account.receive_funds(v_person.login_name, in_currency, in_funds, 'bank_transfer',
                                      v_person.login_name);
    END IF;
    RETURN v_person;
END
$$;

-- One initiation with its outcome; what is not said is the plain item /article at 1.000000.
CREATE FUNCTION test.initiate(in_vendor_id int, in_price bigint DEFAULT 1000000,
    in_path text DEFAULT '/article', in_request_id text DEFAULT NULL,
    in_optional_data text DEFAULT NULL, in_views int DEFAULT NULL,
    in_hours bigint DEFAULT NULL, in_expiry timestamptz DEFAULT NULL,
    in_credential_version int DEFAULT 1, in_lifetime_s int DEFAULT 3600,
    in_incentive_ids text DEFAULT NULL,
    OUT outcome text, OUT transaction_id uuid, OUT currency text, OUT expires_at timestamptz)
LANGUAGE sql AS $$
    SELECT b.outcome, b.transaction_id, b.currency, b.expires_at
    FROM purchase.initiate_batch(ARRAY[in_vendor_id], ARRAY[in_credential_version],
        ARRAY['Title'], ARRAY[in_price], ARRAY[test.origin(in_vendor_id) || in_path],
        ARRAY[test.origin(in_vendor_id)], ARRAY[in_path], ARRAY[true], ARRAY['vendor-content'],
        ARRAY[in_views], ARRAY[in_expiry], ARRAY[in_hours], ARRAY[in_incentive_ids],
        ARRAY['Description'], ARRAY[in_optional_data], ARRAY[in_request_id], ARRAY[NULL::text],
        ARRAY[NULL::text], ARRAY[NULL::boolean], in_lifetime_s) b
$$;

-- A transaction that can be bought.
CREATE FUNCTION test.offer(in_vendor_id int, in_price bigint DEFAULT 1000000,
    in_path text DEFAULT '/article', in_views int DEFAULT NULL, in_hours bigint DEFAULT NULL,
    in_expiry timestamptz DEFAULT NULL)
RETURNS uuid LANGUAGE sql AS $$
    SELECT transaction_id FROM test.initiate(in_vendor_id, in_price, in_path, in_views => in_views,
                                             in_hours => in_hours, in_expiry => in_expiry)
$$;

-- An order of goods; returns as test.initiate.
CREATE FUNCTION test.checkout(in_vendor_id int, in_order_id text,
    in_price bigint DEFAULT 1000000, in_shipping boolean DEFAULT true,
    in_request_id text DEFAULT NULL, in_path text DEFAULT '/thanks',
    OUT outcome text, OUT transaction_id uuid)
LANGUAGE sql AS $$
    SELECT b.outcome, b.transaction_id
    FROM purchase.initiate_batch(ARRAY[in_vendor_id], '{1}', '{Two hats}', ARRAY[in_price],
        ARRAY[test.origin(in_vendor_id) || in_path], ARRAY[test.origin(in_vendor_id)],
        ARRAY[in_path], '{f}', '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{NULL}',
        ARRAY[in_request_id], ARRAY[in_order_id], ARRAY[test.origin(in_vendor_id) || '/cancelled'],
        ARRAY[in_shipping], 3600) b
$$;

-- 'charged', 'not charged' or the refusal's SQLSTATE; by the batch, as the daemon calls it.
CREATE FUNCTION test.buy(in_transaction_id uuid, in_person test.person, in_code text DEFAULT NULL,
    in_share boolean DEFAULT false, in_accepted bigint DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN b.outcome <> '00000' THEN b.outcome
                WHEN b.charged THEN 'charged' ELSE 'not charged' END
    FROM purchase.buy_batch(ARRAY[in_transaction_id], ARRAY[(in_person).user_id],
                            ARRAY[(in_person).login_id], ARRAY[in_code], ARRAY[in_share],
                            ARRAY[in_accepted]) b
$$;

-- The state that the buy window shows.
CREATE FUNCTION test.state(in_transaction_id uuid, in_person test.person)
RETURNS text LANGUAGE sql AS $$
    SELECT v.state FROM purchase.view_batch(ARRAY[in_transaction_id],
        ARRAY[coalesce((in_person).user_id, 0)], ARRAY[coalesce((in_person).login_id, 0)]) v
$$;

-- The reason that Lock_Content gives, or the refusal's SQLSTATE.
CREATE FUNCTION test.lock(in_vendor_id int, in_person test.person, in_path text DEFAULT '/article',
    in_request_id text DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
    SELECT CASE b.outcome WHEN '00000' THEN b.reason ELSE b.outcome END
    FROM license.lock_content_batch(ARRAY[in_vendor_id], ARRAY[1], ARRAY[(in_person).user_id],
        ARRAY['OK'], ARRAY[test.origin(in_vendor_id) || in_path], ARRAY[in_request_id]) b
$$;

CREATE FUNCTION test.balance(in_person test.person, in_currency text DEFAULT 'EUR')
RETURNS bigint LANGUAGE sql AS $$
    SELECT w.balance FROM account.wallets w
    WHERE w.user_id = (in_person).user_id AND w.currency = in_currency
$$;

-- The end of every story in which money moved (O10).
CREATE FUNCTION test.books_balance()
RETURNS SETOF text LANGUAGE sql AS $$
    SELECT is_empty('SELECT * FROM ledger.trial_balance WHERE balance <> 0',
                    'O10: postings sum to zero in every currency')
    UNION ALL
    SELECT is_empty('SELECT * FROM ledger.wallet_differences',
                    'O10: every balance is the sum of its postings')
$$;
