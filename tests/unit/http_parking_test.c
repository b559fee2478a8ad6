/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parking: an idle connection costs little and is not lost, and whatever cannot be parked without a
 * loss is not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/log.h"
#include "core/time.h"
#include "http_client.h"

#define HOST "Host: localhost\r\n"
#define GET "GET /who HTTP/1.1\r\n" HOST "\r\n"
#define POST "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\n"
#define CHUNKED "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
#define PARKED "farthing_http_connections_parked{}"
#define OPEN "farthing_http_connections{}"
#define LONG_BYTES (16 << 20)

static struct config config;
static struct http_server *server;
static struct answer answer;

static void tell_who(struct http_request *request, void *context)
{
    (void)context;
    const char *who = http_request_call(request)->remote_address;
    http_respond(request, 200, "text/plain", who, strlen(who), "OK");
}

static void echo(struct http_request *request, void *context)
{
    (void)context;
    size_t bytes = 0;
    const char *body = http_request_body(request, &bytes);
    http_respond(request, 200, "text/plain", body, bytes, "OK");
}

static void answer_at_length(struct http_request *request, void *context)
{
    (void)context;
    char *body = calloc(1, LONG_BYTES);
    assert_non_null(body);
    http_respond(request, 200, "text/plain", body, LONG_BYTES, "OK");
    free(body);
}

static const struct http_route routes[] = {
    {HTTP_GET, "/who", "who", 0, false, tell_who, NULL, false, false},
    {HTTP_GET, "/long", "long", 0, false, answer_at_length, NULL, false, false},
    {HTTP_POST, "/echo", "echo", 100, false, echo, NULL, false, false},
};

static int prepare(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR);
    config = http_client_config();
    config.http.park_after_s = 1;
    config.workers.queue_length = 100;
    return 0;
}

static void start(void)
{
    server = http_server_start(&config, routes, sizeof routes / sizeof routes[0]);
    assert_non_null(server);
}

static const char *line_of(const char *gauge, int value)
{
    static char line[100];
    snprintf(line, sizeof line, "\n%s %d\n", gauge, value);
    return line;
}

static bool shows(const char *gauge, int value)
{
    return metric_is_shown(line_of(gauge, value));
}

static void await(const char *gauge, int value)
{
    metric_await(line_of(gauge, value));
}

static void stop(void)
{
    http_server_stop(server);
    assert_true(shows(OPEN, 0));
    assert_true(shows(PARKED, 0));
}

static void ask(int client, const char *request, const char *expected)
{
    http_client_say(client, request);
    http_client_read(client, true, &answer);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, expected);
}

/* Until a connection that was silent since the call would have been parked. */
static void outlast_parking(int others)
{
    int client = http_client_connect(server);
    await(PARKED, others + 1);
    close(client);
    await(PARKED, others);
}

/* --- what is parked --- */

static void an_idle_connection_is_parked_and_goes_on(void **state)
{
    (void)state;
    start();
    int client = http_client_connect(server);
    for (int i = 0; i < 2; i++) { /* parked, it can be parked again */
        ask(client, GET, "127.0.0.1");
        ask(client, POST "hello", "hello");
        await(PARKED, 1);
        assert_true(shows(OPEN, 1));
    }
    ask(client, GET, "127.0.0.1"); /* who it is, is still known */
    assert_true(shows(PARKED, 0));
    assert_true(shows(OPEN, 1));
    close(client);
    await(OPEN, 0);
    stop();
}

static void one_that_never_spoke_is_parked_too(void **state)
{
    (void)state;
    config.http.threads = 1; /* which libmicrohttpd takes for no pool of threads */
    start();
    int client = http_client_connect(server);
    await(PARKED, 1);
    ask(client, GET, "127.0.0.1");
    close(client);
    stop();
}

static void pipelined_requests_are_counted_exactly(void **state)
{
    (void)state;
    start();
    int client = http_client_connect(server);
    http_client_say(client, GET POST "hello" GET POST);
    const char *const bodies[] = {"127.0.0.1", "hello", "127.0.0.1"};
    for (int i = 0; i < 3; i++) {
        http_client_read(client, true, &answer);
        assert_string_equal(answer.body, bodies[i]);
    }
    ask(client, "again", "again");
    await(PARKED, 1);
    ask(client, GET GET, "127.0.0.1");
    http_client_read(client, true, &answer);
    assert_string_equal(answer.body, "127.0.0.1");
    await(PARKED, 1);
    close(client);
    stop();
}

static void a_crowd_comes_and_goes(void **state)
{
    (void)state;
    enum { CROWD = 90 };
    int clients[CROWD];
    start();
    for (int i = 0; i < CROWD; i++) {
        clients[i] = http_client_connect(server);
        ask(clients[i], POST "hello", "hello");
    }
    await(PARKED, CROWD);
    for (int i = 0; i < CROWD; i++)
        http_client_say(clients[i], GET);
    for (int i = 0; i < CROWD; i++) {
        http_client_read(clients[i], true, &answer);
        assert_string_equal(answer.body, "127.0.0.1");
    }
    await(PARKED, CROWD);
    for (int i = 0; i < CROWD; i++)
        close(clients[i]);
    await(OPEN, 0);
    stop();
}

