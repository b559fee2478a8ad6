/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Secrets shared with a vendor: that it verifies notifications with, and that is behind the digests
 * of its messages. Made once, shown once, kept sealed.
 */
#ifndef FARTHING_SERVICE_VENDOR_SECRET_H
#define FARTHING_SERVICE_VENDOR_SECRET_H

#include "core/secret.h"

#define VENDOR_SECRET_NOTIFICATION "notification" /* purposes */
#define VENDOR_SECRET_MESSAGE "message"

/* The text's characters are the key, so that a vendor uses it as it reads it. */
#define VENDOR_SECRET_TEXT_SIZE (SECRET_KEY_BYTES + 1)
#define VENDOR_SECRET_SEALED_BYTES (SECRET_KEY_BYTES + SECRET_SEAL_OVERHEAD)

/* A new secret, as text and sealed by the master key for this purpose and vendor. False: no
 * entropy. Owner wipes text_r. */
bool vendor_secret_make(const struct secret_key *master, const char *purpose, int vendor_id,
                        char text_r[VENDOR_SECRET_TEXT_SIZE],
                        unsigned char sealed_r[VENDOR_SECRET_SEALED_BYTES]);

/* False: the master key did not seal it for this purpose and vendor. Owner wipes secret_r. */
bool vendor_secret_open(const struct secret_key *master, const char *purpose, int vendor_id,
                        const unsigned char *sealed, size_t bytes, struct secret_key *secret_r);

#endif
