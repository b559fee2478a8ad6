/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/key: the sealing keys, wrapped by the master key. */
#ifndef FARTHING_DB_KEY_H
#define FARTHING_DB_KEY_H

#include <stddef.h>

#include "core/time.h"
#include "db/db.h"

struct key_record {
    int key_number;
    const char *purpose; /* "user_id", "login", "form" */
    time_us_t created_at;
    const unsigned char *wrapped; /* secret_seal() under the master key */
    size_t wrapped_bytes;
};

/* Those not older than oldest, ascending. */
enum ft_error db_key_list(struct db *db, struct call *call, time_us_t oldest,
                          struct key_record **records_r, int *count_r);

/*
 * Stores a key unless one of that purpose younger than rotation_hours exists (another daemon was
 * faster): then nothing changes and the next db_key_list shows that one.
 */
enum ft_error db_key_add(struct db *db, struct call *call, const char *purpose,
                         const unsigned char *wrapped, size_t wrapped_bytes, int rotation_hours);

#endif
