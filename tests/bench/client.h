/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One HTTP/1.1 keep-alive connection of the load generator: a request out, its response in,
 * without blocking. It knows just the framing that farthingd sends: Content-Length on everything.
 */
#ifndef FARTHING_BENCH_CLIENT_H
#define FARTHING_BENCH_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/un.h>

#define CLIENT_REQUEST_BYTES 4096
#define CLIENT_RESPONSE_BYTES 65536

struct client {
    int fd; /* -1: closed */
    char request[CLIENT_REQUEST_BYTES];
    size_t request_bytes;
    char response[CLIENT_RESPONSE_BYTES + 1];
    size_t received_bytes;
    /* Of the response, once it is whole; both texts end in NUL, the header before the body. */
    int status;
    const char *header;
    const char *body;
    bool closing; /* the server ends the connection after this response */
};

enum client_progress {
    CLIENT_READ, /* wait until more has come */
    CLIENT_DONE,
    CLIENT_BROKEN, /* closed, or a response that is not understood */
};

/* Opens a non-blocking socket and connects it. False: errno says why. */
bool client_open(struct client *client, const struct sockaddr_un *address);
void client_close(struct client *client);

/* Writes a request with printf's format; body NULL: GET. False: it does not fit. */
bool client_request(struct client *client, const char *path, const char *cookie,
                    const char *content_type, const char *body);

/* Sends the request. A Unix socket takes it whole, else its connection is broken, as shows when it
 * becomes ready. */
void client_send(struct client *client);

/* Receives as far as possible now. */
enum client_progress client_receive(struct client *client);

#endif
