/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Takes requests in, on libmicrohttpd's threads: decides by the headers whether a request can be
 * understood and is wanted, gathers the body, and hands it on.
 *
 * libmicrohttpd closes a connection that is answered before its body is read, and the client may
 * then never see the answer. A refused body of reasonable size is therefore read and dropped.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/time.h"
#include "http/internal.h"

#define DROPPED_BODY_MAX (1 << 20)
#define CHUNKED_BODY_START 4096
#define FORM_BUFFER_BYTES 1024 /* the post processor's; a field's name must fit */
#define RECORD_BYTES 64        /* of libmicrohttpd for a header, an argument or a cookie */

static const struct route *find_route(const struct http_server *server, const char *path)
{
    const struct route *best = &server->routes[server->routes_count];
    for (size_t i = 0; i < server->routes_count; i++) {
        const struct route *route = &server->routes[i];
        bool matches = route->is_prefix ? strncmp(route->http->path, path, route->path_bytes) == 0
                                        : strcmp(route->http->path, path) == 0;
        if (matches && route->path_bytes >= best->path_bytes)
            best = route;
    }
    return best;
}

/*
 * Answers without a worker. While libmicrohttpd is being stopped it takes an answer, drops it, and
 * may call once more for the request before it closes the connection.
 */
static enum MHD_Result refuse(struct http_request *request, int status)
{
    response_refuse(request, status);
    atomic_store(&request->progress, PROGRESS_ANSWERED);
    request_report(request, request->status, request->outcome);
    return response_send(request);
}

/* --- headers --- */

struct headers {
    struct http_request *request;
    int hosts, lengths, encodings;
    size_t bytes; /* of the connection's memory that they take */
    bool chunked;
    bool malformed;
    bool complete; /* memory sufficed */
};

/* "Content-Length : 5" or "X: \rContent-Length: 5": another reader may see a length. */
static bool is_plain(const char *name, const char *value)
{
    for (; *value != '\0'; value++)
        if (iscntrl((unsigned char)*value) && *value != '\t')
            return false;
    return response_is_token(name);
}

static void check_header(struct headers *headers, const char *name, const char *value)
{
    headers->malformed = headers->malformed || !is_plain(name, value);
    if (strcasecmp(name, MHD_HTTP_HEADER_HOST) == 0)
        headers->hosts++;
    if (strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0) {
        headers->lengths++;
        headers->request->declared = strtoull(value, NULL, 10); /* libmicrohttpd checked it */
    }
    if (strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0) {
        headers->encodings++;
        headers->chunked = strcasecmp(value, "chunked") == 0;
    }
    if (strcasecmp(name, MHD_HTTP_HEADER_COOKIE) == 0)
        headers->bytes += strlen(value); /* of which it takes the cookies apart in a copy */
}

static enum MHD_Result take_header(void *argument, enum MHD_ValueKind kind, const char *name,
                                   size_t name_bytes, const char *value, size_t value_bytes)
{
    struct headers *headers = argument;
    headers->bytes += RECORD_BYTES;
    if (value == NULL) { /* "?wsdl" */
        value = "";
        value_bytes = 0;
    }
    if (kind == MHD_HEADER_KIND)
        check_header(headers, name, value);
    enum field_kind field = kind == MHD_HEADER_KIND   ? FIELD_HEADER
                            : kind == MHD_COOKIE_KIND ? FIELD_COOKIE
                                                      : FIELD_QUERY;
    value = arena_strndup(headers->request->call.arena, value, value_bytes);
    headers->complete = headers->complete && value != NULL &&
                        request_add_field(headers->request, field, name, name_bytes, value);
    return MHD_YES;
}

/* The status with which a request must be refused whatever it asks for; 0: none. */
static int check_framing(const struct headers *headers, const char *version)
{
    bool contradictory = headers->lengths > 1 || headers->encodings > 1 || headers->hosts > 1 ||
                         (headers->encodings > 0 && headers->lengths > 0) ||
                         (headers->encodings > 0 && !headers->chunked) ||
                         (headers->encodings > 0 && strcmp(version, MHD_HTTP_VERSION_1_1) != 0);
    if (contradictory || headers->malformed)
        return MHD_HTTP_BAD_REQUEST;
    /* The answer's headers need room beside them: what is done must not be left unanswered. */
    if (headers->bytes > (size_t)headers->request->server->config->http.header_bytes)
        return MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE;
    return headers->complete ? 0 : MHD_HTTP_INTERNAL_SERVER_ERROR;
}

/*
 * Whether a POST says how long its body is. libmicrohttpd 0.9.75 drops a header that is folded over
 * two lines; were it the length's, the body would be read as the next request.
 */
static bool has_length(const struct headers *headers, const char *method)
{
    return strcmp(method, MHD_HTTP_METHOD_POST) != 0 || headers->lengths + headers->encodings > 0;
}

