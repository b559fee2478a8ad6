/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seals and opens logins. */
#include "service/login_token.h"

#include <endian.h>
#include <string.h>

#define LABEL "farthing login"

/* As it is sealed: big endian, without gaps. */
struct __attribute__((packed)) sealed_login {
    uint64_t user_id;
    uint64_t login_id;
    uint64_t expires_at;
    uint32_t minutes;
    uint8_t from_last_purchase;
    uint8_t public_computer;
};
_Static_assert(sizeof(struct sealed_login) == LOGIN_TOKEN_BYTES, "size of a login token");

bool login_token_seal(struct keyring *ring, const struct account_login *login,
                      char text_r[LOGIN_TOKEN_TEXT_SIZE])
{
    struct sealed_login plain = {
        .user_id = htobe64((uint64_t)login->user_id),
        .login_id = htobe64((uint64_t)login->login_id),
        .expires_at = htobe64((uint64_t)login->expires_at),
        .minutes = htobe32((uint32_t)login->minutes),
        .from_last_purchase = login->from_last_purchase,
        .public_computer = login->public_computer,
    };
    return keyring_seal(ring, KEY_LOGIN, LABEL, strlen(LABEL), &plain, sizeof plain, text_r);
}

bool login_token_open(struct keyring *ring, const char *text, time_us_t now,
                      struct account_login *login_r)
{
    struct sealed_login plain;
    *login_r = (struct account_login){0};
    if (!keyring_open(ring, KEY_LOGIN, LABEL, strlen(LABEL), text, &plain, sizeof plain))
        return false;
    time_us_t expires_at = (time_us_t)be64toh(plain.expires_at);
    if (now >= expires_at)
        return false;
    *login_r = (struct account_login){
        .user_id = (int64_t)be64toh(plain.user_id),
        .login_id = (int64_t)be64toh(plain.login_id),
        .expires_at = expires_at,
        .from_last_purchase = plain.from_last_purchase != 0,
        .public_computer = plain.public_computer != 0,
        .minutes = (int)be32toh(plain.minutes),
    };
    return true;
}
