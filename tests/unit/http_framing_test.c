/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a request ends and the next begins: nobody may be made to see it otherwise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "http_client.h"

#define HOST "Host: localhost\r\n"
#define GET_TAIL "GET /tail/1 HTTP/1.1\r\n" HOST "\r\n"

static void echo(struct http_request *request, void *context)
{
    (void)context;
    size_t bytes = 0;
    const char *body = http_request_body(request, &bytes);
    assert_int_equal(body[bytes], 0);
    http_respond(request, 200, "application/octet-stream", body, bytes, "OK");
}

static void tell_tail(struct http_request *request, void *context)
{
    (void)context;
    const char *tail = http_request_tail(request);
    http_respond(request, 200, "text/plain", tail, strlen(tail), "OK");
}

static const struct http_route routes[] = {
    {HTTP_GET, "/tail/", "tail", 0, false, tell_tail, NULL, false, false},
    {HTTP_POST, "/echo", "echo", 20000, false, echo, NULL, false, false},
};

static struct http_server *server;
static struct answer answer;

static int start(void **state)
{
    (void)state;
    server = http_client_serve(routes, sizeof routes / sizeof routes[0]);
    return server != NULL ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    http_server_stop(server);
    return 0;
}

static void ask(const char *request)
{
    http_client_ask(server, request, &answer);
}

static void bodies_arrive_whole(void **state)
{
    (void)state;
    char head[200], body[20000];
    for (size_t i = 0; i < sizeof body; i++)
        body[i] = (char)(i * 7919 >> 3);
    static const size_t sizes[] = {1, 2, 4095, 4096, 4097, 20000};
    int client = http_client_connect(server);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        int bytes =
            snprintf(head, sizeof head,
                     "POST /echo HTTP/1.1\r\n" HOST "Content-Length: %zu\r\n\r\n", sizes[i]);
        http_client_send(client, head, (size_t)bytes);
        http_client_send(client, body, sizes[i]);
        http_client_read(client, true, &answer);
        assert_int_equal(answer.status, 200);
        assert_int_equal(atoi(http_client_header(&answer, "Content-Length")), sizes[i]);
        assert_memory_equal(answer.body, body, sizes[i]);
    }
    close(client);
    ask("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n");
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, "");
}

static void chunked_bodies_are_accepted(void **state)
{
    (void)state;
    ask("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
        "5\r\nhello\r\n1;ext=1\r\n \r\n0a\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n");
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, "hello 0123456789");

    int client = http_client_connect(server);
    http_client_say(client, "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: Chunked\r\n\r\n");
    for (int i = 0; i < 2001; i++)
        http_client_say(client, "a\r\n0123456789\r\n");
    http_client_say(client, "0\r\n\r\n");
    http_client_read(client, true, &answer);
    assert_int_equal(answer.status, 413); /* ten bytes more than the route takes */
    close(client);
}

