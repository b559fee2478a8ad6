/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libconfuse parses; each value is checked as it is read, while the line is known. The result is
 * one block: struct config and behind it the texts it points to.
 */
#include "core/config.h"

#include <confuse.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/config_options.h"

#define OPTIONS_MAX 64 /* in one section */

static const char *const sections[] = {"http",          "tls",    "wss",      "workers",
                                       "database",      "keys",   "security", "provider",
                                       "notifications", "upkeep", "royalty"};
#define SECTIONS_COUNT (sizeof sections / sizeof sections[0])

/* libconfuse's callbacks carry no argument of the caller's, and sections forget their file. */
static _Thread_local const char *reading;
static _Thread_local int problems;

__attribute__((format(printf, 2, 0))) static void report(cfg_t *section, const char *format,
                                                         va_list args)
{
    problems++;
    fprintf(stderr, "%s:%d: ", reading, section->line);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
}

static const struct config_option *find(const char *section, const char *name)
{
    for (size_t i = 0; i < config_options_count; i++)
        if (strcmp(config_options[i].section, section) == 0 &&
            strcmp(config_options[i].name, name) == 0)
            return &config_options[i];
    return NULL;
}

/* Reports, but never stops the parser: the operator sees every wrong value at once. */
static int check_value(cfg_t *section, cfg_opt_t *parsed)
{
    const struct config_option *option = find(cfg_name(section), cfg_opt_name(parsed));
    if (option->kind == CONFIG_NUMBER) {
        long number = cfg_opt_getnint(parsed, 0);
        if (number < option->min || number > option->max)
            cfg_error(section, "%s must be from %d to %d", option->name, option->min, option->max);
    } else if (option->kind != CONFIG_FLAG) {
        const char *rule = option->check(cfg_opt_getnstr(parsed, 0));
        if (rule != NULL)
            cfg_error(section, "%s %s", option->name, rule);
    }
    return 0;
}

static int check_security(cfg_t *file, cfg_opt_t *parsed)
{
    (void)file;
    cfg_t *section = cfg_opt_getnsec(parsed, 0);
    if (cfg_getint(section, "login_default_minutes") > cfg_getint(section, "login_max_minutes"))
        cfg_error(section, "login_default_minutes must not exceed login_max_minutes");
    return 0;
}

static int check_notifications(cfg_t *file, cfg_opt_t *parsed)
{
    (void)file;
    cfg_t *section = cfg_opt_getnsec(parsed, 0);
    if (cfg_getint(section, "retry_first_s") > cfg_getint(section, "retry_last_s"))
        cfg_error(section, "retry_first_s must not exceed retry_last_s");
    return 0;
}

/* Whether there is a certificate; with it, its key. */
static bool check_pair(cfg_t *section)
{
    bool certificate = cfg_getstr(section, "certificate_file")[0] != '\0';
    bool key = cfg_getstr(section, "key_file")[0] != '\0';
    if (certificate != key)
        cfg_error(section, "certificate_file and key_file need each other");
    return certificate;
}

static int check_wss(cfg_t *file, cfg_opt_t *parsed)
{
    (void)file;
    (void)check_pair(cfg_opt_getnsec(parsed, 0));
    return 0;
}

static int check_tls(cfg_t *file, cfg_opt_t *parsed)
{
    (void)file;
    cfg_t *section = cfg_opt_getnsec(parsed, 0);
    bool certificate = check_pair(section);
    bool client_ca = cfg_getstr(section, "client_ca_file")[0] != '\0';
    if (client_ca && !certificate)
        cfg_error(section, "client_ca_file needs certificate_file");
    if (cfg_getbool(section, "client_required") && !client_ca)
        cfg_error(section, "client_required needs client_ca_file");
    return 0;
}

/* A key opens what it sealed for one more period: a token must not be meant to live longer. */
static void check_lifetimes(cfg_t *file)
{
    cfg_t *security = cfg_getsec(file, "security");
    long period_s = cfg_getint(cfg_getsec(file, "keys"), "rotation_hours") * 3600;
    if (cfg_getint(security, "login_max_minutes") * 60 > period_s)
        cfg_error(security, "login_max_minutes must not exceed rotation_hours");
    if (cfg_getint(security, "encrypted_user_id_s") > period_s)
        cfg_error(security, "encrypted_user_id_s must not exceed rotation_hours");
}

