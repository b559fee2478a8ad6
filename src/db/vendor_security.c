/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/vendor/functions/security.sql. */
#include "db/vendor_security.h"

#include "db/handle.h"

static const struct db_statement find_secret_statement = {
    .name = "vendor_find_security_secret",
    .sql = "SELECT vendor.find_security_secret($1)",
    .reads = true,
    .types = {DB_INT4},
};

enum ft_error db_vendor_find_security_secret(struct db *db, struct call *call, int vendor_id,
                                             const unsigned char **sealed_r, size_t *bytes_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    *sealed_r = NULL;
    *bytes_r = 0;
    db_parameters_int4(&parameters, vendor_id);
    enum ft_error error = db_ask(db, call, &find_secret_statement, &parameters, &row, &result);
    if (error == FT_OK) {
        *sealed_r = db_row_bytes(&row, bytes_r);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement find_certificate_statement = {
    .name = "vendor_find_certificate",
    .sql = "SELECT vendor_id, pem FROM vendor.find_certificate($1)",
    .reads = true,
    .types = {DB_BYTEA},
};

enum ft_error db_vendor_find_certificate(struct db *db, struct call *call,
                                         const unsigned char *fingerprint,
                                         struct vendor_certificate *certificate_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    *certificate_r = (struct vendor_certificate){0};
    db_parameters_bytes(&parameters, fingerprint, CERTIFICATE_FINGERPRINT_BYTES);
    enum ft_error error = db_ask(db, call, &find_certificate_statement, &parameters, &row, &result);
    if (error == FT_OK && row.pg != NULL) {
        certificate_r->vendor_id = db_row_int4(&row);
        certificate_r->pem = db_row_text(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement admits_certificate_statement = {
    .name = "vendor_admits_certificate",
    .sql = "SELECT vendor.admits_certificate($1, $2)",
    .reads = true,
    .types = {DB_INT4, DB_BYTEA},
};

enum ft_error db_vendor_admits_certificate(struct db *db, struct call *call, int vendor_id,
                                           const unsigned char *fingerprint, bool *admits_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    *admits_r = false;
    db_parameters_int4(&parameters, vendor_id);
    db_parameters_bytes(&parameters, fingerprint, CERTIFICATE_FINGERPRINT_BYTES);
    enum ft_error error =
        db_ask(db, call, &admits_certificate_statement, &parameters, &row, &result);
    if (error == FT_OK) {
        *admits_r = db_row_bool(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement take_nonce_statement = {
    .name = "vendor_take_nonce",
    .sql = "SELECT vendor.take_nonce($1, $2, $3)",
    .types = {DB_INT4, DB_BYTEA, DB_TIMESTAMPTZ},
};

enum ft_error db_vendor_take_nonce(struct db *db, struct call *call, int vendor_id,
                                   const void *nonce, size_t bytes, time_us_t expires_at)
{
    struct db_parameters parameters = {0};
    db_parameters_int4(&parameters, vendor_id);
    db_parameters_bytes(&parameters, nonce, bytes);
    db_parameters_time(&parameters, expires_at);
    return db_do(db, call, &take_nonce_statement, &parameters);
}

static const struct db_statement forget_nonces_statement = {
    .name = "vendor_forget_nonces",
    .sql = "SELECT vendor.forget_nonces($1)",
    .types = {DB_INT4},
};

enum ft_error db_vendor_forget_nonces(struct db *db, struct call *call, int limit)
{
    struct db_parameters parameters = {0};
    db_parameters_int4(&parameters, limit);
    return db_do(db, call, &forget_nonces_statement, &parameters);
}

static const struct db_statement set_secret_statement = {
    .name = "vendor_set_security_secret",
    .sql = "SELECT vendor.set_security_secret($1, $2)",
    .types = {DB_INT4, DB_BYTEA},
};

enum ft_error db_vendor_set_security_secret(struct db *db, struct call *call, int vendor_id,
                                            const void *sealed, size_t bytes)
{
    struct db_parameters parameters = {0};
    db_parameters_int4(&parameters, vendor_id);
    db_parameters_bytes(&parameters, sealed, bytes);
    return db_do(db, call, &set_secret_statement, &parameters);
}

static const struct db_statement add_certificate_statement = {
    .name = "vendor_add_certificate",
    .sql = "SELECT vendor.add_certificate($1, $2, $3, $4)",
    .types = {DB_INT4, DB_BYTEA, DB_TEXT, DB_TIMESTAMPTZ},
};

enum ft_error db_vendor_add_certificate(struct db *db, struct call *call, int vendor_id,
                                        const struct certificate *certificate)
{
    struct db_parameters parameters = {0};
    db_parameters_int4(&parameters, vendor_id);
    db_parameters_bytes(&parameters, certificate->fingerprint, CERTIFICATE_FINGERPRINT_BYTES);
    db_parameters_text(&parameters, certificate->pem);
    db_parameters_time(&parameters, certificate->valid_until);
    return db_do(db, call, &add_certificate_statement, &parameters);
}

static const struct db_statement disable_certificate_statement = {
    .name = "vendor_disable_certificate",
    .sql = "SELECT vendor.disable_certificate($1, $2)",
    .types = {DB_INT4, DB_BYTEA},
};

enum ft_error db_vendor_disable_certificate(struct db *db, struct call *call, int vendor_id,
                                            const unsigned char *fingerprint)
{
    struct db_parameters parameters = {0};
    db_parameters_int4(&parameters, vendor_id);
    db_parameters_bytes(&parameters, fingerprint, CERTIFICATE_FINGERPRINT_BYTES);
    return db_do(db, call, &disable_certificate_statement, &parameters);
}
