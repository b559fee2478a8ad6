/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a notification says, and its signature; wsdl/README.md tells vendors. */
#ifndef FARTHING_SERVICE_NOTIFICATION_MESSAGE_H
#define FARTHING_SERVICE_NOTIFICATION_MESSAGE_H

#include "core/call.h"
#include "core/config.h"
#include "core/secret.h"
#include "db/notification.h"

/* The body, JSON in the call's arena. NULL: no memory. */
const char *notification_body(struct call *call, const struct notification_event *event);

#define NOTIFICATION_SIGNATURE_SIZE (3 + 2 * SECRET_HMAC_BYTES + 1)

/* "v1=" and in hexadecimal the HMAC-SHA256 of timestamp, "." and body. False: no memory. */
bool notification_sign(struct call *call, const struct secret_key *secret, const char *timestamp,
                       const char *body, char signature_r[NOTIFICATION_SIGNATURE_SIZE]);

/* Seconds until the next attempt after so many, tried_s after the first; -1: it is given up. */
int notification_retry_s(const struct config *config, int attempts, int tried_s);

#endif
