-- SPDX-License-Identifier: GPL-3.0-or-later
-- Deletes what was kept only so that a repetition is known, a login goes on or a notification can be
-- sent again. At most in_limit rows of each kind, the oldest first; returns how many of the kind that
-- had the most: while that is in_limit, there is more. Called often, beside everything else.
--
-- in_request_days: age of RequestIDs. in_event_days: of notifications; what still waits is kept.
-- in_login_minutes: the longest session. It may begin anew with every purchase (B3), so a login that
--   is not over by then is looked at again as long after its user's last purchase.
-- Locks: the rows, skipping locked ones.

CREATE OR REPLACE FUNCTION farthing.forget(in_request_days int, in_event_days int,
    in_login_minutes int, in_limit int)
RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH old AS MATERIALIZED (
        SELECT now() - in_request_days * interval '1 day' AS requests_until,
               purchase.transaction_id_floor(now() - in_event_days * interval '1 day')
                   AS events_until,
               in_login_minutes * interval '1 minute' AS session
    ), initiation AS (
        DELETE FROM purchase.requests r WHERE r.ctid = ANY (ARRAY(
            SELECT o.ctid FROM purchase.requests o
            WHERE o.expires_at < (SELECT requests_until FROM old)
            ORDER BY o.expires_at LIMIT in_limit FOR UPDATE SKIP LOCKED))
        RETURNING 1
    ), access AS (
        DELETE FROM license.accesses a WHERE a.ctid = ANY (ARRAY(
            SELECT o.ctid FROM license.accesses o
            WHERE o.access_id < (SELECT purchase.transaction_id_floor(requests_until) FROM old)
            ORDER BY o.access_id LIMIT in_limit FOR UPDATE SKIP LOCKED))
        RETURNING 1
    ), request AS (
        DELETE FROM vendor.requests r WHERE r.ctid = ANY (ARRAY(
            SELECT o.ctid FROM vendor.requests o
            WHERE o.taken_at < (SELECT requests_until FROM old)
            ORDER BY o.taken_at LIMIT in_limit FOR UPDATE SKIP LOCKED))
        RETURNING 1
    ), event AS (
        DELETE FROM notification.events e WHERE e.ctid = ANY (ARRAY(
            SELECT o.ctid FROM notification.events o
            WHERE o.event_id < (SELECT events_until FROM old) AND o.due_at IS NULL
            ORDER BY o.event_id LIMIT in_limit FOR UPDATE SKIP LOCKED))
        RETURNING 1
    ), login AS MATERIALIZED (
        SELECT l.ctid AS place, l.user_id, l.login_id,
               CASE WHEN l.ended_at IS NULL THEN old.session + greatest(l.started_at,
                   (SELECT s.sold_at FROM purchase.sales s
                    WHERE s.user_id = l.user_id AND s.sold_at > now() - old.session
                    ORDER BY s.sold_at DESC LIMIT 1)) END AS lasts_until
        FROM account.logins l, old
        WHERE l.review_at <= now()
        ORDER BY l.review_at LIMIT in_limit FOR UPDATE OF l SKIP LOCKED
    ), gone AS (
        DELETE FROM account.logins l WHERE l.ctid = ANY (ARRAY(
            SELECT g.place FROM login g WHERE (g.lasts_until > now()) IS NOT TRUE))
        RETURNING l.user_id, l.login_id
    ), kept AS (
        UPDATE account.logins l SET review_at = g.lasts_until
        FROM login g WHERE l.ctid = g.place AND g.lasts_until > now()
    ), spending AS (
        DELETE FROM account.login_spendings p USING gone g
        WHERE p.user_id = g.user_id AND p.login_id = g.login_id
    )
    SELECT greatest((SELECT count(*) FROM initiation), (SELECT count(*) FROM access),
                    (SELECT count(*) FROM request), (SELECT count(*) FROM event),
                    (SELECT count(*) FROM login))::int
$$;
COMMENT ON FUNCTION farthing.forget(int, int, int, int) IS
    'deletes RequestIDs, logins and notifications that are over (S1)';
