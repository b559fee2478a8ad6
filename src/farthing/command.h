/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command of the operator's, and one invocation of it. */
#ifndef FARTHING_FARTHING_COMMAND_H
#define FARTHING_FARTHING_COMMAND_H

#include <stdbool.h>

#include "core/call.h"
#include "core/time.h"

#define EXIT_USAGE 2
#define COMMAND_OPTIONS_MAX 16 /* kinds */
#define COMMAND_GIVEN_MAX 64   /* on one command line */

struct command_option {
    const char *name;     /* "currency" */
    const char *argument; /* as help shows it: "CODE"; "": it has none */
    const char *help;
    bool required;
};

struct invocation;

struct command {
    const char *group;
    const char *name;
    const char *arguments; /* as help shows them: "LOGIN"; "" */
    int arguments_count;
    bool arguments_more; /* the last of them may come any number of times */
    const char *purpose;
    const char *note;                                   /* more for its own help; NULL: nothing */
    struct command_option options[COMMAND_OPTIONS_MAX]; /* ended by a NULL name */
    int (*run)(struct invocation *invocation);          /* gives the exit status */
};

struct invocation {
    const struct command *command;
    const char *config_path; /* NULL: not given */
    const char *data_directory;
    const char *conninfo; /* NULL: not given */
    char *const *arguments;
    int arguments_count;
    struct {
        const char *name;
        const char *value;
    } given[COMMAND_GIVEN_MAX];
    int given_count;
};

/* Of each group; ended by a NULL group. */
extern const struct command audit_commands[];
extern const struct command db_commands[];
extern const struct command key_commands[];
extern const struct command vendor_commands[];
extern const struct command vendor_security_commands[];
extern const struct command user_commands[];
extern const struct command funds_commands[];
extern const struct command ledger_commands[];
extern const struct command incentive_commands[];
extern const struct command notification_commands[];
extern const struct command settle_commands[];
extern const struct command payout_commands[];
extern const struct command royalty_commands[];
extern const struct command owner_commands[];

/* The value of an option, fallback when it was not given. The last one counts. Without an argument:
 * "". */
const char *invocation_value(const struct invocation *invocation, const char *name,
                             const char *fallback);

/* The first argument as a vendor's number, and an option that was given as a time. False: said what
 * it must be. */
bool invocation_vendor(const struct invocation *invocation, int *vendor_id_r);
bool invocation_time(const struct invocation *invocation, const char *name, time_us_t *time_r);
/* Likewise; 0 when it was not given. */
bool invocation_optional_time(const struct invocation *invocation, const char *name,
                              time_us_t *time_r);

/* An option that may have been given, as a number from 1 on (else *number_r stays), or as a day, as
 * it was typed (else NULL). False: said what it must be. */
bool invocation_number(const struct invocation *invocation, const char *name, int *number_r);
bool invocation_date(const struct invocation *invocation, const char *name, const char **date_r);

/* Says what went wrong on stderr; returns EXIT_FAILURE. */
int invocation_fail(const struct invocation *invocation, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int invocation_fail_with(const struct invocation *invocation, const struct call *call,
                         enum ft_error error);

#endif
