/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For tests of src/http: a configuration, a client that sends raw bytes, and a gate at which a
 * handler waits until the test lets it pass.
 */
#ifndef FARTHING_TESTS_HTTP_CLIENT_H
#define FARTHING_TESTS_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "http/http.h"

/* Small limits on 127.0.0.1, any port. */
struct config http_client_config(void);

/* A server with that configuration; NULL: it did not start. Owner calls http_server_stop. */
struct http_server *http_client_serve(const struct http_route *routes, size_t count);

struct answer {
    int status;
    char text[65536]; /* head and body */
    char *body;
    bool closed; /* the server closed the connection behind it */
};

/* A connected socket whose reads fail the test after 10 seconds. */
int http_client_connect(const struct http_server *server);
/* The same on a port; -1: nobody listens. */
int http_client_try_connect(int port);
void http_client_send(int socket, const char *bytes, size_t count);
void http_client_say(int socket, const char *text);
/* Reads one answer, by its Content-Length. has_body is false for an answer to HEAD. */
void http_client_read(int socket, bool has_body, struct answer *answer_r);
/* The connection ends without a further byte. */
void http_client_expect_end(int socket);
/* One request on a connection of its own, which then ends. */
void http_client_ask(const struct http_server *server, const char *request,
                     struct answer *answer_r);
/* The value of a header of the answer, "" when absent. Storage of the thread. */
const char *http_client_header(const struct answer *answer, const char *name);

/* Whether the metrics have this text now; and waiting until they do, which fails after 10 seconds.
 */
bool metric_is_shown(const char *text);
void metric_await(const char *text);

struct gate;
struct gate *gate_new(void);
void gate_free(struct gate *gate);
/* In a handler: says that it has arrived, waits until the gate is open. */
void gate_enter(struct gate *gate);
/* In a test: waits until so many have arrived, altogether. */
void gate_await(struct gate *gate, int arrivals);
void gate_open(struct gate *gate);

#endif
