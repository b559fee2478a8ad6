/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What schema/manifest may say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/manifest.h"

struct fixture {
    struct arena *arena;
    char directory[64];
};

static void write_file(const struct fixture *fixture, const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", fixture->directory, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture.arena = arena_new(1 << 20);
    strcpy(fixture.directory, "/tmp/farthing-manifest-XXXXXX");
    if (mkdtemp(fixture.directory) == NULL)
        return 1;
    write_file(&fixture, "a.sql", "SELECT 'a';\n");
    write_file(&fixture, "b.sql", "");
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = {"a.sql", "b.sql", "manifest"};
    struct fixture *fixture = *state;
    char path[128];
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", fixture->directory, names[i]);
        unlink(path);
    }
    arena_free(fixture->arena);
    return rmdir(fixture->directory);
}

static const char *problem_of(const struct fixture *fixture, const char *text)
{
    struct manifest manifest;
    write_file(fixture, "manifest", text);
    return manifest_read(fixture->arena, fixture->directory, &manifest);
}

static void test_steps_come_in_their_order(void **state)
{
    struct fixture *fixture = *state;
    struct manifest manifest;
    write_file(fixture, "manifest",
               "# a comment\n"
               "reload b.sql # and another\n"
               "\n"
               "migration 1 a.sql\n"
               "migration\t1  b.sql\n"
               "migration 2 a.sql");
    assert_null(manifest_read(fixture->arena, fixture->directory, &manifest));
    assert_int_equal(manifest.count, 4);
    assert_int_equal(manifest.version, 2);
    assert_int_equal(manifest.steps[0].version, 0);
    assert_int_equal(manifest.steps[2].version, 1);
    assert_string_equal(manifest.steps[1].sql, "SELECT 'a';\n");
    assert_string_equal(manifest.steps[2].sql, "");
}

static void test_mistakes_are_named_with_their_line(void **state)
{
    static const struct {
        const char *text, *problem;
    } cases[] = {
        {"", "/manifest: no migration"},
        {"reload a.sql\n", "/manifest: no migration"},
        {"\nmigrate 1 a.sql\n", "/manifest:2: a step is a migration or a reload"},
        {"migration 2 a.sql\n", "/manifest:1: migrations are numbered from 1 upwards"},
        {"migration 0 a.sql\n", "/manifest:1: migrations are numbered from 1 upwards"},
        {"migration x a.sql\n", "/manifest:1: migrations are numbered from 1 upwards"},
        {"migration\n", "/manifest:1: migrations are numbered from 1 upwards"},
        {"migration 1 a.sql\nmigration 3 a.sql\n",
         "/manifest:2: migrations are numbered from 1 upwards"},
        {"migration 1 a.sql\nmigration 2 a.sql\nmigration 1 a.sql\n",
         "/manifest:3: migrations are numbered from 1 upwards"},
        {"migration 1\n", "/manifest:1: a step names one file"},
        {"migration 1 a.sql b.sql\n", "/manifest:1: a step names one file"},
        {"migration 1 c.sql\n", "/c.sql: No such file or directory"},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *problem = problem_of(fixture, cases[i].text);
        assert_non_null(problem);
        assert_memory_equal(problem, fixture->directory, strlen(fixture->directory));
        assert_string_equal(problem + strlen(fixture->directory), cases[i].problem);
    }
}

static void test_without_a_manifest(void **state)
{
    struct fixture *fixture = *state;
    struct manifest manifest;
    assert_non_null(manifest_read(fixture->arena, fixture->directory, &manifest));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_steps_come_in_their_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_mistakes_are_named_with_their_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_without_a_manifest, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
