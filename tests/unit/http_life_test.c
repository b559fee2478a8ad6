/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Load, impatience and shutdown: nothing accepted is lost, and nothing waits for ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/log.h"
#include "core/time.h"
#include "http_client.h"

#define HOST "Host: localhost\r\n"
#define GET_QUICK "GET /quick HTTP/1.1\r\n" HOST "\r\n"
#define GET_NOWHERE "GET /nowhere HTTP/1.1\r\n" HOST "\r\n"
#define GET_GATE "GET /gate HTTP/1.1\r\n" HOST "\r\n"

static struct gate *gate;
static atomic_int quick_calls;

static void quick(struct http_request *request, void *context)
{
    (void)context;
    atomic_fetch_add(&quick_calls, 1);
    http_respond(request, 200, "text/plain", "quick", 5, "OK");
}

/* Answers once the test opens the gate. */
static void wait_at_gate(struct http_request *request, void *context)
{
    (void)context;
    gate_enter(gate);
    http_respond(request, 200, "text/plain", "gate", 4, "OK");
}

/* Only the body says what is asked for. */
static void rename_operation(struct http_request *request, void *context)
{
    (void)context;
    http_request_set_operation(request, "renamed");
    http_respond(request, 200, "text/plain", "new", 3, "OK");
}

static const struct http_route routes[] = {
    {HTTP_GET, "/rename", "rename", 0, false, rename_operation, NULL, false, false},
    {HTTP_GET | HTTP_POST, "/quick", "quick", 100, false, quick, NULL, false, false},
    {HTTP_GET, "/gate", "gate", 0, false, wait_at_gate, NULL, false, false},
};

static struct config config;
static struct http_server *server;
static struct answer answer;

static void start(int workers, int queue_length)
{
    config.workers.threads = workers;
    config.workers.queue_length = queue_length;
    server = http_server_start(&config, routes, sizeof routes / sizeof routes[0]);
    assert_non_null(server);
}

static int prepare(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR);
    config = http_client_config();
    gate = gate_new();
    atomic_store(&quick_calls, 0);
    return 0;
}

static int clean(void **state)
{
    (void)state;
    gate_free(gate);
    return 0;
}

static void *stop_server(void *argument)
{
    http_server_stop(argument);
    return NULL;
}

/* Waits until the server turns new connections away: it is stopping. */
static void await_stopping(int port)
{
    int64_t deadline_us = time_monotonic_us() + 10 * TIME_SECOND;
    char byte;
    bool served = true;
    while (served) {
        assert_true(time_monotonic_us() < deadline_us);
        int client = http_client_try_connect(port);
        http_client_say(client, GET_NOWHERE);
        served = client >= 0 && recv(client, &byte, 1, 0) == 1;
        close(client);
    }
}

/* --- load --- */

static void a_full_queue_refuses_at_once(void **state)
{
    (void)state;
    start(1, 1);
    int working = http_client_connect(server), waiting = http_client_connect(server);
    http_client_say(working, GET_GATE);
    gate_await(gate, 1);
    http_client_say(waiting, GET_QUICK);
    metric_await("farthing_http_queue_length{} 1\n");

    int client = http_client_connect(server);
    for (int i = 0; i < 2; i++) { /* the connection outlives the refusal */
        http_client_say(client, GET_QUICK);
        http_client_read(client, true, &answer);
        assert_int_equal(answer.status, 503);
        assert_string_equal(http_client_header(&answer, "Retry-After"), "1");
    }
    gate_open(gate);
    http_client_read(working, true, &answer);
    assert_string_equal(answer.body, "gate");
    http_client_read(waiting, true, &answer);
    assert_string_equal(answer.body, "quick");
    http_client_say(client, GET_QUICK);
    http_client_read(client, true, &answer);
    assert_int_equal(answer.status, 200);
    close(working), close(waiting), close(client);
    http_server_stop(server);
}

