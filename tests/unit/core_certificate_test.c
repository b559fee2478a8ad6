/* SPDX-License-Identifier: GPL-3.0-or-later */
/* S3: which certificates a vendor may sign with. */
#include "core/certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define DAY 86400L

struct files {
    char certificate[64];
    char key[64];
};

/* A self-signed one, valid from and until so many seconds from now. */
static void make(struct files *files, EVP_PKEY *key, long from_s, long until_s)
{
    X509 *made = X509_new();
    X509_gmtime_adj(X509_getm_notBefore(made), from_s);
    X509_gmtime_adj(X509_getm_notAfter(made), until_s);
    X509_set_pubkey(made, key);
    assert_true(X509_sign(made, key, EVP_sha256()) > 0);
    strcpy(files->certificate, "/tmp/farthing-certificate-XXXXXX");
    strcpy(files->key, "/tmp/farthing-key-XXXXXX");
    FILE *file = fdopen(mkstemp(files->certificate), "w");
    PEM_write_X509(file, made);
    fclose(file);
    file = fdopen(mkstemp(files->key), "w");
    PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL);
    fclose(file);
    X509_free(made);
}

static void forget(const struct files *files, EVP_PKEY *key)
{
    unlink(files->certificate);
    unlink(files->key);
    EVP_PKEY_free(key);
}

static void assert_refused(EVP_PKEY *key, long from_s, long until_s, const char *problem)
{
    struct files files;
    struct certificate certificate;
    const char *told = NULL;
    make(&files, key, from_s, until_s);
    assert_false(certificate_read(files.certificate, &certificate, &told));
    assert_string_equal(told, problem);
    forget(&files, key);
}

static void certificate_of_rsa_is_read(void **state)
{
    (void)state;
    struct files files, others;
    struct certificate certificate;
    const char *problem = NULL;
    EVP_PKEY *key = EVP_RSA_gen(2048), *other = EVP_RSA_gen(2048);
    make(&files, key, -DAY, DAY);
    make(&others, other, -DAY, DAY);
    time_us_t day = time_now_us() + DAY * TIME_SECOND;
    assert_true(certificate_read(files.certificate, &certificate, &problem));
    assert_in_range(certificate.valid_until, day - 60 * TIME_SECOND, day + TIME_SECOND);
    assert_non_null(strstr(certificate.pem, "BEGIN CERTIFICATE"));
    assert_true(certificate_matches(&certificate, files.key));
    assert_false(certificate_matches(&certificate, others.key));
    assert_false(certificate_matches(&certificate, "/nonexistent"));
    forget(&files, key);
    forget(&others, other);
}

static void others_are_refused(void **state)
{
    (void)state;
    static const char weak[] = "its key must be of RSA with 2048 bits or more";
    assert_refused(EVP_RSA_gen(1024), -DAY, DAY, weak);
    assert_refused(EVP_EC_gen("P-256"), -DAY, DAY, weak);
    assert_refused(EVP_RSA_gen(2048), DAY, 2 * DAY, "it is not valid yet");
    assert_refused(EVP_RSA_gen(2048), -2 * DAY, -DAY, "it has expired");
}

static void what_is_no_certificate_is_refused(void **state)
{
    (void)state;
    struct certificate certificate;
    const char *problem = NULL;
    assert_false(certificate_read("/dev/null", &certificate, &problem));
    assert_string_equal(problem, "it holds no certificate in PEM");
    assert_false(certificate_read("/nonexistent", &certificate, &problem));
    assert_string_equal(problem, "No such file or directory");
}

static void fingerprint_has_one_text(void **state)
{
    (void)state;
    unsigned char bytes[CERTIFICATE_FINGERPRINT_BYTES], back[CERTIFICATE_FINGERPRINT_BYTES];
    char text[CERTIFICATE_FINGERPRINT_TEXT_SIZE];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 8);
    certificate_fingerprint_format(bytes, text);
    assert_string_equal(text, "0008101820283038404850586068707880889098A0A8B0B8C0C8D0D8E0E8F0F8");
    assert_true(certificate_fingerprint_parse(text, back));
    assert_memory_equal(back, bytes, sizeof bytes);
    text[62] = '\0';
    assert_false(certificate_fingerprint_parse(text, back));
    assert_false(certificate_fingerprint_parse("", back));
    assert_false(certificate_fingerprint_parse("no fingerprint", back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificate_of_rsa_is_read),
        cmocka_unit_test(others_are_refused),
        cmocka_unit_test(what_is_no_certificate_is_refused),
        cmocka_unit_test(fingerprint_has_one_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
