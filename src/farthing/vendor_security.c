/* SPDX-License-Identifier: GPL-3.0-or-later */
/* farthing vendor: what proves a vendor's messages. */
#include "db/vendor_security.h"

#include <stdio.h>
#include <stdlib.h>

#include "farthing/session.h"
#include "service/vendor_secret.h"

static int run_secret(struct invocation *invocation)
{
    struct session session;
    char secret[VENDOR_SECRET_TEXT_SIZE] = "";
    unsigned char sealed[VENDOR_SECRET_SEALED_BYTES];
    int vendor_id = 0;
    if (!invocation_vendor(invocation, &vendor_id))
        return EXIT_FAILURE;
    if (!session_open(&session, invocation) ||
        !session_vendor_secret(&session, invocation, VENDOR_SECRET_MESSAGE, vendor_id, secret,
                               sealed)) {
        session_close(&session);
        return EXIT_FAILURE;
    }
    enum ft_error error =
        db_vendor_set_security_secret(session.db, &session.call, vendor_id, sealed, sizeof sealed);
    if (error == FT_OK)
        puts(secret);
    secret_wipe(secret, sizeof secret);
    return session_end(&session, invocation, error, NULL);
}

static int run_certificate(struct invocation *invocation)
{
    struct session session;
    struct certificate certificate;
    char fingerprint[CERTIFICATE_FINGERPRINT_TEXT_SIZE];
    const char *problem = NULL;
    enum ft_error error = FT_INTERNAL;
    int vendor_id = 0;
    if (!invocation_vendor(invocation, &vendor_id))
        return EXIT_FAILURE;
    if (!certificate_read(invocation->arguments[1], &certificate, &problem))
        return invocation_fail(invocation, "%s: %s", invocation->arguments[1], problem);
    if (session_open(&session, invocation))
        error = db_vendor_add_certificate(session.db, &session.call, vendor_id, &certificate);
    if (error == FT_OK) {
        certificate_fingerprint_format(certificate.fingerprint, fingerprint);
        puts(fingerprint);
    }
    return session_end(&session, invocation, error,
                       error == FT_INVALID_STATE ? "the certificate is another vendor's" : NULL);
}

static int run_revoke(struct invocation *invocation)
{
    struct session session;
    unsigned char fingerprint[CERTIFICATE_FINGERPRINT_BYTES];
    enum ft_error error = FT_INTERNAL;
    int vendor_id = 0;
    if (!invocation_vendor(invocation, &vendor_id))
        return EXIT_FAILURE;
    if (!certificate_fingerprint_parse(invocation->arguments[1], fingerprint))
        return invocation_fail(invocation, "FINGERPRINT must be 64 hexadecimal digits");
    if (session_open(&session, invocation))
        error = db_vendor_disable_certificate(session.db, &session.call, vendor_id, fingerprint);
    return session_end(
        &session, invocation, error,
        error == FT_VENDOR_NOT_FOUND ? "the vendor has no certificate of this fingerprint" : NULL);
}

const struct command vendor_security_commands[] = {
    {.group = "vendor",
     .name = "security",
     .arguments = "ID",
     .arguments_count = 1,
     .purpose = "makes the secret behind a vendor's UsernameTokens",
     .note =
         "Prints it. It is not shown again; repeating the command makes a new one, and the old\n"
         "one ends at once.",
     .run = run_secret},
    {.group = "vendor",
     .name = "certificate",
     .arguments = "ID FILE",
     .arguments_count = 2,
     .purpose = "registers a certificate with which a vendor signs",
     .note = "FILE is in PEM; the key is of RSA. Prints the SHA-256 fingerprint. From then on the\n"
             "vendor can show no certificate in TLS but those that are registered.",
     .run = run_certificate},
    {.group = "vendor",
     .name = "revoke",
     .arguments = "ID FINGERPRINT",
     .arguments_count = 2,
     .purpose = "refuses a registered certificate from now on",
     .run = run_revoke},
    {0},
};
