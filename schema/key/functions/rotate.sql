-- SPDX-License-Identifier: GPL-3.0-or-later
-- Sealing keys (S1).

CREATE OR REPLACE FUNCTION key.list(in_oldest timestamptz)
RETURNS TABLE (key_number int, purpose text, created_at timestamptz, wrapped bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.key_number, k.purpose, k.created_at, k.wrapped
    FROM key.keys k WHERE k.created_at >= in_oldest ORDER BY k.key_number
$$;
COMMENT ON FUNCTION key.list(timestamptz) IS 'wrapped keys not older than that, ascending (S1)';

-- Does nothing when a key of the purpose is younger than a rotation: several daemons agree on one.
CREATE OR REPLACE FUNCTION key.add(in_purpose text, in_wrapped bytea, in_rotation_hours int)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    LOCK TABLE key.keys IN SHARE ROW EXCLUSIVE MODE;
    INSERT INTO key.keys (purpose, wrapped)
    SELECT in_purpose, in_wrapped
    WHERE NOT EXISTS (SELECT FROM key.keys k WHERE k.purpose = in_purpose
                      AND k.created_at > clock_timestamp() - in_rotation_hours * interval '1 hour');
END
$$;
COMMENT ON FUNCTION key.add(text, bytea, int) IS 'a new key when it is time for one (S1)';
