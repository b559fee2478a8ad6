/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files for their owner's eyes only; the master key's holds 64 hexadecimal digits and a newline. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/secret.h"

#define DIGITS (2 * SECRET_KEY_BYTES)

/* NULL: the file behind descriptor may be trusted with a key. */
static const char *check_file(int descriptor)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return strerrordesc_np(errno);
    if (!S_ISREG(status.st_mode))
        return "is not a regular file";
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return "may be read or changed by others: chmod 600 it";
    return NULL;
}

size_t secret_file_read(const char *path, char *bytes_r, size_t room, const char **problem_r)
{
    ssize_t got = 0;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    *problem_r = descriptor < 0 ? strerrordesc_np(errno) : check_file(descriptor);
    if (*problem_r == NULL) {
        got = read(descriptor, bytes_r, room);
        if (got < 0)
            *problem_r = strerrordesc_np(errno);
    }
    if (descriptor >= 0)
        close(descriptor);
    return *problem_r == NULL ? (size_t)got : 0;
}

bool secret_key_read(const char *path, struct secret_key *key_r, const char **problem_r)
{
    char text[DIGITS + 3] = {0}; /* room to notice that there is more */
    size_t bytes = 0;
    memset(key_r, 0, sizeof *key_r);
    size_t got = secret_file_read(path, text, sizeof text - 1, problem_r);
    if (*problem_r == NULL && (got != DIGITS + 1 || text[DIGITS] != '\n' ||
                               strspn(text, "0123456789abcdefABCDEF") != DIGITS))
        *problem_r = "does not hold 64 hexadecimal digits and a newline";
    if (*problem_r == NULL) {
        text[DIGITS] = '\0';
        if (OPENSSL_hexstr2buf_ex(key_r->bytes, SECRET_KEY_BYTES, &bytes, text, '\0') != 1)
            *problem_r = "cannot be decoded";
    }
    secret_wipe(text, sizeof text);
    return *problem_r == NULL;
}

bool secret_key_create(const char *path, const char **problem_r)
{
    struct secret_key key;
    char text[DIGITS + 2];
    *problem_r = NULL;
    if (!secret_random(&key, sizeof key) ||
        OPENSSL_buf2hexstr_ex(text, sizeof text, NULL, key.bytes, SECRET_KEY_BYTES, '\0') != 1) {
        *problem_r = "no random key could be made";
        return false;
    }
    text[DIGITS] = '\n';
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor < 0) {
        *problem_r = strerrordesc_np(errno);
    } else {
        errno = EIO; /* stays when a write is cut short */
        if (write(descriptor, text, DIGITS + 1) != DIGITS + 1 || fsync(descriptor) != 0) {
            *problem_r = strerrordesc_np(errno);
            unlink(path);
        }
        close(descriptor);
    }
    secret_wipe(&key, sizeof key);
    secret_wipe(text, sizeof text);
    return *problem_r == NULL;
}
