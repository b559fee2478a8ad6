/* SPDX-License-Identifier: GPL-3.0-or-later */
/* farthing db install and upgrade, on databases of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/log.h"
#include "db/install.h"
#include "db/version.h"
#include "db_server.h"

#define DATABASE "farthing_install_test"
#define SCHEMA TOP_SRCDIR "/schema"

struct fixture {
    struct arena *arena;
    char conninfo[512];
    char directory[64]; /* for a manifest of the test's own */
    char manifest[80];
    char sql[80];
};

static int set_up(void **state)
{
    static struct fixture fixture;
    *state = &fixture;
    if (server_conninfo() == NULL)
        return 0;
    fixture.arena = arena_new(64 << 20);
    strcpy(fixture.directory, "/tmp/farthing-install-XXXXXX");
    if (mkdtemp(fixture.directory) == NULL)
        return 1;
    snprintf(fixture.manifest, sizeof fixture.manifest, "%s/manifest", fixture.directory);
    snprintf(fixture.sql, sizeof fixture.sql, "%s/a.sql", fixture.directory);
    snprintf(fixture.conninfo, sizeof fixture.conninfo, "%s dbname=" DATABASE, server_conninfo());
    server_ask("DROP DATABASE IF EXISTS " DATABASE);
    server_ask("CREATE DATABASE " DATABASE);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    if (server_conninfo() == NULL)
        return 0;
    server_ask("DROP DATABASE " DATABASE);
    server_disconnect();
    unlink(fixture->manifest);
    unlink(fixture->sql);
    arena_free(fixture->arena);
    return rmdir(fixture->directory);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static struct db_install install(struct fixture *fixture, const char *directory, bool upgrade_only,
                                 enum ft_error expected)
{
    struct db_install work = {.conninfo = fixture->conninfo,
                              .directory = directory,
                              .upgrade_only = upgrade_only,
                              .timeout_ms = 120000,
                              .arena = fixture->arena};
    enum ft_error error = db_install(&work);
    if (error != expected)
        fail_msg("%s: %s", ft_error_name(error), work.problem != NULL ? work.problem : "");
    assert_true((error == FT_OK) == (work.problem == NULL));
    return work;
}

static void test_twice_is_harmless_and_newer_is_refused(void **state)
{
    struct fixture *fixture = *state;
    NEEDS_SERVER;
    char newer[64];
    struct db_install work = install(fixture, SCHEMA, true, FT_INVALID_STATE);
    assert_int_equal(work.version_before, 0);
    work = install(fixture, SCHEMA, false, FT_OK);
    assert_int_equal(work.version_before, 0);
    assert_int_equal(work.version_after, DB_SCHEMA_VERSION);
    for (int upgrade_only = 0; upgrade_only < 2; upgrade_only++) {
        work = install(fixture, SCHEMA, upgrade_only == 1, FT_OK);
        assert_int_equal(work.version_before, DB_SCHEMA_VERSION);
    }

    snprintf(newer, sizeof newer, "INSERT INTO farthing.versions (version) VALUES (%d)",
             DB_SCHEMA_VERSION + 1);
    server_use(fixture->conninfo);
    server_ask(newer);
    server_use(NULL);
    work = install(fixture, SCHEMA, false, FT_INVALID_STATE);
    assert_int_equal(work.version_before, DB_SCHEMA_VERSION + 1);
}

/* What an older version left behind, and what others built on ours. */
static void test_an_upgrade_leaves_only_what_it_made(void **state)
{
    struct fixture *fixture = *state;
    NEEDS_SERVER;
    static const char stray[] =
        "SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname IN ('purchase', 'ledger') AND p.proname LIKE 'old%'";
    install(fixture, SCHEMA, false, FT_OK);
    server_use(fixture->conninfo);
    int64_t functions = server_count("SELECT count(*) FROM pg_proc");
    server_ask("CREATE TYPE purchase.old_type AS (receipt purchase.receipt)");
    server_ask("CREATE VIEW ledger.old_view AS SELECT purchase.receipt(gen_random_uuid()) AS r,"
               " balance FROM ledger.trial_balance");
    server_ask("CREATE FUNCTION purchase.old(purchase.receipt) RETURNS SETOF ledger.old_view"
               " LANGUAGE sql AS 'SELECT * FROM ledger.old_view'");
    server_ask("CREATE FUNCTION purchase.old_type() RETURNS purchase.old_type LANGUAGE sql AS"
               " 'SELECT NULL::purchase.old_type'");
    server_ask("CREATE FUNCTION ledger.old_default() RETURNS int LANGUAGE sql AS 'SELECT 7'");
    server_ask("CREATE SCHEMA reports CREATE VIEW totals AS SELECT * FROM ledger.tokens_sold"
               " CREATE TABLE days (number int DEFAULT ledger.old_default())");
    for (int i = 0; i < 2; i++) {
        server_use(NULL);
        install(fixture, SCHEMA, true, FT_OK);
        server_use(fixture->conninfo);
        assert_int_equal(server_count(stray), 1);
        assert_int_equal(server_count("SELECT count(*) FROM pg_proc"), functions + 1);
        assert_string_equal(server_ask("SELECT to_regclass('ledger.old_view') IS NULL"
                                       " AND to_regtype('purchase.old_type') IS NULL"),
                            "t");
        assert_int_equal(server_count("SELECT count(*) FROM reports.totals"), 0);
        server_ask("INSERT INTO reports.days DEFAULT VALUES");
        assert_int_equal(server_count("SELECT number FROM reports.days LIMIT 1"), 7);
        assert_int_equal(server_count("SELECT count(*) FROM pg_trigger"
                                      " WHERE tgname = 'postings_balance'"),
                         1);
    }
    server_use(NULL);
}

static void test_a_mistake_leaves_the_database_as_it_was(void **state)
{
    struct fixture *fixture = *state;
    NEEDS_SERVER;
    char manifest[1024] = "";
    for (int version = 1; version <= DB_SCHEMA_VERSION; version++) {
        char line[32];
        snprintf(line, sizeof line, "migration %d a.sql\n", version);
        strcat(manifest, line);
    }
    write_file(fixture->manifest, manifest);
    write_file(fixture->sql, "CREATE SCHEMA farthing;\n\nCREATE TABLE farthing.versions (version"
                             " int PRIMARY KEY);\nSELECT no_such_thing;\n");
    struct db_install work = install(fixture, fixture->directory, false, FT_INTERNAL);
    assert_memory_equal(work.problem, fixture->sql, strlen(fixture->sql));
    assert_memory_equal(work.problem + strlen(fixture->sql), ":4: ", 4);
    server_use(fixture->conninfo);
    assert_int_equal(server_count("SELECT count(*) FROM pg_namespace WHERE nspname = 'farthing'"),
                     0);
    server_use(NULL);
}

static void test_files_of_another_version_are_refused(void **state)
{
    struct fixture *fixture = *state;
    NEEDS_SERVER;
    char manifest[1024] = "";
    for (int version = 1; version <= DB_SCHEMA_VERSION + 1; version++) {
        char line[32];
        snprintf(line, sizeof line, "migration %d a.sql\n", version);
        strcat(manifest, line);
    }
    write_file(fixture->manifest, manifest);
    write_file(fixture->sql, "");
    install(fixture, fixture->directory, false, FT_INTERNAL);
    install(fixture, "/nonexistent", false, FT_INTERNAL);
}

static void test_without_a_server(void **state)
{
    struct fixture *fixture = *state;
    NEEDS_SERVER;
    strcpy(fixture->conninfo, "host=/nonexistent");
    install(fixture, SCHEMA, false, FT_UNAVAILABLE);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_twice_is_harmless_and_newer_is_refused),
        TEST(test_an_upgrade_leaves_only_what_it_made),
        TEST(test_a_mistake_leaves_the_database_as_it_was),
        TEST(test_files_of_another_version_are_refused),
        TEST(test_without_a_server),
    };
    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
