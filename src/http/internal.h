/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the parts of src/http share.
 *
 * A request is made when its headers are complete (intake.c), waits suspended in the queue, is
 * worked on (worker.c), and is answered from libmicrohttpd's thread after the connection was
 * resumed. Two parties hold it: its connection, and from the queue on a worker. A worker never
 * looks at the connection except to resume it, so a connection can be answered without its worker
 * when the server must stop.
 */
#ifndef FARTHING_HTTP_INTERNAL_H
#define FARTHING_HTTP_INTERNAL_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "core/certificate.h"
#include "http/http.h"
#include "http/report.h"

#define CORRELATION_ID_SIZE 33
#define ADDRESS_TEXT_SIZE 46

enum field_kind { FIELD_HEADER, FIELD_QUERY, FIELD_COOKIE, FIELD_FORM };

struct field {
    struct field *next; /* in the order received */
    enum field_kind kind;
    const char *name;
    const char *value;
};

struct header {
    struct header *next;
    const char *name;
    const char *value;
};

enum progress {
    PROGRESS_RECEIVING, /* its connection is read */
    PROGRESS_WAITING,   /* for a worker or at one; its connection is suspended */
    PROGRESS_PAUSED,    /* its fiber waits; likewise */
    PROGRESS_READY,     /* resumed, the fiber is to go on */
    PROGRESS_ANSWERED,  /* its connection is not suspended, response is to be sent */
    PROGRESS_ABANDONED, /* resumed because the server stops; a worker may still be at it */
};

struct http_request {
    struct call call;
    struct http_server *server;
    struct MHD_Connection *connection;
    struct http_request *previous, *next; /* of the server's, under its lock */
    struct http_request *next_queued;
    struct fiber *fiber;           /* NULL: the handler did not begin so, or has ended */
    void (*start)(void *argument); /* of what the fiber waits for; NULL: for a worker */
    void *start_argument;
    bool refused; /* there is no worker for it */
    atomic_int progress;
    atomic_int holders;

    const struct route *route;
    _Atomic(struct report *) report; /* NULL: the route's */
    const char *path;
    bool is_post;
    struct field *fields, **fields_end;
    int64_t received_us; /* headers, then the last byte; monotonic */
    size_t head_bytes;   /* request line and headers */
    bool chunked;        /* so its bytes are not known */
    int refusal;         /* status decided before any handler; 0: none */
    bool close;          /* the connection cannot be read any further */
    uint64_t declared;   /* Content-Length; 0: chunked or none */
    uint64_t received;   /* bytes of body, kept or not */
    char *body;
    size_t body_bytes;
    size_t body_capacity;

    struct header *headers, **headers_end; /* of the response */
    struct MHD_Response *response;
    size_t answer_bytes; /* of its body */
    int status;
    const char *outcome;

    char correlation_id[CORRELATION_ID_SIZE];
    char remote_address[ADDRESS_TEXT_SIZE];
    const char *client_subject; /* of a verified client certificate, for the log; NULL: none */
};

/* A route and what is counted of it. */
struct route {
    const struct http_route *http;
    size_t path_bytes;
    bool is_prefix;
    struct report *report;
};

struct http_server {
    const struct config *config;
    bool cookies_secure;
    bool transport_strict; /* browsers are told to use https alone */
    struct MHD_Daemon *daemon;
    struct MHD_Daemon *socket_daemon; /* for the proxy's socket; NULL: there is none */
    int port;
    struct route *routes; /* the last one stands for paths that nobody serves */
    size_t routes_count;
    atomic_bool stopping;
    atomic_int fibers; /* handlers that run as such */

    pthread_mutex_t lock; /* of the next two */
    pthread_cond_t drained;
    struct http_request *requests; /* all there are */

    struct worker_pool *pool;
    struct connection_list *connections;
    struct tls *tls; /* NULL: plain HTTP */
};

/* --- address.c --- */
/* The address of who sent the request, "" if it is unknown: the peer's, or, where that is the
 * trusted proxy's or has come through a Unix socket, what the proxy says of its own client in
 * X-Forwarded-For. trusted_proxy: "" for none. */
void address_of_client(struct MHD_Connection *connection, const char *trusted_proxy,
                       char text_r[ADDRESS_TEXT_SIZE]);

/* --- proxy_socket.c --- */
/* A listening Unix socket, open to the file's owner and group; a file that a killed server left is
 * replaced. -1: refused, the reason was logged. Owner closes it and removes the file. */
int proxy_socket_listen(const char *path);

/* --- tls.c --- */
enum tls_standing { TLS_UNKNOWN, TLS_ANONYMOUS, TLS_WRONG, TLS_VERIFIED };

/* What the client's certificate says. */
struct tls_client {
    enum tls_standing standing;
    char *subject; /* of a verified one; NULL: none. Owner frees it. */
    unsigned char fingerprint[CERTIFICATE_FINGERPRINT_BYTES]; /* likewise */
};

