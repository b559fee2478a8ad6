-- SPDX-License-Identifier: GPL-3.0-or-later
-- Logins (B2, B3). The password is verified by the service; the token in the browser names a row
-- here, so that a logout or a disabled account ends it at once.

CREATE OR REPLACE FUNCTION account.find_credential(in_login_name text)
RETURNS TABLE (user_id bigint, password_hash text, language text, disabled boolean,
    session_from_last_purchase boolean, session_minutes int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT u.user_id, u.password_hash, u.language, u.disabled_at IS NOT NULL,
           u.session_from_last_purchase, coalesce(u.session_minutes, 0)
    FROM account.users u WHERE lower(u.login_name) = lower(in_login_name)
$$;
COMMENT ON FUNCTION account.find_credential(text) IS 'what a login is checked by; no row: no user';

-- Raises FT029, FT026. The choice of the session's length is remembered with the user.
CREATE OR REPLACE FUNCTION account.start_login(in_user_id bigint, in_from_last_purchase boolean,
    in_minutes int)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_disabled boolean;
    v_login_id bigint;
BEGIN
    UPDATE account.users u
    SET session_from_last_purchase = in_from_last_purchase, session_minutes = in_minutes
    WHERE u.user_id = in_user_id
    RETURNING u.disabled_at IS NOT NULL INTO v_disabled;
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT029');
    ELSIF v_disabled THEN
        PERFORM farthing.refuse('FT026');
    END IF;
    INSERT INTO account.logins (user_id) VALUES (in_user_id) RETURNING login_id INTO v_login_id;
    RETURN v_login_id;
END
$$;
COMMENT ON FUNCTION account.start_login(bigint, boolean, int) IS 'a new login (B3)';

CREATE OR REPLACE FUNCTION account.end_login(in_user_id bigint, in_login_id bigint)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE account.logins l SET ended_at = now()
    WHERE l.login_id = in_login_id AND l.user_id = in_user_id AND l.ended_at IS NULL
$$;
COMMENT ON FUNCTION account.end_login(bigint, bigint) IS 'logout; harmless when it has ended';

-- Raises FT027 unless the login is the user's and open.
CREATE OR REPLACE FUNCTION account.require_login(in_user_id bigint, in_login_id bigint)
RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM account.logins l WHERE l.login_id = in_login_id
                   AND l.user_id = in_user_id AND l.ended_at IS NULL) THEN
        PERFORM farthing.refuse('FT027');
    END IF;
END
$$;
COMMENT ON FUNCTION account.require_login(bigint, bigint) IS 'refuses a login that has ended';
