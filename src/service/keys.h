/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the sealing keys come from: the database holds them wrapped by the master key, every
 * daemon unwraps them into its keyring. A key seals for one period and opens for one more.
 */
#ifndef FARTHING_SERVICE_KEYS_H
#define FARTHING_SERVICE_KEYS_H

#include "core/config.h"
#include "db/db.h"
#include "service/keyring.h"

struct keys;

/* Reads the master key, loads the keys or makes the first. NULL: refused; the reason is logged. */
struct keys *keys_start(const struct config *config, struct db *db);
void keys_stop(struct keys *keys);

struct keyring *keys_ring(struct keys *keys);
/* What wraps everything else; it lives as long as keys. */
const struct secret_key *keys_master(const struct keys *keys);

/*
 * Loads what other daemons made; makes a new key where the newest is a period old; drops those two
 * periods old. Errors of the database, FT_INTERNAL (a key that the master key does not open).
 */
enum ft_error keys_rotate(struct keys *keys);

#endif