static bool is_form(const char *content_type)
{
    static const char wanted[] = "application/x-www-form-urlencoded";
    if (content_type == NULL || strncasecmp(content_type, wanted, sizeof wanted - 1) != 0)
        return false;
    char next = content_type[sizeof wanted - 1];
    return next == '\0' || next == ';' || next == ' ';
}

static bool take_fingerprint(struct http_request *request, const unsigned char *fingerprint)
{
    unsigned char *copy = arena_alloc(request->call.arena, CERTIFICATE_FINGERPRINT_BYTES);
    if (copy != NULL)
        memcpy(copy, fingerprint, CERTIFICATE_FINGERPRINT_BYTES);
    request->call.client_certificate = copy;
    return copy != NULL;
}

/* Whether the client's certificate, or that there is none, is good enough for the route. */
static bool admits_client(struct http_request *request)
{
    struct http_server *server = request->server;
    if (server->tls == NULL)
        return true;
    const struct tls_client *client = connection_client(request->connection);
    if (client != NULL && client->subject != NULL)
        request->client_subject = arena_strdup(request->call.arena, client->subject);
    if (!request->route->http->checks_client)
        return true;
    if (client == NULL || client->standing == TLS_WRONG)
        return false;
    if (client->standing == TLS_VERIFIED && !take_fingerprint(request, client->fingerprint))
        return false;
    return client->standing == TLS_VERIFIED || !server->config->tls.client_required;
}

/* The status with which the route refuses; 0: none. */
static int check_route(struct http_request *request, const char *method)
{
    const struct http_route *route = request->route->http;
    if (route->methods == 0)
        return MHD_HTTP_NOT_FOUND;
    unsigned wanted =
        strcmp(method, MHD_HTTP_METHOD_POST) == 0 ? HTTP_POST
        : strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0
            ? HTTP_GET
            : 0;
    if ((route->methods & wanted) == 0)
        return MHD_HTTP_METHOD_NOT_ALLOWED;
    if (!admits_client(request))
        return MHD_HTTP_FORBIDDEN;
    request->is_post = wanted == HTTP_POST;
    if (request->is_post && route->is_form &&
        !is_form(http_request_header(request, MHD_HTTP_HEADER_CONTENT_TYPE)))
        return MHD_HTTP_UNSUPPORTED_MEDIA_TYPE;
    return 0;
}

static size_t body_limit(const struct http_request *request)
{
    return request->is_post ? (size_t)request->route->http->body_limit_bytes : 0;
}

/* The first of libmicrohttpd's calls for a request: headers are there, the body is not. */
static enum MHD_Result begin(struct http_server *server, struct MHD_Connection *connection,
                             const char *path, const char *method, const char *version,
                             void **context)
{
    struct http_request *request = request_new(server, connection);
    if (request == NULL)
        return MHD_NO;
    server_add(server, request);
    *context = request;
    request->head_bytes =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;
    struct headers headers = {.request = request, .bytes = request->head_bytes, .complete = true};
    MHD_get_connection_values_n(connection,
                                MHD_HEADER_KIND | MHD_COOKIE_KIND | MHD_GET_ARGUMENT_KIND,
                                take_header, &headers);
    request->chunked = headers.encodings > 0;
    connection_set_turn(server->connections, connection,
                        request->declared > 0 || request->chunked ? TURN_BODY : TURN_CLIENT);
    request->path = arena_strdup(request->call.arena, path);
    headers.complete = headers.complete && request->path != NULL;
    request->route = find_route(server, path);
    request->refusal = check_framing(&headers, version);
    if (request->refusal == 0 && !has_length(&headers, method))
        request->refusal = MHD_HTTP_LENGTH_REQUIRED;
    if (request->refusal != 0) {
        request->close = true;
    } else if (atomic_load(&server->stopping)) {
        request->refusal = MHD_HTTP_SERVICE_UNAVAILABLE;
        request->close = true;
    } else {
        request->refusal = check_route(request, method);
        if (request->refusal == 0 && request->declared > body_limit(request))
            request->refusal = MHD_HTTP_CONTENT_TOO_LARGE;
    }
    if (request->refusal != 0 && (request->declared > DROPPED_BODY_MAX ||
                                  http_request_header(request, MHD_HTTP_HEADER_EXPECT) != NULL))
        request->close = true; /* the body is not worth reading, or was not sent yet */
    if (!request->close)
        return MHD_YES;
    return refuse(request, request->refusal);
}

/* --- body --- */

/* Room for bytes more, and a NUL. */
static bool grow_body(struct http_request *request, size_t bytes)
{
    size_t needed = request->body_bytes + bytes + 1;
    if (needed <= request->body_capacity)
        return true;
    size_t capacity = request->declared > 0 ? (size_t)request->declared + 1 : CHUNKED_BODY_START;
    while (capacity < needed)
        capacity *= 2;
    char *body = arena_alloc(request->call.arena, capacity);
    if (body == NULL)
        return false;
    if (request->body_bytes > 0)
        memcpy(body, request->body, request->body_bytes);
    request->body = body;
    request->body_capacity = capacity;
    return true;
}

