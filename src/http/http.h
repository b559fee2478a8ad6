/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The HTTP server as the layers above see it: routes, requests, responses.
 *
 * libmicrohttpd's threads read requests and write responses. A handler runs on a worker thread,
 * with the connection suspended, and may block until the call's deadline; that of a route that
 * `waits` runs on libmicrohttpd's thread, and waits as struct call_host has it. Limits and
 * deadlines of struct config are enforced before a handler sees the request: framing that two
 * readers could understand differently (several Content-Length, Content-Length with
 * Transfer-Encoding, control characters in a header) gets 400, a POST that does not say its length
 * 411, a body over the route's limit 413, a full queue 503 with Retry-After.
 */
#ifndef FARTHING_HTTP_HTTP_H
#define FARTHING_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "core/call.h"
#include "core/config.h"

struct http_request;
struct http_server;

typedef void http_handler(struct http_request *request, void *context);

enum http_methods { HTTP_GET = 1, HTTP_POST = 2 }; /* HEAD is answered wherever GET is */

struct http_route {
    unsigned methods;      /* of enum http_methods; another method gets 405 */
    const char *path;      /* "/login"; "/buy/": every path below it; "/": itself only */
    const char *operation; /* label in log and metrics: "buy_window" */
    int body_limit_bytes;  /* 0: no body */
    bool is_form;          /* body is application/x-www-form-urlencoded, else 415 */
    http_handler *handler;
    void *context;
    bool checks_client; /* 403 for a wrong client certificate; for none if tls.client_required */
    bool waits; /* the handler takes little time where it does not wait as call_host has it */
};

/*
 * Starts listening. routes is an array of count, longest path wins; it must outlive the server.
 * NULL: refused; the reason is logged.
 */
struct http_server *http_server_start(const struct config *config, const struct http_route *routes,
                                      size_t count);

/*
 * Reads the files of config->tls anew, for the connections to come. False: what was read before
 * stays; the reason is logged. Without TLS there is nothing to do.
 */
bool http_server_reload(struct http_server *server);

/* Whether the files of config->tls are good; says which is not, and why. */
bool http_check_files(const struct config *config, const char **file_r, const char **problem_r);

/* The port that is listened on (of use when the configuration says 0). */
int http_server_port(const struct http_server *server);

/*
 * Closes new connections, finishes the requests that were accepted, answers 503 to those left after
 * request_timeout_ms, waits for their handlers, and frees all. NULL is allowed.
 */
void http_server_stop(struct http_server *server);

/* --- request: strings live until the response is sent; NULL: absent --- */
struct call *http_request_call(struct http_request *request);
bool http_request_is_post(const struct http_request *request);
const char *http_request_path(const struct http_request *request);
/* What follows the route's path when that ends in "/": "018f…" of "/buy/018f…". */
const char *http_request_tail(const struct http_request *request);
/* Names of queries and headers have no case. */
const char *http_request_query(struct http_request *request, const char *name);
bool http_request_has_query(struct http_request *request, const char *name);
const char *http_request_header(struct http_request *request, const char *name);
const char *http_request_cookie(struct http_request *request, const char *name);
const char *http_request_form(struct http_request *request, const char *name);
const char *http_request_body(const struct http_request *request, size_t *bytes_r);

/*
 * Logs and counts the request as operation instead of the route's: where only the body says what is
 * asked for. A constant word of a few.
 */
void http_request_set_operation(struct http_request *request, const char *operation);

/* --- response: exactly one http_respond per request; headers before it --- */
/* Name and value must be free of control characters: otherwise the header is dropped and logged. */
void http_response_header(struct http_request *request, const char *name, const char *value);
/* max_age_s < 0: until the browser closes; 0: delete. HttpOnly, SameSite=Lax, Path=/. */
void http_response_cookie(struct http_request *request, const char *name, const char *value,
                          int max_age_s);
/*
 * body is copied unless it lives in the call's arena: large ones should. outcome is a constant word
 * for log and metrics: letters, digits, '_' and '-'.
 */
void http_respond(struct http_request *request, int status, const char *content_type,
                  const void *body, size_t bytes, const char *outcome);
/* 303 See Other. */
void http_redirect(struct http_request *request, const char *url, const char *outcome);

#endif
