/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who sends a message that proves it by itself, without a password (S3). Each function that is
 * satisfied leaves the vendor in struct call, where service_vendor_authenticate finds it; each
 * refusal says why in struct call.
 */
#ifndef FARTHING_SERVICE_MESSAGE_H
#define FARTHING_SERVICE_MESSAGE_H

#include "core/certificate.h"
#include "core/secret.h"
#include "db/vendor_security.h"
#include "service/service.h"

#define MESSAGE_NONCE_BYTES_MIN 8
#define MESSAGE_NONCE_BYTES_MAX 64

/* A UsernameToken of WS-Security. */
struct message_token {
    const char *username; /* the vendor's number */
    const char *created;  /* xsd:dateTime, as it was digested */
    unsigned char nonce[MESSAGE_NONCE_BYTES_MAX];
    size_t nonce_bytes; /* MESSAGE_NONCE_BYTES_MIN at least */
    unsigned char digest[SECRET_TOKEN_DIGEST_BYTES];
};

/* FT_AUTHENTICATION_FAILED, FT_RATE_LIMITED. */
enum ft_error service_message_verify_token(struct service *service, struct call *call,
                                           const struct message_token *token);

/* The certificate of a signature yet to be verified. FT_AUTHENTICATION_FAILED: not registered, or
 * not valid. */
enum ft_error service_message_find_signer(struct service *service, struct call *call,
                                          const void *certificate, size_t bytes,
                                          struct vendor_certificate *signer_r);

/* After the signature, these bytes, was found good: it must be new, and not have come before.
 * expires NULL: never said. FT_AUTHENTICATION_FAILED. */
enum ft_error service_message_accept(struct service *service, struct call *call, int vendor_id,
                                     const void *signature, size_t bytes, const char *created,
                                     const char *expires);

/* Whether a vendor may show the certificate that TLS verified; true without one.
 * FT_AUTHENTICATION_FAILED: no. */
enum ft_error service_message_check_client(struct service *service, struct call *call,
                                           int vendor_id);

#endif
