/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The thread that accrues royalties of what was sold (O4, O5, O9). */
#ifndef FARTHING_SERVICE_ROYALTY_ROLLUP_H
#define FARTHING_SERVICE_ROYALTY_ROLLUP_H

#include "core/config.h"
#include "db/db.h"

struct royalty_rollup;

/* NULL: no memory or no thread. config and db outlive it. */
struct royalty_rollup *royalty_rollup_start(const struct config *config, struct db *db);
/* Returns when the thread has ended; what it did not do, another server or the next start does.
 * NULL is allowed. */
void royalty_rollup_stop(struct royalty_rollup *rollup);

#endif
