/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The load generator's side of HTTP/1.1. */
#include "client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool client_open(struct client *client, const struct sockaddr_un *address)
{
    client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (client->fd < 0)
        return false;
    if (connect(client->fd, (const struct sockaddr *)address, sizeof(*address)) == 0)
        return true;
    client_close(client);
    return false;
}

void client_close(struct client *client)
{
    if (client->fd >= 0)
        close(client->fd);
    client->fd = -1;
}

bool client_request(struct client *client, const char *path, const char *cookie,
                    const char *content_type, const char *body)
{
    char type[128] = "", cookies[1024] = "";
    if (content_type != NULL)
        snprintf(type, sizeof(type), "Content-Type: %s\r\nContent-Length: %zu\r\n", content_type,
                 strlen(body));
    if (cookie != NULL)
        snprintf(cookies, sizeof(cookies), "Cookie: %s\r\n", cookie);
    int bytes = snprintf(
        client->request, sizeof(client->request), "%s %s HTTP/1.1\r\nHost: localhost\r\n%s%s\r\n%s",
        body != NULL ? "POST" : "GET", path, cookies, type, body != NULL ? body : "");
    if (bytes < 0 || (size_t)bytes >= sizeof(client->request))
        return false;
    client->request_bytes = (size_t)bytes;
    client->received_bytes = 0;
    return true;
}

void client_send(struct client *client)
{
    ssize_t sent = send(client->fd, client->request, client->request_bytes, MSG_NOSIGNAL);
    if (sent != (ssize_t)client->request_bytes)
        (void)shutdown(client->fd, SHUT_RDWR);
}

/* Whole when header and the body it announces are there. */
static enum client_progress parse_response(struct client *client)
{
    client->response[client->received_bytes] = '\0';
    char *end = strstr(client->response, "\r\n\r\n");
    if (end == NULL)
        return CLIENT_READ;
    const char *length = strcasestr(client->response, "\r\nContent-Length:");
    if (strncmp(client->response, "HTTP/1.1 ", 9) != 0 || length == NULL || length > end)
        return CLIENT_BROKEN;
    size_t wanted = (size_t)(end + 4 - client->response) + strtoul(length + 17, NULL, 10);
    if (client->received_bytes < wanted)
        return CLIENT_READ;
    if (client->received_bytes > wanted)
        return CLIENT_BROKEN;
    end[2] = '\0';
    client->status = atoi(client->response + 9);
    client->header = client->response;
    client->body = end + 4;
    client->closing = strcasestr(client->header, "\r\nConnection: close") != NULL;
    return CLIENT_DONE;
}

enum client_progress client_receive(struct client *client)
{
    enum client_progress progress = CLIENT_READ;
    while (progress == CLIENT_READ) {
        size_t room = CLIENT_RESPONSE_BYTES - client->received_bytes;
        ssize_t received = recv(client->fd, client->response + client->received_bytes, room, 0);
        if (received < 0 && errno == EAGAIN)
            return CLIENT_READ;
        if (received <= 0)
            return CLIENT_BROKEN;
        client->received_bytes += (size_t)received;
        progress = parse_response(client);
    }
    return progress;
}
