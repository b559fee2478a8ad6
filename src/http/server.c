/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server's life: listening, and stopping without losing what was accepted. */
#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/log.h"
#include "core/time.h"
#include "http/internal.h"

#define ANSWER_BYTES 3072 /* of a connection's memory, for the headers of an answer: 2048 a URL */
#define OTHER_FILES 1024  /* database, logs, files of pages */
#define LAST_ANSWERS_US (2 * TIME_SECOND) /* to send what is answered at the deadline */

/* --- requests under way --- */

void server_add(struct http_server *server, struct http_request *request)
{
    pthread_mutex_lock(&server->lock);
    request->next = server->requests;
    if (request->next != NULL)
        request->next->previous = request;
    server->requests = request;
    pthread_mutex_unlock(&server->lock);
}

static void remove_request(struct http_server *server, struct http_request *request)
{
    pthread_mutex_lock(&server->lock);
    if (request->next != NULL)
        request->next->previous = request->previous;
    if (request->previous != NULL)
        request->previous->next = request->next;
    else
        server->requests = request->next;
    bool drained = server->requests == NULL;
    pthread_mutex_unlock(&server->lock);
    if (drained)
        pthread_cond_signal(&server->drained);
}

/* False: requests were left when the deadline passed. */
static bool wait_drained(struct http_server *server, int64_t deadline_us)
{
    struct timespec deadline = {.tv_sec = deadline_us / TIME_SECOND,
                                .tv_nsec = deadline_us % TIME_SECOND * 1000};
    int result = 0;
    pthread_mutex_lock(&server->lock);
    while (server->requests != NULL && result != ETIMEDOUT)
        result = pthread_cond_timedwait(&server->drained, &server->lock, &deadline);
    bool drained = server->requests == NULL;
    pthread_mutex_unlock(&server->lock);
    return drained;
}

/* Answers every request that still waits for a worker. */
static void abandon_requests(struct http_server *server)
{
    pthread_mutex_lock(&server->lock);
    for (struct http_request *request = server->requests; request != NULL; request = request->next)
        (void)worker_resume(request, PROGRESS_WAITING, PROGRESS_ABANDONED);
    pthread_mutex_unlock(&server->lock);
}

/* --- libmicrohttpd's callbacks --- */

static void completed(void *argument, struct MHD_Connection *connection, void **context,
                      enum MHD_RequestTerminationCode why)
{
    struct http_request *request = *context;
    *context = NULL;
    if (request == NULL)
        return;
    connection_count_request(connection,
                             why == MHD_REQUEST_TERMINATED_COMPLETED_OK && !request->chunked
                                 ? request->head_bytes + request->received
                                 : CONNECTION_BYTES_UNTOLD);
    connection_set_turn(request->server->connections, connection, TURN_CLIENT);
    handler_abandon(request);
    remove_request(argument, request);
    request_release(request);
}

/*
 * Whether to keep a new connection. This is how a stopping server ceases to listen: with a thread
 * pool, MHD_quiesce_daemon() of 0.9.75 may find that a busy thread was faster than itself to remove
 * the listening socket from its epoll set, and aborts the process.
 */
static enum MHD_Result admit(void *argument, const struct sockaddr *address, socklen_t bytes)
{
    (void)bytes;
    const struct http_server *server = argument;
    bool admitted =
        connection_list_returns(server->connections) ||
        (!atomic_load(&server->stopping) && connection_list_admits(server->connections, address));
    return admitted ? MHD_YES : MHD_NO;
}

/* A text cannot hold a NUL: what asks for one stays as it was sent. */
static size_t unescape(void *argument, struct MHD_Connection *connection, char *text)
{
    (void)argument, (void)connection;
    return strstr(text, "%00") == NULL ? MHD_http_unescape(text) : strlen(text);
}

/* The arguments may quote a request: only the message's form is logged. */
static void log_library(void *argument, const char *format, va_list args)
{
    (void)argument, (void)args;
    log_event(LOG_DEBUG, "libmicrohttpd", "message", LOG_TEXT(format), NULL);
}

/* --- start --- */

static bool prepare_routes(struct http_server *server, const struct http_route *routes)
{
    static const struct http_route unknown = {.path = "", .operation = "unknown"};
    for (size_t i = 0; i <= server->routes_count; i++) {
        const struct http_route *http = i < server->routes_count ? &routes[i] : &unknown;
        struct route *route = &server->routes[i];
        assert(http == &unknown || (http->path[0] == '/' && http->handler != NULL &&
                                    http->methods > 0 && http->methods <= (HTTP_GET | HTTP_POST)));
        route->http = http;
        route->path_bytes = strlen(http->path);
        route->is_prefix = route->path_bytes > 1 && http->path[route->path_bytes - 1] == '/';
        route->report = report_new(http->operation);
        if (route->report == NULL)
            return false;
    }
    return true;
}

