/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table of small buckets by vendor number; numbers are handed out in sequence, so buckets fill
 * evenly. Only a right password can displace another: guesses find a free place or none.
 */
#include "service/vendor_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/time.h"

#define BUCKETS 2048
#define WAYS 4
#define SHARDS 64

struct entry {
    int vendor_id; /* 0: free */
    int credential_version;
    int64_t valid_until_us; /* 0: no right password is known */
    bool pending;           /* somebody verifies pending_mac */
    bool refused;           /* refused_mac was wrong for refused_version */
    int refused_version;
    unsigned char mac[SECRET_HMAC_BYTES];
    unsigned char pending_mac[SECRET_HMAC_BYTES];
    unsigned char refused_mac[SECRET_HMAC_BYTES];
};

struct shard {
    pthread_mutex_t lock;
    pthread_cond_t finished;
};

struct vendor_cache {
    struct secret_key secret;
    int64_t valid_us;
    struct shard shards[SHARDS];
    struct entry entries[BUCKETS][WAYS];
};

struct vendor_cache *vendor_cache_new(int valid_s)
{
    struct vendor_cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL || !secret_random(&cache->secret, sizeof cache->secret)) {
        free(cache);
        return NULL;
    }
    cache->valid_us = valid_s * TIME_SECOND;
    for (int i = 0; i < SHARDS; i++) {
        pthread_mutex_init(&cache->shards[i].lock, NULL);
        pthread_cond_init(&cache->shards[i].finished, NULL);
    }
    return cache;
}

void vendor_cache_free(struct vendor_cache *cache)
{
    if (cache == NULL)
        return;
    for (int i = 0; i < SHARDS; i++) {
        pthread_mutex_destroy(&cache->shards[i].lock);
        pthread_cond_destroy(&cache->shards[i].finished);
    }
    secret_wipe(cache, sizeof *cache);
    free(cache);
}

static struct shard *shard_of(struct vendor_cache *cache, int vendor_id)
{
    return &cache->shards[(unsigned)vendor_id % SHARDS];
}

static struct entry *find(struct vendor_cache *cache, int vendor_id)
{
    struct entry *bucket = cache->entries[(unsigned)vendor_id % BUCKETS];
    for (int i = 0; i < WAYS; i++) {
        if (bucket[i].vendor_id == vendor_id)
            return &bucket[i];
    }
    return NULL;
}

/* A place for another vendor: free, out of date or, if evict, the one that ends first. */
static struct entry *make_place(struct vendor_cache *cache, int vendor_id, bool evict)
{
    struct entry *bucket = cache->entries[(unsigned)vendor_id % BUCKETS];
    struct entry *place = NULL;
    for (int i = 0; i < WAYS; i++) {
        if (!bucket[i].pending &&
            (place == NULL || bucket[i].valid_until_us < place->valid_until_us))
            place = &bucket[i];
    }
    if (place == NULL || (!evict && place->valid_until_us > time_monotonic_us()))
        return NULL;
    *place = (struct entry){.vendor_id = vendor_id};
    return place;
}

static bool same(const unsigned char a[SECRET_HMAC_BYTES], const unsigned char b[SECRET_HMAC_BYTES])
{
    return secret_equal(a, b, SECRET_HMAC_BYTES);
}

/* Marks the ticket's password as being verified, where there is room to say so. */
static void claim(struct vendor_cache *cache, struct entry *entry,
                  struct vendor_cache_ticket *ticket)
{
    if (entry == NULL)
        entry = make_place(cache, ticket->vendor_id, false);
    if (entry == NULL || entry->pending)
        return;
    entry->pending = true;
    memcpy(entry->pending_mac, ticket->mac, sizeof ticket->mac);
    ticket->claimed = true;
}

/* Near the end of its time one caller is sent to verify the password anew, while others go on. */
static bool known(const struct vendor_cache *cache, const struct entry *entry,
                  struct vendor_cache_ticket *ticket)
{
    int64_t left_us = entry->valid_until_us - time_monotonic_us();
    if (left_us <= 0 || !same(entry->mac, ticket->mac))
        return false;
    ticket->known_version = entry->credential_version;
    return left_us > cache->valid_us / 8 || entry->pending;
}

