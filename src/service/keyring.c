/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys are copied out under a read lock, used, and the copy wiped: nobody waits for cryptography.
 */
#include "service/keyring.h"

#include <assert.h>
#include <endian.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_BYTES 4
#define KEYS_MAX 8 /* of one purpose; two are in use, one more while clocks differ */

struct ring_key {
    uint32_t number; /* 0: free */
    time_us_t created_at;
    struct secret_key key;
};

struct keyring {
    pthread_rwlock_t lock;
    struct ring_key keys[KEY_PURPOSES][KEYS_MAX];

    keyring_loader *loader;
    void *loader_context;
    pthread_mutex_t loading;
    int64_t loaded_us; /* when the loader last returned */
};

struct keyring *keyring_new(keyring_loader *loader, void *context)
{
    struct keyring *ring = calloc(1, sizeof *ring);
    if (ring == NULL)
        return NULL;
    pthread_rwlock_init(&ring->lock, NULL);
    pthread_mutex_init(&ring->loading, NULL);
    ring->loader = loader;
    ring->loader_context = context;
    ring->loaded_us = time_monotonic_us() - TIME_SECOND;
    return ring;
}

void keyring_free(struct keyring *ring)
{
    if (ring == NULL)
        return;
    pthread_rwlock_destroy(&ring->lock);
    pthread_mutex_destroy(&ring->loading);
    secret_wipe(ring->keys, sizeof ring->keys);
    free(ring);
}

static struct ring_key *newest(struct keyring *ring, enum key_purpose purpose)
{
    struct ring_key *found = &ring->keys[purpose][0];
    for (int i = 1; i < KEYS_MAX; i++) {
        if (ring->keys[purpose][i].number > found->number)
            found = &ring->keys[purpose][i];
    }
    return found;
}

void keyring_add(struct keyring *ring, enum key_purpose purpose, uint32_t number,
                 time_us_t created_at, const struct secret_key *key)
{
    assert(purpose < KEY_PURPOSES && number > 0);
    pthread_rwlock_wrlock(&ring->lock);
    struct ring_key *place = &ring->keys[purpose][0];
    for (int i = 0; i < KEYS_MAX; i++) {
        struct ring_key *other = &ring->keys[purpose][i];
        if (other->number == number) {
            place = NULL;
            break;
        }
        if (other->number < place->number)
            place = other;
    }
    if (place != NULL && place->number < number)
        *place = (struct ring_key){.number = number, .created_at = created_at, .key = *key};
    pthread_rwlock_unlock(&ring->lock);
}

void keyring_drop(struct keyring *ring, time_us_t oldest)
{
    pthread_rwlock_wrlock(&ring->lock);
    for (int purpose = 0; purpose < KEY_PURPOSES; purpose++) {
        for (int i = 0; i < KEYS_MAX; i++) {
            struct ring_key *place = &ring->keys[purpose][i];
            if (place->number > 0 && place->created_at < oldest)
                secret_wipe(place, sizeof *place);
        }
    }
    pthread_rwlock_unlock(&ring->lock);
}

time_us_t keyring_newest(struct keyring *ring, enum key_purpose purpose)
{
    pthread_rwlock_rdlock(&ring->lock);
    time_us_t created_at = newest(ring, purpose)->created_at;
    pthread_rwlock_unlock(&ring->lock);
    return created_at;
}

/* number 0: the newest. *above_r: the number is above all that are known. */
static bool take(struct keyring *ring, enum key_purpose purpose, uint32_t number,
                 struct ring_key *key_r, bool *above_r)
{
    pthread_rwlock_rdlock(&ring->lock);
    const struct ring_key *found = newest(ring, purpose);
    *above_r = number > found->number;
    for (int i = 0; number > 0 && i < KEYS_MAX; i++) {
        if (ring->keys[purpose][i].number == number)
            found = &ring->keys[purpose][i];
    }
    bool good = found->number > 0 && (number == 0 || found->number == number);
    if (good)
        *key_r = *found;
    pthread_rwlock_unlock(&ring->lock);
    return good;
}

