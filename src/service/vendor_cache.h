/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Remembers, for a time, that a vendor's password was right (S2): a keyed hash of it and the
 * version of the credential, in memory of fixed size. The key is made at start and never leaves.
 */
#ifndef FARTHING_SERVICE_VENDOR_CACHE_H
#define FARTHING_SERVICE_VENDOR_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/secret.h"

struct vendor_cache;

/* A question, and the caller's promise to answer it when claimed. */
struct vendor_cache_ticket {
    int vendor_id;
    unsigned char mac[SECRET_HMAC_BYTES];
    bool claimed;
    int known_version; /* 0: none; else good for a short time yet, should verifying not be possible
                        */
};

/* NULL: no memory or entropy. */
struct vendor_cache *vendor_cache_new(int valid_s);
void vendor_cache_free(struct vendor_cache *cache);

/*
 * True: this password was right a short time ago; *credential_version_r says which.
 * False: the caller verifies it and then calls vendor_cache_finish with the ticket, always.
 * While another caller verifies the same password, waits for that, until deadline_us (monotonic):
 * so a vendor whose password is not yet remembered costs one verification, not one per request.
 */
bool vendor_cache_find(struct vendor_cache *cache, int vendor_id, const char *password,
                       int64_t deadline_us, struct vendor_cache_ticket *ticket_r,
                       int *credential_version_r);

/* right: remember it from now_us on. */
void vendor_cache_finish(struct vendor_cache *cache, const struct vendor_cache_ticket *ticket,
                         bool right, int credential_version);

/* Forgets a version that the database no longer accepts; a newer one stays. */
void vendor_cache_forget(struct vendor_cache *cache, int vendor_id, int credential_version);

#endif
