/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Connections: how many there are, whose turn it is, and an end to those that dawdle. libmicrohttpd
 * closes the silent ones; a client that sends a byte now and then would keep its connection for
 * ever. parking.c has those that are silent between two requests.
 */
#include <assert.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "core/time.h"
#include "http/connection.h"

#define PATIENCE 2 /* times idle_timeout_s, for a head or a body that comes in drops */
#define CHECKS 4   /* in that time */

/* --- one connection --- */

static struct connection *find(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info->socket_context;
}

/*
 * Where connections are parked, libmicrohttpd ends one as soon as it could be. In the midst of a
 * request, or when we cannot tell whether it is, the client has idle_timeout_s. libmicrohttpd looks
 * at each that has a time of its own whenever it looks at any: so these are few, and when many ask
 * for it the others are ended early.
 */
static void linger(struct connection_list *list, struct connection *known,
                   struct MHD_Connection *connection, bool wanted)
{
    if (!known->parks || known->lingers == wanted)
        return;
    if (atomic_fetch_add(&list->lingering, wanted ? 1 : -1) >= list->lingering_limit && wanted) {
        atomic_fetch_sub(&list->lingering, 1);
        return;
    }
    known->lingers = wanted;
    int64_t timeout_us = wanted ? list->idle_us : list->park_after_us;
    (void)MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT,
                                    (unsigned)(timeout_us / TIME_SECOND));
}

void connection_set_turn(struct connection_list *list, struct MHD_Connection *connection,
                         enum turn turn)
{
    struct connection *known = find(connection);
    if (known == NULL)
        return;
    bool is_servers = turn == TURN_SERVER || turn == TURN_READER;
    atomic_store(&known->since_us, is_servers ? 0 : time_monotonic_us());
    linger(list, known, connection,
           turn == TURN_BODY || turn == TURN_READER ||
               known->asked_bytes == CONNECTION_BYTES_UNTOLD);
}

void connection_count_request(struct MHD_Connection *connection, uint64_t bytes)
{
    struct connection *known = find(connection);
    if (known == NULL)
        return;
    if (bytes == CONNECTION_BYTES_UNTOLD || known->asked_bytes == CONNECTION_BYTES_UNTOLD)
        known->asked_bytes = CONNECTION_BYTES_UNTOLD;
    else
        known->asked_bytes += bytes;
}

const struct tls_client *connection_client(struct MHD_Connection *connection)
{
    struct connection *known = find(connection);
    if (known == NULL)
        return NULL;
    if (known->client.standing == TLS_UNKNOWN)
        known->client = tls_identify(connection);
    return &known->client;
}

void connection_free(struct connection_list *list, struct connection *gone)
{
    if (gone->parks)
        atomic_fetch_sub(&list->held, 1);
    metrics_add(list->open_gauge, -1);
    free(gone->client.subject);
    free(gone);
}

/* --- their beginning and end, as libmicrohttpd sees them --- */

void connection_enqueue(struct connection_queue *queue, struct connection *connection)
{
    connection->next = NULL;
    connection->previous = queue->last;
    *(queue->last != NULL ? &queue->last->next : &queue->first) = connection;
    queue->last = connection;
}

void connection_dequeue(struct connection_queue *queue, struct connection *connection)
{
    *(connection->previous != NULL ? &connection->previous->next : &queue->first) =
        connection->next;
    *(connection->next != NULL ? &connection->next->previous : &queue->last) = connection->previous;
}

bool connection_list_parks(const struct connection_list *list)
{
    return list->park_after_us > 0;
}

bool connection_list_admits(const struct connection_list *list, const struct sockaddr *address)
{
    return !connection_list_parks(list) || address->sa_family == AF_UNIX ||
           atomic_load(&list->held) < list->limit;
}

bool connection_list_returns(const struct connection_list *list)
{
    return pthread_equal(pthread_self(), list->thread) != 0;
}

/* NULL: no memory. */
static struct connection *make(struct connection_list *list, struct MHD_Connection *connection,
                               int socket)
{
    struct connection *made = calloc(1, sizeof *made);
    if (made == NULL)
        return NULL;
    const struct sockaddr *peer =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    made->parks = connection_list_parks(list) && peer->sa_family != AF_UNIX;
    if (made->parks)
        atomic_fetch_add(&list->held, 1);
    metrics_add(list->open_gauge, 1);
    made->socket = socket;
    atomic_init(&made->since_us, time_monotonic_us());
    return made;
}

