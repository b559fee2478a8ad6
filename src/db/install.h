/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making the database what this program needs, in one transaction. */
#ifndef FARTHING_DB_INSTALL_H
#define FARTHING_DB_INSTALL_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/error.h"

struct db_install {
    const char *conninfo;  /* of the cluster's superuser */
    const char *directory; /* with the manifest and its files */
    bool upgrade_only;     /* refuse a database that was never installed */
    int timeout_ms;        /* for all of it */
    struct arena *arena;   /* for files and problem */
    /* out: */
    int version_before; /* 0: none */
    int version_after;
    const char *problem; /* what went wrong, for the operator */
};

/*
 * Runs the migrations that the database lacks and reloads everything else; when all is there
 * already, nothing changes. FT_INVALID_STATE: the database is newer than this program, or (with
 * upgrade_only) empty. FT_UNAVAILABLE, FT_OUTCOME_UNKNOWN, FT_INTERNAL. After an error but
 * FT_OUTCOME_UNKNOWN the database is as it was.
 */
enum ft_error db_install(struct db_install *install);

#endif
