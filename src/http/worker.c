/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The workers: a fixed number of threads and a bounded queue. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/metrics.h"
#include "core/time.h"
#include "http/internal.h"

struct worker_pool {
    pthread_mutex_t lock; /* of the queue */
    pthread_cond_t filled;
    struct http_request *first, **last; /* linked by next_queued */
    int length;
    int length_max;
    bool closed;
    struct metric *queue_length;
    struct metric *busy;
    int threads_count;
    pthread_t threads[];
};

bool worker_resume(struct http_request *request, enum progress progress)
{
    int waiting = PROGRESS_WAITING;
    if (!atomic_compare_exchange_strong(&request->progress, &waiting, (int)progress))
        return false;
    MHD_resume_connection(request->connection);
    return true;
}

bool worker_pool_push(struct worker_pool *pool, struct http_request *request)
{
    pthread_mutex_lock(&pool->lock);
    bool taken = !pool->closed && pool->length < pool->length_max;
    if (taken) {
        atomic_fetch_add(&request->holders, 1);
        *pool->last = request;
        pool->last = &request->next_queued;
        metrics_set(pool->queue_length, ++pool->length);
    }
    pthread_mutex_unlock(&pool->lock);
    if (taken)
        pthread_cond_signal(&pool->filled);
    return taken;
}

/* Waits for a request. NULL: the pool is closed and the queue empty. */
static struct http_request *pop(struct worker_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    while (pool->first == NULL && !pool->closed)
        pthread_cond_wait(&pool->filled, &pool->lock);
    struct http_request *request = pool->first;
    if (request != NULL) {
        pool->first = request->next_queued;
        if (pool->first == NULL)
            pool->last = &pool->first;
        metrics_set(pool->queue_length, --pool->length);
    }
    pthread_mutex_unlock(&pool->lock);
    return request;
}

static void work(struct http_request *request)
{
    if (atomic_load(&request->progress) != PROGRESS_WAITING)
        return; /* abandoned in the queue */
    const struct http_route *route = request->route->http;
    if (time_monotonic_us() >= request->call.deadline_us)
        response_refuse(request, MHD_HTTP_SERVICE_UNAVAILABLE);
    else
        route->handler(request, route->context);
    if (request->response == NULL) {
        log_event(LOG_ERROR, "request left without a response", "operation",
                  LOG_TEXT(route->operation), "correlation_id", LOG_TEXT(request->correlation_id),
                  NULL);
        response_refuse(request, MHD_HTTP_INTERNAL_SERVER_ERROR);
    }
    if (worker_resume(request, PROGRESS_ANSWERED))
        request_report(request, request->status, request->outcome);
}

static void *run(void *argument)
{
    struct worker_pool *pool = argument;
    struct http_request *request;
    while ((request = pop(pool)) != NULL) {
        metrics_add(pool->busy, 1);
        work(request);
        request_release(request);
        metrics_add(pool->busy, -1);
    }
    return NULL;
}

struct worker_pool *worker_pool_start(int threads, int queue_length)
{
    struct worker_pool *pool = calloc(1, sizeof *pool + (size_t)threads * sizeof pool->threads[0]);
    if (pool == NULL)
        return NULL;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->filled, NULL);
    pool->last = &pool->first;
    pool->length_max = queue_length;
    pool->queue_length =
        metrics_gauge("farthing_http_queue_length", "Requests that wait for a worker.", "");
    pool->busy = metrics_gauge("farthing_http_workers_busy", "Workers at work.", "");
    for (; pool->threads_count < threads; pool->threads_count++) {
        int problem = pthread_create(&pool->threads[pool->threads_count], NULL, run, pool);
        if (problem != 0) {
            log_event(LOG_ERROR, "worker not started", "cause", LOG_TEXT(strerrordesc_np(problem)),
                      NULL);
            worker_pool_close(pool);
            worker_pool_join(pool);
            return NULL;
        }
    }
    return pool;
}

void worker_pool_close(struct worker_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->closed = true;
    pthread_mutex_unlock(&pool->lock);
    pthread_cond_broadcast(&pool->filled);
}

void worker_pool_join(struct worker_pool *pool)
{
    for (int i = 0; i < pool->threads_count; i++)
        pthread_join(pool->threads[i], NULL);
    assert(pool->first == NULL);
    pthread_cond_destroy(&pool->filled);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}
