/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Secrets and the cryptography that guards them, all of it OpenSSL's.
 *
 * Texts are base64url without padding. Functions that can fail for lack of memory or entropy say
 * false and leave outputs zeroed.
 */
#ifndef FARTHING_CORE_SECRET_H
#define FARTHING_CORE_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SECRET_KEY_BYTES 32
#define SECRET_HMAC_BYTES 32
#define SECRET_SEAL_OVERHEAD 28 /* nonce 12 + tag 16 */
#define SECRET_HASH_TEXT_SIZE 128

struct secret_key {
    unsigned char bytes[SECRET_KEY_BYTES];
};

bool secret_random(void *buffer, size_t bytes);
void secret_wipe(void *buffer, size_t bytes);
bool secret_equal(const void *a, const void *b, size_t bytes); /* constant time */

/* HMAC-SHA256. */
bool secret_hmac(const struct secret_key *key, const void *data, size_t bytes,
                 unsigned char mac_r[SECRET_HMAC_BYTES]);

/* SHA-256. */
#define SECRET_DIGEST_BYTES 32
bool secret_digest(const void *data, size_t bytes, unsigned char digest_r[SECRET_DIGEST_BYTES]);

/* The digest of a UsernameToken of WS-Security: SHA-1 of nonce, created and the key, as it must be.
 */
#define SECRET_TOKEN_DIGEST_BYTES 20
bool secret_token_digest(const void *nonce, size_t nonce_bytes, const char *created,
                         const struct secret_key *key,
                         unsigned char digest_r[SECRET_TOKEN_DIGEST_BYTES]);

/* AES-256-GCM with a random nonce: sealed_r holds bytes + SECRET_SEAL_OVERHEAD. */
bool secret_seal(const struct secret_key *key, const void *context, size_t context_bytes,
                 const void *plain, size_t bytes, unsigned char *sealed_r);

/* False when key, context or a single bit differ. plain_r holds bytes - SECRET_SEAL_OVERHEAD. */
bool secret_open(const struct secret_key *key, const void *context, size_t context_bytes,
                 const unsigned char *sealed, size_t bytes, void *plain_r);

/* "$scrypt$ln=14,r=8,p=1$salt$hash" of a password, with a random salt. Takes about 50 ms of CPU. */
bool secret_password_hash(const char *password, char text_r[SECRET_HASH_TEXT_SIZE]);

/* Constant time; the same cost for a malformed or NULL hash, so that unknown names do not show. */
bool secret_password_verify(const char *password, const char *hash_text);

/* Room for the text of bytes, with its NUL. */
#define SECRET_TEXT_SIZE(bytes) (((bytes) + 2) / 3 * 4 + 1)
void secret_encode(const void *data, size_t bytes, char *text_r);
/* False: not base64url or longer than capacity. */
bool secret_decode(const char *text, void *data_r, size_t capacity, size_t *bytes_r);

/*
 * Reads at most room bytes of a file; refused when group or others may read it. Returns how many;
 * *problem_r is NULL, or says what is wrong with the file. Owner wipes the bytes.
 */
size_t secret_file_read(const char *path, char *bytes_r, size_t room, const char **problem_r);

/*
 * Reads a key file: 64 hexadecimal digits and a newline. Refused when group or others may read it.
 * False: problem_r (static storage) says why.
 */
bool secret_key_read(const char *path, struct secret_key *key_r, const char **problem_r);

/*
 * Makes a new random key file that only its owner may read. An existing file is left alone.
 * False: problem_r (static storage) says why.
 */
bool secret_key_create(const char *path, const char **problem_r);

#endif
