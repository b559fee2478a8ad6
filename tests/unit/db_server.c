/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "db_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/time.h"

static PGconn *control;
static const char *used; /* NULL: server_conninfo() */
static char answer[256];

const char *server_conninfo(void)
{
    static bool told;
    const char *conninfo = getenv("FARTHING_TEST_CONNINFO");
    if (conninfo == NULL && !told) {
        told = true;
        fprintf(stderr, "# skipped: FARTHING_TEST_CONNINFO names no PostgreSQL to test with\n");
    }
    return conninfo;
}

const char *server_ask(const char *sql)
{
    if (control == NULL) {
        control = PQconnectdb(used != NULL ? used : server_conninfo());
        PQclear(PQexec(control, "SET client_min_messages = warning"));
    }
    PGresult *result = PQexec(control, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        fail_msg("%s", PQerrorMessage(control));
    bool some = PQntuples(result) > 0;
    snprintf(answer, sizeof answer, "%s", some ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return answer;
}

void server_use(const char *conninfo)
{
    server_disconnect();
    used = conninfo;
}

int64_t server_count(const char *sql)
{
    return strtoll(server_ask(sql), NULL, 10);
}

void server_disconnect(void)
{
    PQfinish(control);
    control = NULL;
}

void server_await(const char *sql)
{
    int64_t deadline_us = time_monotonic_us() + 20 * TIME_SECOND;
    while (strcmp(server_ask(sql), "t") != 0) {
        if (time_monotonic_us() > deadline_us)
            fail_msg("never true: %s", sql);
        server_ask("SELECT pg_sleep(0.002)");
    }
}
