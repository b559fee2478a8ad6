/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Listens to a Unix socket, for a proxy on the same machine. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/log.h"
#include "http/internal.h"

#define MODE 0660

/* Whether the file is a socket to which nobody listens: of a server that was killed. */
static bool is_abandoned(const struct sockaddr_un *address)
{
    struct stat status;
    if (lstat(address->sun_path, &status) != 0 || !S_ISSOCK(status.st_mode))
        return false;
    int client = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool refused = client >= 0 &&
                   connect(client, (const struct sockaddr *)address, sizeof *address) != 0 &&
                   errno == ECONNREFUSED;
    if (client >= 0)
        close(client);
    return refused;
}

static bool bind_to(int listening, const struct sockaddr_un *address)
{
    const struct sockaddr *any = (const struct sockaddr *)address;
    if (bind(listening, any, sizeof *address) == 0)
        return true;
    if (errno != EADDRINUSE)
        return false;
    if (is_abandoned(address) && unlink(address->sun_path) == 0)
        return bind(listening, any, sizeof *address) == 0;
    errno = EADDRINUSE;
    return false;
}

/* Nobody connects before the file's mode says who may. */
static bool listen_to(int listening, const struct sockaddr_un *address)
{
    if (!bind_to(listening, address))
        return false;
    if (chmod(address->sun_path, MODE) == 0 && listen(listening, SOMAXCONN) == 0)
        return true;
    int problem = errno;
    unlink(address->sun_path);
    errno = problem;
    return false;
}

int proxy_socket_listen(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    int listening = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listening >= 0 && listen_to(listening, &address))
        return listening;
    log_event(LOG_ERROR, "not listening", "file", LOG_TEXT(path), "cause",
              LOG_TEXT(strerrordesc_np(errno)), NULL);
    if (listening >= 0)
        close(listening);
    return -1;
}
