/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The thread that tells vendors what became of their transactions, and tells them again. */
#ifndef FARTHING_SERVICE_NOTIFICATION_H
#define FARTHING_SERVICE_NOTIFICATION_H

#include "service/keys.h"

struct notification;

/* NULL: no memory or no thread. config, db and keys outlive it. */
struct notification *notification_start(const struct config *config, struct db *db,
                                        struct keys *keys);
/* Returns when the thread has ended; what was under way is due again. NULL is allowed. */
void notification_stop(struct notification *notification);

#endif
