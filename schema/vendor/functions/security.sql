-- SPDX-License-Identifier: GPL-3.0-or-later
-- Security of a vendor's messages (S3). Whether a vendor is disabled is asked by the call itself.

CREATE OR REPLACE FUNCTION vendor.find_security_secret(in_vendor_id int)
RETURNS bytea LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.secret FROM vendor.security_secrets s WHERE s.vendor_id = in_vendor_id
$$;
COMMENT ON FUNCTION vendor.find_security_secret(int) IS
    'the sealed secret behind a vendor''s digests; NULL: none';

-- Whose certificate this is; no row unless it is registered and valid now.
CREATE OR REPLACE FUNCTION vendor.find_certificate(in_fingerprint bytea)
RETURNS TABLE (vendor_id int, pem text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.vendor_id, c.pem FROM vendor.certificates c
    WHERE c.fingerprint = in_fingerprint AND c.disabled_at IS NULL AND c.valid_until > now()
$$;
COMMENT ON FUNCTION vendor.find_certificate(bytea) IS 'the vendor that a certificate stands for';

-- Whether a vendor may show this certificate in TLS: one of its own, or any while it has none.
CREATE OR REPLACE FUNCTION vendor.admits_certificate(in_vendor_id int, in_fingerprint bytea)
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT NOT EXISTS (SELECT FROM vendor.certificates c WHERE c.vendor_id = in_vendor_id)
           OR EXISTS (SELECT FROM vendor.find_certificate(in_fingerprint) f
                      WHERE f.vendor_id = in_vendor_id)
$$;
COMMENT ON FUNCTION vendor.admits_certificate(int, bytea) IS
    'whether a vendor may show this certificate';

-- Takes a message's nonce until in_expires_at. Raises FT001: it was taken before.
CREATE OR REPLACE FUNCTION vendor.take_nonce(in_vendor_id int, in_nonce bytea,
    in_expires_at timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO vendor.nonces (vendor_id, nonce, expires_at)
    VALUES (in_vendor_id, in_nonce, in_expires_at) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT001', in_vendor_id::text);
    END IF;
END
$$;
COMMENT ON FUNCTION vendor.take_nonce(int, bytea, timestamptz) IS 'refuses a message that came before';

-- Deletes at most in_limit nonces that expired over a minute ago: clocks differ. Returns how many.
CREATE OR REPLACE FUNCTION vendor.forget_nonces(in_limit int)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_count int;
BEGIN
    DELETE FROM vendor.nonces n WHERE (n.vendor_id, n.nonce) IN (
        SELECT d.vendor_id, d.nonce FROM vendor.nonces d
        WHERE d.expires_at < now() - interval '1 minute'
        ORDER BY d.expires_at LIMIT in_limit FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END
$$;
COMMENT ON FUNCTION vendor.forget_nonces(int) IS 'deletes nonces of messages too old to be repeated';

-- A new secret, valid at once; NULL: none any more. Raises FT030.
CREATE OR REPLACE FUNCTION vendor.set_security_secret(in_vendor_id int, in_secret bytea)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM vendor.vendors v WHERE v.vendor_id = in_vendor_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT030', in_vendor_id::text);
    END IF;
    DELETE FROM vendor.security_secrets s WHERE s.vendor_id = in_vendor_id;
    INSERT INTO vendor.security_secrets (vendor_id, secret)
    SELECT in_vendor_id, in_secret WHERE in_secret IS NOT NULL;
END
$$;
COMMENT ON FUNCTION vendor.set_security_secret(int, bytea) IS
    'the secret behind a vendor''s digests (S3)';

-- Registers a certificate, or enables it again. Raises FT030, FT010 (it is another vendor's).
CREATE OR REPLACE FUNCTION vendor.add_certificate(in_vendor_id int, in_fingerprint bytea,
    in_pem text, in_valid_until timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM vendor.vendors v WHERE v.vendor_id = in_vendor_id) THEN
        PERFORM farthing.refuse('FT030', in_vendor_id::text);
    END IF;
    INSERT INTO vendor.certificates AS c (fingerprint, vendor_id, pem, valid_until)
    VALUES (in_fingerprint, in_vendor_id, in_pem, in_valid_until)
    ON CONFLICT (fingerprint) DO UPDATE SET disabled_at = NULL WHERE c.vendor_id = in_vendor_id;
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT010', encode(in_fingerprint, 'hex'));
    END IF;
END
$$;
COMMENT ON FUNCTION vendor.add_certificate(int, bytea, text, timestamptz) IS
    'a certificate with which a vendor signs (S3)';

-- Raises FT030: the vendor has no such certificate.
CREATE OR REPLACE FUNCTION vendor.disable_certificate(in_vendor_id int, in_fingerprint bytea)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE vendor.certificates c SET disabled_at = coalesce(c.disabled_at, now())
    WHERE c.vendor_id = in_vendor_id AND c.fingerprint = in_fingerprint;
    IF NOT FOUND THEN
        PERFORM farthing.refuse('FT030', encode(in_fingerprint, 'hex'));
    END IF;
END
$$;
COMMENT ON FUNCTION vendor.disable_certificate(int, bytea) IS 'a certificate is refused from now on';
