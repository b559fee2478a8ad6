/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The thread that keeps keys and partitions current, and forgets what is over. */
#ifndef FARTHING_SERVICE_MAINTENANCE_H
#define FARTHING_SERVICE_MAINTENANCE_H

#include "service/keys.h"

struct maintenance;

/* NULL: no memory or no thread. keys and db outlive it. */
struct maintenance *maintenance_start(const struct config *config, struct db *db,
                                      struct keys *keys);
/* Returns when the thread has ended. NULL is allowed. */
void maintenance_stop(struct maintenance *maintenance);

#endif
