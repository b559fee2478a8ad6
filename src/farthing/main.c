/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operator's command: finds the command that is meant, and reads its options. */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "farthing/command.h"

static const struct command *const groups[] = {
    db_commands,    key_commands,    vendor_commands,    vendor_security_commands, user_commands,
    funds_commands, ledger_commands, incentive_commands, notification_commands,    royalty_commands,
    owner_commands, settle_commands, payout_commands,    audit_commands,
};
#define GROUPS_COUNT (sizeof groups / sizeof groups[0])

enum { OPTION_CONNINFO = 1000, OPTION_HELP, OPTION_VERSION, OPTION_OF_COMMAND };

#define COMMON_OPTIONS 5
static const struct option common_options[COMMON_OPTIONS] = {
    {"config", required_argument, NULL, 'c'},
    {"data", required_argument, NULL, 'd'},
    {"conninfo", required_argument, NULL, OPTION_CONNINFO},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
};

static const char common_help[] =
    "  -c, --config FILE       the server's configuration, by default\n"
    "                          /etc/farthing/farthing.conf\n"
    "  -d, --data DIRECTORY    installed files, by default " PKGDATADIR "\n"
    "      --conninfo TEXT     the database and role, as libpq reads it; by default the\n"
    "                          configuration's database as role farthing_dba\n"
    "      --help              this, or a command's own help\n"
    "      --version\n";

static void print_usage(FILE *out)
{
    fputs("Usage: farthing [OPTION...] GROUP COMMAND [OPTION...] [ARGUMENT...]\n"
          "Operates Farthing, a micropayment service.\n\nCommands:\n",
          out);
    for (size_t i = 0; i < GROUPS_COUNT; i++) {
        for (const struct command *command = groups[i]; command->group != NULL; command++) {
            char words[64];
            snprintf(words, sizeof words, "%s %s %s", command->group, command->name,
                     command->arguments);
            fprintf(out, "  %-38s %s\n", words, command->purpose);
        }
    }
    fprintf(out, "\nOptions:\n%s", common_help);
}

static void print_help(const struct command *command)
{
    printf("Usage: farthing %s %s", command->group, command->name);
    for (const struct command_option *option = command->options; option->name != NULL; option++)
        if (option->required)
            printf(" --%s %s", option->name, option->argument);
    printf(" [OPTION...]%s%s\n%c%s.\n", command->arguments[0] != '\0' ? " " : "",
           command->arguments, toupper((unsigned char)command->purpose[0]), command->purpose + 1);
    if (command->note != NULL)
        printf("%s\n", command->note);
    fputs("\nOptions:\n", stdout);
    for (const struct command_option *option = command->options; option->name != NULL; option++) {
        char words[64];
        snprintf(words, sizeof words, "--%s %s", option->name, option->argument);
        printf("      %-19s %s\n", words, option->help);
    }
    fputs(common_help, stdout);
}

const char *invocation_value(const struct invocation *invocation, const char *name,
                             const char *fallback)
{
    const char *value = fallback;
    for (int i = 0; i < invocation->given_count; i++)
        if (strcmp(invocation->given[i].name, name) == 0)
            value = invocation->given[i].value;
    return value;
}

/* A number from 1 to INT_MAX. */
static bool parse_number(const char *text, int *number_r)
{
    char *end = NULL;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < 1 || number > INT_MAX)
        return false;
    *number_r = (int)number;
    return true;
}

bool invocation_vendor(const struct invocation *invocation, int *vendor_id_r)
{
    if (parse_number(invocation->arguments[0], vendor_id_r))
        return true;
    invocation_fail(invocation, "ID must be a vendor's number");
    return false;
}

bool invocation_number(const struct invocation *invocation, const char *name, int *number_r)
{
    const char *text = invocation_value(invocation, name, NULL);
    if (text == NULL || parse_number(text, number_r))
        return true;
    invocation_fail(invocation, "--%s must be a number from 1 on", name);
    return false;
}

bool invocation_date(const struct invocation *invocation, const char *name, const char **date_r)
{
    char text[TIME_TEXT_SIZE];
    time_us_t midnight;
    *date_r = invocation_value(invocation, name, NULL);
    if (*date_r == NULL)
        return true;
    snprintf(text, sizeof text, "%sT00:00:00Z", *date_r);
    if (strlen(*date_r) == strlen("2026-12-31") && time_parse(text, &midnight))
        return true;
    invocation_fail(invocation, "--%s must be a day such as 2026-12-31", name);
    return false;
}

bool invocation_time(const struct invocation *invocation, const char *name, time_us_t *time_r)
{
    if (time_parse(invocation_value(invocation, name, ""), time_r))
        return true;
    invocation_fail(invocation, "--%s must be a time such as 2026-12-31T23:00:00Z", name);
    return false;
}

