/* SPDX-License-Identifier: GPL-3.0-or-later */
/* schema/manifest: the SQL files that make the database, in order. */
#ifndef FARTHING_DB_MANIFEST_H
#define FARTHING_DB_MANIFEST_H

#include "core/arena.h"

struct manifest_step {
    int version; /* run once, when the database is older; 0: run at every installation */
    const char *path;
    const char *sql; /* the file's text */
};

struct manifest {
    struct manifest_step *steps;
    int count;
    int version; /* of the last migration */
};

/* Reads directory/manifest and the files it names. NULL: done; else what is wrong, in arena. */
const char *manifest_read(struct arena *arena, const char *directory, struct manifest *manifest_r);

#endif
