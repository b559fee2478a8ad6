/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes and seals the secrets of vendors. */
#include "service/vendor_secret.h"

#include <stdio.h>
#include <string.h>

#define RANDOM_BYTES 24 /* as text: 32 characters */
#define CONTEXT_SIZE 64

_Static_assert(SECRET_TEXT_SIZE(RANDOM_BYTES) == VENDOR_SECRET_TEXT_SIZE, "the text fills a key");

/* The seal names purpose and vendor: a secret moved elsewhere does not open. */
static size_t context_of(const char *purpose, int vendor_id, char context_r[CONTEXT_SIZE])
{
    return (size_t)snprintf(context_r, CONTEXT_SIZE, "farthing %s secret %d", purpose, vendor_id);
}

bool vendor_secret_make(const struct secret_key *master, const char *purpose, int vendor_id,
                        char text_r[VENDOR_SECRET_TEXT_SIZE],
                        unsigned char sealed_r[VENDOR_SECRET_SEALED_BYTES])
{
    unsigned char random[RANDOM_BYTES];
    char context[CONTEXT_SIZE];
    size_t bytes = context_of(purpose, vendor_id, context);
    if (!secret_random(random, sizeof random))
        return false;
    secret_encode(random, sizeof random, text_r);
    secret_wipe(random, sizeof random);
    return secret_seal(master, context, bytes, text_r, SECRET_KEY_BYTES, sealed_r);
}

bool vendor_secret_open(const struct secret_key *master, const char *purpose, int vendor_id,
                        const unsigned char *sealed, size_t bytes, struct secret_key *secret_r)
{
    char context[CONTEXT_SIZE];
    size_t context_bytes = context_of(purpose, vendor_id, context);
    return bytes == VENDOR_SECRET_SEALED_BYTES &&
           secret_open(master, context, context_bytes, sealed, bytes, secret_r->bytes);
}
