/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seals, hashes and their texts: nothing altered is accepted (S1, V10). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/secret.h"

/* Test case 1: its key of 20 bytes, padded with zeros, is the same key. */
static void hmac_is_rfc_4231(void **state)
{
    (void)state;
    struct secret_key key = {{0}};
    memset(key.bytes, 0x0b, 20);
    unsigned char mac[SECRET_HMAC_BYTES];
    static const unsigned char expected[] = "\xb0\x34\x4c\x61\xd8\xdb\x38\x53\x5c\xa8\xaf\xce"
                                            "\xaf\x0b\xf1\x2b\x88\x1d\xc2\x00\xc9\x83\x3d\xa7"
                                            "\x26\xe9\x37\x6c\x2e\x32\xcf\xf7";
    for (int i = 0; i < 3; i++) { /* the context is used again */
        assert_true(secret_hmac(&key, "Hi There", 8, mac));
        assert_memory_equal(mac, expected, sizeof mac);
    }
}

static void a_seal_opens_only_unchanged(void **state)
{
    (void)state;
    struct secret_key key, other;
    assert_true(secret_random(&key, sizeof key));
    assert_true(secret_random(&other, sizeof other));
    unsigned char sealed[16 + SECRET_SEAL_OVERHEAD], again[sizeof sealed], plain[16];
    static const char context[] = "farthing user id 1001", text[] = "sixteen bytes !!";

    assert_true(secret_seal(&key, context, sizeof context, text, 16, sealed));
    assert_true(secret_seal(&key, context, sizeof context, text, 16, again));
    assert_memory_not_equal(sealed, again, sizeof sealed); /* fresh nonces */
    assert_true(secret_open(&key, context, sizeof context, sealed, sizeof sealed, plain));
    assert_memory_equal(plain, text, 16);

    for (size_t bit = 0; bit < 8 * sizeof sealed; bit++) {
        sealed[bit / 8] ^= (unsigned char)(1 << bit % 8);
        memset(plain, 'x', sizeof plain);
        assert_false(secret_open(&key, context, sizeof context, sealed, sizeof sealed, plain));
        assert_int_equal(plain[0] | plain[15], 0);
        sealed[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    assert_false(secret_open(&other, context, sizeof context, sealed, sizeof sealed, plain));
    assert_false(secret_open(&key, context, sizeof context - 1, sealed, sizeof sealed, plain));
    assert_false(secret_open(&key, "", 0, sealed, sizeof sealed, plain));
    assert_false(secret_open(&key, context, sizeof context, sealed, SECRET_SEAL_OVERHEAD, plain));
    for (size_t bytes = 0; bytes < SECRET_SEAL_OVERHEAD; bytes++)
        assert_false(secret_open(&key, context, sizeof context, sealed, bytes, plain));
    assert_true(secret_open(&key, context, sizeof context, sealed, sizeof sealed, plain));
}

static void *seal_in_a_thread(void *argument)
{
    struct secret_key *key = argument;
    unsigned char sealed[8 + SECRET_SEAL_OVERHEAD], plain[8];
    for (int i = 0; i < 1000; i++)
        if (!secret_seal(key, "c", 1, "12345678", 8, sealed) ||
            !secret_open(key, "c", 1, sealed, sizeof sealed, plain) ||
            memcmp(plain, "12345678", 8) != 0)
            return key;
    return NULL;
}

static void threads_do_not_share_contexts(void **state)
{
    (void)state;
    struct secret_key key;
    assert_true(secret_random(&key, sizeof key));
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, seal_in_a_thread, &key), 0);
    for (int i = 0; i < 4; i++) {
        void *failure = NULL;
        pthread_join(threads[i], &failure);
        assert_null(failure);
    }
}

static void passwords_verify_against_their_hash_only(void **state)
{
    (void)state;
    char hash[SECRET_HASH_TEXT_SIZE], second[SECRET_HASH_TEXT_SIZE];
    assert_true(secret_password_hash("correct horse", hash));
    assert_true(secret_password_hash("correct horse", second));
    assert_string_not_equal(hash, second);
    assert_int_equal(strncmp(hash, "$scrypt$ln=14,r=8,p=1$", 22), 0);
    assert_true(secret_password_verify("correct horse", hash));
    assert_false(secret_password_verify("correct hors", hash));
    assert_false(secret_password_verify("", hash));
    assert_false(secret_password_verify("correct horse", NULL));
    assert_false(secret_password_verify("correct horse", ""));
    assert_false(secret_password_verify("correct horse", "correct horse"));
    size_t length = strlen(hash);
    hash[length - 1] = '\0';
    assert_false(secret_password_verify("correct horse", hash));
    strcat(hash, "AA");
    assert_false(secret_password_verify("correct horse", hash));
}

/* A hash made by another program (Python's hashlib.scrypt), so that ours stays the standard's. */
static void a_hash_from_elsewhere_verifies(void **state)
{
    (void)state;
    assert_true(secret_password_verify("pleaseletmein",
                                       "$scrypt$ln=14,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$UxYE_"
                                       "nON8zrmLNK5lL_j9XPtKMDZ5VR_h1tkExic5Zo"));
}

