/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes and seals the secrets of notifications. */
#include "service/notification_secret.h"

#include <stdio.h>
#include <string.h>

#define RANDOM_BYTES 24 /* as text: 32 characters */
#define CONTEXT_SIZE 64

_Static_assert(SECRET_TEXT_SIZE(RANDOM_BYTES) == NOTIFICATION_SECRET_TEXT_SIZE,
               "the text fills a key");

/* The seal names the vendor: a secret moved to another vendor does not open. */
static size_t context_of(int vendor_id, char context_r[CONTEXT_SIZE])
{
    return (size_t)snprintf(context_r, CONTEXT_SIZE, "farthing notification secret %d", vendor_id);
}

bool notification_secret_make(const struct secret_key *master, int vendor_id,
                              char text_r[NOTIFICATION_SECRET_TEXT_SIZE],
                              unsigned char sealed_r[NOTIFICATION_SECRET_SEALED_BYTES])
{
    unsigned char random[RANDOM_BYTES];
    char context[CONTEXT_SIZE];
    size_t bytes = context_of(vendor_id, context);
    if (!secret_random(random, sizeof random))
        return false;
    secret_encode(random, sizeof random, text_r);
    secret_wipe(random, sizeof random);
    return secret_seal(master, context, bytes, text_r, SECRET_KEY_BYTES, sealed_r);
}

bool notification_secret_open(const struct secret_key *master, int vendor_id,
                              const unsigned char *sealed, size_t bytes,
                              struct secret_key *secret_r)
{
    char context[CONTEXT_SIZE];
    size_t context_bytes = context_of(vendor_id, context);
    return bytes == NOTIFICATION_SECRET_SEALED_BYTES &&
           secret_open(master, context, context_bytes, sealed, bytes, secret_r->bytes);
}
