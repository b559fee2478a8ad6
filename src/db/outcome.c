/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the server's answer means. */
#include <stdio.h>
#include <string.h>

#include "core/log.h"
#include "db/connection.h"

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool db_sqlstate_is_conflict(const char *sqlstate)
{
    return strcmp(sqlstate, "40001") == 0 || strcmp(sqlstate, "40P01") == 0;
}

enum ft_error db_sqlstate_outcome(const char *sqlstate)
{
    /* Cancelled by statement_timeout or lock_timeout, out of connections, memory or disk, or in
     * conflict too often: the server rolled back, nothing was done. */
    if (db_sqlstate_is_conflict(sqlstate) || strcmp(sqlstate, "57014") == 0 ||
        strcmp(sqlstate, "55P03") == 0 || starts_with(sqlstate, "53"))
        return FT_UNAVAILABLE;
    return ft_error_from_sqlstate(sqlstate);
}

enum ft_error db_result_outcome(const PGresult *result, char sqlstate_r[DB_SQLSTATE_SIZE])
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        state = "00000";
    snprintf(sqlstate_r, DB_SQLSTATE_SIZE, "%s", state != NULL ? state : "XX000");
    return db_sqlstate_outcome(sqlstate_r);
}

static struct log_value field(const PGresult *result, int code)
{
    return LOG_TEXT(PQresultErrorField(result, code));
}

void db_result_log(const PGresult *result, const char *statement)
{
    log_event(LOG_ERROR, "database_error", "statement", LOG_TEXT(statement), "sqlstate",
              field(result, PG_DIAG_SQLSTATE), "schema", field(result, PG_DIAG_SCHEMA_NAME),
              "table", field(result, PG_DIAG_TABLE_NAME), "constraint",
              field(result, PG_DIAG_CONSTRAINT_NAME), NULL);
}
