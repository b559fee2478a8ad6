-- SPDX-License-Identifier: GPL-3.0-or-later
-- How long work gives way to purchases.

-- How long to rest after work that began at in_begun, so that it takes in_share_percent of the time;
-- NULL: there was none. Raises FT040.
CREATE OR REPLACE FUNCTION farthing.rest(in_begun timestamptz, in_share_percent int)
RETURNS interval LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (in_share_percent BETWEEN 1 AND 100) IS NOT TRUE THEN
        PERFORM farthing.refuse_parameter('in_share_percent', 'from 1 to 100',
                                          in_share_percent::text);
    END IF;
    RETURN (clock_timestamp() - in_begun) * (100 - in_share_percent) / in_share_percent;
END
$$;
COMMENT ON FUNCTION farthing.rest(timestamptz, int) IS 'how long to rest after a slice of long work';

-- CALL before each slice: commits the one before, rests, and sets io_begun, at first NULL, to when
-- the next one begins. While it rests it holds no lock and no number of a transaction, but VACUUM
-- keeps what was deleted since; a cancellation ends it. A procedure that commits runs with the
-- caller's rights and cannot set a search path: every name here is qualified. Raises FT040.
CREATE OR REPLACE PROCEDURE farthing.next_slice(INOUT io_begun timestamptz, in_share_percent int)
LANGUAGE plpgsql AS $$
BEGIN
    COMMIT;
    PERFORM pg_catalog.pg_sleep_for(farthing.rest(io_begun, in_share_percent));
    COMMIT;
    io_begun := pg_catalog.clock_timestamp();
END
$$;
COMMENT ON PROCEDURE farthing.next_slice IS 'commits, and rests in proportion to what the slice took';
