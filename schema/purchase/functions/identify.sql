-- SPDX-License-Identifier: GPL-3.0-or-later
-- The identifiers of transactions, items and offers, and their ends. Plain SQL, so that the planner
-- can inline.

-- A new transaction ID: version 7 of RFC 9562, milliseconds first, then 74 random bits. It is
-- time-ordered for the index and not guessable where it travels (V3).
CREATE OR REPLACE FUNCTION purchase.new_transaction_id()
RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT encode(set_bit(set_bit(overlay(
               uuid_send(gen_random_uuid())
               PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint)
                                 FROM 3)
               FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;
COMMENT ON FUNCTION purchase.new_transaction_id() IS 'a time-ordered, unguessable ID (V3)';

-- The lowest ID of a moment: a bound for partitions and for listing by time.
CREATE OR REPLACE FUNCTION purchase.transaction_id_floor(in_time timestamptz)
RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM in_time) * 1000)::bigint), 12, '0')
            || '00000000000000000000')::uuid
$$;
COMMENT ON FUNCTION purchase.transaction_id_floor(timestamptz) IS 'lowest ID of that moment';

-- The item: one vendor's content URL (183: it tracks whether the user has already bought).
CREATE OR REPLACE FUNCTION purchase.content_id(in_vendor_id int, in_content_url text)
RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT encode(substring(sha256(int4send(in_vendor_id) || convert_to(in_content_url, 'UTF8'))
                            FROM 1 FOR 16), 'hex')::uuid
$$;
COMMENT ON FUNCTION purchase.content_id(int, text) IS 'the item that a content URL identifies';

-- When a transaction opened now can no longer be bought: nothing is sold that has ended by itself.
CREATE OR REPLACE FUNCTION purchase.transaction_expiry(in_lifetime_s int, in_absolute timestamptz)
RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT least(now() + in_lifetime_s * interval '1 second', in_absolute)
$$;
COMMENT ON FUNCTION purchase.transaction_expiry(int, timestamptz) IS
    'until when a transaction opened now can be bought';

-- The order of goods that a vendor's OrderID identifies (V12).
CREATE OR REPLACE FUNCTION purchase.order_content_id(in_vendor_id int, in_order_id text)
RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT purchase.content_id(in_vendor_id, 'order ' || in_order_id)
$$;
COMMENT ON FUNCTION purchase.order_content_id(int, text) IS 'the item that an order is';

-- The moment that a transaction ID holds: when it was initiated.
CREATE OR REPLACE FUNCTION purchase.transaction_time(in_transaction_id uuid)
RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT timestamptz 'epoch' + interval '1 millisecond' * ('x' || lpad(left(replace(
               in_transaction_id::text, '-', ''), 12), 16, '0'))::bit(64)::bigint
$$;
COMMENT ON FUNCTION purchase.transaction_time(uuid) IS 'when a transaction was initiated';

-- What every user may spend in sandboxes, in 10^-6 XTS.
CREATE OR REPLACE FUNCTION purchase.play_money()
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 1000000000::bigint $$;
COMMENT ON FUNCTION purchase.play_money() IS 'play money of every user';

-- When a licence sold now ends (V8): whatever was said ends first; NULL: never. A duration past
-- a thousand years is as good as none.
CREATE OR REPLACE FUNCTION purchase.license_expiry(in_absolute timestamptz, in_hours bigint)
RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT least(in_absolute, now() + CASE WHEN in_hours <= 8766000
                                           THEN in_hours * interval '1 hour' END)
$$;
COMMENT ON FUNCTION purchase.license_expiry(timestamptz, bigint) IS
    'end of a licence sold now; NULL: never';
