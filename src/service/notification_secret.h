/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The secret that a vendor verifies notifications with: made once, shown once, kept sealed. */
#ifndef FARTHING_SERVICE_NOTIFICATION_SECRET_H
#define FARTHING_SERVICE_NOTIFICATION_SECRET_H

#include "core/secret.h"

/* The text's characters are the key, so that a vendor uses it as it reads it. */
#define NOTIFICATION_SECRET_TEXT_SIZE (SECRET_KEY_BYTES + 1)
#define NOTIFICATION_SECRET_SEALED_BYTES (SECRET_KEY_BYTES + SECRET_SEAL_OVERHEAD)

/* A new secret, as text and sealed by the master key for this vendor. False: no entropy. Owner
 * wipes text_r. */
bool notification_secret_make(const struct secret_key *master, int vendor_id,
                              char text_r[NOTIFICATION_SECRET_TEXT_SIZE],
                              unsigned char sealed_r[NOTIFICATION_SECRET_SEALED_BYTES]);

/* False: the master key did not seal it for this vendor. Owner wipes secret_r. */
bool notification_secret_open(const struct secret_key *master, int vendor_id,
                              const unsigned char *sealed, size_t bytes,
                              struct secret_key *secret_r);

#endif
