/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Remembers, for a time, that a vendor's password was right (S2): a keyed hash of it and the
 * version of the credential, in memory of fixed size. The key is made at start and never leaves.
 * Also the last wrong one: a site that repeats its old password is not guessing.
 */
#ifndef FARTHING_SERVICE_VENDOR_CACHE_H
#define FARTHING_SERVICE_VENDOR_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/call.h"
#include "core/secret.h"

struct vendor_cache;

/* A question, and the caller's promise to answer it when claimed. */
struct vendor_cache_ticket {
    int vendor_id;
    unsigned char mac[SECRET_HMAC_BYTES];
    bool claimed;
    int known_version; /* 0: none; else good for a short time yet, should verifying not be possible
                        */
    bool refused;      /* was wrong for refused_version, 0: there was no such vendor */
    int refused_version;
};

/* NULL: no memory or entropy. */
struct vendor_cache *vendor_cache_new(int valid_s);
void vendor_cache_free(struct vendor_cache *cache);

/*
 * True: this password was right a short time ago; *credential_version_r says which.
 * False: the caller finds out and then calls vendor_cache_finish with the ticket; only one that
 * relies on what ticket_r->refused says need not.
 * While another caller verifies the same password, waits for that, until the call's deadline:
 * so a vendor whose password is not yet remembered costs one verification, not one per request.
 */
bool vendor_cache_find(struct vendor_cache *cache, int vendor_id, const char *password,
                       struct call *call, struct vendor_cache_ticket *ticket_r,
                       int *credential_version_r);

/* FT_OK and FT_AUTHENTICATION_FAILED are remembered, with the version they were found for; after
 * anything else nothing is known of the password but what is known as right. */
void vendor_cache_finish(struct vendor_cache *cache, const struct vendor_cache_ticket *ticket,
                         enum ft_error outcome, int credential_version);

/* Forgets a version that the database no longer accepts; a newer one stays. */
void vendor_cache_forget(struct vendor_cache *cache, int vendor_id, int credential_version);

#endif
