/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Handlers that wait without a thread: who waits holds up nobody, and each is run to its end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/log.h"
#include "core/time.h"
#include "http_client.h"

#define HOST "Host: localhost\r\n"
#define GET_QUICK "GET /quick HTTP/1.1\r\n" HOST "\r\n"
#define GET_WAIT "GET /wait HTTP/1.1\r\n" HOST "\r\n"
#define GET_MOVE "GET /move HTTP/1.1\r\n" HOST "\r\n"
#define CALLS_MAX 60

static struct gate *gate;
static struct call *waiting[CALLS_MAX];
static atomic_int waiting_count;
static atomic_int ended;

static void begin_to_wait(void *call)
{
    waiting[atomic_load(&waiting_count)] = call;
    atomic_fetch_add(&waiting_count, 1);
}

/* A call whose client has left is on a worker by then, and has nothing to wait for. */
static void wait_once(struct call *call)
{
    if (call->host != NULL)
        call->host->wait(call, begin_to_wait, call);
}

/* They may wait again before this returns. */
static void wake_all(void)
{
    struct call *calls[CALLS_MAX];
    const int count = atomic_load(&waiting_count);
    memcpy(calls, waiting, sizeof calls);
    atomic_store(&waiting_count, 0);
    for (int i = 0; i < count; i++)
        calls[i]->host->wake(calls[i]);
}

static void await(atomic_int *number, int wanted)
{
    int64_t deadline_us = time_monotonic_us() + 20 * TIME_SECOND;
    while (atomic_load(number) < wanted) {
        assert_true(time_monotonic_us() < deadline_us);
        sched_yield();
    }
}

static void quick(struct http_request *request, void *context)
{
    (void)context;
    http_respond(request, 200, "text/plain", "quick", 5, "OK");
}

/* Answers with its number when the test has woken it twice. */
static void wait_twice(struct http_request *request, void *context)
{
    (void)context;
    struct call *call = http_request_call(request);
    wait_once(call);
    wait_once(call);
    const char *tail = http_request_query(request, "number");
    tail = tail != NULL ? tail : "";
    http_respond(request, 200, "text/plain", tail, strlen(tail), "OK");
    atomic_fetch_add(&ended, 1);
}

/* Waits, and then blocks at the gate where it may. */
static void wait_and_move(struct http_request *request, void *context)
{
    (void)context;
    struct call *call = http_request_call(request);
    wait_once(call);
    if (!call_may_block(call)) {
        http_respond(request, 503, "text/plain", "full", 4, "UNAVAILABLE");
        return;
    }
    gate_enter(gate);
    http_respond(request, 200, "text/plain", "moved", 5, "OK");
    atomic_fetch_add(&ended, 1);
}

static const struct http_route routes[] = {
    {.methods = HTTP_GET, .path = "/quick", .operation = "quick", .handler = quick, .waits = true},
    {.methods = HTTP_GET,
     .path = "/wait",
     .operation = "wait",
     .handler = wait_twice,
     .waits = true},
    {.methods = HTTP_GET,
     .path = "/move",
     .operation = "move",
     .handler = wait_and_move,
     .waits = true},
};

static struct config config;
static struct http_server *server;
static struct answer answer;

static int prepare(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR);
    config = http_client_config();
    config.http.threads = 1; /* whoever held it up would hold up all */
    config.workers.threads = 1;
    config.workers.queue_length = 1;
    gate = gate_new();
    atomic_store(&waiting_count, 0);
    atomic_store(&ended, 0);
    server = http_server_start(&config, routes, sizeof routes / sizeof routes[0]);
    return server == NULL;
}

static int clean(void **state)
{
    (void)state;
    gate_free(gate);
    return 0;
}

static void expect_body(int client, const char *body)
{
    http_client_read(client, true, &answer);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, body);
}

