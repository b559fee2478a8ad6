/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates, by OpenSSL. */
#include "core/certificate.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

#define RSA_BITS_MIN 2048

/* NULL, or why this is no certificate to sign with. */
static const char *check(const X509 *parsed, struct certificate *certificate_r)
{
    const EVP_PKEY *key = X509_get0_pubkey(parsed);
    struct tm end;
    if (key == NULL || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA ||
        EVP_PKEY_get_bits(key) < RSA_BITS_MIN)
        return "its key must be of RSA with 2048 bits or more";
    if (X509_cmp_current_time(X509_get0_notBefore(parsed)) >= 0)
        return "it is not valid yet";
    if (X509_cmp_current_time(X509_get0_notAfter(parsed)) <= 0)
        return "it has expired";
    if (ASN1_TIME_to_tm(X509_get0_notAfter(parsed), &end) != 1)
        return "the end of its validity cannot be read";
    certificate_r->valid_until = (time_us_t)timegm(&end) * TIME_SECOND;
    return NULL;
}

static const char *write_pem(X509 *parsed, char pem_r[CERTIFICATE_PEM_SIZE])
{
    BIO *memory = BIO_new(BIO_s_mem());
    int bytes = 0;
    if (memory != NULL && PEM_write_bio_X509(memory, parsed) == 1)
        bytes = BIO_read(memory, pem_r, CERTIFICATE_PEM_SIZE);
    BIO_free(memory);
    if (bytes <= 0)
        return "no memory";
    if (bytes == CERTIFICATE_PEM_SIZE)
        return "it is too large";
    pem_r[bytes] = '\0';
    return NULL;
}

bool certificate_read(const char *path, struct certificate *certificate_r, const char **problem_r)
{
    *certificate_r = (struct certificate){0};
    *problem_r = NULL;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        *problem_r = strerrordesc_np(errno);
        return false;
    }
    X509 *parsed = PEM_read_X509(file, NULL, NULL, NULL);
    fclose(file);
    if (parsed == NULL)
        *problem_r = "it holds no certificate in PEM";
    else
        *problem_r = check(parsed, certificate_r);
    if (*problem_r == NULL &&
        X509_digest(parsed, EVP_sha256(), certificate_r->fingerprint, NULL) != 1)
        *problem_r = "no memory";
    if (*problem_r == NULL)
        *problem_r = write_pem(parsed, certificate_r->pem);
    X509_free(parsed);
    return *problem_r == NULL;
}

bool certificate_matches(const struct certificate *certificate, const char *key_path)
{
    BIO *text = BIO_new_mem_buf(certificate->pem, -1);
    X509 *parsed = text != NULL ? PEM_read_bio_X509(text, NULL, NULL, NULL) : NULL;
    FILE *file = fopen(key_path, "re");
    EVP_PKEY *key = file != NULL ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;
    bool same = parsed != NULL && key != NULL && X509_check_private_key(parsed, key) == 1;
    EVP_PKEY_free(key);
    if (file != NULL)
        fclose(file);
    X509_free(parsed);
    BIO_free(text);
    return same;
}

void certificate_fingerprint_format(const unsigned char fingerprint[CERTIFICATE_FINGERPRINT_BYTES],
                                    char text_r[CERTIFICATE_FINGERPRINT_TEXT_SIZE])
{
    size_t bytes;
    (void)OPENSSL_buf2hexstr_ex(text_r, CERTIFICATE_FINGERPRINT_TEXT_SIZE, &bytes, fingerprint,
                                CERTIFICATE_FINGERPRINT_BYTES, '\0');
}

bool certificate_fingerprint_parse(const char *text,
                                   unsigned char fingerprint_r[CERTIFICATE_FINGERPRINT_BYTES])
{
    size_t bytes = 0;
    return OPENSSL_hexstr2buf_ex(fingerprint_r, CERTIFICATE_FINGERPRINT_BYTES, &bytes, text, ':') ==
               1 &&
           bytes == CERTIFICATE_FINGERPRINT_BYTES;
}
