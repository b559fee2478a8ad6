/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What callers may do: checks who asks, turns secrets into tokens and back, and maps one request
 * to calls of src/db. Knows neither SOAP nor HTML, nor how it was called; tells vendors by libcurl.
 *
 * Every function may return what its database call returns, FT_UNAVAILABLE, FT_OUTCOME_UNKNOWN,
 * FT_INTERNAL, and FT_INVALID_PARAMETER with the parameter named in struct call.
 */
#ifndef FARTHING_SERVICE_SERVICE_H
#define FARTHING_SERVICE_SERVICE_H

#include "core/config.h"
#include "db/db.h"

struct service;

/*
 * Reads the master key, loads or creates the sealing keys, starts the threads of maintenance (key
 * rotation, partitions, forgetting), of notifications to vendors and of royalties. config and db
 * outlive it.
 * NULL: refused; the reason is logged.
 */
struct service *service_start(const struct config *config, struct db *db);
void service_stop(struct service *service);

/* FT_OK when the database answers. */
enum ft_error service_health(struct service *service, struct call *call);

#endif