/* Raises the limit of open files to what the connections of all servers need. */
static bool allow_files(int connections)
{
    static atomic_int connections_sum;
    rlim_t needed =
        (rlim_t)(atomic_fetch_add(&connections_sum, connections) + connections) + OTHER_FILES;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= needed)
        return true;
    limit.rlim_cur = needed;
    if (limit.rlim_max >= needed && setrlimit(RLIMIT_NOFILE, &limit) == 0)
        return true;
    log_event(LOG_ERROR, "http.connections needs more open files", "files",
              LOG_INT((int64_t)needed), NULL);
    return false;
}

/* One that listens to address or, unless that is NULL, to a socket. */
static struct MHD_Daemon *start_daemon(struct http_server *server, unsigned flags, int socket,
                                       const void *address)
{
    const struct config *config = server->config;
    bool parks = address != NULL && connection_list_parks(server->connections);
    struct MHD_OptionItem where[] = {{MHD_OPTION_LISTEN_SOCKET, socket, NULL},
                                     {MHD_OPTION_END, 0, NULL}};
    if (address != NULL)
        where[0] = (struct MHD_OptionItem){MHD_OPTION_SOCK_ADDR, 0, (void *)(uintptr_t)address};
    /* It divides them among its threads; the list does not, and there each may have them all. One more:
     * 0.9.75 hangs when a thread is given back a connection beyond its limit. */
    unsigned connections = (unsigned)config->http.connections;
    if (parks)
        connections = (connections + 1) * (unsigned)config->http.threads;
    /* clang-format off */
    return MHD_start_daemon(
        flags | MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC |
            MHD_USE_ERROR_LOG | (server->tls != NULL ? MHD_USE_TLS : 0) |
            (parks ? MHD_USE_TURBO : 0),
        0, admit, server, intake_access, server,
        MHD_OPTION_EXTERNAL_LOGGER, log_library, NULL,
        MHD_OPTION_ARRAY, where,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)config->http.threads,
        MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)config->http.connections_per_address,
        MHD_OPTION_CONNECTION_TIMEOUT,
            (unsigned)(parks ? config->http.park_after_s : config->http.idle_timeout_s),
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)config->http.header_bytes + ANSWER_BYTES,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, completed, server,
        MHD_OPTION_NOTIFY_CONNECTION, connection_notify, server->connections,
        MHD_OPTION_ARRAY, tls_options(server->tls),
        MHD_OPTION_END);
    /* clang-format on */
}

static bool listen_on_port(struct http_server *server)
{
    const struct config *config = server->config;
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6,
                              .sin6_port = htons((uint16_t)config->http.port)};
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)config->http.port)};
    bool is_v6 = inet_pton(AF_INET6, config->http.address, &v6.sin6_addr) == 1;
    if (!is_v6 && inet_pton(AF_INET, config->http.address, &v4.sin_addr) != 1) {
        log_event(LOG_ERROR, "not listening", "cause", LOG_TEXT("http.address"), NULL);
        return false;
    }
    server->daemon = is_v6 ? start_daemon(server, MHD_USE_DUAL_STACK, -1, &v6)
                           : start_daemon(server, 0, -1, &v4);
    if (server->daemon == NULL) {
        log_event(LOG_ERROR, "not listening", "address", LOG_TEXT(config->http.address), "port",
                  LOG_INT(config->http.port), "cause", LOG_TEXT(strerrordesc_np(errno)), NULL);
        return false;
    }
    connection_list_listen(server->connections, server->daemon);
    server->port = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    return true;
}

/* libmicrohttpd closes the socket, also when it fails. */
static bool listen_on_socket(struct http_server *server, int socket)
{
    const char *path = server->config->http.socket_file;
    server->socket_daemon = start_daemon(server, 0, socket, NULL);
    if (server->socket_daemon != NULL)
        return true;
    log_event(LOG_ERROR, "not listening", "file", LOG_TEXT(path), "cause",
              LOG_TEXT(strerrordesc_np(errno)), NULL);
    unlink(path);
    return false;
}

