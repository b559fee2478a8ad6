/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "farthing/password.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "core/secret.h"

static bool read_line(char text_r[PASSWORD_SIZE])
{
    if (fgets(text_r, PASSWORD_SIZE, stdin) == NULL)
        return false;
    size_t length = strcspn(text_r, "\n");
    bool complete = text_r[length] == '\n' || feof(stdin);
    text_r[length] = '\0';
    return complete;
}

static bool prompt(const char *question, char text_r[PASSWORD_SIZE])
{
    struct termios before, silent;
    if (tcgetattr(STDIN_FILENO, &before) != 0)
        return false;
    silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    fputs(question, stderr);
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) != 0)
        return false;
    bool complete = read_line(text_r);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    fputc('\n', stderr);
    return complete;
}

bool password_read(const struct invocation *invocation, char password_r[PASSWORD_SIZE])
{
    char again[PASSWORD_SIZE] = "";
    const char *problem = NULL;
    setvbuf(stdin, NULL, _IONBF, 0); /* so that no copy stays in a buffer of the library's */
    if (!isatty(STDIN_FILENO)) {
        if (!read_line(password_r))
            problem = "the password is expected on standard input, as one line";
    } else if (!prompt("Password: ", password_r) || !prompt("Once more: ", again)) {
        problem = "the password could not be read";
    } else if (strcmp(password_r, again) != 0) {
        problem = "the two passwords differ";
    }
    secret_wipe(again, sizeof again);
    if (problem == NULL)
        return true;
    secret_wipe(password_r, PASSWORD_SIZE);
    invocation_fail(invocation, "%s", problem);
    return false;
}