static void a_body_over_the_limit_is_refused_and_the_connection_kept(void **state)
{
    (void)state;
    static char body[100001];
    memset(body, 'x', sizeof body - 1);
    int client = http_client_connect(server);
    http_client_say(client, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 100000\r\n\r\n");
    http_client_say(client, body);
    http_client_read(client, true, &answer);
    assert_int_equal(answer.status, 413);
    assert_string_equal(answer.body, "413 Content Too Large\n");
    assert_false(answer.closed);
    http_client_say(client, "GET /tail/1 HTTP/1.1\r\n" HOST "\r\n");
    http_client_read(client, true, &answer);
    assert_int_equal(answer.status, 200);
    close(client);

    /* One that is not worth reading is refused by its head. */
    ask("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 99999999999\r\n\r\n");
    assert_int_equal(answer.status, 413);
    assert_true(answer.closed);
    ask("GET /tail/1 HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx");
    assert_int_equal(answer.status, 413);
    ask(GET_TAIL);
    assert_int_equal(answer.status, 200);
}

static void a_client_that_expects_to_be_asked_is_asked(void **state)
{
    (void)state;
    int client = http_client_connect(server);
    http_client_say(client, "POST /echo HTTP/1.1\r\n" HOST
                            "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    http_client_read(client, false, &answer);
    assert_int_equal(answer.status, 100);
    http_client_say(client, "hi");
    http_client_read(client, true, &answer);
    assert_string_equal(answer.body, "hi");
    close(client);
    ask("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 20001\r\nExpect: 100-continue\r\n\r\n");
    assert_int_equal(answer.status, 413);
    assert_true(answer.closed);
}

static void framing_that_two_readers_could_understand_differently_is_refused(void **state)
{
    (void)state;
    static const char *const heads[] = {
        "Content-Length: 5\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 5\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: -5\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length:\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Content-Length : 5\r\n",
        "Transfer-Encoding : chunked\r\nContent-Length: 5\r\n",
        "Host: other\r\nContent-Length: 5\r\n",
    };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        char request[500];
        snprintf(request, sizeof request, "POST /echo HTTP/1.1\r\n" HOST "%s\r\nGET / ", heads[i]);
        ask(request);
        if (answer.status != 400 || !answer.closed)
            fail_msg("%s was answered %d", heads[i], answer.status);
    }
}

static void broken_requests_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *request;
        int status;
    } cases[] = {
        {"GET /tail/1 HTTP/1.1\r\n\r\n", 400}, /* no Host */
        {"POST /echo HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"GET /tail/1 HTTP/1.1\r\n" HOST "no colon\r\n\r\n", 400},
        {"GET /tail/1 HTTP/2.0\r\n" HOST "\r\n", 505},
        {"POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
        {"POST /echo HTTP/1.1\r\n" HOST "\r\n", 411},
        {"POST /echo HTTP/1.1\r\n" HOST "Content-Length:\r\n 3\r\n\r\nabc", 411},
        {"GET /tail/1 HTTP/1.1\r\n" HOST "X: \rContent-Length: 3\r\n\r\n", 400},
        {"GET /tail/1 HTTP/1.1\r\n" HOST "(X): y\r\n\r\n", 400},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ask(cases[i].request);
        if (answer.status != cases[i].status)
            fail_msg("%s was answered %d", cases[i].request, answer.status);
        assert_true(answer.closed);
    }
}

static void long_heads_are_refused(void **state)
{
    (void)state;
    static char request[40000];
    char *end = stpcpy(request, "GET /tail/1 HTTP/1.1\r\n" HOST "X-thing: ");
    memset(end, 'x', 8000);
    strcpy(end + 8000, "\r\n\r\n");
    ask(request);
    assert_int_equal(answer.status, 200);
    memset(end, 'x', 30000);
    strcpy(end + 30000, "\r\n\r\n");
    ask(request);
    assert_int_equal(answer.status, 431);
    end = stpcpy(request, "GET /tail/");
    memset(end, 'x', 30000);
    strcpy(end + 30000, " HTTP/1.1\r\n" HOST "\r\n");
    ask(request);
    assert_int_equal(answer.status, 414);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    (void)state;
    int client = http_client_connect(server);
    http_client_say(client, "GET /tail/1 HTTP/1.1\r\n" HOST "\r\n"
                            "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\ntwo"
                            "GET /nowhere HTTP/1.1\r\n" HOST "\r\n"
                            "GET /tail/4 HTTP/1.1\r\n" HOST "Connection: close\r\n"
                            "\r\n");
    http_client_read(client, true, &answer);
    assert_string_equal(answer.body, "1");
    http_client_read(client, true, &answer);
    assert_string_equal(answer.body, "two");
    http_client_read(client, true, &answer);
    assert_int_equal(answer.status, 404);
    http_client_read(client, true, &answer);
    assert_string_equal(answer.body, "4");
    assert_true(answer.closed);
    http_client_expect_end(client);
    close(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_arrive_whole),
        cmocka_unit_test(chunked_bodies_are_accepted),
        cmocka_unit_test(a_body_over_the_limit_is_refused_and_the_connection_kept),
        cmocka_unit_test(a_client_that_expects_to_be_asked_is_asked),
        cmocka_unit_test(framing_that_two_readers_could_understand_differently_is_refused),
        cmocka_unit_test(broken_requests_are_refused),
        cmocka_unit_test(long_heads_are_refused),
        cmocka_unit_test(pipelined_requests_are_answered_in_order),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
