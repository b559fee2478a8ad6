/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys, seals and their texts. OpenSSL's contexts are made once per thread: making one costs more
 * than using it.
 */
#include "core/secret.h"

#include <assert.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define NONCE_BYTES 12
#define TAG_BYTES 16

struct contexts {
    EVP_MAC_CTX *hmac;
    EVP_CIPHER_CTX *cipher;
};

static EVP_MAC *hmac_algorithm;
static EVP_CIPHER *cipher_algorithm;
static pthread_key_t contexts_key;
static pthread_once_t contexts_once = PTHREAD_ONCE_INIT;

static void contexts_free(void *value)
{
    struct contexts *contexts = value;
    if (contexts == NULL)
        return;
    EVP_MAC_CTX_free(contexts->hmac);
    EVP_CIPHER_CTX_free(contexts->cipher);
    free(contexts);
}

/* A thread's own contexts go when it ends, the main thread's and the algorithms at exit. */
static void contexts_exit(void)
{
    contexts_free(pthread_getspecific(contexts_key));
    pthread_setspecific(contexts_key, NULL);
    EVP_MAC_free(hmac_algorithm);
    EVP_CIPHER_free(cipher_algorithm);
}

static void contexts_prepare(void)
{
    hmac_algorithm = EVP_MAC_fetch(NULL, "HMAC", NULL);
    cipher_algorithm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    if (pthread_key_create(&contexts_key, contexts_free) != 0 || atexit(contexts_exit) != 0)
        abort();
}

/* NULL: no memory. */
static struct contexts *contexts_get(void)
{
    pthread_once(&contexts_once, contexts_prepare);
    struct contexts *contexts = pthread_getspecific(contexts_key);
    if (contexts != NULL)
        return contexts;

    contexts = calloc(1, sizeof *contexts);
    if (contexts == NULL || hmac_algorithm == NULL || cipher_algorithm == NULL)
        goto fail;
    char digest[] = "SHA256";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    contexts->hmac = EVP_MAC_CTX_new(hmac_algorithm);
    contexts->cipher = EVP_CIPHER_CTX_new();
    if (contexts->hmac == NULL || contexts->cipher == NULL ||
        EVP_MAC_CTX_set_params(contexts->hmac, parameters) != 1 ||
        pthread_setspecific(contexts_key, contexts) != 0)
        goto fail;
    return contexts;
fail:
    contexts_free(contexts);
    return NULL;
}

bool secret_random(void *buffer, size_t bytes)
{
    if (RAND_bytes_ex(NULL, buffer, bytes, 0) == 1)
        return true;
    memset(buffer, 0, bytes);
    return false;
}

void secret_wipe(void *buffer, size_t bytes)
{
    OPENSSL_cleanse(buffer, bytes);
}

bool secret_equal(const void *a, const void *b, size_t bytes)
{
    return CRYPTO_memcmp(a, b, bytes) == 0;
}

bool secret_hmac(const struct secret_key *key, const void *data, size_t bytes,
                 unsigned char mac_r[SECRET_HMAC_BYTES])
{
    struct contexts *contexts = contexts_get();
    size_t mac_bytes = 0;
    if (contexts != NULL && EVP_MAC_init(contexts->hmac, key->bytes, SECRET_KEY_BYTES, NULL) == 1 &&
        EVP_MAC_update(contexts->hmac, data, bytes) == 1 &&
        EVP_MAC_final(contexts->hmac, mac_r, &mac_bytes, SECRET_HMAC_BYTES) == 1)
        return true;
    memset(mac_r, 0, SECRET_HMAC_BYTES);
    return false;
}

/* nonce | ciphertext | tag */
bool secret_digest(const void *data, size_t bytes, unsigned char digest_r[SECRET_DIGEST_BYTES])
{
    memset(digest_r, 0, SECRET_DIGEST_BYTES);
    return EVP_Digest(data, bytes, digest_r, NULL, EVP_sha256(), NULL) == 1;
}

