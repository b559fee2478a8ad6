-- SPDX-License-Identifier: GPL-3.0-or-later
-- What every call of a vendor's server begins with, and idempotency by RequestID.

-- Raises FT002 (the password version is stale), FT003.
CREATE OR REPLACE FUNCTION vendor.check(in_vendor_id int, in_credential_version int)
RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_vendor vendor.vendors;
BEGIN
    SELECT * INTO v_vendor FROM vendor.vendors v WHERE v.vendor_id = in_vendor_id;
    IF v_vendor.credential_version IS DISTINCT FROM in_credential_version THEN
        PERFORM farthing.refuse('FT002');
    ELSIF v_vendor.disabled_at IS NOT NULL THEN
        PERFORM farthing.refuse('FT003');
    END IF;
END
$$;
COMMENT ON FUNCTION vendor.check(int, int) IS 'refuses a stale credential and a disabled vendor';

CREATE OR REPLACE FUNCTION vendor.currency(in_vendor_id int)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT v.currency FROM vendor.vendors v WHERE v.vendor_id = in_vendor_id
$$;
COMMENT ON FUNCTION vendor.currency(int) IS 'the currency of a vendor''s prices';

-- Raises FT004 unless the URL is under one that the vendor registered.
CREATE OR REPLACE FUNCTION vendor.require_url(in_vendor_id int, in_origin text, in_path text)
RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM vendor.urls u WHERE u.vendor_id = in_vendor_id
                   AND u.origin = in_origin AND starts_with(in_path, u.path)) THEN
        PERFORM farthing.refuse('FT004');
    END IF;
END
$$;
COMMENT ON FUNCTION vendor.require_url(int, text, text) IS 'refuses a URL not registered (V2)';

-- The answer that a RequestID was given before; NULL: it is new, and kept from others until the
-- commit; also NULL without a RequestID. Raises FT009 when it came with other parameters.
CREATE OR REPLACE FUNCTION vendor.take_request(in_vendor_id int, in_operation text,
    in_request_id text, in_parameters text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v_fingerprint bytea := sha256(convert_to(in_parameters, 'UTF8'));
    v_request     vendor.requests;
BEGIN
    IF in_request_id IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO vendor.requests (vendor_id, operation, request_id, fingerprint)
    VALUES (in_vendor_id, in_operation, in_request_id, v_fingerprint)
    ON CONFLICT (vendor_id, operation, request_id) DO NOTHING;
    IF FOUND THEN
        RETURN NULL;
    END IF;
    SELECT * INTO v_request FROM vendor.requests r WHERE r.vendor_id = in_vendor_id
       AND r.operation = in_operation AND r.request_id = in_request_id;
    IF v_request.fingerprint <> v_fingerprint THEN
        PERFORM farthing.refuse('FT009', in_request_id);
    END IF;
    RETURN v_request.answer;
END
$$;
COMMENT ON FUNCTION vendor.take_request IS 'answers a repeated RequestID, or takes a new one';

CREATE OR REPLACE FUNCTION vendor.answer_request(in_vendor_id int, in_operation text,
    in_request_id text, in_answer jsonb)
RETURNS void LANGUAGE sql AS $$
    UPDATE vendor.requests r SET answer = in_answer
    WHERE r.vendor_id = in_vendor_id AND r.operation = in_operation
      AND r.request_id = in_request_id
$$;
COMMENT ON FUNCTION vendor.answer_request IS 'keeps the answer of a RequestID that was taken';
