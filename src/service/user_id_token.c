/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seals and opens encrypted user IDs (V6, B6, S1). */
#include "service/user_id_token.h"

#include <endian.h>
#include <string.h>

#define LABEL "farthing user id"

/* What binds a token to its vendor: the label and the vendor's number. */
struct binding {
    char label[sizeof LABEL - 1];
    uint32_t vendor_id; /* big endian */
};

static struct binding binding_of(int vendor_id)
{
    struct binding binding = {.vendor_id = htobe32((uint32_t)vendor_id)};
    memcpy(binding.label, LABEL, sizeof binding.label);
    return binding;
}

bool user_id_token_seal(struct keyring *ring, int vendor_id, int64_t user_id, time_us_t issued_at,
                        char text_r[USER_ID_TOKEN_TEXT_SIZE])
{
    struct binding binding = binding_of(vendor_id);
    uint64_t plain[2] = {htobe64((uint64_t)user_id), htobe64((uint64_t)issued_at)};
    return keyring_seal(ring, KEY_USER_ID, &binding, sizeof binding, plain, sizeof plain, text_r);
}

enum license_reason user_id_token_open(struct keyring *ring, const char *text, int vendor_id,
                                       time_us_t now, int valid_s, int64_t *user_id_r)
{
    struct binding binding = binding_of(vendor_id);
    uint64_t plain[2];
    *user_id_r = 0;
    if (!keyring_open(ring, KEY_USER_ID, &binding, sizeof binding, text, plain, sizeof plain))
        return LICENSE_ID_INVALID;
    *user_id_r = (int64_t)be64toh(plain[0]);
    if (now - (time_us_t)be64toh(plain[1]) > valid_s * TIME_SECOND)
        return LICENSE_ID_EXPIRED;
    return LICENSE_OK;
}