static void a_request_that_waited_too_long_is_not_begun(void **state)
{
    (void)state;
    config.http.request_timeout_ms = 100;
    start(1, 10);
    int working = http_client_connect(server), waiting = http_client_connect(server);
    http_client_say(working, GET_GATE);
    gate_await(gate, 1);
    http_client_say(waiting, GET_QUICK);
    metric_await("farthing_http_queue_length{} 1\n");
    int64_t passed_us = time_monotonic_us() + 100000;
    while (time_monotonic_us() < passed_us)
        sched_yield();
    gate_open(gate);
    http_client_read(waiting, true, &answer);
    assert_int_equal(answer.status, 503);
    assert_int_equal(atomic_load(&quick_calls), 0);
    close(working), close(waiting);
    http_server_stop(server);
}

static void connections_per_address_are_limited(void **state)
{
    (void)state;
    config.http.connections_per_address = 2;
    start(1, 10);
    int clients[3];
    for (int i = 0; i < 2; i++) {
        clients[i] = http_client_connect(server);
        http_client_say(clients[i], GET_QUICK);
        http_client_read(clients[i], true, &answer);
        assert_int_equal(answer.status, 200);
    }
    clients[2] = http_client_connect(server);
    http_client_expect_end(clients[2]);
    for (int i = 0; i < 3; i++)
        close(clients[i]);
    http_server_stop(server);
}

static void silent_and_slow_connections_are_closed(void **state)
{
    (void)state;
    config.http.idle_timeout_s = 1;
    start(1, 10);
    static const char *const said[] = {"", "GET /qu", "POST /quick HTTP/1.1\r\n" HOST,
                                       "POST /quick HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nx",
                                       GET_QUICK};
    int clients[5];
    for (int i = 0; i < 5; i++) {
        clients[i] = http_client_connect(server);
        http_client_say(clients[i], said[i]);
    }
    http_client_read(clients[4], true, &answer);
    assert_int_equal(answer.status, 200);
    for (int i = 0; i < 5; i++) {
        http_client_expect_end(clients[i]);
        close(clients[i]);
    }
    http_server_stop(server);
}

/* Never silent for as long as a second, never done. */
static void requests_sent_in_drops_come_to_an_end(void **state)
{
    (void)state;
    config.http.idle_timeout_s = 1;
    start(1, 10);
    static const char *const starts[] = {"GET /quick HTTP/1.1\r\n" HOST "X-Slow: ",
                                         "POST /quick HTTP/1.1\r\n" HOST
                                         "Content-Length: 90\r\n\r\n"};
    struct pollfd clients[2];
    for (int i = 0; i < 2; i++) {
        clients[i] = (struct pollfd){.fd = http_client_connect(server), .events = POLLIN};
        http_client_say(clients[i].fd, starts[i]);
    }
    int drops = 0;
    for (int ended = 0; ended < 2; drops++) {
        assert_true(drops < 100);
        poll(clients, 2, 100);
        for (int i = 0; i < 2; i++) {
            if ((clients[i].revents & (POLLIN | POLLHUP)) != 0) {
                http_client_expect_end(clients[i].fd);
                close(clients[i].fd);
                clients[i] = (struct pollfd){.fd = -1};
                ended++;
            } else if (clients[i].fd >= 0) {
                http_client_say(clients[i].fd, "x");
            }
        }
    }
    assert_true(drops >= 10); /* they had their time */
    http_server_stop(server);
}

/* --- clients that leave --- */

static void a_client_may_leave_at_any_moment(void **state)
{
    (void)state;
    config.http.connections = 1000; /* the server may see many of them only after they left */
    start(4, 100);
    for (int i = 0; i < 4; i++) { /* while a worker is at it */
        int client = http_client_connect(server);
        http_client_say(client, GET_GATE);
        gate_await(gate, i + 1);
        close(client);
    }
    gate_open(gate);
    static const char *const said[] = {
        "GET /quick HTTP/1.1\r\n", GET_QUICK GET_QUICK,
        "POST /quick HTTP/1.1\r\n" HOST "Content-Length: 50\r\n\r\nx",
        "POST /quick HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n5\r\nab"};
    for (int i = 0; i < 200; i++) {
        int client = http_client_connect(server);
        struct linger reset = {.l_onoff = i % 2, .l_linger = 0};
        setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        http_client_say(client, said[i % 4]);
        close(client);
    }
    http_client_ask(server, GET_QUICK, &answer);
    assert_int_equal(answer.status, 200);
    http_server_stop(server);
    assert_true(metric_is_shown("farthing_http_connections{} 0\n"));
}