bool invocation_optional_time(const struct invocation *invocation, const char *name,
                              time_us_t *time_r)
{
    *time_r = 0;
    return invocation_value(invocation, name, NULL) == NULL ||
           invocation_time(invocation, name, time_r);
}

int invocation_fail(const struct invocation *invocation, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "farthing %s %s: ", invocation->command->group, invocation->command->name);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return EXIT_FAILURE;
}

int invocation_fail_with(const struct invocation *invocation, const struct call *call,
                         enum ft_error error)
{
    char words[64];
    const char *refusal = error == FT_INVALID_PARAMETER ? call_refusal(call) : NULL;
    if (refusal != NULL)
        return invocation_fail(invocation, "%s", refusal);
    snprintf(words, sizeof words, "%s", ft_error_name(error));
    for (char *at = words; *at != '\0'; at++)
        *at = *at == '_' ? ' ' : (char)tolower((unsigned char)*at);
    return invocation_fail(invocation, "%s", words);
}

static const struct command *find_command(const char *group, const char *name)
{
    for (size_t i = 0; i < GROUPS_COUNT; i++)
        for (const struct command *command = groups[i]; command->group != NULL; command++)
            if (strcmp(command->group, group) == 0 && strcmp(command->name, name) == 0)
                return command;
    return NULL;
}

/* Handles an option that every command has. False: it is the command's own. */
static bool take_common(struct invocation *invocation, int option)
{
    switch (option) {
    case 'c':
        invocation->config_path = optarg;
        return true;
    case 'd':
        invocation->data_directory = optarg;
        return true;
    case OPTION_CONNINFO:
        invocation->conninfo = optarg;
        return true;
    case OPTION_HELP:
        if (invocation->command != NULL)
            print_help(invocation->command);
        else
            print_usage(stdout);
        exit(EXIT_SUCCESS);
    case OPTION_VERSION:
        puts("farthing " PACKAGE_VERSION);
        exit(EXIT_SUCCESS);
    case '?':
        exit(EXIT_USAGE);
    default:
        return false;
    }
}

static _Noreturn void refuse_usage(const struct invocation *invocation, const char *problem,
                                   const char *word)
{
    const struct command *command = invocation->command;
    fprintf(stderr, "farthing: %s: %s\nTry \"farthing ", problem, word);
    if (command != NULL)
        fprintf(stderr, "%s %s ", command->group, command->name);
    fputs("--help\".\n", stderr);
    exit(EXIT_USAGE);
}

/* Reads what follows the command's name. */
static void read_options(struct invocation *invocation, int argc, char **argv)
{
    const struct command *command = invocation->command;
    struct option known[COMMON_OPTIONS + COMMAND_OPTIONS_MAX + 1] = {0};
    int option;
    int count = 0;
    memcpy(known, common_options, sizeof common_options);
    while (command->options[count].name != NULL) {
        bool flag = command->options[count].argument[0] == '\0';
        known[COMMON_OPTIONS + count] =
            (struct option){command->options[count].name, flag ? no_argument : required_argument,
                            NULL, OPTION_OF_COMMAND + count};
        count++;
    }
    optind = 0; /* begins anew */
    while ((option = getopt_long(argc, argv, "c:d:", known, NULL)) != -1) {
        if (take_common(invocation, option))
            continue;
        if (invocation->given_count == COMMAND_GIVEN_MAX)
            refuse_usage(invocation, "too many options", optarg);
        invocation->given[invocation->given_count].name =
            command->options[option - OPTION_OF_COMMAND].name;
        invocation->given[invocation->given_count++].value = optarg != NULL ? optarg : "";
    }
    for (int i = 0; i < count; i++)
        if (command->options[i].required &&
            invocation_value(invocation, command->options[i].name, NULL) == NULL)
            refuse_usage(invocation, "this option must be given", command->options[i].name);
    invocation->arguments_count = argc - optind;
    if (invocation->arguments_count < command->arguments_count ||
        (invocation->arguments_count > command->arguments_count && !command->arguments_more))
        refuse_usage(invocation, "the arguments are",
                     command->arguments_count > 0 ? command->arguments : "none");
    invocation->arguments = argv + optind;
}

int main(int argc, char **argv)
{
    static struct option known[COMMON_OPTIONS + 1];
    struct invocation invocation = {.data_directory = PKGDATADIR};
    int option;
    log_set_level(LOG_ERROR);
    memcpy(known, common_options, sizeof common_options);
    while ((option = getopt_long(argc, argv, "+c:d:", known, NULL)) != -1)
        take_common(&invocation, option);
    if (argc - optind < 2) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    invocation.command = find_command(argv[optind], argv[optind + 1]);
    if (invocation.command == NULL)
        refuse_usage(&invocation, "no such group or command", argv[optind]);
    argv[optind + 1] = argv[0]; /* for getopt's messages */
    read_options(&invocation, argc - optind - 1, argv + optind + 1);
    return invocation.command->run(&invocation);
}
