/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One transaction; a second installer waits for the first. */
#include "db/install.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/time.h"
#include "db/connection.h"
#include "db/manifest.h"
#include "db/version.h"

/* Any number of our own. */
#define INSTALL_LOCK "SELECT pg_advisory_xact_lock(72617274)"

struct run {
    struct db_install *install;
    struct db_connection *connection;
    int64_t deadline_us;
};

/* The line of sql that the server's error stands in; 0: it does not say. */
static int error_line(const PGresult *result, const char *sql)
{
    const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
    long characters = position != NULL ? strtol(position, NULL, 10) : 0;
    int line = characters > 0 ? 1 : 0;
    for (long i = 1; i < characters && *sql != '\0'; sql++) {
        line += *sql == '\n';
        i += ((unsigned char)sql[1] & 0xc0) != 0x80; /* counts characters, not bytes */
    }
    return line;
}

static enum ft_error execute(struct run *run, const char *path, const char *sql,
                             PGresult **result_r)
{
    struct db_install *install = run->install;
    PGresult *result = NULL;
    enum ft_error error = db_connection_run(run->connection, sql, run->deadline_us, &result);
    if (error == FT_OUTCOME_UNKNOWN) {
        install->problem = "the connection broke, or the time was over";
    } else if (error != FT_OK) {
        int line = error_line(result, sql);
        const char *message = PQresultErrorMessage(result);
        install->problem = line > 0 ? arena_printf(install->arena, "%s:%d: %s", path, line, message)
                                    : arena_printf(install->arena, "%s: %s", path, message);
    }
    if (result_r != NULL && error == FT_OK)
        *result_r = result;
    else
        PQclear(result);
    return error;
}

static enum ft_error ask_number(struct run *run, const char *sql, int *number_r)
{
    PGresult *result = NULL;
    enum ft_error error = execute(run, "farthing", sql, &result);
    if (error == FT_OK)
        *number_r = atoi(PQgetvalue(result, 0, 0));
    PQclear(result);
    return error;
}

static enum ft_error find_version(struct run *run, int *version_r)
{
    int installed = 0;
    enum ft_error error = execute(run, "farthing", INSTALL_LOCK, NULL);
    *version_r = 0;
    if (error == FT_OK)
        error = ask_number(run, "SELECT (to_regclass('farthing.versions') IS NOT NULL)::int",
                           &installed);
    if (error == FT_OK && installed != 0)
        error =
            ask_number(run, "SELECT coalesce(max(version), 0) FROM farthing.versions", version_r);
    return error;
}

static enum ft_error run_steps(struct run *run, const struct manifest *manifest)
{
    enum ft_error error = FT_OK;
    int before = run->install->version_before;
    char sql[96];
    for (int i = 0; error == FT_OK && i < manifest->count; i++) {
        const struct manifest_step *step = &manifest->steps[i];
        if (step->version != 0 && step->version <= before)
            continue;
        error = execute(run, step->path, step->sql, NULL);
        if (error == FT_OK && step->version != 0) {
            snprintf(sql, sizeof sql,
                     "INSERT INTO farthing.versions (version) VALUES (%d) ON CONFLICT DO NOTHING",
                     step->version);
            error = execute(run, step->path, sql, NULL);
        }
    }
    return error;
}

static enum ft_error run_transaction(struct run *run, const struct manifest *manifest)
{
    struct db_install *install = run->install;
    enum ft_error error = execute(run, "farthing", "BEGIN", NULL);
    if (error == FT_OK)
        error = find_version(run, &install->version_before);
    if (error != FT_OK)
        return error;
    if (install->version_before > manifest->version) {
        install->problem =
            arena_printf(install->arena, "the database has schema version %d, newer than %d",
                         install->version_before, manifest->version);
        return FT_INVALID_STATE;
    }
    if (install->version_before == 0 && install->upgrade_only) {
        install->problem = "the database was never installed: use \"farthing db install\"";
        return FT_INVALID_STATE;
    }
    error = run_steps(run, manifest);
    if (error == FT_OK)
        error = execute(run, "farthing", "COMMIT", NULL);
    if (error == FT_OK)
        install->version_after = manifest->version;
    return error;
}

enum ft_error db_install(struct db_install *install)
{
    const struct db_options options = {.conninfo = install->conninfo, .application = "farthing db"};
    struct run run = {.install = install,
                      .deadline_us = time_monotonic_us() + install->timeout_ms * 1000LL};
    struct manifest manifest;
    enum ft_error error = FT_INTERNAL;

    install->version_before = install->version_after = 0;
    install->problem = manifest_read(install->arena, install->directory, &manifest);
    if (install->problem != NULL)
        return FT_INTERNAL;
    if (manifest.version != DB_SCHEMA_VERSION) {
        install->problem =
            arena_printf(install->arena, "%s has schema version %d, this program needs %d",
                         install->directory, manifest.version, DB_SCHEMA_VERSION);
        return FT_INTERNAL;
    }
    run.connection = db_connection_new(&options);
    if (run.connection != NULL)
        error = db_connection_ready(run.connection, NULL, run.deadline_us);
    if (error == FT_OK)
        error = run_transaction(&run, &manifest);
    else
        install->problem = "no connection to the database";
    db_connection_free(run.connection);
    return error;
}
