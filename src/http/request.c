/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests: their memory, and what handlers ask of them. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/secret.h"
#include "core/time.h"
#include "http/internal.h"

/* Random bytes are cheaper by the dozen. */
static bool make_correlation_id(char id_r[CORRELATION_ID_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    static _Thread_local unsigned char stock[32 * (CORRELATION_ID_SIZE - 1) / 2];
    static _Thread_local size_t left;
    if (left == 0) {
        if (!secret_random(stock, sizeof stock))
            return false;
        left = sizeof stock;
    }
    for (char *end = id_r; end < id_r + CORRELATION_ID_SIZE - 1; end += 2) {
        unsigned char byte = stock[--left];
        end[0] = digits[byte >> 4];
        end[1] = digits[byte & 15];
    }
    id_r[CORRELATION_ID_SIZE - 1] = '\0';
    return true;
}

struct http_request *request_new(struct http_server *server, struct MHD_Connection *connection)
{
    struct arena *arena = arena_new((size_t)server->config->http.memory_per_request_bytes);
    if (arena == NULL)
        return NULL;
    struct http_request *request = arena_alloc(arena, sizeof *request);
    if (request == NULL || !make_correlation_id(request->correlation_id)) {
        arena_free(arena);
        return NULL;
    }
    address_of_client(connection, server->config->http.trusted_proxy, request->remote_address);
    request->server = server;
    request->connection = connection;
    request->fields_end = &request->fields;
    request->headers_end = &request->headers;
    request->received_us = time_monotonic_us();
    request->outcome = "";
    request->call = (struct call){.arena = arena,
                                  .correlation_id = request->correlation_id,
                                  .remote_address = request->remote_address};
    atomic_init(&request->progress, PROGRESS_RECEIVING);
    atomic_init(&request->holders, 1);
    return request;
}

void request_release(struct http_request *request)
{
    if (atomic_fetch_sub(&request->holders, 1) > 1)
        return;
    if (request->response != NULL)
        MHD_destroy_response(request->response);
    arena_free(request->call.arena);
}

bool request_add_field(struct http_request *request, enum field_kind kind, const char *name,
                       size_t name_bytes, const char *value)
{
    struct field *field = arena_alloc(request->call.arena, sizeof *field);
    if (field == NULL)
        return false;
    field->kind = kind;
    field->name = arena_strndup(request->call.arena, name, name_bytes);
    field->value = value;
    if (field->name == NULL)
        return false;
    *request->fields_end = field;
    request->fields_end = &field->next;
    return true;
}

void request_report(const struct http_request *request, int status, const char *outcome)
{
    struct report *report = atomic_load(&request->report);
    report_request(report != NULL ? report : request->route->report, status, outcome,
                   time_monotonic_us() - request->received_us, request->correlation_id,
                   request->client_subject);
}

void http_request_set_operation(struct http_request *request, const char *operation)
{
    atomic_store(&request->report, report_new(operation));
}

/* The first one's value. Names of headers and queries have no case: some clients ask for ?WSDL. */
static const char *find(const struct http_request *request, enum field_kind kind, const char *name)
{
    for (const struct field *field = request->fields; field != NULL; field = field->next)
        if (field->kind == kind &&
            (kind == FIELD_HEADER || kind == FIELD_QUERY ? strcasecmp(field->name, name) == 0
                                                         : strcmp(field->name, name) == 0))
            return field->value;
    return NULL;
}

struct call *http_request_call(struct http_request *request)
{
    return &request->call;
}

bool http_request_is_post(const struct http_request *request)
{
    return request->is_post;
}

const char *http_request_path(const struct http_request *request)
{
    return request->path;
}

const char *http_request_tail(const struct http_request *request)
{
    return request->route->is_prefix ? request->path + request->route->path_bytes : "";
}

const char *http_request_query(struct http_request *request, const char *name)
{
    return find(request, FIELD_QUERY, name);
}

bool http_request_has_query(struct http_request *request, const char *name)
{
    return find(request, FIELD_QUERY, name) != NULL;
}

const char *http_request_header(struct http_request *request, const char *name)
{
    return find(request, FIELD_HEADER, name);
}

const char *http_request_cookie(struct http_request *request, const char *name)
{
    return find(request, FIELD_COOKIE, name);
}

const char *http_request_form(struct http_request *request, const char *name)
{
    return find(request, FIELD_FORM, name);
}

const char *http_request_body(const struct http_request *request, size_t *bytes_r)
{
    *bytes_r = request->body_bytes;
    return request->body != NULL ? request->body : "";
}
