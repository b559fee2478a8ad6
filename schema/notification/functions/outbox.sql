-- SPDX-License-Identifier: GPL-3.0-or-later
-- The outbox of notifications. Every event is delivered at least once, in any order.

-- An event for a vendor that wants to be told; nothing for the others.
CREATE OR REPLACE FUNCTION notification.add(in_vendor_id int, in_kind text, in_subject_id uuid)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO notification.events (event_id, vendor_id, kind, subject_id)
    SELECT purchase.new_transaction_id(), in_vendor_id, in_kind, in_subject_id
    FROM vendor.vendors v WHERE v.vendor_id = in_vendor_id AND v.is_notified
$$;
COMMENT ON FUNCTION notification.add IS 'queues a notification';

-- Takes events that are due for in_lease_s: when nothing is heard of them by then, they are due
-- again. At most in_limit, and in_vendor_limit of one vendor, of a failing one a single one; vendors
-- in random order, without those in in_busy. So nobody waits behind a vendor that does not answer.
-- The transaction is as it is now; of a settlement, price is its amount. tried_s: for how long delivery has been tried.
-- Locks: the events, skipping locked ones.
CREATE OR REPLACE FUNCTION notification.claim(in_limit int, in_vendor_limit int, in_busy int[],
    in_lease_s int)
RETURNS TABLE (event_id uuid, vendor_id int, kind text, subject_id uuid, occurred_at timestamptz,
    attempts int, tried_s int, url text, secret bytea, transaction_kind text, state text,
    price bigint, currency text, incentive_amount bigint, refunded_amount bigint,
    purchased_at timestamptz, refunded_at timestamptz, vendor_content_id text, optional_data text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH due AS MATERIALIZED (
        SELECT d.event_id
        FROM (SELECT * FROM notification.endpoints n
              WHERE n.vendor_id <> ALL (in_busy) ORDER BY random()) p
        CROSS JOIN LATERAL (
            SELECT e.event_id FROM notification.events e
            WHERE e.vendor_id = p.vendor_id AND e.due_at <= now() ORDER BY e.due_at
            LIMIT CASE WHEN p.failing THEN 1 ELSE in_vendor_limit END
            FOR UPDATE SKIP LOCKED) d
        LIMIT in_limit
    ), claimed AS (
        UPDATE notification.events e
        SET due_at = now() + in_lease_s * interval '1 second', attempts = e.attempts + 1
        FROM due d WHERE e.event_id = d.event_id
        RETURNING e.*
    )
    SELECT c.event_id, c.vendor_id, c.kind, c.subject_id, c.occurred_at, c.attempts,
           extract(epoch FROM now() - c.queued_at)::int, p.url, p.secret, r.kind, r.state,
           coalesce(r.price, t.amount), coalesce(r.currency, t.currency), r.incentive_amount, r.refunded_amount, r.purchased_at,
           r.refunded_at, r.vendor_content_id, r.optional_data
    FROM claimed c
    JOIN notification.endpoints p ON p.vendor_id = c.vendor_id
    LEFT JOIN LATERAL purchase.record(c.subject_id) r ON c.kind <> 'settled'
    LEFT JOIN settlement.settlements t ON c.kind = 'settled' AND t.settlement_id = c.subject_id
$$;
COMMENT ON FUNCTION notification.claim IS 'takes notifications that are due, for a while';

CREATE OR REPLACE FUNCTION notification.delivered(in_event_id uuid)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE notification.events e
    SET due_at = NULL, delivered_at = now(), last_problem = NULL
    WHERE e.event_id = in_event_id;
    UPDATE notification.endpoints p SET failing = false
    FROM notification.events e
    WHERE e.event_id = in_event_id AND p.vendor_id = e.vendor_id AND p.failing
$$;
COMMENT ON FUNCTION notification.delivered IS 'the vendor has taken it';

-- in_attempts: as claimed; another claim's event is left alone. in_retry_s: when to try again; NULL:
-- given up.
CREATE OR REPLACE FUNCTION notification.failed(in_event_id uuid, in_attempts int, in_problem text,
    in_retry_s int)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE notification.events e
    SET due_at = now() + in_retry_s * interval '1 second', last_problem = in_problem
    WHERE e.event_id = in_event_id AND e.attempts = in_attempts AND e.due_at IS NOT NULL;
    UPDATE notification.endpoints p SET failing = true
    FROM notification.events e
    WHERE e.event_id = in_event_id AND p.vendor_id = e.vendor_id AND NOT p.failing
$$;
COMMENT ON FUNCTION notification.failed IS 'the vendor did not take it';

CREATE OR REPLACE FUNCTION notification.count_waiting()
RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FROM notification.events e WHERE e.due_at IS NOT NULL
$$;
COMMENT ON FUNCTION notification.count_waiting() IS 'how many notifications are not yet delivered';

-- Sends again what occurred in [in_since, in_until), or one event. Returns how many.
-- Raises FT010 (the vendor is not told anything), FT030.
CREATE OR REPLACE FUNCTION notification.redeliver(in_vendor_id int, in_event_id uuid,
    in_since timestamptz, in_until timestamptz)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_notified boolean;
    v_count    int;
BEGIN
    SELECT v.is_notified INTO v_notified FROM vendor.vendors v WHERE v.vendor_id = in_vendor_id;
    IF NOT FOUND OR NOT v_notified THEN
        PERFORM farthing.refuse(CASE WHEN FOUND THEN 'FT010' ELSE 'FT030' END, in_vendor_id::text);
    END IF;
    UPDATE notification.events e
    SET queued_at = now(), due_at = now(), attempts = 0, delivered_at = NULL
    WHERE e.vendor_id = in_vendor_id
      AND (e.event_id = in_event_id OR e.occurred_at >= in_since AND e.occurred_at < in_until);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END
$$;
COMMENT ON FUNCTION notification.redeliver IS 'sends notifications again';

-- Where a vendor is told, from now on; a NULL URL: nowhere, and what waits is given up. Raises FT030.
CREATE OR REPLACE FUNCTION notification.set_endpoint(in_vendor_id int, in_url text,
    in_secret bytea)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE vendor.vendors v SET is_notified = in_url IS NOT NULL
    WHERE v.vendor_id = in_vendor_id;
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT030', in_vendor_id::text);
    END IF;
    DELETE FROM notification.endpoints p WHERE p.vendor_id = in_vendor_id;
    INSERT INTO notification.endpoints (vendor_id, url, secret)
    SELECT in_vendor_id, in_url, in_secret WHERE in_url IS NOT NULL;
    UPDATE notification.events e SET due_at = NULL
    WHERE e.vendor_id = in_vendor_id AND e.due_at IS NOT NULL AND in_url IS NULL;
END
$$;
COMMENT ON FUNCTION notification.set_endpoint IS 'where and with which secret a vendor is told';
