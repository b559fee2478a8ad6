/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/vendor/functions/security.sql: what proves a vendor's messages (S3). */
#ifndef FARTHING_DB_VENDOR_SECURITY_H
#define FARTHING_DB_VENDOR_SECURITY_H

#include <stdbool.h>

#include "core/certificate.h"
#include "db/db.h"

/* The sealed secret behind a vendor's digests; NULL: none. */
enum ft_error db_vendor_find_security_secret(struct db *db, struct call *call, int vendor_id,
                                             const unsigned char **sealed_r, size_t *bytes_r);

struct vendor_certificate {
    int vendor_id; /* 0: nobody's, or not valid */
    const char *pem;
};

enum ft_error db_vendor_find_certificate(struct db *db, struct call *call,
                                         const unsigned char *fingerprint,
                                         struct vendor_certificate *certificate_r);
/* Whether the vendor may show this certificate in TLS. */
enum ft_error db_vendor_admits_certificate(struct db *db, struct call *call, int vendor_id,
                                           const unsigned char *fingerprint, bool *admits_r);

/* FT_AUTHENTICATION_FAILED: it was taken before. */
enum ft_error db_vendor_take_nonce(struct db *db, struct call *call, int vendor_id,
                                   const void *nonce, size_t bytes, time_us_t expires_at);
/* At most limit of those that expired. */
enum ft_error db_vendor_forget_nonces(struct db *db, struct call *call, int limit);

/* --- for operators --- */
/* sealed NULL: none any more. FT_VENDOR_NOT_FOUND. */
enum ft_error db_vendor_set_security_secret(struct db *db, struct call *call, int vendor_id,
                                            const void *sealed, size_t bytes);
/* FT_VENDOR_NOT_FOUND; FT_INVALID_STATE: it is another vendor's. */
enum ft_error db_vendor_add_certificate(struct db *db, struct call *call, int vendor_id,
                                        const struct certificate *certificate);
/* FT_VENDOR_NOT_FOUND: the vendor has no such certificate. */
enum ft_error db_vendor_disable_certificate(struct db *db, struct call *call, int vendor_id,
                                            const unsigned char *fingerprint);

#endif
