/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sealing keys that this process holds, and the tokens made with them. A token is base64url of
 * the key's number (4 bytes, big endian) and what the key made of the content.
 *
 * All functions may be called from any thread. False also stands for no memory or no entropy.
 */
#ifndef FARTHING_SERVICE_KEYRING_H
#define FARTHING_SERVICE_KEYRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/secret.h"
#include "core/time.h"

enum key_purpose { KEY_USER_ID, KEY_LOGIN, KEY_FORM, KEY_PURPOSES };

#define KEYRING_PLAIN_MAX 64 /* bytes that a token can carry */
#define KEYRING_SEALED_BYTES(bytes) (4 + SECRET_SEAL_OVERHEAD + (bytes))
#define KEYRING_SIGNED_BYTES (4 + SECRET_HMAC_BYTES)

struct keyring;

/* Asks for keys that others made. Called without locks, by one thread at a time. */
typedef void keyring_loader(void *context);

/* loader: called for a number above all known ones, at most once a second; may be NULL.
 * NULL: no memory. Owner calls keyring_free. */
struct keyring *keyring_new(keyring_loader *loader, void *context);
void keyring_free(struct keyring *ring);

/* Numbers are from 1 and ascend with age. A known number changes nothing. */
void keyring_add(struct keyring *ring, enum key_purpose purpose, uint32_t number,
                 time_us_t created_at, const struct secret_key *key);
/* Wipes those created before oldest. */
void keyring_drop(struct keyring *ring, time_us_t oldest);
/* When the newest key of purpose was created; 0: there is none. */
time_us_t keyring_newest(struct keyring *ring, enum key_purpose purpose);

/* AES-256-GCM under the newest key. text_r: SECRET_TEXT_SIZE(KEYRING_SEALED_BYTES(bytes)). */
bool keyring_seal(struct keyring *ring, enum key_purpose purpose, const void *context,
                  size_t context_bytes, const void *plain, size_t bytes, char *text_r);
/* False, and plain_r zeroed, unless keyring_seal made text of exactly bytes. */
bool keyring_open(struct keyring *ring, enum key_purpose purpose, const void *context,
                  size_t context_bytes, const char *text, void *plain_r, size_t bytes);

/* HMAC-SHA256 under the newest key. text_r: SECRET_TEXT_SIZE(KEYRING_SIGNED_BYTES). */
bool keyring_sign(struct keyring *ring, enum key_purpose purpose, const void *data, size_t bytes,
                  char *text_r);
bool keyring_verify(struct keyring *ring, enum key_purpose purpose, const void *data, size_t bytes,
                    const char *text);

#endif