/* --- what is not --- */

/* Half a head ends with the connection: its other half is no request. */
static void half_a_request_is_never_parked(void **state)
{
    (void)state;
    static const char *const halves[] = {"\r\n", "G", "GET /who HTTP/1.1\r\n" HOST};
    start();
    for (int i = 0; i < 6; i++) {
        int client = http_client_connect(server);
        if (i % 2 == 0)
            ask(client, GET, "127.0.0.1");
        http_client_say(client, halves[i / 2]);
        http_client_expect_end(client);
        close(client);
        assert_true(shows(PARKED, 0));
    }
    int client = http_client_connect(server);
    http_client_say(client, GET "GET /w");
    http_client_read(client, true, &answer);
    assert_string_equal(answer.body, "127.0.0.1");
    http_client_expect_end(client);
    close(client);
    stop();
}

static void a_body_may_stall_for_longer(void **state)
{
    (void)state;
    start();
    int client = http_client_connect(server);
    ask(client, GET, "127.0.0.1");
    http_client_say(client, POST "he");
    outlast_parking(0);
    ask(client, "llo", "hello");
    await(PARKED, 1); /* and then it has no time of its own any more */
    close(client);
    stop();
}

/* So few have a time of their own that looking at them costs nothing. */
static void of_many_bodies_some_may_not_stall(void **state)
{
    (void)state;
    enum { BODIES = 10, LINGERING = 6 };
    struct pollfd clients[BODIES];
    config.http.lingering_connections = LINGERING;
    start();
    for (int i = 0; i < BODIES; i++) {
        clients[i] = (struct pollfd){.fd = http_client_connect(server), .events = POLLIN};
        http_client_say(clients[i].fd, POST "he");
    }
    int64_t deadline_us = time_monotonic_us() + 10 * TIME_SECOND;
    while (poll(clients, BODIES, 10) < BODIES - LINGERING)
        assert_true(time_monotonic_us() < deadline_us);
    int answered = 0;
    for (int i = 0; i < BODIES; i++) {
        char byte;
        http_client_say(clients[i].fd, "llo");
        answered += recv(clients[i].fd, &byte, 1, 0) == 1;
        close(clients[i].fd);
    }
    assert_int_equal(answered, LINGERING);
    stop();
}

/* The bytes of chunks are not known: that connection keeps its memory, and all of its time. */
static void a_chunked_request_keeps_its_connection(void **state)
{
    (void)state;
    start();
    int client = http_client_connect(server);
    ask(client, CHUNKED "5\r\nhello\r\n0\r\n\r\n", "hello");
    outlast_parking(0);
    ask(client, GET, "127.0.0.1");
    outlast_parking(0);
    ask(client, GET, "127.0.0.1");
    close(client);
    stop();
}

static void an_answer_may_be_read_slowly(void **state)
{
    (void)state;
    config.http.memory_per_request_bytes = 1 << 26;
    start();
    int client = http_client_connect(server);
    http_client_say(client, "GET /long HTTP/1.1\r\n" HOST "\r\n");
    outlast_parking(0);
    int64_t bytes = 0;
    static char piece[65536];
    while (bytes < LONG_BYTES) {
        ssize_t got = recv(client, piece, sizeof piece, 0);
        assert_true(got > 0);
        bytes += got;
    }
    close(client);
    stop();
}

static void an_end_that_was_asked_for_comes_at_once(void **state)
{
    (void)state;
    start();
    int client = http_client_connect(server);
    ask(client, "GET /who HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", "127.0.0.1");
    http_client_expect_end(client);
    close(client);
    await(OPEN, 0);
    stop();
}

static void where_it_is_not_done_connections_just_end(void **state)
{
    (void)state;
    static const struct {
        int park_after_s, idle_timeout_s, connections_per_address;
    } cases[] = {{0, 1, 0}, {1, 1, 0}, {2, 1, 0}, {1, 2, 9}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        config.http.park_after_s = cases[i].park_after_s;
        config.http.idle_timeout_s = cases[i].idle_timeout_s;
        config.http.connections_per_address = cases[i].connections_per_address;
        start();
        int client = http_client_connect(server);
        ask(client, GET, "127.0.0.1");
        int64_t begun_us = time_monotonic_us();
        http_client_expect_end(client);
        assert_true(time_monotonic_us() - begun_us >
                    cases[i].idle_timeout_s * TIME_SECOND - 100000);
        assert_true(shows(PARKED, 0));
        close(client);
        stop();
    }
}

/* --- their end --- */