static void texts_decode_to_what_was_encoded(void **state)
{
    (void)state;
    char text[SECRET_TEXT_SIZE(64)];
    unsigned char data[64], decoded[64];
    size_t bytes = 0;
    for (size_t length = 0; length <= sizeof data; length++) {
        assert_true(secret_random(data, length));
        secret_encode(data, length, text);
        assert_null(strpbrk(text, "+/="));
        assert_int_equal(strlen(text), (length * 8 + 5) / 6);
        assert_true(secret_decode(text, decoded, length, &bytes));
        assert_int_equal(bytes, length);
        assert_memory_equal(decoded, data, length);
        if (length > 0)
            assert_false(secret_decode(text, decoded, length - 1, &bytes));
    }
    secret_encode("\xfb\xff\xfe", 3, text);
    assert_string_equal(text, "-__-");
}

static void a_second_text_of_the_same_data_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {"A",
                                        "AAAAA",
                                        "AB",
                                        "AAB",
                                        "AA==",
                                        "AA=",
                                        "+__-",
                                        "-/_-",
                                        "AA A",
                                        " AAA",
                                        "AAA\n",
                                        "AA.A",
                                        "\xc3\xa4"
                                        "AA"};
    unsigned char data[16];
    size_t bytes = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (secret_decode(cases[i], data, sizeof data, &bytes))
            fail_msg("\"%s\" was decoded", cases[i]);
}

static char key_path[] = "/tmp/farthing-key-XXXXXX";

static void assert_key_refused(const char *text, mode_t mode, const char *problem_part)
{
    struct secret_key key;
    const char *problem = NULL;
    unlink(key_path);
    int file = open(key_path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(file, mode), 0);
    close(file);
    assert_false(secret_key_read(key_path, &key, &problem));
    assert_non_null(strstr(problem, problem_part));
}

static void key_files_are_for_their_owner_only(void **state)
{
    (void)state;
    static const char digits[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1F";
    char text[80];
    struct secret_key key, again;
    const char *problem = NULL;
    close(mkstemp(key_path));
    snprintf(text, sizeof text, "%s\n", digits);
    assert_key_refused(text, 0640, "by others");
    assert_key_refused(text, 0602, "by others");
    assert_int_equal(chmod(key_path, 0600), 0);
    assert_true(secret_key_read(key_path, &key, &problem));
    assert_int_equal(key.bytes[0], 0);
    assert_int_equal(key.bytes[31], 31);

    assert_key_refused(digits, 0600, "64 hexadecimal digits");
    assert_key_refused("", 0600, "64 hexadecimal digits");
    snprintf(text, sizeof text, "%s\n\n", digits);
    assert_key_refused(text, 0600, "64 hexadecimal digits");
    snprintf(text, sizeof text, "g%s\n", digits + 1);
    assert_key_refused(text, 0600, "64 hexadecimal digits");
    unlink(key_path);
    assert_false(secret_key_read(key_path, &key, &problem));
    assert_false(secret_key_read("/dev", &key, &problem));

    assert_true(secret_key_create(key_path, &problem));
    assert_true(secret_key_read(key_path, &key, &problem));
    assert_false(secret_key_create(key_path, &problem)); /* never replaced */
    assert_true(secret_key_read(key_path, &again, &problem));
    assert_memory_equal(&key, &again, sizeof key);
    unlink(key_path);
}

static void digests_are_the_standards(void **state)
{
    (void)state;
    static const unsigned char abc[] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea,
                                        0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
                                        0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c,
                                        0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
    static const unsigned char token[] = {0x5a, 0x5f, 0xca, 0xab, 0xf7, 0x35, 0x2a,
                                          0xcc, 0xe8, 0x03, 0xbc, 0x9a, 0x50, 0x8a,
                                          0xf2, 0xe9, 0x63, 0x20, 0x51, 0x35};
    unsigned char digest[SECRET_DIGEST_BYTES], of_token[SECRET_TOKEN_DIGEST_BYTES];
    struct secret_key key;
    for (size_t i = 0; i < sizeof key.bytes; i++)
        key.bytes[i] = (unsigned char)('A' + i);
    assert_true(secret_digest("abc", 3, digest));
    assert_memory_equal(digest, abc, sizeof abc);
    assert_true(
        secret_token_digest("0123456789abcdef", 16, "2026-01-01T00:00:00Z", &key, of_token));
    assert_memory_equal(of_token, token, sizeof token);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hmac_is_rfc_4231),
        cmocka_unit_test(digests_are_the_standards),
        cmocka_unit_test(a_seal_opens_only_unchanged),
        cmocka_unit_test(threads_do_not_share_contexts),
        cmocka_unit_test(passwords_verify_against_their_hash_only),
        cmocka_unit_test(a_hash_from_elsewhere_verifies),
        cmocka_unit_test(texts_decode_to_what_was_encoded),
        cmocka_unit_test(a_second_text_of_the_same_data_is_refused),
        cmocka_unit_test(key_files_are_for_their_owner_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
