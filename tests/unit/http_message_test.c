/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a handler sees of a request, and what is answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/log.h"
#include "http_client.h"

#define HOST "Host: localhost\r\n"
#define FORM_TYPE "Content-Type: application/x-www-form-urlencoded\r\n"

/* --- handlers --- */

static const char *or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

/* Says what it was asked. */
static void tell(struct http_request *request, void *context)
{
    struct call *call = http_request_call(request);
    char *text = arena_printf(
        call->arena,
        "context=%s post=%d path=%s tail=%s q=%s wsdl=%d header=%s cookie=%s address=%s",
        (const char *)context, http_request_is_post(request), http_request_path(request),
        http_request_tail(request), or_dash(http_request_query(request, "q")),
        http_request_has_query(request, "wsdl"), or_dash(http_request_header(request, "X-thing")),
        or_dash(http_request_cookie(request, "biscuit")), call->remote_address);
    http_respond(request, 200, "text/plain", text, strlen(text), "OK");
}

/* The value of field "b", marked at both ends. */
static void tell_form(struct http_request *request, void *context)
{
    (void)context;
    char *text = arena_printf(http_request_call(request)->arena, "[%s]",
                              or_dash(http_request_form(request, "b")));
    http_respond(request, 200, "text/plain", text, strlen(text), "OK");
}

static void give_headers(struct http_request *request, void *context)
{
    (void)context;
    char on_stack[] = "copied";
    http_response_header(request, "X-Good", "yes");
    http_response_header(request, "X-Split", "a\r\nX-Evil: yes");
    http_response_header(request, "X Bad", "yes");
    http_response_cookie(request, "__Host-login", "t0ken_-", -1);
    http_response_cookie(request, "language", "de", 31536000);
    http_response_cookie(request, "gone", "", 0);
    http_response_cookie(request, "split", "a; Domain=evil.example", -1);
    http_response_cookie(request, "a b", "x", -1);
    http_respond(request, 200, "text/plain", on_stack, strlen(on_stack), "OK");
    memset(on_stack, 'x', sizeof on_stack);
}

static void redirect(struct http_request *request, void *context)
{
    (void)context;
    http_redirect(request, "/buy/1?x=%20", "OK");
}

static void say_nothing(struct http_request *request, void *context)
{
    (void)request, (void)context;
}

static char context_a[] = "a", context_b[] = "b";