/* Writes the options of one section to opts; returns their end. */
static cfg_opt_t *list_options(const char *section, cfg_opt_t *opts)
{
    for (size_t i = 0; i < config_options_count; i++) {
        const struct config_option *option = &config_options[i];
        if (strcmp(option->section, section) != 0)
            continue;
        if (option->kind == CONFIG_NUMBER)
            *opts = (cfg_opt_t)CFG_INT(option->name, option->number, CFGF_NONE);
        else if (option->kind == CONFIG_FLAG)
            *opts = (cfg_opt_t)CFG_BOOL(option->name, option->number != 0, CFGF_NONE);
        else
            *opts = (cfg_opt_t)CFG_STR(option->name, option->text, CFGF_NONE);
        (opts++)->validcb = check_value;
    }
    *opts = (cfg_opt_t)CFG_END();
    return opts;
}

/* NULL: no memory. libconfuse copies the lists of options. */
static cfg_t *parser_new(void)
{
    cfg_opt_t root[OPTIONS_MAX], options[SECTIONS_COUNT][OPTIONS_MAX];
    cfg_opt_t *end = list_options("root", root);
    for (size_t i = 0; i < SECTIONS_COUNT; i++) {
        list_options(sections[i], options[i]);
        *end = (cfg_opt_t)CFG_SEC(sections[i], options[i], CFGF_NONE);
        if (strcmp(sections[i], "security") == 0)
            end->validcb = check_security;
        if (strcmp(sections[i], "tls") == 0)
            end->validcb = check_tls;
        if (strcmp(sections[i], "wss") == 0)
            end->validcb = check_wss;
        if (strcmp(sections[i], "notifications") == 0)
            end->validcb = check_notifications;
        end++;
    }
    *end = (cfg_opt_t)CFG_END();
    cfg_t *file = cfg_init(root, CFGF_NONE);
    if (file != NULL)
        cfg_set_error_function(file, report);
    return file;
}

static cfg_t *section_of(cfg_t *file, const struct config_option *option)
{
    return strcmp(option->section, "root") == 0 ? file : cfg_getsec(file, option->section);
}

/* Room for the texts of file, each with its NUL. */
static size_t measure(cfg_t *file)
{
    size_t bytes = 0;
    for (size_t i = 0; i < config_options_count; i++)
        if (config_options[i].kind == CONFIG_TEXT)
            bytes +=
                strlen(cfg_getstr(section_of(file, &config_options[i]), config_options[i].name)) +
                1;
    return bytes;
}

/* Copies every value; texts go behind the struct. */
static void copy(cfg_t *file, struct config *config)
{
    char *end = (char *)(config + 1);
    for (size_t i = 0; i < config_options_count; i++) {
        const struct config_option *option = &config_options[i];
        cfg_t *section = section_of(file, option);
        void *member = (char *)config + option->offset;
        switch (option->kind) {
        case CONFIG_NUMBER:
            *(int *)member = (int)cfg_getint(section, option->name);
            break;
        case CONFIG_FLAG:
            *(bool *)member = cfg_getbool(section, option->name);
            break;
        case CONFIG_TEXT:
            *(const char **)member = end;
            end = stpcpy(end, cfg_getstr(section, option->name)) + 1;
            break;
        case CONFIG_AMOUNT:
            (void)money_parse(cfg_getstr(section, option->name), member); /* was checked */
            break;
        }
    }
}

struct config *config_read(const char *path)
{
    struct config *config = NULL;
    reading = path;
    problems = 0;
    cfg_t *file = parser_new();
    if (file == NULL) {
        fprintf(stderr, "%s: no memory\n", path);
        goto out;
    }
    switch (cfg_parse(file, path)) {
    case CFG_FILE_ERROR:
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        goto out;
    case CFG_PARSE_ERROR:
        goto out;
    }
    check_lifetimes(file);
    if (problems > 0)
        goto out;
    config = calloc(1, sizeof *config + measure(file));
    if (config == NULL) {
        fprintf(stderr, "%s: no memory\n", path);
        goto out;
    }
    copy(file, config);
out:
    cfg_free(file);
    return config;
}

void config_free(struct config *config)
{
    free(config);
}
