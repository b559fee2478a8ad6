/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keys do to a message: libxmlsec1. */
#ifndef FARTHING_SOAP_SECURITY_CRYPTO_H
#define FARTHING_SOAP_SECURITY_CRYPTO_H

#include <xmlsec/keys.h>

#include "soap/security.h"
#include "soap/security_message.h"

struct soap_security {
    int64_t lifetime_us; /* of an answer */
    xmlSecKeyPtr key;    /* private */
    char *certificate;   /* DER in base64, as answers carry it */
};

/* Decrypts the body with the server's key. FT_AUTHENTICATION_FAILED; all causes look the same. */
enum ft_error security_decrypt(const struct soap_security *security, struct call *call,
                               struct message *message);

/* Whose signature is good; it is noted as received. FT_AUTHENTICATION_FAILED. */
enum ft_error security_verify(struct service *service, struct call *call, struct message *message,
                              struct vendor_certificate *signer_r);

/* Signs an answer, and encrypts it to the signer if asked to. False: nothing was changed. */
bool security_protect(const struct soap_security *security, struct call *call,
                      const struct vendor_certificate *signer, bool encrypted,
                      struct soap_exchange *exchange);

/* A public key from a certificate. NULL: it holds none. */
xmlSecKeyPtr security_public_key(const struct vendor_certificate *certificate);

#endif