static void many_wait_at_once(void **state)
{
    (void)state;
    int clients[CALLS_MAX];
    char text[80];
    for (int i = 0; i < CALLS_MAX; i++) {
        snprintf(text, sizeof text, "GET /wait?number=%d HTTP/1.1\r\n" HOST "\r\n", i);
        clients[i] = http_client_connect(server);
        http_client_say(clients[i], text);
    }
    for (int round = 0; round < 2; round++) {
        await(&waiting_count, CALLS_MAX);
        http_client_ask(server, GET_QUICK, &answer);
        assert_string_equal(answer.body, "quick");
        wake_all();
    }
    for (int i = 0; i < CALLS_MAX; i++) {
        snprintf(text, sizeof text, "%d", i);
        expect_body(clients[i], text);
        close(clients[i]);
    }
    http_server_stop(server);
}

static void too_many_are_refused(void **state)
{
    (void)state;
    config.http.requests = 1;
    int client = http_client_connect(server);
    http_client_say(client, GET_WAIT);
    await(&waiting_count, 1);
    http_client_ask(server, GET_QUICK, &answer);
    assert_int_equal(answer.status, 503);
    wake_all();
    await(&waiting_count, 1);
    wake_all();
    expect_body(client, "");
    http_client_ask(server, GET_QUICK, &answer);
    assert_int_equal(answer.status, 200);
    close(client);
    http_server_stop(server);
}

static void who_blocks_moves_to_a_worker(void **state)
{
    (void)state;
    int client = http_client_connect(server);
    http_client_say(client, GET_MOVE);
    await(&waiting_count, 1);
    wake_all();
    gate_await(gate, 1);
    http_client_ask(server, GET_QUICK, &answer);
    assert_string_equal(answer.body, "quick");
    gate_open(gate);
    expect_body(client, "moved");
    close(client);
    http_server_stop(server);
}

static void without_a_worker_the_handler_is_told(void **state)
{
    (void)state;
    int clients[3];
    for (int i = 0; i < 3; i++) {
        clients[i] = http_client_connect(server);
        http_client_say(clients[i], GET_MOVE);
        await(&waiting_count, 1);
        wake_all();
        if (i == 0)
            gate_await(gate,
                       1); /* the second then waits for the worker, the third finds no place */
    }
    http_client_read(clients[2], true, &answer);
    assert_int_equal(answer.status, 503);
    gate_open(gate);
    expect_body(clients[0], "moved");
    expect_body(clients[1], "moved");
    for (int i = 0; i < 3; i++)
        close(clients[i]);
    http_server_stop(server);
}

static void a_handler_ends_though_its_client_has_left(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        int client = http_client_connect(server);
        struct linger reset = {.l_onoff = i % 2, .l_linger = 0};
        setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        http_client_say(client, GET_WAIT);
        await(&waiting_count, 1);
        if (i % 4 < 2)
            close(client);
        wake_all();
        if (i % 4 >= 2)
            close(client);
        int64_t deadline_us = time_monotonic_us() + 20 * TIME_SECOND;
        while (atomic_load(&ended) == i) { /* its second wait may be on a worker */
            assert_true(time_monotonic_us() < deadline_us);
            if (atomic_load(&waiting_count) > 0)
                wake_all();
            sched_yield();
        }
    }
    http_client_ask(server, GET_QUICK, &answer);
    assert_int_equal(answer.status, 200);
    http_server_stop(server);
    assert_int_equal(atomic_load(&ended), 20);
}

static void *stop_server(void *argument)
{
    http_server_stop(argument);
    return NULL;
}

static void who_waits_is_answered_before_the_end(void **state)
{
    (void)state;
    int client = http_client_connect(server);
    pthread_t stopper;
    http_client_say(client, GET_WAIT);
    await(&waiting_count, 1);
    assert_int_equal(pthread_create(&stopper, NULL, stop_server, server), 0);
    wake_all();
    await(&waiting_count, 1);
    wake_all();
    expect_body(client, "");
    close(client);
    pthread_join(stopper, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(many_wait_at_once, prepare, clean),
        cmocka_unit_test_setup_teardown(too_many_are_refused, prepare, clean),
        cmocka_unit_test_setup_teardown(who_blocks_moves_to_a_worker, prepare, clean),
        cmocka_unit_test_setup_teardown(without_a_worker_the_handler_is_told, prepare, clean),
        cmocka_unit_test_setup_teardown(a_handler_ends_though_its_client_has_left, prepare, clean),
        cmocka_unit_test_setup_teardown(who_waits_is_answered_before_the_end, prepare, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