/* One that returns from being parked is what it was. Without memory it is served, but not known. */
static struct connection *begin(struct connection_list *list, struct MHD_Connection *connection)
{
    int socket = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    pthread_mutex_lock(&list->lock);
    struct connection *begun = parking_find_returned(list, socket);
    if (begun == NULL)
        begun = make(list, connection, socket);
    if (begun != NULL)
        connection_enqueue(&list->open, begun);
    pthread_mutex_unlock(&list->lock);
    return begun;
}

/* libmicrohttpd closes the socket only after this; where connections are parked, it has not shut it
 * down either. */
static void end(struct connection_list *list, struct connection *gone)
{
    if (gone == NULL)
        return;
    if (gone->lingers)
        atomic_fetch_sub(&list->lingering, 1);
    gone->lingers = false;
    pthread_mutex_lock(&list->lock);
    connection_dequeue(&list->open, gone);
    bool parked = parking_take(list, gone);
    pthread_mutex_unlock(&list->lock);
    if (parked)
        return;
    if (gone->parks)
        (void)shutdown(gone->socket, SHUT_WR);
    connection_free(list, gone);
}

void connection_notify(void *argument, struct MHD_Connection *connection, void **context,
                       enum MHD_ConnectionNotificationCode what)
{
    struct connection_list *list = argument;
    if (what != MHD_CONNECTION_NOTIFY_STARTED) {
        end(list, *context);
        return;
    }
    if (list->tls != NULL)
        tls_prepare(list->tls, connection);
    *context = begin(list, connection);
}

/* --- the list --- */

/* libmicrohttpd finds the connection at its end and closes it. */
static void end_dawdlers(struct connection_list *list)
{
    int64_t oldest_us = time_monotonic_us() - PATIENCE * list->idle_us;
    pthread_mutex_lock(&list->lock);
    for (struct connection *open = list->open.first; open != NULL; open = open->next) {
        int64_t since_us = atomic_load(&open->since_us);
        if (since_us != 0 && since_us < oldest_us)
            (void)shutdown(open->socket, SHUT_RDWR);
    }
    pthread_mutex_unlock(&list->lock);
}

static void *watch(void *argument)
{
    struct connection_list *list = argument;
    while (parking_watch(list, time_monotonic_us() + PATIENCE * list->idle_us / CHECKS))
        end_dawdlers(list);
    return NULL;
}

struct connection_list *connection_list_start(const struct config *config, struct tls *tls)
{
    struct connection_list *list = calloc(1, sizeof *list);
    if (list == NULL)
        return NULL;
    pthread_mutex_init(&list->lock, NULL);
    list->tls = tls;
    list->idle_us = config->http.idle_timeout_s * TIME_SECOND;
    list->limit = config->http.connections;
    list->lingering_limit = config->http.lingering_connections;
    if (tls == NULL && config->http.connections_per_address == 0 &&
        config->http.park_after_s < config->http.idle_timeout_s)
        list->park_after_us = config->http.park_after_s * TIME_SECOND;
    list->open_gauge = metrics_gauge("farthing_http_connections", "Connections that are open.", "");
    list->parked_gauge =
        metrics_gauge("farthing_http_connections_parked",
                      "Of these, idle ones of which no more is kept than the socket.", "");
    if (parking_start(list)) {
        if (pthread_create(&list->thread, NULL, watch, list) == 0)
            return list;
        parking_stop(list);
    }
    pthread_mutex_destroy(&list->lock);
    free(list);
    return NULL;
}

void connection_list_listen(struct connection_list *list, struct MHD_Daemon *daemon)
{
    pthread_mutex_lock(&list->lock);
    list->daemon = daemon;
    pthread_mutex_unlock(&list->lock);
}

void connection_list_stop(struct connection_list *list)
{
    if (list == NULL)
        return;
    pthread_mutex_lock(&list->lock);
    list->stopping = true;
    pthread_mutex_unlock(&list->lock);
    parking_wake(list);
    pthread_join(list->thread, NULL);
    parking_stop(list);
}

void connection_list_free(struct connection_list *list)
{
    if (list == NULL)
        return;
    while (list->returning.first != NULL) {
        struct connection *gone = parking_find_returned(list, list->returning.first->socket);
        connection_free(list, gone);
    }
    assert(list->open.first == NULL);
    pthread_mutex_destroy(&list->lock);
    free(list);
}
