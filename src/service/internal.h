/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of this layer share. Not for other layers. */
#ifndef FARTHING_SERVICE_INTERNAL_H
#define FARTHING_SERVICE_INTERNAL_H

#include "service/keys.h"
#include "service/password_gate.h"
#include "service/service.h"
#include "service/throttle.h"
#include "service/vendor_cache.h"

struct service {
    const struct config *config;
    struct db *db;
    struct keys *keys;
    struct keyring *ring; /* owned by keys */
    struct throttle *throttle;
    struct password_gate *user_gate;   /* apart, so that users' logins and vendors' calls */
    struct password_gate *vendor_gate; /* do not keep each other out */
    struct vendor_cache *vendors;
    struct maintenance *maintenance;
    struct notification *notification;
    struct royalty_rollup *rollup;
};

#endif
