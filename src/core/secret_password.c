/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passwords as scrypt hashes. */
#include <openssl/evp.h>
#include <string.h>

#include "core/secret.h"

#define SCRYPT_N (1 << 14)
#define SCRYPT_R 8
#define SCRYPT_P 1
#define SCRYPT_MEMORY_MAX (64 << 20)
#define PREFIX "$scrypt$ln=14,r=8,p=1$"
#define SALT_BYTES 16
#define HASH_BYTES 32
#define SALT_CHARACTERS (SECRET_TEXT_SIZE(SALT_BYTES) - 3) /* without padding and NUL */

static bool stretch(const char *password, const unsigned char salt[SALT_BYTES],
                    unsigned char hash_r[HASH_BYTES])
{
    return EVP_PBE_scrypt(password, strlen(password), salt, SALT_BYTES, SCRYPT_N, SCRYPT_R,
                          SCRYPT_P, SCRYPT_MEMORY_MAX, hash_r, HASH_BYTES) == 1;
}

bool secret_password_hash(const char *password, char text_r[SECRET_HASH_TEXT_SIZE])
{
    unsigned char salt[SALT_BYTES], hash[HASH_BYTES];
    text_r[0] = '\0';
    if (!secret_random(salt, sizeof salt) || !stretch(password, salt, hash))
        return false;
    char *end = stpcpy(text_r, PREFIX);
    secret_encode(salt, sizeof salt, end);
    end = stpcpy(end + strlen(end), "$");
    secret_encode(hash, sizeof hash, end);
    secret_wipe(hash, sizeof hash);
    return true;
}

static bool read_hash(const char *text, unsigned char salt_r[SALT_BYTES],
                      unsigned char hash_r[HASH_BYTES])
{
    const size_t prefix = sizeof PREFIX - 1;
    if (text == NULL || strncmp(text, PREFIX, prefix) != 0 ||
        strnlen(text, SECRET_HASH_TEXT_SIZE) == SECRET_HASH_TEXT_SIZE)
        return false;
    const char *separator = strchr(text + prefix, '$');
    if (separator == NULL || separator - (text + prefix) != SALT_CHARACTERS)
        return false;
    char salt_text[SALT_CHARACTERS + 1] = {0};
    memcpy(salt_text, text + prefix, SALT_CHARACTERS);
    size_t salt_bytes = 0, hash_bytes = 0;
    return secret_decode(salt_text, salt_r, SALT_BYTES, &salt_bytes) && salt_bytes == SALT_BYTES &&
           secret_decode(separator + 1, hash_r, HASH_BYTES, &hash_bytes) &&
           hash_bytes == HASH_BYTES;
}

bool secret_password_verify(const char *password, const char *hash_text)
{
    unsigned char salt[SALT_BYTES] = {0}, wanted[HASH_BYTES] = {0}, hash[HASH_BYTES];
    bool well_formed = read_hash(hash_text, salt, wanted);
    bool computed = stretch(password, salt, hash);
    bool equal = computed && secret_equal(hash, wanted, HASH_BYTES);
    secret_wipe(hash, sizeof hash);
    secret_wipe(wanted, sizeof wanted);
    return well_formed && equal;
}
