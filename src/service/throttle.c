/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table of small buckets. A key is a keyed hash, so that nobody can choose whose bucket to fill;
 * a full bucket gives up the entry whose window began first.
 */
#include "service/throttle.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/secret.h"
#include "core/time.h"

#define BUCKETS 4096
#define WAYS 8
#define LOCKS 64
#define SUBJECT_SIZE 512

struct entry {
    unsigned char key[SECRET_HMAC_BYTES];
    int64_t since_us;
    int count; /* 0: free */
};

struct throttle {
    struct secret_key secret;
    int attempts;
    int64_t window_us;
    pthread_mutex_t locks[LOCKS];
    struct entry entries[BUCKETS][WAYS];
};

struct throttle *throttle_new(int attempts, int window_s)
{
    struct throttle *throttle = calloc(1, sizeof *throttle);
    if (throttle == NULL || !secret_random(&throttle->secret, sizeof throttle->secret)) {
        free(throttle);
        return NULL;
    }
    throttle->attempts = attempts;
    throttle->window_us = window_s * TIME_SECOND;
    for (int i = 0; i < LOCKS; i++)
        pthread_mutex_init(&throttle->locks[i], NULL);
    return throttle;
}

void throttle_free(struct throttle *throttle)
{
    if (throttle == NULL)
        return;
    for (int i = 0; i < LOCKS; i++)
        pthread_mutex_destroy(&throttle->locks[i]);
    secret_wipe(throttle, sizeof *throttle);
    free(throttle);
}

/* Whoever has one IPv6 address has its whole network to try from. */
static void network_of(const char *address, char network_r[INET6_ADDRSTRLEN])
{
    struct in6_addr bytes;
    snprintf(network_r, INET6_ADDRSTRLEN, "%s", address);
    if (inet_pton(AF_INET6, address, &bytes) != 1 || IN6_IS_ADDR_V4MAPPED(&bytes))
        return;
    memset(bytes.s6_addr + 8, 0, 8);
    inet_ntop(AF_INET6, &bytes, network_r, INET6_ADDRSTRLEN);
}

static bool key_of(struct throttle *throttle, const char *name, const char *address,
                   unsigned char key_r[SECRET_HMAC_BYTES])
{
    char network[INET6_ADDRSTRLEN];
    char subject[SUBJECT_SIZE];
    network_of(address, network);
    snprintf(subject, sizeof subject, "%s %s", network, name);
    for (char *c = subject; *c != '\0'; c++) {
        if (*c >= 'A' && *c <= 'Z')
            *c += 'a' - 'A';
    }
    return secret_hmac(&throttle->secret, subject, strlen(subject), key_r);
}

static size_t bucket_of(const unsigned char key[SECRET_HMAC_BYTES])
{
    uint32_t start;
    memcpy(&start, key, sizeof start);
    return start % BUCKETS;
}

static struct entry *find(struct entry *bucket, const unsigned char key[SECRET_HMAC_BYTES])
{
    for (int i = 0; i < WAYS; i++) {
        if (bucket[i].count > 0 && secret_equal(bucket[i].key, key, SECRET_HMAC_BYTES))
            return &bucket[i];
    }
    return NULL;
}

/* A free place, or that of the oldest window. */
static struct entry *make_place(struct entry *bucket)
{
    struct entry *place = &bucket[0];
    for (int i = 0; i < WAYS && place->count > 0; i++) {
        if (bucket[i].count == 0 || bucket[i].since_us < place->since_us)
            place = &bucket[i];
    }
    return place;
}

bool throttle_take(struct throttle *throttle, const char *name, const char *address, int64_t now_us)
{
    unsigned char key[SECRET_HMAC_BYTES];
    if (!key_of(throttle, name, address, key))
        return false;
    size_t bucket = bucket_of(key);
    pthread_mutex_t *lock = &throttle->locks[bucket % LOCKS];

    pthread_mutex_lock(lock);
    struct entry *entry = find(throttle->entries[bucket], key);
    if (entry == NULL || now_us - entry->since_us >= throttle->window_us) {
        if (entry == NULL)
            entry = make_place(throttle->entries[bucket]);
        memcpy(entry->key, key, sizeof key);
        entry->since_us = now_us;
        entry->count = 0;
    }
    bool allowed = entry->count < throttle->attempts;
    if (allowed)
        entry->count++;
    pthread_mutex_unlock(lock);
    return allowed;
}

void throttle_settle(struct throttle *throttle, const char *name, const char *address,
                     enum ft_error outcome)
{
    unsigned char key[SECRET_HMAC_BYTES];
    if (outcome == FT_AUTHENTICATION_FAILED || !key_of(throttle, name, address, key))
        return;
    size_t bucket = bucket_of(key);
    pthread_mutex_t *lock = &throttle->locks[bucket % LOCKS];

    pthread_mutex_lock(lock);
    struct entry *entry = find(throttle->entries[bucket], key);
    if (entry != NULL)
        entry->count = outcome == FT_OK ? 0 : entry->count - 1;
    pthread_mutex_unlock(lock);
}
