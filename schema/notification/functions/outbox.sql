-- SPDX-License-Identifier: GPL-3.0-or-later
-- The outbox of notifications.

DROP FUNCTION IF EXISTS notification.claim;

-- An event for a vendor that wants to be told; nothing for the others.
CREATE OR REPLACE FUNCTION notification.add(in_vendor_id int, in_kind text, in_subject_id uuid)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO notification.events (event_id, vendor_id, kind, subject_id)
    SELECT purchase.new_transaction_id(), in_vendor_id, in_kind, in_subject_id
    FROM vendor.vendors v WHERE v.vendor_id = in_vendor_id AND v.is_notified
$$;
COMMENT ON FUNCTION notification.add IS 'queues a notification';

-- Takes events that are due, at most in_limit, for in_lease_s: when nothing is heard of them by
-- then, they are due again. The transaction is as it is now. Locks: the events, skipping locked.
CREATE FUNCTION notification.claim(in_limit int, in_lease_s int)
RETURNS TABLE (event_id uuid, vendor_id int, kind text, subject_id uuid, occurred_at timestamptz,
    attempts int, url text, secret bytea, state text, price bigint, currency text,
    refunded_amount bigint, transaction_kind text, vendor_content_id text,
    optional_data text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH claimed AS (
        UPDATE notification.events e
        SET due_at = now() + in_lease_s * interval '1 second', attempts = e.attempts + 1
        WHERE e.event_id IN (SELECT d.event_id FROM notification.events d
                             WHERE d.due_at <= now() ORDER BY d.due_at
                             LIMIT in_limit FOR UPDATE SKIP LOCKED)
        RETURNING e.*)
    SELECT c.event_id, c.vendor_id, c.kind, c.subject_id, c.occurred_at, c.attempts, p.url,
           p.secret, r.state, r.price, r.currency, r.refunded_amount, r.kind,
           r.vendor_content_id, r.optional_data
    FROM claimed c
    LEFT JOIN notification.endpoints p ON p.vendor_id = c.vendor_id
    LEFT JOIN LATERAL purchase.record(c.subject_id) r ON true
$$;
COMMENT ON FUNCTION notification.claim IS 'takes notifications that are due, for a while';

CREATE OR REPLACE FUNCTION notification.delivered(in_event_id uuid)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE notification.events e
    SET due_at = NULL, delivered_at = now(), last_problem = NULL
    WHERE e.event_id = in_event_id
$$;
COMMENT ON FUNCTION notification.delivered IS 'the vendor has taken it';

-- in_retry_s: when to try again; NULL: given up.
CREATE OR REPLACE FUNCTION notification.failed(in_event_id uuid, in_problem text, in_retry_s int)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE notification.events e
    SET due_at = now() + in_retry_s * interval '1 second', last_problem = in_problem
    WHERE e.event_id = in_event_id
$$;
COMMENT ON FUNCTION notification.failed IS 'the vendor did not take it';

-- Sends again what occurred in [in_since, in_until), or one event. Returns how many.
CREATE OR REPLACE FUNCTION notification.redeliver(in_vendor_id int, in_event_id uuid,
    in_since timestamptz, in_until timestamptz)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_count int;
BEGIN
    UPDATE notification.events e SET due_at = now(), attempts = 0, delivered_at = NULL
    WHERE e.vendor_id = in_vendor_id
      AND (e.event_id = in_event_id OR e.occurred_at >= in_since AND e.occurred_at < in_until);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END
$$;
COMMENT ON FUNCTION notification.redeliver IS 'sends notifications again';

-- Where a vendor is told; a NULL URL: no more. Raises FT030.
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
END
$$;
COMMENT ON FUNCTION notification.set_endpoint IS 'where and with which secret a vendor is told';
