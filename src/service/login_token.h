/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A user's login as a sealed token for the browser's cookie (B3). */
#ifndef FARTHING_SERVICE_LOGIN_TOKEN_H
#define FARTHING_SERVICE_LOGIN_TOKEN_H

#include "service/account.h"
#include "service/keyring.h"

#define LOGIN_TOKEN_BYTES 30
#define LOGIN_TOKEN_TEXT_SIZE SECRET_TEXT_SIZE(KEYRING_SEALED_BYTES(LOGIN_TOKEN_BYTES))

/* False: no key, memory or entropy. */
bool login_token_seal(struct keyring *ring, const struct account_login *login,
                      char text_r[LOGIN_TOKEN_TEXT_SIZE]);

/* False, and *login_r all zero, when text is absent, altered, of a past key or expired at now. */
bool login_token_open(struct keyring *ring, const char *text, time_us_t now,
                      struct account_login *login_r);

#endif