/* Another process may have made a new key. An invented number costs one look a second. */
static void load(struct keyring *ring)
{
    pthread_mutex_lock(&ring->loading);
    if (time_monotonic_us() - ring->loaded_us >= TIME_SECOND) {
        ring->loader(ring->loader_context);
        ring->loaded_us = time_monotonic_us();
    }
    pthread_mutex_unlock(&ring->loading);
}

static bool find(struct keyring *ring, enum key_purpose purpose, uint32_t number,
                 struct ring_key *key_r)
{
    bool above = false;
    if (take(ring, purpose, number, key_r, &above))
        return true;
    if (number == 0 || !above || ring->loader == NULL)
        return false;
    load(ring);
    return take(ring, purpose, number, key_r, &above);
}

static void write_number(unsigned char *token, uint32_t number)
{
    uint32_t big_endian = htobe32(number);
    memcpy(token, &big_endian, NUMBER_BYTES);
}

/* Decodes text of exactly bytes and finds the key that it names. */
static bool read_token(struct keyring *ring, enum key_purpose purpose, const char *text,
                       unsigned char *token_r, size_t bytes, struct ring_key *key_r)
{
    size_t decoded = 0;
    if (text == NULL || !secret_decode(text, token_r, bytes, &decoded) || decoded != bytes)
        return false;
    uint32_t big_endian;
    memcpy(&big_endian, token_r, NUMBER_BYTES);
    return big_endian != 0 && find(ring, purpose, be32toh(big_endian), key_r);
}

bool keyring_seal(struct keyring *ring, enum key_purpose purpose, const void *context,
                  size_t context_bytes, const void *plain, size_t bytes, char *text_r)
{
    assert(bytes <= KEYRING_PLAIN_MAX);
    unsigned char token[KEYRING_SEALED_BYTES(KEYRING_PLAIN_MAX)];
    struct ring_key key;
    text_r[0] = '\0';
    if (!find(ring, purpose, 0, &key))
        return false;
    write_number(token, key.number);
    bool good = secret_seal(&key.key, context, context_bytes, plain, bytes, token + NUMBER_BYTES);
    secret_wipe(&key, sizeof key);
    if (good)
        secret_encode(token, KEYRING_SEALED_BYTES(bytes), text_r);
    return good;
}

bool keyring_open(struct keyring *ring, enum key_purpose purpose, const void *context,
                  size_t context_bytes, const char *text, void *plain_r, size_t bytes)
{
    assert(bytes <= KEYRING_PLAIN_MAX);
    unsigned char token[KEYRING_SEALED_BYTES(KEYRING_PLAIN_MAX)];
    size_t token_bytes = KEYRING_SEALED_BYTES(bytes);
    struct ring_key key;
    bool good = read_token(ring, purpose, text, token, token_bytes, &key) &&
                secret_open(&key.key, context, context_bytes, token + NUMBER_BYTES,
                            token_bytes - NUMBER_BYTES, plain_r);
    secret_wipe(&key, sizeof key);
    if (!good)
        memset(plain_r, 0, bytes);
    return good;
}

bool keyring_sign(struct keyring *ring, enum key_purpose purpose, const void *data, size_t bytes,
                  char *text_r)
{
    unsigned char token[KEYRING_SIGNED_BYTES];
    struct ring_key key;
    text_r[0] = '\0';
    if (!find(ring, purpose, 0, &key))
        return false;
    write_number(token, key.number);
    bool good = secret_hmac(&key.key, data, bytes, token + NUMBER_BYTES);
    secret_wipe(&key, sizeof key);
    if (good)
        secret_encode(token, sizeof token, text_r);
    return good;
}

bool keyring_verify(struct keyring *ring, enum key_purpose purpose, const void *data, size_t bytes,
                    const char *text)
{
    unsigned char token[KEYRING_SIGNED_BYTES];
    unsigned char mac[SECRET_HMAC_BYTES];
    struct ring_key key;
    bool good = read_token(ring, purpose, text, token, sizeof token, &key) &&
                secret_hmac(&key.key, data, bytes, mac) &&
                secret_equal(mac, token + NUMBER_BYTES, sizeof mac);
    secret_wipe(&key, sizeof key);
    secret_wipe(mac, sizeof mac);
    return good;
}
