/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The encrypted, time-variant user ID that a browser carries to a vendor (B6, S1): base64url of
 * the key's number and AES-256-GCM(user id, time of issue) bound to the vendor. No two are alike,
 * so vendors cannot compare them.
 */
#ifndef FARTHING_SERVICE_USER_ID_TOKEN_H
#define FARTHING_SERVICE_USER_ID_TOKEN_H

#include "db/license.h"
#include "service/keyring.h"

#define USER_ID_TOKEN_BYTES 16 /* user id, time of issue */
#define USER_ID_TOKEN_TEXT_SIZE SECRET_TEXT_SIZE(KEYRING_SEALED_BYTES(USER_ID_TOKEN_BYTES))

/* False: no key, memory or entropy. */
bool user_id_token_seal(struct keyring *ring, int vendor_id, int64_t user_id, time_us_t issued_at,
                        char text_r[USER_ID_TOKEN_TEXT_SIZE]);

/*
 * LICENSE_OK with the user; LICENSE_ID_INVALID: absent, altered, another vendor's or of a key too
 * old, *user_id_r is 0; LICENSE_ID_EXPIRED: older than valid_s, but whose it was is told.
 */
enum license_reason user_id_token_open(struct keyring *ring, const char *text, int vendor_id,
                                       time_us_t now, int valid_s, int64_t *user_id_r);

#endif
