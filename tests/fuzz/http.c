/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes on a connection of the real server: framing, headers, cookies, forms. The first byte
 * chooses whether they are all that is sent, or the body of a form. A last request behind them ends
 * the connection, unless the bytes make the server wait for more.
 */
#include "http/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/log.h"
#include "fuzz.h"

static struct http_server *server;

/* Reads all that a page may ask for. */
static void look(struct http_request *request, void *context)
{
    (void)context;
    static const char *const names[] = {"a", "login_name", "form_token", "transaction", "lang"};
    size_t bytes = 0;
    const char *body = http_request_body(request, &bytes);
    MUST(body[bytes] == '\0' && strlen(http_request_path(request)) > 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = http_request_form(request, names[i]);
        MUST(value == NULL || strlen(value) <= bytes);
        const char *cookie = http_request_cookie(request, names[i]);
        if (cookie != NULL)
            http_response_cookie(request, "seen", cookie, 1);
        const char *query = http_request_query(request, names[i]);
        if (query != NULL)
            http_response_header(request, "X-Seen", query);
    }
    http_respond(request, 200, "text/plain", body, bytes, "OK");
}

static const struct http_route routes[] = {
    {HTTP_GET, "/", "home", 0, false, look, NULL},
    {HTTP_GET | HTTP_POST, "/login", "login", 16384, true, look, NULL},
    {HTTP_GET | HTTP_POST, "/buy/", "buy", 16384, true, look, NULL},
    {HTTP_POST, "/soap", "soap", 65536, false, look, NULL},
};

static void start(void)
{
    static struct config config = {
        .public_url = "http://localhost",
        .http = {.address = "127.0.0.1",
                 .threads = 1,
                 .connections = 100,
                 .socket_file = "",
                 .trusted_proxy = "127.0.0.1",
                 .requests = 64,
                 .idle_timeout_s = 2,
                 .park_after_s = 1,
                 .lingering_connections = 64,
                 .request_timeout_ms = 5000,
                 .header_bytes = 9216,
                 .memory_per_request_bytes = ARENA_BYTES},
        .tls = {.certificate_file = "", .key_file = "", .client_ca_file = ""},
        .workers = {.threads = 1, .queue_length = 100},
    };
    log_set_level(LOG_ERROR);
    server = http_server_start(&config, routes, sizeof routes / sizeof routes[0]);
    MUST(server != NULL);
}

static void say(int client, const void *data, size_t bytes)
{
    (void)!send(client, data, bytes, MSG_NOSIGNAL); /* the server may have closed already */
}

/* libFuzzer's alarm may interrupt it. */
static int connect_to_server(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)http_server_port(server)),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    for (;;) {
        int client = socket(AF_INET, SOCK_STREAM, 0);
        MUST(client >= 0);
        if (connect(client, (struct sockaddr *)&address, sizeof address) == 0)
            return client;
        MUST(errno == EINTR);
        close(client);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    if (server == NULL)
        start();
    if (bytes == 0)
        return 0;
    const struct linger at_once = {.l_onoff = 1}; /* no TIME_WAIT */
    const struct timeval patience = {.tv_usec = 20000};
    static const char last[] = "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    int client = connect_to_server();
    (void)setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    (void)setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (data[0] & 1) {
        char head[160];
        int length = snprintf(head, sizeof head,
                              "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n"
                              "Content-Type: application/x-www-form-urlencoded\r\n\r\n",
                              bytes - 1);
        say(client, head, (size_t)length);
    }
    say(client, data + 1, bytes - 1);
    say(client, last, sizeof last - 1);
    char answer[65536];
    while (recv(client, answer, sizeof answer, 0) > 0)
        ;
    close(client);
    return 0;
}
