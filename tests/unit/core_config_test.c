/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The configuration: the sample is true, and a wrong file is refused with every problem named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/config.h"
#include "core/config_options.h"

#define SAMPLE TOP_SRCDIR "/deploy/farthing.conf.sample"

static char said[8192]; /* on stderr while a configuration was read */

/* Reads a configuration file with this text. */
static struct config *read_text(const char *text)
{
    char path[] = "/tmp/farthing-config-XXXXXX", log_path[] = "/tmp/farthing-stderr-XXXXXX";
    int file = mkstemp(path), log = mkstemp(log_path), saved = dup(STDERR_FILENO);
    assert_true(file >= 0 && log >= 0 && saved >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    close(file);
    dup2(log, STDERR_FILENO);
    struct config *config = config_read(path);
    dup2(saved, STDERR_FILENO);
    close(saved);
    ssize_t bytes = pread(log, said, sizeof said - 1, 0);
    assert_true(bytes >= 0);
    said[bytes] = '\0';
    close(log);
    unlink(path);
    unlink(log_path);
    return config;
}

/* The first problem named is in this line and breaks this rule. */
static void assert_refused(const char *text, const char *line_and_rule)
{
    assert_null(read_text(text));
    static const char path[] = "/tmp/farthing-config-XXXXXX";
    assert_true(strlen(said) > sizeof path);
    assert_int_equal(strncmp(said, path, sizeof path - 7), 0);
    if (strncmp(said + sizeof path - 1, line_and_rule, strlen(line_and_rule)) != 0)
        fail_msg("expected \"%s\" in: %s", line_and_rule, said);
}

static const void *member(const struct config *config, const struct config_option *option)
{
    return (const char *)config + option->offset;
}

static void an_empty_file_means_the_defaults(void **state)
{
    (void)state;
    struct config *config = read_text("");
    assert_non_null(config);
    assert_string_equal(said, "");
    assert_int_equal(config->http.port, 8080);
    assert_string_equal(config->public_url, "http://localhost:8080");
    assert_int_equal(config->provider.sign_up_bonus, 0);
    assert_false(config->notifications.allow_private);
    config_free(config);
}

static void the_sample_shows_every_option_with_its_default(void **state)
{
    (void)state;
    struct config *sample = config_read(SAMPLE), *defaults = read_text("");
    assert_non_null(sample);
    assert_non_null(defaults);
    char *text = calloc(1, 65536);
    FILE *file = fopen(SAMPLE, "r");
    assert_non_null(text);
    assert_non_null(file);
    assert_true(fread(text, 1, 65535, file) > 0);
    fclose(file);
    for (size_t i = 0; i < config_options_count; i++) {
        const struct config_option *option = &config_options[i];
        char assignment[100];
        snprintf(assignment, sizeof assignment, " %s = ", option->name);
        if (strcmp(option->section, "root") == 0)
            assignment[0] = '\n';
        if (strstr(text, assignment) == NULL)
            fail_msg("the sample lacks %s.%s", option->section, option->name);
        const void *shown = member(sample, option), *wanted = member(defaults, option);
        if (option->kind == CONFIG_TEXT)
            assert_string_equal(*(char *const *)shown, *(char *const *)wanted);
        else
            assert_memory_equal(shown, wanted,
                                option->kind == CONFIG_NUMBER ? sizeof(int)
                                : option->kind == CONFIG_FLAG ? sizeof(bool)
                                                              : sizeof(money_t));
    }
    free(text);
    config_free(sample);
    config_free(defaults);
}

static void values_are_read_exactly(void **state)
{
    (void)state;
    struct config *config = read_text("public_url = \"https://msp.example\"\n"
                                      "database { batch_patience_ms = 0 }\n"
                                      "http { port = 65535 address = \"::1\" }\n"
                                      "provider { sign_up_bonus = \"0.000001\" currency = JPY }\n"
                                      "notifications { allow_private = true }\n");
    assert_non_null(config);
    assert_string_equal(config->public_url, "https://msp.example");
    assert_string_equal(config->http.address, "::1");
    assert_int_equal(config->http.port, 65535);
    assert_int_equal(config->database.batch_patience_ms, 0);
    assert_int_equal(config->provider.sign_up_bonus, 1);
    assert_string_equal(config->provider.currency, "JPY");
    assert_true(config->notifications.allow_private);
    config_free(config);
}

static void every_wrong_value_is_reported_with_its_line(void **state)
{
    (void)state;
    assert_refused("http {\n port = 65536\n threads = 0\n}\nprovider {\n currency = XYZ\n}\n",
                   ":2: port must be from 0 to 65535");
    assert_non_null(strstr(said, ":3: threads must be from 1 to 64"));
    assert_non_null(strstr(said, ":6: currency must be"));
}

static void wrong_files_are_refused(void **state)
{
    (void)state;
    assert_refused("\nhttps {}\n", ":2: no such option 'https'");
    assert_refused("http {\n\n prot = 1\n}", ":3: no such option 'prot'");
    assert_refused("http { port = many }", ":1: invalid integer value");
    assert_refused("http { port = 99999999999999999999 }", ":1: ");
    assert_refused("http { address = localhost }", ":1: address must be");
    assert_refused("public_url = \"https://msp.example/\"", ":1: public_url must be");
    assert_refused("public_url = \"ftp://msp.example\"", ":1: public_url must be");
    assert_refused("log_level = loud", ":1: log_level must be");
    assert_refused("provider { sign_up_bonus = \"1e3\" }", ":1: sign_up_bonus must be");
    assert_refused("provider { sign_up_bonus = \"-1\" }", ":1: sign_up_bonus must be");
    assert_refused("provider { sign_up_bonus = \"0.0000001\" }", ":1: sign_up_bonus must be");
    assert_refused("notifications { allow_private = perhaps }", ":1: ");
    assert_refused("notifications { answer_bytes = 0 }", ":1: answer_bytes must be from 1024 to");
    assert_refused("notifications {\n retry_first_s = 9\n retry_last_s = 8\n}",
                   ":4: retry_first_s must not exceed retry_last_s");
    assert_refused("upkeep { request_id_days = 6 }", ":1: request_id_days must be from 7 to");
    assert_refused("database { batch_patience_ms = -1 }",
                   ":1: batch_patience_ms must be from 0 to");
    assert_refused("database { batch_overlap_percent = -1 }",
                   ":1: batch_overlap_percent must be from 0 to");
    assert_refused("upkeep { rows = 0 }", ":1: rows must be from 1 to");
    assert_refused("provider { name = \"\" }", ":1: name must not be empty");
    assert_refused("security {\n login_default_minutes = 60\n login_max_minutes = 59\n}",
                   ":4: login_default_minutes must not exceed login_max_minutes");
    assert_refused("tls {\n certificate_file = a\n}", ":3: certificate_file and key_file need");
    assert_refused("tls {\n key_file = a\n}", ":3: certificate_file and key_file need");
    assert_refused("wss {\n key_file = a\n}", ":3: certificate_file and key_file need");
    assert_refused("tls { client_ca_file = a }", ":1: client_ca_file needs certificate_file");
    assert_refused("tls { certificate_file = a key_file = b client_required = true }",
                   ":1: client_required needs client_ca_file");
    assert_refused("keys { rotation_hours = 2 }\nsecurity {\n login_max_minutes = 121\n}",
                   ":4: login_max_minutes must not exceed rotation_hours");
}

static void a_missing_file_is_named(void **state)
{
    (void)state;
    assert_null(config_read("/nonexistent/farthing.conf"));
    config_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_file_means_the_defaults),
        cmocka_unit_test(the_sample_shows_every_option_with_its_default),
        cmocka_unit_test(values_are_read_exactly),
        cmocka_unit_test(every_wrong_value_is_reported_with_its_line),
        cmocka_unit_test(wrong_files_are_refused),
        cmocka_unit_test(a_missing_file_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
