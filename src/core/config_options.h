/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every option of the configuration file with its default and its bounds, for the reader in
 * config.c and for the test that compares deploy/farthing.conf.sample.
 */
#ifndef FARTHING_CORE_CONFIG_OPTIONS_H
#define FARTHING_CORE_CONFIG_OPTIONS_H

#include <stddef.h>

enum config_kind { CONFIG_NUMBER, CONFIG_TEXT, CONFIG_AMOUNT, CONFIG_FLAG };

struct config_option {
    const char *section; /* "root": outside of sections */
    const char *name;
    enum config_kind kind;
    size_t offset; /* in struct config: an int, a const char *, a money_t or a bool */
    int number;    /* default, and bounds, of a number; default of a flag, 0 or 1 */
    int min;
    int max;
    const char *text;                       /* default of a text or an amount */
    const char *(*check)(const char *text); /* NULL, or what the text must be: "must not be …" */
};

/* Options of one section stand together. */
extern const struct config_option config_options[];
extern const size_t config_options_count;

#endif