bool secret_token_digest(const void *nonce, size_t nonce_bytes, const char *created,
                         const struct secret_key *key,
                         unsigned char digest_r[SECRET_TOKEN_DIGEST_BYTES])
{
    memset(digest_r, 0, SECRET_TOKEN_DIGEST_BYTES);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool done = context != NULL && EVP_DigestInit_ex(context, EVP_sha1(), NULL) == 1 &&
                EVP_DigestUpdate(context, nonce, nonce_bytes) == 1 &&
                EVP_DigestUpdate(context, created, strlen(created)) == 1 &&
                EVP_DigestUpdate(context, key->bytes, sizeof key->bytes) == 1 &&
                EVP_DigestFinal_ex(context, digest_r, NULL) == 1;
    EVP_MD_CTX_free(context);
    return done;
}

bool secret_seal(const struct secret_key *key, const void *context, size_t context_bytes,
                 const void *plain, size_t bytes, unsigned char *sealed_r)
{
    assert(bytes <= INT32_MAX && context_bytes <= INT32_MAX);
    struct contexts *contexts = contexts_get();
    unsigned char *text = sealed_r + NONCE_BYTES;
    unsigned char *tag = text + bytes;
    int done = 0;
    EVP_CIPHER_CTX *cipher = contexts != NULL ? contexts->cipher : NULL;
    if (cipher != NULL && secret_random(sealed_r, NONCE_BYTES) &&
        EVP_EncryptInit_ex2(cipher, cipher_algorithm, key->bytes, sealed_r, NULL) == 1 &&
        EVP_EncryptUpdate(cipher, NULL, &done, context, (int)context_bytes) == 1 &&
        EVP_EncryptUpdate(cipher, text, &done, plain, (int)bytes) == 1 &&
        EVP_EncryptFinal_ex(cipher, tag, &done) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, tag) == 1)
        return true;
    memset(sealed_r, 0, bytes + SECRET_SEAL_OVERHEAD);
    return false;
}

bool secret_open(const struct secret_key *key, const void *context, size_t context_bytes,
                 const unsigned char *sealed, size_t bytes, void *plain_r)
{
    if (bytes < SECRET_SEAL_OVERHEAD || bytes > INT32_MAX || context_bytes > INT32_MAX)
        return false;
    size_t plain_bytes = bytes - SECRET_SEAL_OVERHEAD;
    const unsigned char *text = sealed + NONCE_BYTES;
    unsigned char tag[TAG_BYTES];
    memcpy(tag, text + plain_bytes, TAG_BYTES);
    struct contexts *contexts = contexts_get();
    int done = 0;
    EVP_CIPHER_CTX *cipher = contexts != NULL ? contexts->cipher : NULL;
    if (cipher != NULL &&
        EVP_DecryptInit_ex2(cipher, cipher_algorithm, key->bytes, sealed, NULL) == 1 &&
        EVP_DecryptUpdate(cipher, NULL, &done, context, (int)context_bytes) == 1 &&
        EVP_DecryptUpdate(cipher, plain_r, &done, text, (int)plain_bytes) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, tag) == 1 &&
        EVP_DecryptFinal_ex(cipher, tag, &done) == 1)
        return true;
    memset(plain_r, 0, plain_bytes);
    return false;
}

void secret_encode(const void *data, size_t bytes, char *text_r)
{
    assert(bytes <= INT32_MAX / 2);
    int length = EVP_EncodeBlock((unsigned char *)text_r, data, (int)bytes);
    while (length > 0 && text_r[length - 1] == '=')
        length--;
    text_r[length] = '\0';
    for (char *c = text_r; *c != '\0'; c++)
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
}

bool secret_decode(const char *text, void *data_r, size_t capacity, size_t *bytes_r)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t length = strlen(text);
    if (strspn(text, alphabet) != length || length % 4 == 1 || length * 3 / 4 > capacity)
        return false;
    unsigned char *out = data_r;
    for (size_t i = 0; i < length; i += 4) {
        unsigned char group[4] = "AAAA", decoded[3];
        size_t digits = length - i < 4 ? length - i : 4;
        for (size_t j = 0; j < digits; j++)
            group[j] = (unsigned char)(text[i + j] == '-'   ? '+'
                                       : text[i + j] == '_' ? '/'
                                                            : text[i + j]);
        EVP_DecodeBlock(decoded, group, 4);
        for (size_t j = digits - 1; j < 3; j++)
            if (decoded[j] != 0) /* left-over bits: a second text of the same data */
                return false;
        memcpy(out, decoded, digits - 1);
        out += digits - 1;
    }
    *bytes_r = (size_t)(out - (unsigned char *)data_r);
    return true;
}
