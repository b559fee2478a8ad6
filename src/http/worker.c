/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The workers: a fixed number of threads and a bounded queue.
 *
 * Idle workers wait on a stack, so that the one that worked last, whose memory is still cached,
 * works next. Only one of them is being woken at a time; it wakes the next when it finds more work
 * than its own. A short request is thus often taken by a worker that is awake, which costs far less
 * than waking one.
 */
#include <assert.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/metrics.h"
#include "http/internal.h"

struct worker {
    struct worker_pool *pool;
    struct worker *next_idle;
    sem_t wake;
    pthread_t thread;
};

struct worker_pool {
    pthread_mutex_t lock;               /* of all but the metrics */
    struct http_request *first, **last; /* linked by next_queued */
    int length;
    int length_max;
    struct worker *idle; /* linked by next_idle */
    bool waking;         /* a worker was woken and is not here yet */
    bool closed;
    struct metric *queue_length;
    struct metric *busy;
    int count;
    struct worker workers[];
};

bool worker_resume(struct http_request *request, enum progress from, enum progress to)
{
    int expected = (int)from;
    struct MHD_Connection *connection = request->connection;
    if (!atomic_compare_exchange_strong(&request->progress, &expected, (int)to))
        return false;
    MHD_resume_connection(connection);
    return true;
}

/* Takes the worker to be woken, under the lock. NULL: nobody need be. */
static struct worker *take_idle(struct worker_pool *pool)
{
    struct worker *worker = pool->idle;
    if (pool->first == NULL || pool->waking || worker == NULL)
        return NULL;
    pool->idle = worker->next_idle;
    pool->waking = true;
    return worker;
}

static void wake(struct worker *worker)
{
    if (worker != NULL)
        sem_post(&worker->wake);
}

bool worker_pool_push(struct worker_pool *pool, struct http_request *request)
{
    pthread_mutex_lock(&pool->lock);
    bool taken = !pool->closed && pool->length < pool->length_max;
    if (taken) {
        atomic_fetch_add(&request->holders, 1);
        *pool->last = request;
        pool->last = &request->next_queued;
        pool->length++;
        metrics_add(pool->queue_length, 1);
    }
    struct worker *next = take_idle(pool);
    pthread_mutex_unlock(&pool->lock);
    wake(next);
    return taken;
}

bool worker_pool_is_closed(struct worker_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    bool closed = pool->closed;
    pthread_mutex_unlock(&pool->lock);
    return closed;
}

/* Until there is work, under the lock. */
static void wait_idle(struct worker *worker)
{
    struct worker_pool *pool = worker->pool;
    worker->next_idle = pool->idle;
    pool->idle = worker;
    pthread_mutex_unlock(&pool->lock);
    while (sem_wait(&worker->wake) != 0)
        ; /* a signal */
    pthread_mutex_lock(&pool->lock);
    pool->waking = false;
}

/* NULL: the pool is closed and the queue empty. */
static struct http_request *pop(struct worker *worker)
{
    struct worker_pool *pool = worker->pool;
    pthread_mutex_lock(&pool->lock);
    while (pool->first == NULL && !pool->closed)
        wait_idle(worker);
    struct http_request *request = pool->first;
    if (request != NULL) {
        pool->first = request->next_queued;
        if (pool->first == NULL)
            pool->last = &pool->first;
        pool->length--;
        metrics_add(pool->queue_length, -1);
    }
    struct worker *next = take_idle(pool);
    pthread_mutex_unlock(&pool->lock);
    wake(next);
    return request;
}

static void *run(void *argument)
{
    struct worker *worker = argument;
    struct http_request *request;
    while ((request = pop(worker)) != NULL) {
        metrics_add(worker->pool->busy, 1);
        if (request->fiber != NULL || atomic_load(&request->progress) == PROGRESS_WAITING)
            handler_work(request); /* else it was abandoned in the queue */
        request_release(request);
        metrics_add(worker->pool->busy, -1);
    }
    return NULL;
}

struct worker_pool *worker_pool_start(int threads, int queue_length)
{
    struct worker_pool *pool = calloc(1, sizeof *pool + (size_t)threads * sizeof pool->workers[0]);
    if (pool == NULL)
        return NULL;
    pthread_mutex_init(&pool->lock, NULL);
    pool->last = &pool->first;
    pool->length_max = queue_length;
    pool->queue_length =
        metrics_gauge("farthing_http_queue_length", "Requests that wait for a worker.", "");
    pool->busy = metrics_gauge("farthing_http_workers_busy", "Workers at work.", "");
    for (; pool->count < threads; pool->count++) {
        struct worker *worker = &pool->workers[pool->count];
        worker->pool = pool;
        sem_init(&worker->wake, 0, 0);
        int problem = pthread_create(&worker->thread, NULL, run, worker);
        if (problem != 0) {
            log_event(LOG_ERROR, "worker not started", "cause", LOG_TEXT(strerrordesc_np(problem)),
                      NULL);
            worker_pool_close(pool);
            worker_pool_join(pool);
            worker_pool_free(pool);
            return NULL;
        }
    }
    return pool;
}

void worker_pool_close(struct worker_pool *pool)
{
    if (pool == NULL)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->closed = true;
    struct worker *next = pool->idle;
    pool->idle = NULL;
    pthread_mutex_unlock(&pool->lock);
    while (next != NULL) {
        struct worker *worker = next;
        next = worker->next_idle;
        sem_post(&worker->wake);
    }
}

void worker_pool_join(struct worker_pool *pool)
{
    if (pool == NULL)
        return;
    for (int i = 0; i < pool->count; i++) {
        pthread_join(pool->workers[i].thread, NULL);
        sem_destroy(&pool->workers[i].wake);
    }
    assert(pool->first == NULL);
}

void worker_pool_free(struct worker_pool *pool)
{
    if (pool == NULL)
        return;
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}