static void a_client_may_leave_while_it_is_parked(void **state)
{
    (void)state;
    start();
    int clients[2];
    for (int i = 0; i < 2; i++) {
        clients[i] = http_client_connect(server);
        ask(clients[i], GET, "127.0.0.1");
    }
    await(PARKED, 2);
    close(clients[0]);
    await(PARKED, 1);
    await(OPEN, 1);
    struct linger reset = {.l_onoff = 1, .l_linger = 0};
    setsockopt(clients[1], SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(clients[1]);
    await(PARKED, 0);
    await(OPEN, 0);
    stop();
}

static void parking_prolongs_no_idleness(void **state)
{
    (void)state;
    config.http.idle_timeout_s = 2;
    start();
    int client = http_client_connect(server);
    ask(client, GET, "127.0.0.1");
    int64_t begun_us = time_monotonic_us();
    await(PARKED, 1);
    http_client_expect_end(client);
    int64_t idle_us = time_monotonic_us() - begun_us;
    assert_in_range(idle_us, 2 * TIME_SECOND - 100000, 4 * TIME_SECOND);
    close(client);
    await(OPEN, 0);
    stop();
}

/* It has been given back, and has as long for a head as anybody. */
static void who_returns_and_dawdles_is_ended(void **state)
{
    (void)state;
    start();
    int client = http_client_connect(server);
    ask(client, GET, "127.0.0.1");
    await(PARKED, 1);
    http_client_say(client, "GET /w");
    http_client_expect_end(client);
    close(client);
    stop();
}

static void those_parked_count_as_connections(void **state)
{
    (void)state;
    config.http.connections = 4;
    start();
    int clients[4];
    for (int i = 0; i < 4; i++) {
        clients[i] = http_client_connect(server);
        ask(clients[i], GET, "127.0.0.1");
    }
    await(PARKED, 4);
    int refused = http_client_connect(server);
    http_client_expect_end(refused);
    close(refused);
    for (int i = 0; i < 4; i++) /* they are not */
        ask(clients[i], GET, "127.0.0.1");
    refused = http_client_connect(server);
    http_client_expect_end(refused);
    close(refused);
    close(clients[0]);
    await(OPEN, 3);
    clients[0] = http_client_connect(server);
    ask(clients[0], GET, "127.0.0.1");
    for (int i = 0; i < 4; i++)
        close(clients[i]);
    stop();
}

static void a_stopping_server_ends_them(void **state)
{
    (void)state;
    start();
    int clients[2];
    for (int i = 0; i < 2; i++)
        clients[i] = http_client_connect(server);
    ask(clients[0], GET, "127.0.0.1");
    await(PARKED, 2);
    stop();
    for (int i = 0; i < 2; i++) {
        http_client_expect_end(clients[i]);
        close(clients[i]);
    }
}

/* Clients that ask just when they are parked, again and again. */
static void *ask_at_the_wrong_moment(void *argument)
{
    struct answer *mine = calloc(1, sizeof *mine);
    int good = 0, client = http_client_connect(server);
    struct timeval patience = {.tv_sec = 1};
    for (int i = 0; i < 3; i++) {
        char none;
        patience.tv_usec = (int)(intptr_t)argument * 500;
        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        (void)recv(client, &none, 1, 0);
        patience.tv_sec = 10;
        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        patience.tv_sec = 1;
        http_client_say(client, i % 2 == 0 ? GET : POST "hello");
        http_client_read(client, true, mine);
        good += mine->status == 200 && strcmp(mine->body, i % 2 == 0 ? "127.0.0.1" : "hello") == 0;
    }
    close(client);
    free(mine);
    return (void *)(intptr_t)good;
}

static void nothing_is_lost_in_the_moment_of_parking(void **state)
{
    (void)state;
    enum { CLIENTS = 50 };
    pthread_t clients[CLIENTS];
    start();
    for (intptr_t i = 0; i < CLIENTS; i++)
        assert_int_equal(pthread_create(&clients[i], NULL, ask_at_the_wrong_moment, (void *)i), 0);
    for (int i = 0; i < CLIENTS; i++) {
        void *good = NULL;
        pthread_join(clients[i], &good);
        assert_int_equal((intptr_t)good, 3);
    }
    stop();
}

#define PARKING_TEST(function) cmocka_unit_test_setup(function, prepare)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PARKING_TEST(an_idle_connection_is_parked_and_goes_on),
        PARKING_TEST(one_that_never_spoke_is_parked_too),
        PARKING_TEST(pipelined_requests_are_counted_exactly),
        PARKING_TEST(a_crowd_comes_and_goes),
        PARKING_TEST(half_a_request_is_never_parked),
        PARKING_TEST(a_body_may_stall_for_longer),
        PARKING_TEST(of_many_bodies_some_may_not_stall),
        PARKING_TEST(a_chunked_request_keeps_its_connection),
        PARKING_TEST(an_answer_may_be_read_slowly),
        PARKING_TEST(an_end_that_was_asked_for_comes_at_once),
        PARKING_TEST(where_it_is_not_done_connections_just_end),
        PARKING_TEST(a_client_may_leave_while_it_is_parked),
        PARKING_TEST(parking_prolongs_no_idleness),
        PARKING_TEST(who_returns_and_dawdles_is_ended),
        PARKING_TEST(those_parked_count_as_connections),
        PARKING_TEST(a_stopping_server_ends_them),
        PARKING_TEST(nothing_is_lost_in_the_moment_of_parking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
