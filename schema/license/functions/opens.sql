-- SPDX-License-Identifier: GPL-3.0-or-later
-- The one rule of when a licence gives access now (V6, V8). False for the NULLs of an outer join.

CREATE OR REPLACE FUNCTION license.opens(in_license license.licenses)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT in_license.transaction_id IS NOT NULL
       AND (in_license.views_left IS NULL OR in_license.views_left > 0)
       AND in_license.refunded_at IS NULL
       AND (in_license.expires_at IS NULL OR in_license.expires_at > now())
$$;
COMMENT ON FUNCTION license.opens(license.licenses) IS 'whether a licence gives access now';
