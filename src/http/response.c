/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Responses: what handlers say, and the headers that every answer carries. */
#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/log.h"
#include "http/internal.h"

#define SENT_AT_ONCE_BYTES 16384 /* so much the kernel takes, even if the client does not read */

bool response_is_token(const char *text)
{
    if (text[0] == '\0')
        return false;
    for (; *text != '\0'; text++)
        if (!isalnum((unsigned char)*text) && strchr("!#$%&'*+-.^_`|~", *text) == NULL)
            return false;
    return true;
}

static bool has_control(const char *text)
{
    for (; *text != '\0'; text++)
        if (iscntrl((unsigned char)*text))
            return true;
    return false;
}

void http_response_header(struct http_request *request, const char *name, const char *value)
{
    struct header *header = NULL;
    if (response_is_token(name) && !has_control(value))
        header = arena_alloc(request->call.arena, sizeof *header);
    if (header != NULL) {
        header->name = arena_strdup(request->call.arena, name);
        header->value = arena_strdup(request->call.arena, value);
    }
    if (header == NULL || header->name == NULL || header->value == NULL) {
        log_event(LOG_ERROR, "response header dropped", "correlation_id",
                  LOG_TEXT(request->correlation_id), NULL);
        return;
    }
    *request->headers_end = header;
    request->headers_end = &header->next;
}

void http_response_cookie(struct http_request *request, const char *name, const char *value,
                          int max_age_s)
{
    const char *secure = request->server->cookies_secure ? "; Secure" : "";
    const char *cookie = NULL;
    if (response_is_token(name) && strpbrk(value, " \",;\\") == NULL) {
        cookie = arena_printf(request->call.arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s", name,
                              value, secure);
        if (cookie != NULL && max_age_s >= 0)
            cookie = arena_printf(request->call.arena, "%s; Max-Age=%d", cookie, max_age_s);
    }
    http_response_header(request, "Set-Cookie", cookie != NULL ? cookie : "\n"); /* refused there */
}

/* NULL, or the response with every header but those of the handler. */
static struct MHD_Response *make(const struct http_request *request, const char *type,
                                 const void *body, size_t bytes, enum MHD_ResponseMemoryMode mode)
{
    char *unconst = NULL; /* libmicrohttpd does not write to it */
    memcpy(&unconst, &body, sizeof unconst);
    struct MHD_Response *response = MHD_create_response_from_buffer(bytes, unconst, mode);
    if (response == NULL)
        return NULL;
    if (MHD_add_response_header(response, "X-Correlation-ID", request->correlation_id) == MHD_YES &&
        MHD_add_response_header(response, "X-Content-Type-Options", "nosniff") == MHD_YES &&
        MHD_add_response_header(response, "Referrer-Policy", "no-referrer") == MHD_YES &&
        (!request->server->transport_strict ||
         MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000") ==
             MHD_YES) &&
        (bytes == 0 || MHD_add_response_header(response, "Content-Type", type) == MHD_YES))
        return response;
    MHD_destroy_response(response);
    return NULL;
}

/* Headers that say what this server answers by itself. */
static bool add_refusal_headers(const struct http_request *request, int status,
                                struct MHD_Response *response)
{
    static const char *const allowed[] = {
        [HTTP_GET] = "GET, HEAD",
        [HTTP_POST] = "POST",
        [HTTP_GET | HTTP_POST] = "GET, HEAD, POST",
    };
    if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
        return MHD_add_response_header(response, "Retry-After", "1") == MHD_YES;
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
        return MHD_add_response_header(response, "Allow", allowed[request->route->http->methods]) ==
               MHD_YES;
    return true;
}

static const char *outcome_of(int status)
{
    switch (status) {
    case MHD_HTTP_BAD_REQUEST:
        return "BAD_REQUEST";
    case MHD_HTTP_FORBIDDEN:
        return "FORBIDDEN";
    case MHD_HTTP_NOT_FOUND:
        return "NOT_FOUND";
    case MHD_HTTP_METHOD_NOT_ALLOWED:
        return "METHOD_NOT_ALLOWED";
    case MHD_HTTP_LENGTH_REQUIRED:
        return "LENGTH_REQUIRED";
    case MHD_HTTP_CONTENT_TOO_LARGE:
        return "BODY_TOO_LARGE";
    case MHD_HTTP_UNSUPPORTED_MEDIA_TYPE:
        return "UNSUPPORTED_MEDIA_TYPE";
    case MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE:
        return "HEADERS_TOO_LARGE";
    case MHD_HTTP_SERVICE_UNAVAILABLE:
        return "UNAVAILABLE";
    default:
        return "INTERNAL";
    }
}

/* NULL: no memory. */
static struct MHD_Response *make_refusal(const struct http_request *request, int status)
{
    char text[100];
    int bytes =
        snprintf(text, sizeof text, "%d %s\n", status, MHD_get_reason_phrase_for((unsigned)status));
    struct MHD_Response *response =
        make(request, "text/plain; charset=utf-8", text, (size_t)bytes, MHD_RESPMEM_MUST_COPY);
    if (response != NULL && !add_refusal_headers(request, status, response)) {
        MHD_destroy_response(response);
        response = NULL;
    }
    return response;
}

void response_refuse(struct http_request *request, int status)
{
    assert(request->response == NULL);
    request->response = make_refusal(request, status);
    request->status = status;
    request->outcome = outcome_of(status);
}

void http_respond(struct http_request *request, int status, const char *content_type,
                  const void *body, size_t bytes, const char *outcome)
{
    assert(request->response == NULL && status >= 200 && status <= 599);
    bool lasts = bytes == 0 || arena_holds(request->call.arena, body);
    struct MHD_Response *response = make(request, content_type, body, bytes,
                                         lasts ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_COPY);
    for (struct header *header = request->headers; header != NULL && response != NULL;
         header = header->next)
        if (MHD_add_response_header(response, header->name, header->value) != MHD_YES) {
            MHD_destroy_response(response);
            response = NULL;
        }
    if (response == NULL) {
        response_refuse(request, MHD_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }
    request->response = response;
    request->answer_bytes = bytes;
    request->status = status;
    request->outcome = outcome;
}

void http_redirect(struct http_request *request, const char *url, const char *outcome)
{
    http_response_header(request, "Location", url);
    http_respond(request, MHD_HTTP_SEE_OTHER, NULL, "", 0, outcome);
}

enum MHD_Result response_send(struct http_request *request)
{
    if (request->response == NULL)
        return MHD_NO; /* no memory for an answer: the connection is closed */
    if (request->close || atomic_load(&request->server->stopping))
        (void)MHD_add_response_header(request->response, "Connection", "close");
    if (request->answer_bytes > SENT_AT_ONCE_BYTES)
        connection_set_turn(request->server->connections, request->connection, TURN_READER);
    return MHD_queue_response(request->connection, (unsigned)request->status, request->response);
}

enum MHD_Result response_send_abandoned(const struct http_request *request)
{
    const int status = MHD_HTTP_SERVICE_UNAVAILABLE;
    struct MHD_Response *response = make_refusal(request, status);
    if (response == NULL)
        return MHD_NO;
    request_report(request, status, outcome_of(status));
    (void)MHD_add_response_header(response, "Connection", "close");
    enum MHD_Result queued = MHD_queue_response(request->connection, (unsigned)status, response);
    MHD_destroy_response(response);
    return queued;
}
