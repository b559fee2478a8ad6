/* SPDX-License-Identifier: GPL-3.0-or-later */
/* farthing db: makes the database what this version needs. */
#include <stdio.h>
#include <stdlib.h>

#include "db/install.h"
#include "farthing/session.h"

#define INSTALL_MEMORY_BYTES (16 << 20)

static int install(struct invocation *invocation, bool upgrade_only)
{
    struct db_install work = {.conninfo = invocation->conninfo,
                              .upgrade_only = upgrade_only,
                              .timeout_ms = SESSION_TIMEOUT_MS,
                              .arena = arena_new(INSTALL_MEMORY_BYTES)};
    int status = EXIT_FAILURE;

    if (invocation->conninfo == NULL) {
        invocation_fail(invocation, "--conninfo must name the database and its superuser");
        goto out;
    }
    if (work.arena != NULL)
        work.directory = arena_printf(work.arena, "%s/schema", invocation->data_directory);
    if (work.directory == NULL || db_install(&work) != FT_OK) {
        invocation_fail(invocation, "%s", work.problem != NULL ? work.problem : "out of memory");
        goto out;
    }
    if (work.version_before == work.version_after)
        printf("schema version %d was installed already; functions are up to date\n",
               work.version_after);
    else
        printf("installed schema version %d\n", work.version_after);
    status = EXIT_SUCCESS;

out:
    arena_free(work.arena);
    return status;
}

static int run_install(struct invocation *invocation)
{
    return install(invocation, false);
}

static int run_upgrade(struct invocation *invocation)
{
    return install(invocation, true);
}

#define NOTE                                                                                  \
    "Runs what DIRECTORY/schema has and the database lacks, in one transaction. --conninfo\n" \
    "names a superuser; doing it twice is harmless; a newer database is refused."

const struct command db_commands[] = {
    {.group = "db",
     .name = "install",
     .arguments = "",
     .purpose = "makes the database, or brings it up to date",
     .note = NOTE,
     .run = run_install},
    {.group = "db",
     .name = "upgrade",
     .arguments = "",
     .purpose = "brings an installed database up to date",
     .note = NOTE,
     .run = run_upgrade},
    {0},
};
