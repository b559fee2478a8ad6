/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A real PostgreSQL for the tests of src/db: the database that FARTHING_TEST_CONNINFO names, as its
 * superuser. Without it the tests are skipped.
 */
#ifndef FARTHING_TESTS_DB_SERVER_H
#define FARTHING_TESTS_DB_SERVER_H

#include <stdbool.h>
#include <stdint.h>

/* NULL: not given; says so on stderr, once. */
const char *server_conninfo(void);

/* Begins a test of cmocka's. */
#define NEEDS_SERVER               \
    (void)state;                   \
    if (server_conninfo() == NULL) \
    skip()

/* What follows goes to another database; NULL: to the first again. The text outlives that. */
void server_use(const char *conninfo);

/* Runs SQL on a connection of the test's own; the first column of the first row, or "". Fails the
 * test on an error. The text lives until the next call. */
const char *server_ask(const char *sql);
int64_t server_count(const char *sql);
void server_disconnect(void);

/* Waits until sql gives "t"; fails the test after 20 s. */
void server_await(const char *sql);

#endif
