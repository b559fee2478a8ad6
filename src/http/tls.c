/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TLS, by the GnuTLS inside libmicrohttpd.
 *
 * libmicrohttpd would keep one set of certificates for its life. Each connection is given ours
 * instead, so that they can be read anew. There are no session tickets: every connection makes a
 * whole handshake, and the client's certificate is always at hand. Compression and early data do
 * not exist here, and a client that renegotiates loses its connection.
 */
#include <errno.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/log.h"
#include "core/secret.h"
#include "http/internal.h"

#define KEY_FILE_BYTES 16384
#define SECONDS_PER_DAY 86400

/* Forward secrecy and authenticated encryption only; keys of 2048 bits of RSA or more. */
static char priorities[] =
    "NONE:+VERS-TLS1.3:+VERS-TLS1.2:+ECDHE-ECDSA:+ECDHE-RSA"
    ":+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM:+AEAD:+COMP-NULL:+CTYPE-X509"
    ":+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1"
    ":+SIGN-EDDSA-ED25519:+SIGN-ECDSA-SHA256:+SIGN-ECDSA-SHA384:+SIGN-ECDSA-SHA512"
    ":+SIGN-ECDSA-SECP256R1-SHA256:+SIGN-ECDSA-SECP384R1-SHA384"
    ":+SIGN-RSA-PSS-RSAE-SHA256:+SIGN-RSA-PSS-RSAE-SHA384:+SIGN-RSA-PSS-RSAE-SHA512"
    ":+SIGN-RSA-SHA256:+SIGN-RSA-SHA384:+SIGN-RSA-SHA512"
    ":%SERVER_PRECEDENCE:%PROFILE_MEDIUM";

/* Older ones stay: connections use them. A file is renewed every few weeks. */
struct credentials {
    struct credentials *older;
    gnutls_certificate_credentials_t certificates;
};

struct tls {
    const struct config *config;
    _Atomic(struct credentials *) newest;
};

/* --- files --- */

/* NULL, or what is wrong. Owner frees pem_r->data by gnutls_free, after an error, too. */
static const char *read_certificates(const char *path, gnutls_datum_t *pem_r)
{
    if (gnutls_load_file(path, pem_r) < 0)
        return errno != 0 ? strerrordesc_np(errno) : "cannot be read";
    gnutls_x509_crt_t *list = NULL;
    unsigned count = 0;
    int result = gnutls_x509_crt_list_import2(&list, &count, pem_r, GNUTLS_X509_FMT_PEM, 0);
    if (result < 0 || count == 0)
        return "holds no certificate in PEM";
    time_t now = time(NULL);
    const char *problem = NULL;
    if (gnutls_x509_crt_get_activation_time(list[0]) > now)
        problem = "is not valid yet";
    else if (gnutls_x509_crt_get_expiration_time(list[0]) < now)
        problem = "has expired";
    else
        log_event(LOG_INFO, "certificate read", "file", LOG_TEXT(path), "days_left",
                  LOG_INT((gnutls_x509_crt_get_expiration_time(list[0]) - now) / SECONDS_PER_DAY),
                  NULL);
    for (unsigned i = 0; i < count; i++)
        gnutls_x509_crt_deinit(list[i]);
    gnutls_free(list);
    return problem;
}

/* NULL, or what is wrong with the key; the certificate was found good. */
static const char *add_key(gnutls_certificate_credentials_t certificates, const gnutls_datum_t *pem,
                           const char *path)
{
    char text[KEY_FILE_BYTES];
    const char *problem = NULL;
    size_t bytes = secret_file_read(path, text, sizeof text, &problem);
    if (problem == NULL) {
        gnutls_datum_t key = {.data = (unsigned char *)text, .size = (unsigned)bytes};
        int result = gnutls_certificate_set_x509_key_mem2(certificates, pem, &key,
                                                          GNUTLS_X509_FMT_PEM, NULL, 0);
        if (result == GNUTLS_E_CERTIFICATE_KEY_MISMATCH)
            problem = "is not the certificate's key";
        else if (result < 0)
            problem = "holds no private key in PEM that opens without a password";
    }
    secret_wipe(text, sizeof text);
    return problem;
}

/* NULL, or what is wrong with *file_r. */
static const char *fill(gnutls_certificate_credentials_t certificates, const struct config *config,
                        const char **file_r)
{
    gnutls_datum_t own = {0}, trusted = {0};
    *file_r = config->tls.certificate_file;
    const char *problem = read_certificates(*file_r, &own);
    if (problem == NULL) {
        *file_r = config->tls.key_file;
        problem = add_key(certificates, &own, *file_r);
    }
    if (problem == NULL && config->tls.client_ca_file[0] != '\0') {
        *file_r = config->tls.client_ca_file;
        problem = read_certificates(*file_r, &trusted);
        if (problem == NULL &&
            gnutls_certificate_set_x509_trust_mem(certificates, &trusted, GNUTLS_X509_FMT_PEM) <= 0)
            problem = "holds no certificate that can be trusted";
    }
    gnutls_free(own.data);
    gnutls_free(trusted.data);
    return problem;
}

