-- SPDX-License-Identifier: GPL-3.0-or-later
-- "My content" (U7): what the user needs to return to an item while the licence lasts. Reads only.
--
-- Raises FT027 (login ended), FT033 (never bought, expired or used up).

CREATE OR REPLACE FUNCTION license.reopen(in_user_id bigint, in_login_id bigint, in_content_id uuid)
RETURNS purchase.receipt
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_license license.licenses;
BEGIN
    PERFORM account.require_login(in_user_id, in_login_id);
    SELECT * INTO v_license FROM license.licenses n
    WHERE n.user_id = in_user_id AND n.content_id = in_content_id;
    IF NOT license.opens(v_license) THEN
        PERFORM farthing.refuse('FT033', in_content_id::text);
    END IF;
    RETURN purchase.receipt(v_license.transaction_id);
END
$$;
COMMENT ON FUNCTION license.reopen(bigint, bigint, uuid) IS 'the way back to bought content (U7)';