/* What may well fail comes before anybody is served. False: server->daemon may serve already. */
static bool start_listening(struct http_server *server)
{
    const struct config *config = server->config;
    bool has_socket = config->http.socket_file[0] != '\0';
    if (!allow_files(config->http.connections * (has_socket ? 2 : 1)))
        return false;
    if (!has_socket)
        return listen_on_port(server);
    int socket = proxy_socket_listen(config->http.socket_file);
    if (socket < 0)
        return false;
    if (listen_on_port(server))
        return listen_on_socket(server, socket);
    close(socket);
    unlink(config->http.socket_file);
    return false;
}

/* --- TLS --- */

static bool is_secure(const struct config *config)
{
    return config->tls.certificate_file[0] != '\0';
}

static void log_file(const char *event, const char *file, const char *problem)
{
    log_event(LOG_ERROR, event, "file", LOG_TEXT(file), "cause", LOG_TEXT(problem), NULL);
}

/* tls_new, unless there is a socket to which a proxy would speak plain HTTP. */
static struct tls *make_tls(const struct config *config, const char **file_r,
                            const char **problem_r)
{
    if (config->http.socket_file[0] == '\0')
        return tls_new(config, file_r, problem_r);
    *file_r = config->http.socket_file;
    *problem_r = "with TLS there is no socket for a proxy";
    return NULL;
}

static bool start_tls(struct http_server *server)
{
    const char *file = NULL, *problem = NULL;
    if (!is_secure(server->config))
        return true;
    server->tls = make_tls(server->config, &file, &problem);
    if (server->tls == NULL)
        log_file("TLS not started", file, problem);
    server->transport_strict = server->cookies_secure;
    return server->tls != NULL;
}

bool http_server_reload(struct http_server *server)
{
    const char *file = NULL, *problem = NULL;
    if (server->tls == NULL || tls_reload(server->tls, &file, &problem))
        return true;
    log_file("TLS files not reloaded", file, problem);
    return false;
}

bool http_check_files(const struct config *config, const char **file_r, const char **problem_r)
{
    if (!is_secure(config))
        return true;
    struct tls *tls = make_tls(config, file_r, problem_r);
    tls_free(tls);
    return tls != NULL;
}

/* --- start and stop --- */

static void server_free(struct http_server *server)
{
    pthread_cond_destroy(&server->drained);
    pthread_mutex_destroy(&server->lock);
    tls_free(server->tls);
    free(server->routes);
    free(server);
}

struct http_server *http_server_start(const struct config *config, const struct http_route *routes,
                                      size_t count)
{
    struct http_server *server = calloc(1, sizeof *server);
    if (server == NULL)
        return NULL;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&server->drained, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&server->lock, NULL);
    server->config = config;
    server->cookies_secure = strncmp(config->public_url, "https:", 6) == 0;
    server->routes_count = count;
    server->routes = calloc(count + 1, sizeof server->routes[0]);
    if (server->routes == NULL || !prepare_routes(server, routes) || !start_tls(server))
        goto fail;
    server->connections = connection_list_start(config, server->tls);
    server->pool = worker_pool_start(config->workers.threads, config->workers.queue_length);
    if (server->connections != NULL && server->pool != NULL && start_listening(server))
        return server;
    if (server->daemon != NULL) {
        http_server_stop(server);
        return NULL;
    }
    worker_pool_close(server->pool);
    worker_pool_join(server->pool);
    worker_pool_free(server->pool);
    connection_list_stop(server->connections);
    connection_list_free(server->connections);
fail:
    server_free(server);
    return NULL;
}

int http_server_port(const struct http_server *server)
{
    return server->port;
}

/*
 * Workers end before libmicrohttpd does: one that just resumed a connection may still be inside it.
 * The deadline of every call has passed by then, so that workers end soon. A request whose body is
 * still coming may ask for one until libmicrohttpd ends.
 */
void http_server_stop(struct http_server *server)
{
    if (server == NULL)
        return;
    int64_t deadline_us =
        time_monotonic_us() + server->config->http.request_timeout_ms * (TIME_SECOND / 1000);
    atomic_store(&server->stopping, true);
    if (server->socket_daemon != NULL)
        unlink(server->config->http.socket_file);
    bool drained = wait_drained(server, deadline_us);
    worker_pool_close(server->pool);
    if (!drained) {
        log_event(LOG_WARNING, "requests abandoned at the deadline", NULL);
        abandon_requests(server);
        (void)wait_drained(server, time_monotonic_us() + LAST_ANSWERS_US);
    }
    worker_pool_join(server->pool);
    connection_list_stop(server->connections);
    MHD_stop_daemon(server->daemon);
    if (server->socket_daemon != NULL)
        MHD_stop_daemon(server->socket_daemon);
    worker_pool_free(server->pool);
    connection_list_free(server->connections);
    server_free(server);
}
