/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Unix socket for a proxy: who may open it, who is believed, and what is left of a server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/log.h"
#include "http_client.h"

#define GET "GET / HTTP/1.1\r\nHost: localhost\r\n"

static char directory[] = "/tmp/farthing-socket-XXXXXX";
static char path[sizeof directory + 8];
static struct config config;
static struct answer answer;

static void tell_address(struct http_request *request, void *context)
{
    (void)context;
    const char *address = http_request_call(request)->remote_address;
    http_respond(request, 200, "text/plain", address, strlen(address), "OK");
}

static const struct http_route routes[] = {
    {HTTP_GET, "/", "address", 0, false, tell_address, NULL, false, false},
};

static struct http_server *serve(void)
{
    return http_server_start(&config, routes, sizeof routes / sizeof routes[0]);
}

/* -1: nobody listens. */
static int connect_to_socket(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, path);
    int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(client >= 0);
    if (connect(client, (const struct sockaddr *)&address, sizeof address) == 0)
        return client;
    close(client);
    return -1;
}

static const char *ask(int client, const char *request)
{
    http_client_say(client, request);
    http_client_read(client, true, &answer);
    assert_int_equal(answer.status, 200);
    return answer.body;
}

static int prepare(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR);
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/socket", directory);
    config = http_client_config();
    config.http.socket_file = path;
    return 0;
}

static int clean(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(directory);
}

static void a_proxy_says_whose_request_it_is(void **state)
{
    (void)state;
    struct http_server *server = serve();
    assert_non_null(server);
    int proxy = connect_to_socket();
    assert_true(proxy >= 0);
    assert_string_equal(ask(proxy, GET "X-Forwarded-For: 198.51.100.1, 192.0.2.7\r\n\r\n"),
                        "192.0.2.7");
    assert_string_equal(ask(proxy, GET "X-Forwarded-For: 192.0.2.8\r\n\r\n"), "192.0.2.8");
    assert_string_equal(ask(proxy, GET "\r\n"), "");
    int browser = http_client_connect(server);
    assert_string_equal(ask(browser, GET "X-Forwarded-For: 192.0.2.7\r\n\r\n"), "127.0.0.1");
    close(browser);
    close(proxy);
    http_server_stop(server);
}

static void owner_and_group_may_open_it(void **state)
{
    (void)state;
    struct stat status;
    mode_t before = umask(0);
    struct http_server *server = serve();
    umask(before);
    assert_non_null(server);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode, S_IFSOCK | 0660);
    http_server_stop(server);
    assert_int_equal(access(path, F_OK), -1);
}

static void a_file_that_a_killed_server_left_is_replaced(void **state)
{
    (void)state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, path);
    int killed = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(killed, (const struct sockaddr *)&address, sizeof address), 0);
    close(killed);
    assert_int_equal(connect_to_socket(), -1);
    struct http_server *server = serve();
    assert_non_null(server);
    int proxy = connect_to_socket();
    assert_true(proxy >= 0);
    assert_string_equal(ask(proxy, GET "\r\n"), "");
    close(proxy);
    http_server_stop(server);
}

static void another_servers_socket_is_left_alone(void **state)
{
    (void)state;
    struct http_server *first = serve();
    assert_non_null(first);
    log_set_level(LOG_ERROR + 1);
    assert_null(serve());
    log_set_level(LOG_ERROR);
    int proxy = connect_to_socket();
    assert_string_equal(ask(proxy, GET "\r\n"), "");
    close(proxy);
    http_server_stop(first);
}

static void a_file_of_another_kind_is_left_alone(void **state)
{
    (void)state;
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    log_set_level(LOG_ERROR + 1);
    assert_null(serve());
    log_set_level(LOG_ERROR);
    assert_int_equal(unlink(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proxy_says_whose_request_it_is),
        cmocka_unit_test(owner_and_group_may_open_it),
        cmocka_unit_test(a_file_that_a_killed_server_left_is_replaced),
        cmocka_unit_test(another_servers_socket_is_left_alone),
        cmocka_unit_test(a_file_of_another_kind_is_left_alone),
    };
    return cmocka_run_group_tests(tests, prepare, clean);
}