static const struct http_route routes[] = {
    {HTTP_GET, "/", "home", 0, false, tell, context_a, false, false},
    {HTTP_GET, "/buy/", "buy", 0, false, tell, context_a, false, false},
    {HTTP_GET | HTTP_POST, "/buy/now/", "buy_now", 10, false, tell, context_b, false, false},
    {HTTP_POST, "/form", "form", 16384, true, tell_form, NULL, false, false},
    {HTTP_GET, "/headers", "headers", 0, false, give_headers, NULL, false, false},
    {HTTP_GET, "/redirect", "redirect", 0, false, redirect, NULL, false, false},
    {HTTP_GET, "/nothing", "nothing", 0, false, say_nothing, NULL, false, false},
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

static void get(const char *path)
{
    char request[1000];
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\n" HOST "\r\n", path);
    ask(request);
}

static void post_form(const char *form)
{
    static char request[65536];
    snprintf(request, sizeof request,
             "POST /form HTTP/1.1\r\n" HOST FORM_TYPE "Content-Length: %zu\r\n\r\n%s", strlen(form),
             form);
    ask(request);
}

/* --- routes --- */

static void the_longest_path_serves(void **state)
{
    (void)state;
    get("/");
    assert_string_equal(answer.body, "context=a post=0 path=/ tail= q=- wsdl=0 header=- cookie=- "
                                     "address=127.0.0.1");
    get("/buy/018f?q=1");
    assert_non_null(strstr(answer.body, "context=a post=0 path=/buy/018f tail=018f q=1"));
    get("/buy/now/x");
    assert_non_null(strstr(answer.body, "context=b post=0 path=/buy/now/x tail=x"));
    get("/buy/");
    assert_non_null(strstr(answer.body, "context=a post=0 path=/buy/ tail= q=-"));
    static const char *const nobodys[] = {"/buy", "/buyer", "/form/", "/for", "/x", "//"};
    for (size_t i = 0; i < sizeof nobodys / sizeof nobodys[0]; i++) {
        get(nobodys[i]);
        assert_int_equal(answer.status, 404);
        assert_string_equal(answer.body, "404 Not Found\n");
    }
}

static void other_methods_are_refused_with_those_allowed(void **state)
{
    (void)state;
    static const struct {
        const char *method, *path, *allow;
    } cases[] = {
        {"POST", "/buy/1", "GET, HEAD"},
        {"GET", "/form", "POST"},
        {"HEAD", "/form", "POST"},
        {"DELETE", "/buy/now/1", "GET, HEAD, POST"},
        {"OPTIONS", "/buy/now/1", "GET, HEAD, POST"},
        {"get", "/buy/1", "GET, HEAD"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char request[200];
        snprintf(request, sizeof request, "%s %s HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n",
                 cases[i].method, cases[i].path);
        ask(request);
        assert_int_equal(answer.status, 405);
        assert_string_equal(http_client_header(&answer, "Allow"), cases[i].allow);
    }
}

static void head_is_answered_like_get_without_a_body(void **state)
{
    (void)state;
    int client = http_client_connect(server);
    for (int i = 0; i < 2; i++) {
        http_client_say(client, "HEAD /buy/1 HTTP/1.1\r\n" HOST "\r\n");
        http_client_read(client, false, &answer);
        assert_int_equal(answer.status, 200);
        assert_true(atoi(http_client_header(&answer, "Content-Length")) > 50);
    }
    close(client);
}

/* --- what a handler sees --- */

static void queries_headers_and_cookies_reach_the_handler(void **state)
{
    (void)state;
    ask("GET /buy/a%2Fb%20c?q=a+b%26c&wsdl&q=second HTTP/1.1\r\n" HOST "x-THING: some thing\r\n"
        "Cookie: a=1; biscuit=chocolate\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n");
    assert_string_equal(answer.body, "context=a post=0 path=/buy/a/b c tail=a/b c q=a b&c wsdl=1 "
                                     "header=some thing cookie=chocolate address=127.0.0.1");
    get("/buy/1?WSDL&Q=2"); /* queries have no case, as some SOAP clients expect */
    assert_non_null(strstr(answer.body, "q=2 wsdl=1"));
    get("/buy/x%00y?q=1%002");
    assert_non_null(strstr(answer.body, "tail=x%00y q=1%002"));
}

/* --- forms --- */

static void form_fields_are_decoded(void **state)
{
    (void)state;
    static const struct {
        const char *form, *wanted;
    } cases[] = {
        {"a=1&b=two&c=3", "[two]"},
        {"b=", "[]"},
        {"a=1&b&c=2", "[]"},
        {"a=1", "[-]"},
        {"", "[-]"},
        {"b=%26%3D%25+%2B%C3%A4", "[&=% +\xc3\xa4]"},
        {"b=%0D%0Anew+line", "[\r\nnew line]"},
        {"b=first&b=second", "[first]"},
        {"%62=coded+name", "[coded name]"},
        {"b=%2500", "[%00]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        post_form(cases[i].form);
        assert_int_equal(answer.status, 200);
        assert_string_equal(answer.body, cases[i].wanted);
    }
}

/* The library decodes in pieces: an escape must survive wherever a piece ends. */
static void long_values_are_decoded_at_every_offset(void **state)
{
    (void)state;
    char form[8000], wanted[8000];
    for (int before = 490; before < 530; before++) {
        char *end = form + sprintf(form, "a=x&b=%0*d", before, 0);
        char *wanted_end = wanted + sprintf(wanted, "[%0*d", before, 0);
        for (int i = 0; i < 1000; i++) {
            end = stpcpy(end, "%C3%A4");
            wanted_end = stpcpy(wanted_end, "\xc3\xa4");
        }
        strcpy(end, "&c=y");
        strcpy(wanted_end, "]");
        post_form(form);
        assert_string_equal(answer.body, wanted);
    }
}

static void what_is_no_form_is_refused(void **state)
{
    (void)state;
    static const char *const forms[] = {"b=a%00b", "b%00c=a", "%00=a", "=x", "b=a=b", "b=x\ry=z"};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        post_form(forms[i]);
        if (answer.status != 400)
            fail_msg("%s was answered %d", forms[i], answer.status);
    }
    static const char raw[] =
        "POST /form HTTP/1.1\r\n" HOST FORM_TYPE "Content-Length: 5\r\n\r\nb=a\0b";
    int client = http_client_connect(server);
    http_client_send(client, raw, sizeof raw - 1);
    http_client_read(client, true, &answer);
    assert_int_equal(answer.status, 400);
    close(client);

    static const char *const types[] = {"", "Content-Type: text/xml\r\n",
                                        "Content-Type: multipart/form-data; boundary=x\r\n",
                                        "Content-Type: application/x-www-form-urlencodedx\r\n"};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        char request[500];
        snprintf(request, sizeof request,
                 "POST /form HTTP/1.1\r\n" HOST "%sContent-Length: 3\r\n\r\nb=x", types[i]);
        ask(request);
        assert_int_equal(answer.status, 415);
    }
    ask("POST /form HTTP/1.1\r\n" HOST "Content-Type: Application/X-WWW-Form-Urlencoded; "
        "charset=UTF-8\r\nContent-Length: 3\r\n\r\nb=x");
    assert_string_equal(answer.body, "[x]");
}

/* --- what is answered --- */

static void every_answer_carries_the_security_headers(void **state)
{
    (void)state;
    char first[64];
    static const char *const paths[] = {"/buy/1", "/nowhere", "/redirect"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        get(paths[i]);
        assert_string_equal(http_client_header(&answer, "X-Content-Type-Options"), "nosniff");
        assert_string_equal(http_client_header(&answer, "Referrer-Policy"), "no-referrer");
        assert_int_equal(strlen(http_client_header(&answer, "X-Correlation-ID")), 32);
        if (i > 0)
            assert_string_not_equal(http_client_header(&answer, "X-Correlation-ID"), first);
        strcpy(first, http_client_header(&answer, "X-Correlation-ID"));
    }
    assert_int_equal(answer.status, 303);
    assert_string_equal(http_client_header(&answer, "Location"), "/buy/1?x=%20");
}

static void headers_cannot_be_smuggled_into_an_answer(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR + 1); /* what is dropped is logged; not here */
    get("/headers");
    log_set_level(LOG_ERROR);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, "copied");
    assert_string_equal(http_client_header(&answer, "X-Good"), "yes");
    assert_null(strstr(answer.text, "vil"));
    assert_null(strstr(answer.text, "X-Split"));
    assert_null(strstr(answer.text, "X Bad"));
    assert_null(strstr(answer.text, "a b="));
    assert_non_null(strstr(answer.text, "\r\nSet-Cookie: __Host-login=t0ken_-; Path=/; HttpOnly; "
                                        "SameSite=Lax\r\n"));
    assert_non_null(strstr(answer.text, "\r\nSet-Cookie: language=de; Path=/; HttpOnly; "
                                        "SameSite=Lax; Max-Age=31536000\r\n"));
    assert_non_null(strstr(answer.text, "\r\nSet-Cookie: gone=; Path=/; HttpOnly; SameSite=Lax; "
                                        "Max-Age=0\r\n"));
}