/* MHD_NO: the connection is closed without an answer, because the client abuses it. */
static enum MHD_Result take_body(struct http_request *request, const char *data, size_t bytes)
{
    request->received += bytes;
    if (request->refusal == 0 && request->received > body_limit(request))
        request->refusal = MHD_HTTP_CONTENT_TOO_LARGE;
    if (request->refusal != 0)
        return request->received <= DROPPED_BODY_MAX ? MHD_YES : MHD_NO;
    if (!grow_body(request, bytes)) {
        request->refusal = MHD_HTTP_CONTENT_TOO_LARGE;
        return MHD_YES;
    }
    memcpy(request->body + request->body_bytes, data, bytes);
    request->body_bytes += bytes;
    return MHD_YES;
}

/* --- forms --- */

struct form {
    struct http_request *request;
    char *end;   /* of the values, decoded one behind the other; zeroed from here */
    size_t room; /* they are never longer than the body */
};

/* The post processor gives a value in pieces; offset says how much of it came before. */
static enum MHD_Result take_piece(void *argument, enum MHD_ValueKind kind, const char *name,
                                  const char *filename, const char *content_type,
                                  const char *encoding, const char *data, uint64_t offset,
                                  size_t bytes)
{
    (void)kind, (void)filename, (void)content_type, (void)encoding;
    struct form *form = argument;
    if (offset == 0) {
        if (form->room == 0)
            return MHD_NO;
        form->end++; /* the NUL of the value before */
        form->room--;
        if (!request_add_field(form->request, FIELD_FORM, name, strlen(name), form->end))
            return MHD_NO;
    }
    if (bytes > form->room)
        return MHD_NO;
    memcpy(form->end, data, bytes);
    form->end += bytes;
    form->room -= bytes;
    return MHD_YES;
}

/* False: not a form, or a NUL is in it, which no text can hold. */
static bool read_form(struct http_request *request)
{
    size_t bytes = request->body_bytes;
    if (bytes == 0)
        return true;
    if (memchr(request->body, '\0', bytes) != NULL ||
        memmem(request->body, bytes, "%00", 3) != NULL)
        return false;
    struct form form = {.request = request, .room = bytes};
    form.end = arena_alloc(request->call.arena, bytes + 2);
    struct MHD_PostProcessor *processor =
        MHD_create_post_processor(request->connection, FORM_BUFFER_BYTES, take_piece, &form);
    if (form.end == NULL || processor == NULL) {
        MHD_destroy_post_processor(processor);
        return false;
    }
    bool valid = MHD_post_process(processor, request->body, bytes) == MHD_YES;
    return MHD_destroy_post_processor(processor) == MHD_YES &&
           valid; /* which gives the last piece */
}

/* --- handing on --- */

/* The last of libmicrohttpd's calls before the answer: all of the request is there. */
static enum MHD_Result hand_on(struct http_request *request)
{
    struct http_server *server = request->server;
    connection_set_turn(server->connections, request->connection, TURN_SERVER);
    request->received_us = time_monotonic_us();
    request->call.deadline_us =
        request->received_us + server->config->http.request_timeout_ms * (TIME_SECOND / 1000);
    if (request->refusal == 0 && request->is_post && request->route->http->is_form &&
        !read_form(request))
        request->refusal = MHD_HTTP_BAD_REQUEST;
    if (request->refusal != 0)
        return refuse(request, request->refusal);

    if (request->route->http->waits)
        return handler_admit(request) ? handler_begin(request)
                                      : refuse(request, MHD_HTTP_SERVICE_UNAVAILABLE);
    MHD_suspend_connection(request->connection);
    atomic_store(&request->progress, PROGRESS_WAITING);
    if (!worker_pool_push(server->pool, request)) {
        response_refuse(request, MHD_HTTP_SERVICE_UNAVAILABLE);
        if (worker_resume(request, PROGRESS_WAITING, PROGRESS_ANSWERED))
            request_report(request, request->status, request->outcome);
    }
    return MHD_YES;
}

enum MHD_Result intake_access(void *argument, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *data,
                              size_t *bytes, void **context)
{
    struct http_request *request = *context;
    if (request == NULL)
        return begin(argument, connection, path, method, version, context);
    if (*bytes > 0) {
        enum MHD_Result result = take_body(request, data, *bytes);
        *bytes = 0;
        return result;
    }
    switch ((enum progress)atomic_load(&request->progress)) {
    case PROGRESS_ANSWERED:
        return response_send(request);
    case PROGRESS_READY:
        return handler_go_on(request);
    case PROGRESS_ABANDONED:
        return response_send_abandoned(request);
    case PROGRESS_RECEIVING:
    case PROGRESS_WAITING:
    case PROGRESS_PAUSED:
        break;
    }
    return hand_on(request);
}
