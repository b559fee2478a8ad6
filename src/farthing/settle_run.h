/* SPDX-License-Identifier: GPL-3.0-or-later */
/* farthing settle vendors and owners. */
#ifndef FARTHING_FARTHING_SETTLE_RUN_H
#define FARTHING_FARTHING_SETTLE_RUN_H

#include "farthing/command.h"

#define SETTLE_SLICE 200       /* payees in a transaction, by default */
#define EXIT_STOPPED (128 + 2) /* by a signal, as shells say */

int settle_run_vendors(struct invocation *invocation);
int settle_run_owners(struct invocation *invocation);

#endif
