/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FARTHING_FARTHING_PASSWORD_H
#define FARTHING_FARTHING_PASSWORD_H

#include "farthing/command.h"

#define PASSWORD_SIZE                                                          \
    514 /* 128 characters of UTF-8, a newline and NUL, and room to notice more \
         */

/*
 * Reads a password: from the terminal, twice and without echo, else one line of standard input.
 * False: said why. Owner wipes password_r with secret_wipe.
 */
bool password_read(const struct invocation *invocation, char password_r[PASSWORD_SIZE]);

#endif
