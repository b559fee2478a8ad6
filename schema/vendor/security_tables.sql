-- SPDX-License-Identifier: GPL-3.0-or-later
-- What proves a vendor's messages (S3): a secret for digests, certificates, and what was seen before.

CREATE TABLE vendor.security_secrets (
    vendor_id  int PRIMARY KEY REFERENCES vendor.vendors,
    secret     bytea NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE vendor.security_secrets IS
    'secrets behind the digests of UsernameTokens, sealed by the master key (S3)';

CREATE TABLE vendor.certificates (
    fingerprint   bytea PRIMARY KEY CHECK (octet_length(fingerprint) = 32),
    vendor_id     int NOT NULL REFERENCES vendor.vendors,
    pem           text NOT NULL,
    valid_until   timestamptz NOT NULL,
    disabled_at   timestamptz,
    registered_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX certificates_by_vendor ON vendor.certificates (vendor_id);
COMMENT ON TABLE vendor.certificates IS
    'certificates with which vendors sign messages and show themselves in TLS (S3)';
COMMENT ON COLUMN vendor.certificates.fingerprint IS 'SHA-256 of the certificate in DER';

CREATE TABLE vendor.nonces (
    vendor_id  int NOT NULL,
    nonce      bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (vendor_id, nonce)
);
CREATE INDEX nonces_by_expiry ON vendor.nonces (expires_at);
COMMENT ON TABLE vendor.nonces IS 'messages that were accepted, until they are too old to be repeated (S3)';