static void cookies_are_secure_where_https_is(void **state)
{
    (void)state;
    struct config secure = http_client_config();
    secure.public_url = "https://msp.example";
    struct http_server *other =
        http_server_start(&secure, routes, sizeof routes / sizeof routes[0]);
    assert_non_null(other);
    log_set_level(LOG_ERROR + 1);
    http_client_ask(other, "GET /headers HTTP/1.1\r\n" HOST "\r\n", &answer);
    log_set_level(LOG_ERROR);
    assert_non_null(strstr(answer.text, "language=de; Path=/; HttpOnly; SameSite=Lax; Secure"));
    http_server_stop(other);
}

/* What a proxy says counts, not what its client said before; of others, nothing counts. */
static void the_client_behind_a_proxy_is_known(void **state)
{
    (void)state;
    static const struct {
        const char *proxy, *headers, *client;
    } cases[] = {
        {"127.0.0.1", "X-Forwarded-For: 192.0.2.7\r\n", "192.0.2.7"},
        {"127.0.0.1", "x-forwarded-for:  198.51.100.1,2001:DB8:0::7 \r\n", "2001:db8::7"},
        {"127.0.0.1", "X-Forwarded-For: 198.51.100.1, ::ffff:192.0.2.7\r\n", "192.0.2.7"},
        {"127.0.0.1", "X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-For: 192.0.2.7\r\n",
         "192.0.2.7"},
        {"127.0.0.1", "", "127.0.0.1"},
        {"127.0.0.1", "X-Forwarded-For:\r\n", "127.0.0.1"},
        {"127.0.0.1", "X-Forwarded-For: 192.0.2.7, unknown\r\n", "127.0.0.1"},
        {"127.0.0.1", "X-Forwarded-For: 192.0.2.7,\r\n", "127.0.0.1"},
        {"127.0.0.1", "X-Forwarded-For: 192.0.2.7:80\r\n", "127.0.0.1"},
        {"::ffff:127.0.0.1", "X-Forwarded-For: 192.0.2.7\r\n", "192.0.2.7"},
        {"192.0.2.1", "X-Forwarded-For: 192.0.2.7\r\n", "127.0.0.1"},
        {"", "X-Forwarded-For: 192.0.2.7\r\n", "127.0.0.1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct config behind = http_client_config();
        behind.http.trusted_proxy = cases[i].proxy;
        struct http_server *other =
            http_server_start(&behind, routes, sizeof routes / sizeof routes[0]);
        assert_non_null(other);
        char request[400], address[60];
        snprintf(request, sizeof request, "GET / HTTP/1.1\r\n" HOST "%s\r\n", cases[i].headers);
        http_client_ask(other, request, &answer);
        http_server_stop(other);
        snprintf(address, sizeof address, " address=%s", cases[i].client);
        const char *seen = strstr(answer.body, " address=");
        assert_non_null(seen);
        assert_string_equal(seen, address);
    }
}

static void a_handler_that_says_nothing_is_a_fault_of_ours(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR + 1);
    get("/nothing");
    log_set_level(LOG_ERROR);
    assert_int_equal(answer.status, 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_path_serves),
        cmocka_unit_test(other_methods_are_refused_with_those_allowed),
        cmocka_unit_test(head_is_answered_like_get_without_a_body),
        cmocka_unit_test(queries_headers_and_cookies_reach_the_handler),
        cmocka_unit_test(form_fields_are_decoded),
        cmocka_unit_test(long_values_are_decoded_at_every_offset),
        cmocka_unit_test(what_is_no_form_is_refused),
        cmocka_unit_test(every_answer_carries_the_security_headers),
        cmocka_unit_test(headers_cannot_be_smuggled_into_an_answer),
        cmocka_unit_test(cookies_are_secure_where_https_is),
        cmocka_unit_test(the_client_behind_a_proxy_is_known),
        cmocka_unit_test(a_handler_that_says_nothing_is_a_fault_of_ours),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
