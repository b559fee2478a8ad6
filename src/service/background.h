/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that nobody sent: start, key rotation, maintenance. */
#ifndef FARTHING_SERVICE_BACKGROUND_H
#define FARTHING_SERVICE_BACKGROUND_H

#include <stdbool.h>

#include "core/call.h"
#include "core/config.h"

/* A call with an arena and the database's deadline. False: no memory. Owner: background_end. */
bool background_begin(const struct config *config, struct call *call_r);
void background_end(struct call *call);

#endif
