/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A connection from its beginning to its end, whoever keeps it: what connection.c and parking.c
 * share.
 */
#ifndef FARTHING_HTTP_CONNECTION_H
#define FARTHING_HTTP_CONNECTION_H

#include "core/metrics.h"
#include "http/internal.h"

struct connection {
    struct connection *previous, *next; /* of its queue */
    int socket;
    bool parks;            /* where that is done */
    bool lingers;          /* libmicrohttpd has a time of its own for it */
    atomic_llong since_us; /* the client's turn began; 0: it is ours */
    uint64_t asked_bytes;  /* of the whole requests so far, or CONNECTION_BYTES_UNTOLD */
    struct tls_client client;
};

struct connection_queue {
    struct connection *first, *last; /* the oldest is first */
};

struct connection_list {
    pthread_mutex_t lock;
    struct connection_queue open;      /* libmicrohttpd has them */
    struct connection_queue parked;    /* nobody but we */
    struct connection_queue returning; /* libmicrohttpd has yet to begin with them */
    bool stopping;
    pthread_t thread;               /* watches all of them */
    int epoll, wake;                /* what it waits for: those parked, and wake */
    int64_t idle_us, park_after_us; /* the latter 0: nothing is parked */
    int limit;                      /* of connections that park */
    atomic_int held;                /* of those that park, by whomever */
    atomic_int lingering;           /* how many do */
    int lingering_limit;
    struct MHD_Daemon *daemon; /* NULL: it does not listen yet */
    struct metric *open_gauge, *parked_gauge;
    struct tls *tls;
};

void connection_enqueue(struct connection_queue *queue, struct connection *connection);
void connection_dequeue(struct connection_queue *queue, struct connection *connection);
/* The end of one that is in no queue; the socket is its owner's. */
void connection_free(struct connection_list *list, struct connection *connection);

/* --- parking.c --- */
/* False: the resources are lacking. */
bool parking_start(struct connection_list *list);
/* Under the lock: takes one, in no queue now, that libmicrohttpd ends. False: it is to end. */
bool parking_take(struct connection_list *list, struct connection *connection);
/* Under the lock: the one, in no queue now, that libmicrohttpd got back. NULL: it is new. */
struct connection *parking_find_returned(struct connection_list *list, int socket);
/* For the thread that watches: gives back who speaks, ends who was idle for too long, until then.
 * False: the list is stopping. */
bool parking_watch(struct connection_list *list, int64_t until_us);
/* Makes that thread look whether the list is stopping. */
void parking_wake(struct connection_list *list);
/* After that thread: ends all that are parked. */
void parking_stop(struct connection_list *list);

#endif
