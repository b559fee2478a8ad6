/* SPDX-License-Identifier: GPL-3.0-or-later */
/* farthing key: makes the master key, which wraps the keys in the database. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/secret.h"
#include "farthing/command.h"

#define KEY_TEXT_BYTES (2 * SECRET_KEY_BYTES + 1) /* digits, newline */

static bool make_text(char text_r[KEY_TEXT_BYTES + 1])
{
    struct secret_key key;
    bool success =
        secret_random(key.bytes, sizeof key.bytes) &&
        OPENSSL_buf2hexstr_ex(text_r, KEY_TEXT_BYTES, NULL, key.bytes, sizeof key.bytes, '\0') == 1;
    secret_wipe(&key, sizeof key);
    if (success)
        strcpy(text_r + 2 * SECRET_KEY_BYTES, "\n");
    return success;
}

static int run_create(struct invocation *invocation)
{
    const char *path = invocation->arguments[0];
    char text[KEY_TEXT_BYTES + 1];
    int status = EXIT_FAILURE;
    int file = -1;

    if (!make_text(text)) {
        invocation_fail(invocation, "no randomness");
        goto out;
    }
    file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        invocation_fail(invocation, "%s: %s", path, strerror(errno));
        goto out;
    }
    if (write(file, text, KEY_TEXT_BYTES) != KEY_TEXT_BYTES || fsync(file) != 0) {
        invocation_fail(invocation, "%s: %s", path, strerror(errno));
        unlink(path); /* half a key would only mislead */
        goto out;
    }
    status = EXIT_SUCCESS;

out:
    if (file >= 0)
        close(file);
    secret_wipe(text, sizeof text);
    return status;
}

const struct command key_commands[] = {
    {.group = "key",
     .name = "create",
     .arguments = "FILE",
     .arguments_count = 1,
     .purpose = "makes a new master key in a file",
     .note = "Only the file's owner may read it. Keep a copy: without it, keys in the database\n"
             "cannot be opened. A file that exists is left alone.",
     .run = run_create},
    {0},
};