static void *ask_many(void *argument)
{
    struct answer *mine = calloc(1, sizeof *mine);
    int client = http_client_connect(argument), good = 0;
    for (int i = 0; i < 300; i++) {
        http_client_say(client, GET_QUICK);
        http_client_read(client, true, mine);
        good += mine->status == 200;
    }
    close(client);
    free(mine);
    return good == 300 ? NULL : argument;
}

static void many_clients_are_served_at_once(void **state)
{
    (void)state;
    start(4, 100);
    pthread_t clients[8];
    for (int i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&clients[i], NULL, ask_many, server), 0);
    for (int i = 0; i < 8; i++) {
        void *failed = NULL;
        pthread_join(clients[i], &failed);
        assert_null(failed);
    }
    assert_int_equal(atomic_load(&quick_calls), 8 * 300);
    http_server_stop(server);
}

/* --- stopping --- */

static void what_was_accepted_is_finished_before_the_end(void **state)
{
    (void)state;
    start(1, 10);
    int port = http_server_port(server);
    int working = http_client_connect(server), waiting = http_client_connect(server);
    int sending = http_client_connect(server), idle = http_client_connect(server);
    http_client_say(idle, GET_QUICK);
    http_client_read(idle, true, &answer);
    http_client_say(working, GET_GATE);
    gate_await(gate, 1);
    http_client_say(waiting, GET_QUICK);
    metric_await("farthing_http_queue_length{} 1\n");
    http_client_say(sending, "POST /quick HTTP/1.1\r\n" HOST
                             "Content-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    http_client_read(sending, false, &answer);
    assert_int_equal(answer.status, 100); /* its head has been accepted */

    pthread_t stopper;
    assert_int_equal(pthread_create(&stopper, NULL, stop_server, server), 0);
    await_stopping(port);
    http_client_say(idle, GET_QUICK); /* too late */
    http_client_read(idle, true, &answer);
    assert_int_equal(answer.status, 503);
    assert_true(answer.closed);
    http_client_say(sending, "body");
    gate_open(gate);
    static const char *const bodies[] = {"gate", "quick", "quick"};
    int clients[] = {working, waiting, sending};
    for (int i = 0; i < 3; i++) {
        http_client_read(clients[i], true, &answer);
        assert_int_equal(answer.status, 200);
        assert_string_equal(answer.body, bodies[i]);
        assert_true(answer.closed);
        close(clients[i]);
    }
    close(idle);
    pthread_join(stopper, NULL);
}

static void what_is_not_finished_at_the_deadline_is_said_to_be_so(void **state)
{
    (void)state;
    config.http.request_timeout_ms = 300;
    start(1, 10);
    int working = http_client_connect(server), waiting = http_client_connect(server);
    http_client_say(working, GET_GATE);
    gate_await(gate, 1);
    http_client_say(waiting, GET_QUICK);
    metric_await("farthing_http_queue_length{} 1\n");
    pthread_t stopper;
    assert_int_equal(pthread_create(&stopper, NULL, stop_server, server), 0);
    int clients[] = {working, waiting};
    for (int i = 0; i < 2; i++) { /* both are answered while the worker is still at the gate */
        http_client_read(clients[i], true, &answer);
        assert_int_equal(answer.status, 503);
        assert_true(answer.closed);
        close(clients[i]);
    }
    gate_open(gate);
    pthread_join(stopper, NULL);
    assert_int_equal(atomic_load(&quick_calls), 0);
}

/* Clients come and go while the server stops, again and again. */
static void *come_and_go(void *argument)
{
    const int *port = argument;
    int client;
    while ((client = http_client_try_connect(*port)) >= 0) {
        char bytes[4096];
        http_client_say(client, GET_QUICK GET_QUICK);
        (void)recv(client, bytes, sizeof bytes, 0);
        close(client);
    }
    return NULL;
}

static void stopping_under_load_ends(void **state)
{
    (void)state;
    for (int round = 0; round < 10; round++) {
        start(3, 4);
        int port = http_server_port(server);
        pthread_t clients[6];
        for (int i = 0; i < 6; i++)
            assert_int_equal(pthread_create(&clients[i], NULL, come_and_go, &port), 0);
        int64_t deadline_us = time_monotonic_us() + 10 * TIME_SECOND;
        int wanted = atomic_load(&quick_calls) + 20 * round;
        while (atomic_load(&quick_calls) < wanted && time_monotonic_us() < deadline_us)
            sched_yield();
        http_server_stop(server);
        for (int i = 0; i < 6; i++)
            pthread_join(clients[i], NULL);
    }
    assert_true(metric_is_shown("farthing_http_connections{} 0\n"));
    assert_true(metric_is_shown("farthing_http_queue_length{} 0\n"));
}

static void requests_are_counted_by_outcome(void **state)
{
    (void)state;
    start(1, 10);
    http_client_ask(server, "GET /quick?secret HTTP/1.1\r\n" HOST "\r\n", &answer);
    http_client_ask(server, "DELETE /quick HTTP/1.1\r\n" HOST "\r\n", &answer);
    http_client_ask(server, "GET /nobody HTTP/1.1\r\n" HOST "\r\n", &answer);
    http_client_ask(server, "GET /rename HTTP/1.1\r\n" HOST "\r\n", &answer);
    http_server_stop(server);
    assert_true(metric_is_shown("{operation=\"renamed\",status=\"200\",outcome=\"OK\"} 1\n"));
    assert_true(
        metric_is_shown("farthing_http_request_duration_seconds_count{operation=\"rename\"} 0"));
    assert_true(metric_is_shown("farthing_http_requests_total{operation=\"quick\",status=\"200\","
                                "outcome=\"OK\"} "));
    assert_true(metric_is_shown("farthing_http_requests_total{operation=\"quick\",status=\"405\","
                                "outcome=\"METHOD_NOT_ALLOWED\"} 1\n"));
    assert_true(metric_is_shown("farthing_http_requests_total{operation=\"unknown\",status=\"404\","
                                "outcome=\"NOT_FOUND\"} 1\n"));
    assert_true(
        metric_is_shown("farthing_http_request_duration_seconds_count{operation=\"unknown\"} 1"));
    assert_false(metric_is_shown("secret"));
}

static void a_port_in_use_refuses_to_start(void **state)
{
    (void)state;
    start(1, 10);
    struct config other = config;
    other.http.port = http_server_port(server);
    log_set_level(LOG_ERROR + 1);
    assert_null(http_server_start(&other, routes, sizeof routes / sizeof routes[0]));
    log_set_level(LOG_ERROR);
    http_server_stop(server);
    http_server_stop(NULL);
}

#define LIFE_TEST(function) cmocka_unit_test_setup_teardown(function, prepare, clean)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIFE_TEST(requests_are_counted_by_outcome), /* first: counts last as long as the process */
        LIFE_TEST(a_full_queue_refuses_at_once),
        LIFE_TEST(a_request_that_waited_too_long_is_not_begun),
        LIFE_TEST(connections_per_address_are_limited),
        LIFE_TEST(silent_and_slow_connections_are_closed),
        LIFE_TEST(requests_sent_in_drops_come_to_an_end),
        LIFE_TEST(a_client_may_leave_at_any_moment),
        LIFE_TEST(many_clients_are_served_at_once),
        LIFE_TEST(what_was_accepted_is_finished_before_the_end),
        LIFE_TEST(what_is_not_finished_at_the_deadline_is_said_to_be_so),
        LIFE_TEST(stopping_under_load_ends),
        LIFE_TEST(a_port_in_use_refuses_to_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