/* NULL: refused; *file_r and *problem_r say why. */
struct tls *tls_new(const struct config *config, const char **file_r, const char **problem_r);
/* After the last connection. NULL is allowed. */
void tls_free(struct tls *tls);
/* False: what was read before stays. Not from two threads at once. */
bool tls_reload(struct tls *tls, const char **file_r, const char **problem_r);
/* What libmicrohttpd must be told. */
const struct MHD_OptionItem *tls_options(const struct tls *tls);
/* Gives a new connection its certificates. */
void tls_prepare(struct tls *tls, struct MHD_Connection *connection);
/* After the handshake. */
struct tls_client tls_identify(struct MHD_Connection *connection);

/* --- server.c --- */
/* The server's list of requests, until libmicrohttpd has sent their answers. */
void server_add(struct http_server *server, struct http_request *request);

/* --- connection.c --- */
enum turn {
    TURN_CLIENT, /* to say something, if it likes */
    TURN_BODY,   /* likewise, as it has said it would */
    TURN_SERVER,
    TURN_READER, /* likewise, with an answer that the client may take long to read */
};
/* Whom we wait for: patience is only lost with a client. */
void connection_set_turn(struct connection_list *list, struct MHD_Connection *connection,
                         enum turn turn);
#define CONNECTION_BYTES_UNTOLD UINT64_MAX
/* What a request took that is over now: all its bytes, or those are not known. */
void connection_count_request(struct MHD_Connection *connection, uint64_t bytes);
/* MHD_NotifyConnectionCallback, with the list as its argument. */
void connection_notify(void *list, struct MHD_Connection *connection, void **context,
                       enum MHD_ConnectionNotificationCode what);
/*
 * Who the client of a connection with TLS is; NULL: no memory to know it. For libmicrohttpd's
 * threads; lives as long as the connection.
 */
const struct tls_client *connection_client(struct MHD_Connection *connection);
/*
 * A client has twice http.idle_timeout_s for the handshake with the first head, for each other head
 * and each body. tls may be NULL. NULL: no memory.
 */
struct connection_list *connection_list_start(const struct config *config, struct tls *tls);
/*
 * Whether those that are silent for http.park_after_s are parked (parking.c): where they come by
 * TCP, without TLS, as many as like from an address. Then libmicrohttpd is to end connections after
 * that time, without shutting them down, and the list counts them instead of libmicrohttpd.
 */
bool connection_list_parks(const struct connection_list *list);
/* Whether there may be one more, from there. */
bool connection_list_admits(const struct connection_list *list, const struct sockaddr *address);
/* For libmicrohttpd's question: whether it is about one that returns, which the list has counted.
 */
bool connection_list_returns(const struct connection_list *list);
/* Where those return that were parked. */
void connection_list_listen(struct connection_list *list, struct MHD_Daemon *daemon);
/* Before libmicrohttpd closes its own: ends those that are parked. NULL is allowed, also below. */
void connection_list_stop(struct connection_list *list);
/* After libmicrohttpd has closed them all. */
void connection_list_free(struct connection_list *list);

/* --- request.c --- */
/* Held once, by the connection. NULL: no memory. */
struct http_request *request_new(struct http_server *server, struct MHD_Connection *connection);
void request_release(struct http_request *request);
/* False: no memory left in the arena. The name is copied, the value must live in the arena. */
bool request_add_field(struct http_request *request, enum field_kind kind, const char *name,
                       size_t name_bytes, const char *value);
void request_report(const struct http_request *request, int status, const char *outcome);

/* --- intake.c --- */
enum MHD_Result intake_access(void *server, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *data,
                              size_t *bytes, void **context);

/* --- response.c --- */
/* A token of HTTP, as names of headers and cookies are. */
bool response_is_token(const char *text);
/* Makes the response a short plain text that says the status. */
void response_refuse(struct http_request *request, int status);
/* Hands the response to libmicrohttpd, on its thread. */
enum MHD_Result response_send(struct http_request *request);
/* Likewise a refusal, leaving the request's own response to its worker. */
enum MHD_Result response_send_abandoned(const struct http_request *request);

/* --- handler.c --- */
/* For libmicrohttpd's threads, as the next two. False: there are too many, or no more memory. */
bool handler_admit(struct http_request *request);
/* Runs an admitted one as a fiber, until it ends or waits. */
enum MHD_Result handler_begin(struct http_request *request);
enum MHD_Result handler_go_on(struct http_request *request);
/* The client is gone: a handler that was to go on does so elsewhere. */
void handler_abandon(struct http_request *request);
/* Runs the handler, or the rest of its fiber, to its end. */
void handler_work(struct http_request *request);

/* --- worker.c --- */
/* NULL: refused; logged. */
struct worker_pool *worker_pool_start(int threads, int queue_length);
/* False: the queue is full or closed. Else the pool holds the request, too. */
bool worker_pool_push(struct worker_pool *pool, struct http_request *request);
bool worker_pool_is_closed(struct worker_pool *pool);
/* No more pushes: a worker ends when it finds the queue empty. NULL is allowed, also below. */
void worker_pool_close(struct worker_pool *pool);
/* Waits for the workers. */
void worker_pool_join(struct worker_pool *pool);
/* When nobody can push any more. */
void worker_pool_free(struct worker_pool *pool);
/* Resumes a connection that is suspended. False: somebody else did. */
bool worker_resume(struct http_request *request, enum progress from, enum progress to);

#endif