/* Under the shard's lock. False: not before the call's deadline. */
static bool wait_finished(struct shard *shard, struct call *call)
{
    struct timespec deadline = {.tv_sec = call->deadline_us / TIME_SECOND,
                                .tv_nsec = call->deadline_us % TIME_SECOND * 1000};
    if (call->host == NULL)
        return pthread_cond_clockwait(&shard->finished, &shard->lock, CLOCK_MONOTONIC, &deadline) ==
               0;
    pthread_mutex_unlock(&shard->lock); /* which is the thread's, not the call's */
    bool moved = call_may_block(call);
    pthread_mutex_lock(&shard->lock);
    return moved;
}

bool vendor_cache_find(struct vendor_cache *cache, int vendor_id, const char *password,
                       struct call *call, struct vendor_cache_ticket *ticket_r,
                       int *credential_version_r)
{
    struct shard *shard = shard_of(cache, vendor_id);
    bool found = false;
    *ticket_r = (struct vendor_cache_ticket){.vendor_id = vendor_id};
    if (!secret_hmac(&cache->secret, password, strlen(password), ticket_r->mac))
        return false;

    pthread_mutex_lock(&shard->lock);
    for (;;) {
        struct entry *entry = find(cache, vendor_id);
        if (entry != NULL && known(cache, entry, ticket_r)) {
            *credential_version_r = entry->credential_version;
            found = true;
            break;
        }
        if (entry != NULL && entry->refused && same(entry->refused_mac, ticket_r->mac)) {
            ticket_r->refused = true;
            ticket_r->refused_version = entry->refused_version;
            break;
        }
        bool wait = entry != NULL && entry->pending && same(entry->pending_mac, ticket_r->mac);
        if (!wait || !wait_finished(shard, call)) {
            claim(cache, entry, ticket_r);
            break;
        }
    }
    pthread_mutex_unlock(&shard->lock);
    return found;
}

static void remember(const struct vendor_cache *cache, struct entry *entry,
                     const struct vendor_cache_ticket *ticket, enum ft_error outcome, int version)
{
    if (outcome == FT_OK) {
        entry->credential_version = version;
        entry->valid_until_us = time_monotonic_us() + cache->valid_us;
        memcpy(entry->mac, ticket->mac, sizeof ticket->mac);
    }
    if (outcome == FT_AUTHENTICATION_FAILED) {
        entry->refused_version = version;
        memcpy(entry->refused_mac, ticket->mac, sizeof ticket->mac);
        entry->refused = true;
    } else if (same(entry->refused_mac, ticket->mac)) {
        entry->refused = false;
    }
}

void vendor_cache_finish(struct vendor_cache *cache, const struct vendor_cache_ticket *ticket,
                         enum ft_error outcome, int credential_version)
{
    struct shard *shard = shard_of(cache, ticket->vendor_id);
    pthread_mutex_lock(&shard->lock);
    struct entry *entry = find(cache, ticket->vendor_id);
    if (entry != NULL && ticket->claimed)
        entry->pending = false;
    if (entry == NULL && outcome == FT_OK)
        entry = make_place(cache, ticket->vendor_id, true);
    if (entry != NULL)
        remember(cache, entry, ticket, outcome, credential_version);
    pthread_cond_broadcast(&shard->finished);
    pthread_mutex_unlock(&shard->lock);
}

void vendor_cache_forget(struct vendor_cache *cache, int vendor_id, int credential_version)
{
    struct shard *shard = shard_of(cache, vendor_id);
    pthread_mutex_lock(&shard->lock);
    struct entry *entry = find(cache, vendor_id);
    if (entry != NULL && entry->credential_version <= credential_version)
        entry->valid_until_us = 0;
    pthread_mutex_unlock(&shard->lock);
}
