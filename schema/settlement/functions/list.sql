-- SPDX-License-Identifier: GPL-3.0-or-later
-- What was settled, for the vendor and for the operator.

-- A vendor's settlements (V14), oldest first, settled in [in_since, in_until), after in_after (NULL:
-- from the first). sold_from: where the settlement before ended, or the vendor was registered.
-- royalties: the provider's and content owners'. Raises FT002, FT003.
CREATE OR REPLACE FUNCTION settlement.list(in_vendor_id int, in_credential_version int,
    in_since timestamptz, in_until timestamptz, in_after uuid, in_limit int)
RETURNS TABLE (settlement_id uuid, currency text, sold_from timestamptz, sold_until timestamptz,
    sales bigint, refunds bigint, royalties bigint, amount bigint, settled_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM vendor.check(in_vendor_id, in_credential_version);
    RETURN QUERY
    SELECT s.settlement_id, s.currency, greatest(s.after_time, v.registered_at), s.as_of,
           l.sales, l.refunds, l.royalties, s.amount::bigint, s.settled_at
    FROM settlement.payees p
    JOIN vendor.vendors v ON v.vendor_id = p.vendor_id
    JOIN settlement.settlements s ON s.payee_id = p.payee_id
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(n.amount) FILTER (WHERE n.kind = 'sales'), 0)::bigint AS sales,
               coalesce(-sum(n.amount) FILTER (WHERE n.kind = 'refunds'), 0)::bigint AS refunds,
               coalesce(-sum(n.amount) FILTER (
                   WHERE n.kind IN ('royalties', 'content_royalties')), 0)::bigint AS royalties
        FROM settlement.lines n WHERE n.settlement_id = s.settlement_id) l
    WHERE p.vendor_id = in_vendor_id
      AND s.settled_at >= in_since AND s.settled_at < in_until
      AND (in_after IS NULL OR s.settlement_id > in_after)
    ORDER BY s.settlement_id LIMIT in_limit;
END
$$;
COMMENT ON FUNCTION settlement.list IS 'a vendor''s settlements, oldest first (V14)';

-- One settlement with its payee. Raises FT060.
CREATE OR REPLACE FUNCTION settlement.show(in_settlement_id uuid)
RETURNS TABLE (settlement_id uuid, vendor_id int, owner_id text, name text, currency text,
    trigger text, due_on date, after_time timestamptz, as_of timestamptz, settled_at timestamptz,
    opening bigint, amount bigint, closing bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT s.settlement_id, p.vendor_id, p.owner_id, p.name, s.currency, s.trigger, s.due_on,
           nullif(s.after_time, '-infinity'), s.as_of, s.settled_at, s.opening::bigint,
           s.amount::bigint, s.closing::bigint
    FROM settlement.settlements s JOIN settlement.payee_list p ON p.payee_id = s.payee_id
    WHERE s.settlement_id = in_settlement_id;
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT060', in_settlement_id::text);
    END IF;
END
$$;
COMMENT ON FUNCTION settlement.show(uuid) IS 'one settlement with its payee';