bool tls_reload(struct tls *tls, const char **file_r, const char **problem_r)
{
    *file_r = tls->config->tls.certificate_file;
    *problem_r = "no memory";
    struct credentials *read = calloc(1, sizeof *read);
    if (read == NULL)
        return false;
    if (gnutls_certificate_allocate_credentials(&read->certificates) == 0)
        *problem_r = fill(read->certificates, tls->config, file_r);
    if (*problem_r != NULL) {
        gnutls_certificate_free_credentials(read->certificates);
        free(read);
        return false;
    }
    read->older = atomic_load(&tls->newest);
    atomic_store(&tls->newest, read);
    return true;
}

struct tls *tls_new(const struct config *config, const char **file_r, const char **problem_r)
{
    *file_r = config->tls.certificate_file;
    *problem_r = "libmicrohttpd was built without TLS";
    if (MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES)
        return NULL;
    struct tls *tls = calloc(1, sizeof *tls);
    *problem_r = "no memory";
    if (tls == NULL)
        return NULL;
    tls->config = config;
    if (tls_reload(tls, file_r, problem_r))
        return tls;
    free(tls);
    return NULL;
}

void tls_free(struct tls *tls)
{
    if (tls == NULL)
        return;
    struct credentials *last = atomic_load(&tls->newest);
    while (last != NULL) {
        struct credentials *older = last->older;
        gnutls_certificate_free_credentials(last->certificates);
        free(last);
        last = older;
    }
    free(tls);
}

/* --- connections --- */

/* libmicrohttpd asks for a certificate of its own; no connection uses it. */
static int retrieve_none(gnutls_session_t session, const gnutls_datum_t *authorities, int count,
                         const gnutls_pk_algorithm_t *algorithms, int algorithms_count,
                         gnutls_pcert_st **certificates, unsigned *certificates_count,
                         gnutls_privkey_t *key)
{
    (void)session, (void)authorities, (void)count, (void)algorithms, (void)algorithms_count;
    (void)certificates, (void)certificates_count, (void)key;
    return -1;
}

const struct MHD_OptionItem *tls_options(const struct tls *tls)
{
    static const struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    static const struct MHD_OptionItem options[] = {
        {MHD_OPTION_HTTPS_PRIORITIES, 0, priorities},
        {MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)retrieve_none},
        {MHD_OPTION_END, 0, NULL},
    };
    return tls != NULL ? options : none;
}

static gnutls_session_t session_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION)->tls_session;
}

/* Failing to do so, the handshake ends for want of a certificate. */
void tls_prepare(struct tls *tls, struct MHD_Connection *connection)
{
    gnutls_session_t session = session_of(connection);
    struct credentials *newest = atomic_load(&tls->newest);
    (void)gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, newest->certificates);
    if (tls->config->tls.client_ca_file[0] != '\0')
        gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUEST);
}

/* NULL: no memory, or a name that cannot be written. Owner frees. */
static char *format_subject(const gnutls_datum_t *certificate)
{
    gnutls_x509_crt_t parsed;
    gnutls_datum_t name = {0};
    if (gnutls_x509_crt_init(&parsed) != 0)
        return NULL;
    char *subject = NULL;
    if (gnutls_x509_crt_import(parsed, certificate, GNUTLS_X509_FMT_DER) == 0 &&
        gnutls_x509_crt_get_dn3(parsed, &name, 0) == 0)
        subject = strndup((const char *)name.data, name.size);
    gnutls_free(name.data);
    gnutls_x509_crt_deinit(parsed);
    return subject;
}

static void log_refusal(unsigned status)
{
    gnutls_datum_t text = {0};
    (void)gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &text, 0);
    log_event(LOG_INFO, "client certificate refused", "cause", LOG_TEXT((const char *)text.data),
              NULL);
    gnutls_free(text.data);
}

/* Chain, dates, and that the certificate is meant for clients. */
struct tls_client tls_identify(struct MHD_Connection *connection)
{
    gnutls_session_t session = session_of(connection);
    static unsigned char purpose[] = GNUTLS_KP_TLS_WWW_CLIENT;
    gnutls_typed_vdata_st wanted = {
        .type = GNUTLS_DT_KEY_PURPOSE_OID, .data = purpose, .size = sizeof purpose - 1};
    unsigned count = 0, status = 0;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(session, &count);
    if (chain == NULL || count == 0)
        return (struct tls_client){.standing = TLS_ANONYMOUS};
    if (gnutls_certificate_verify_peers(session, &wanted, 1, &status) < 0 || status != 0) {
        log_refusal(status);
        return (struct tls_client){.standing = TLS_WRONG};
    }
    struct tls_client client = {.standing = TLS_VERIFIED};
    size_t bytes = sizeof client.fingerprint;
    if (gnutls_fingerprint(GNUTLS_DIG_SHA256, &chain[0], client.fingerprint, &bytes) < 0)
        return (struct tls_client){.standing = TLS_WRONG};
    client.subject = format_subject(&chain[0]);
    return client;
}
