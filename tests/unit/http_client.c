/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Raw sockets, so that tests can say what no client library would. */
#include "http_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/log.h"
#include "core/metrics.h"
#include "core/time.h"

struct config http_client_config(void)
{
    return (struct config){
        .http = {.address = "127.0.0.1",
                 .port = 0,
                 .threads = 2,
                 .connections = 100,
                 .socket_file = "",
                 .trusted_proxy = "",
                 .requests = 64,
                 .idle_timeout_s = 10,
                 .park_after_s = 5,
                 .lingering_connections = 64,
                 .request_timeout_ms = 10000,
                 .header_bytes = 9216,
                 .soap_body_bytes = 65536,
                 .form_body_bytes = 16384,
                 .memory_per_request_bytes = 1 << 20},
        .tls = {.certificate_file = "", .key_file = "", .client_ca_file = ""},
        .public_url = "http://localhost:8080",
        .workers = {.threads = 4, .queue_length = 64},
        .log_level = "error",
    };
}

struct http_server *http_client_serve(const struct http_route *routes, size_t count)
{
    static struct config config;
    log_set_level(LOG_ERROR);
    config = http_client_config();
    return http_server_start(&config, routes, count);
}

int http_client_try_connect(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = 10};
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client < 0)
        return -1;
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(client, (const struct sockaddr *)&address, sizeof address) == 0)
        return client;
    close(client);
    return -1;
}

int http_client_connect(const struct http_server *server)
{
    int client = http_client_try_connect(http_server_port(server));
    assert_true(client >= 0);
    return client;
}

void http_client_send(int client, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t sent = send(client, bytes, count, MSG_NOSIGNAL);
        if (sent < 0)
            return; /* the server had enough: the answer says why */
        bytes += sent;
        count -= (size_t)sent;
    }
}

void http_client_say(int client, const char *text)
{
    http_client_send(client, text, strlen(text));
}

/* One byte at a time, so that nothing of the next answer is taken. */
static void read_head(int client, struct answer *answer)
{
    size_t used = 0;
    while (used < sizeof answer->text - 1) {
        ssize_t got = recv(client, answer->text + used, 1, 0);
        if (got <= 0)
            fail_msg("no answer; so far: %.*s", (int)used, answer->text);
        used++;
        if (used >= 4 && memcmp(answer->text + used - 4, "\r\n\r\n", 4) == 0)
            break;
    }
    answer->body = answer->text + used;
}

void http_client_read(int client, bool has_body, struct answer *answer)
{
    memset(answer, 0, sizeof *answer);
    read_head(client, answer);
    assert_int_equal(sscanf(answer->text, "HTTP/1.1 %d ", &answer->status), 1);
    size_t bytes = has_body ? (size_t)atol(http_client_header(answer, "Content-Length")) : 0;
    assert_true(bytes < (size_t)(answer->text + sizeof answer->text - answer->body));
    if (bytes > 0)
        assert_int_equal(recv(client, answer->body, bytes, MSG_WAITALL), bytes);
    answer->closed = strcasecmp(http_client_header(answer, "Connection"), "close") == 0;
}

void http_client_expect_end(int client)
{
    char byte;
    ssize_t got = recv(client, &byte, 1, 0); /* a reset is an end, too */
    assert_true(got == 0 || (got < 0 && errno == ECONNRESET));
}

void http_client_ask(const struct http_server *server, const char *request, struct answer *answer)
{
    char rest[1000];
    int client = http_client_connect(server);
    http_client_say(client, request);
    http_client_read(client, strncmp(request, "HEAD ", 5) != 0, answer);
    while (answer->closed && recv(client, rest, sizeof rest, 0) > 0)
        ; /* libmicrohttpd says the head of its own refusals twice */
    close(client);
}

const char *http_client_header(const struct answer *answer, const char *name)
{
    static _Thread_local char value[4096];
    char start[200];
    snprintf(start, sizeof start, "\r\n%s: ", name);
    const char *end = answer->body, *found = strcasestr(answer->text, start);
    value[0] = '\0';
    if (found != NULL && found < end) {
        found += strlen(start);
        snprintf(value, sizeof value, "%.*s", (int)strcspn(found, "\r"), found);
    }
    return value;
}

bool metric_is_shown(const char *text)
{
    struct arena *arena = arena_new(1 << 20);
    const char *metrics = metrics_render(arena);
    assert_non_null(metrics);
    bool shown = strstr(metrics, text) != NULL;
    arena_free(arena);
    return shown;
}

void metric_await(const char *text)
{
    int64_t deadline_us = time_monotonic_us() + 10 * TIME_SECOND;
    while (!metric_is_shown(text))
        if (time_monotonic_us() > deadline_us)
            fail_msg("%s was not seen", text);
        else
            (void)poll(NULL, 0, 5);
}

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int arrivals;
    bool open;
};

struct gate *gate_new(void)
{
    struct gate *gate = calloc(1, sizeof *gate);
    assert_non_null(gate);
    pthread_mutex_init(&gate->lock, NULL);
    pthread_cond_init(&gate->changed, NULL);
    return gate;
}

void gate_free(struct gate *gate)
{
    pthread_cond_destroy(&gate->changed);
    pthread_mutex_destroy(&gate->lock);
    free(gate);
}

void gate_enter(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->arrivals++;
    pthread_cond_broadcast(&gate->changed);
    while (!gate->open)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
}

void gate_await(struct gate *gate, int arrivals)
{
    pthread_mutex_lock(&gate->lock);
    while (gate->arrivals < arrivals)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
}

void gate_open(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->open = true;
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->lock);
}
