/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Connections: how many there are, and an end to those that dawdle. libmicrohttpd closes the silent
 * ones; a client that sends a byte now and then would keep its connection for ever.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "core/log.h"
#include "core/metrics.h"
#include "core/time.h"
#include "http/internal.h"

#define CHECKS 4 /* in the time that a client has */

struct connection {
    struct connection *previous, *next;
    int socket;
    atomic_llong since_us; /* the client's turn began; 0: it is ours */
    struct tls_client client;
};

struct connection_list {
    pthread_mutex_t lock;
    pthread_cond_t stopped;
    struct connection *first;
    bool stopping;
    int64_t patience_us;
    struct metric *open;
    struct tls *tls;
    pthread_t thread;
};

static struct connection *find(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info->socket_context;
}

void connection_set_turn(struct MHD_Connection *connection, enum turn turn)
{
    struct connection *known = find(connection);
    if (known != NULL)
        atomic_store(&known->since_us, turn == TURN_CLIENT ? time_monotonic_us() : 0);
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

/* Without memory the connection is served, but not watched. */
static void add(struct connection_list *list, struct MHD_Connection *connection, void **context)
{
    struct connection *added = calloc(1, sizeof *added);
    *context = added;
    if (added == NULL)
        return;
    added->socket =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    atomic_init(&added->since_us, time_monotonic_us());
    pthread_mutex_lock(&list->lock);
    added->next = list->first;
    if (added->next != NULL)
        added->next->previous = added;
    list->first = added;
    pthread_mutex_unlock(&list->lock);
}

/* libmicrohttpd closes the socket only after this. */
static void forget(struct connection_list *list, struct connection *gone)
{
    if (gone == NULL)
        return;
    pthread_mutex_lock(&list->lock);
    if (gone->next != NULL)
        gone->next->previous = gone->previous;
    if (gone->previous != NULL)
        gone->previous->next = gone->next;
    else
        list->first = gone->next;
    pthread_mutex_unlock(&list->lock);
    free(gone->client.subject);
    free(gone);
}

void connection_notify(void *argument, struct MHD_Connection *connection, void **context,
                       enum MHD_ConnectionNotificationCode what)
{
    struct connection_list *list = argument;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        metrics_add(list->open, 1);
        if (list->tls != NULL)
            tls_prepare(list->tls, connection);
        add(list, connection, context);
    } else {
        metrics_add(list->open, -1);
        forget(list, *context);
    }
}

/* Under the lock. libmicrohttpd finds the connection at its end and closes it. */
static void end_dawdlers(struct connection_list *list)
{
    int64_t oldest_us = time_monotonic_us() - list->patience_us;
    for (struct connection *open = list->first; open != NULL; open = open->next) {
        int64_t since_us = atomic_load(&open->since_us);
        if (since_us != 0 && since_us < oldest_us)
            (void)shutdown(open->socket, SHUT_RDWR);
    }
}

static void *watch(void *argument)
{
    struct connection_list *list = argument;
    pthread_mutex_lock(&list->lock);
    while (!list->stopping) {
        int64_t next_us = time_monotonic_us() + list->patience_us / CHECKS;
        struct timespec next = {.tv_sec = next_us / TIME_SECOND,
                                .tv_nsec = next_us % TIME_SECOND * 1000};
        if (pthread_cond_timedwait(&list->stopped, &list->lock, &next) == ETIMEDOUT)
            end_dawdlers(list);
    }
    pthread_mutex_unlock(&list->lock);
    return NULL;
}

struct connection_list *connection_list_start(int patience_s, struct tls *tls)
{
    struct connection_list *list = calloc(1, sizeof *list);
    if (list == NULL)
        return NULL;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&list->stopped, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&list->lock, NULL);
    list->tls = tls;
    list->patience_us = patience_s * TIME_SECOND;
    list->open = metrics_gauge("farthing_http_connections", "Connections that are open.", "");
    if (pthread_create(&list->thread, NULL, watch, list) == 0)
        return list;
    pthread_cond_destroy(&list->stopped);
    pthread_mutex_destroy(&list->lock);
    free(list);
    return NULL;
}

void connection_list_stop(struct connection_list *list)
{
    if (list == NULL)
        return;
    pthread_mutex_lock(&list->lock);
    list->stopping = true;
    pthread_mutex_unlock(&list->lock);
    pthread_cond_signal(&list->stopped);
    pthread_join(list->thread, NULL);
    assert(list->first == NULL);
    pthread_cond_destroy(&list->stopped);
    pthread_mutex_destroy(&list->lock);
    free(list);
}
