/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parking: libmicrohttpd keeps http.header_bytes and more for each connection, also for an idle
 * one. So it lets go of those that are silent for http.park_after_s, and we keep no more than the
 * socket, until something is there to read: then it gets the connection back as a new one.
 *
 * libmicrohttpd does not tell of an idle connection, but ends it, and with it what it has read of a
 * request that is not whole. Whether there is such a thing follows from counting: the kernel knows
 * what has been received and not been read, we know the bytes of all requests that were whole.
 * libmicrohttpd calls connection_notify() before it closes the socket, so that a second descriptor
 * keeps the connection; MHD_USE_TURBO is what prevents it from having shut the socket down.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h> /* that of the C library lacks tcpi_bytes_received */
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/time.h"
#include "http/connection.h"

#define EVENTS_AT_ONCE 64

/* --- what is parked --- */

static bool count_received(int socket, uint64_t *bytes_r)
{
    struct tcp_info info = {.tcpi_bytes_received = 0};
    socklen_t size = sizeof info;
    bool told = getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
                size >= offsetof(struct tcp_info, tcpi_bytes_received) + sizeof *bytes_r;
    *bytes_r = info.tcpi_bytes_received;
    return told;
}

/* Bytes may arrive meanwhile, as many as the socket has room for: then it counts again. */
static bool is_between_requests(const struct connection *connection)
{
    uint64_t received = 0, after = 0;
    int unread = 0;
    do {
        if (!count_received(connection->socket, &received) ||
            ioctl(connection->socket, FIONREAD, &unread) != 0 ||
            !count_received(connection->socket, &after))
            return false;
    } while (received != after);
    return received - (uint64_t)unread == connection->asked_bytes;
}

/*
 * One that ends soon after its client's turn began was not silent: it is closed because the client
 * or the answer said so. To be asked only when libmicrohttpd ends a connection.
 */
static bool has_been_silent(const struct connection_list *list, const struct connection *connection)
{
    int64_t since_us = atomic_load(&connection->since_us);
    int64_t silent_us = time_monotonic_us() - since_us;
    return since_us != 0 && silent_us >= list->park_after_us / 2 && silent_us < list->idle_us;
}

bool parking_take(struct connection_list *list, struct connection *connection)
{
    if (!connection->parks || list->stopping || list->daemon == NULL ||
        !has_been_silent(list, connection) || !is_between_requests(connection))
        return false;
    int socket = fcntl(connection->socket, F_DUPFD_CLOEXEC, 0);
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = connection};
    if (socket < 0 || epoll_ctl(list->epoll, EPOLL_CTL_ADD, socket, &event) != 0) {
        if (socket >= 0)
            close(socket);
        return false;
    }
    connection->socket = socket;
    connection_enqueue(&list->parked, connection);
    metrics_add(list->parked_gauge, 1);
    return true;
}

/* --- what returns, or ends --- */

static void leave(struct connection_list *list, struct connection *connection)
{
    (void)epoll_ctl(list->epoll, EPOLL_CTL_DEL, connection->socket, NULL);
    connection_dequeue(&list->parked, connection);
    metrics_add(list->parked_gauge, -1);
}

static void end(struct connection_list *list, struct connection *connection)
{
    leave(list, connection);
    close(connection->socket);
    connection_free(list, connection);
}

/* libmicrohttpd closes the socket when it refuses. */
static void give_back(struct connection_list *list, struct connection *connection)
{
    struct sockaddr_in6 address; /* has room for either */
    socklen_t bytes = sizeof address;
    if (getpeername(connection->socket, (struct sockaddr *)&address, &bytes) != 0) {
        end(list, connection);
        return;
    }
    leave(list, connection);
    connection_enqueue(&list->returning, connection);
    if (MHD_add_connection(list->daemon, connection->socket, (const struct sockaddr *)&address,
                           bytes) != MHD_YES) {
        connection_dequeue(&list->returning, connection);
        connection_free(list, connection);
    }
}

struct connection *parking_find_returned(struct connection_list *list, int socket)
{
    struct connection *found = list->returning.first;
    while (found != NULL && found->socket != socket)
        found = found->next;
    if (found != NULL)
        connection_dequeue(&list->returning, found);
    return found;
}

/* epoll reported it. */
static void look(struct connection_list *list, struct connection *connection)
{
    char byte;
    ssize_t peeked = recv(connection->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (peeked > 0)
        give_back(list, connection);
    else if (peeked == 0 || errno != EAGAIN)
        end(list, connection);
}

/* Only some at once, as libmicrohttpd's threads wait for the lock. */
static void end_idle(struct connection_list *list)
{
    int64_t oldest_us = time_monotonic_us() - list->idle_us;
    for (int i = 0; i < EVENTS_AT_ONCE && list->parked.first != NULL &&
                    atomic_load(&list->parked.first->since_us) <= oldest_us;
         i++)
        end(list, list->parked.first);
}

/* When the first of them is to end; one that is parked from now on has at least as long. */
static int64_t next_end(const struct connection_list *list, int64_t now_us)
{
    if (list->parked.first == NULL)
        return now_us + list->idle_us - list->park_after_us;
    return atomic_load(&list->parked.first->since_us) + list->idle_us;
}

/* --- the thread that watches --- */

bool parking_start(struct connection_list *list)
{
    struct epoll_event event = {.events = EPOLLIN};
    list->epoll = epoll_create1(EPOLL_CLOEXEC);
    list->wake = eventfd(0, EFD_CLOEXEC);
    if (list->epoll >= 0 && list->wake >= 0 &&
        epoll_ctl(list->epoll, EPOLL_CTL_ADD, list->wake, &event) == 0)
        return true;
    parking_stop(list);
    return false;
}

bool parking_watch(struct connection_list *list, int64_t until_us)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    for (;;) {
        pthread_mutex_lock(&list->lock);
        end_idle(list);
        int64_t now_us = time_monotonic_us(), next_us = next_end(list, now_us);
        bool stopping = list->stopping;
        pthread_mutex_unlock(&list->lock);
        if (stopping || now_us >= until_us)
            return !stopping;
        int64_t wait_us = (next_us < until_us ? next_us : until_us) - now_us;
        int wait_ms = wait_us > 0 ? (int)(wait_us / 1000) + 1 : 0;
        int count = epoll_wait(list->epoll, events, EVENTS_AT_ONCE, wait_ms);
        for (int i = 0; i < count; i++) {
            pthread_mutex_lock(&list->lock);
            if (events[i].data.ptr != NULL)
                look(list, events[i].data.ptr);
            pthread_mutex_unlock(&list->lock);
        }
    }
}

void parking_wake(struct connection_list *list)
{
    const uint64_t one = 1;
    (void)!write(list->wake, &one, sizeof one);
}

void parking_stop(struct connection_list *list)
{
    while (list->parked.first != NULL)
        end(list, list->parked.first);
    if (list->epoll >= 0)
        close(list->epoll);
    if (list->wake >= 0)
        close(list->wake);
}
