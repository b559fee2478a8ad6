-- SPDX-License-Identifier: GPL-3.0-or-later
-- How long work gives way to purchases. A procedure that commits runs with the caller's rights and
-- cannot set a search path: every name here is qualified.

-- CALL before each slice: commits the one before, pauses so that slices take in_share_percent of
-- the time (100: no pause), and sets io_begun, at first NULL, to when the next one begins. While it
-- pauses it holds no lock and no number of a transaction, and a cancellation ends it. Raises FT040.
CREATE OR REPLACE PROCEDURE farthing.next_slice(INOUT io_begun timestamptz, in_share_percent int)
LANGUAGE plpgsql AS $$
BEGIN
    IF (in_share_percent BETWEEN 1 AND 100) IS NOT TRUE THEN
        PERFORM farthing.refuse_parameter('in_share_percent', 'from 1 to 100',
                                          in_share_percent::text);
    END IF;
    COMMIT;
    PERFORM pg_catalog.pg_sleep(extract(epoch FROM pg_catalog.clock_timestamp() - io_begun)
                                * (100.0 / in_share_percent - 1));
    COMMIT;
    io_begun := pg_catalog.clock_timestamp();
END
$$;
COMMENT ON PROCEDURE farthing.next_slice IS 'commits, and pauses in proportion to what the slice took';
