/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs handlers: where a route says so, as fibers on libmicrohttpd's threads. One that waits gives
 * up the thread and suspends its connection; what it waits for resumes the connection, and there
 * the fiber goes on. So the threads that read requests do all of the work of a purchase, request
 * after request, and nobody is woken for each. One that may block moves to a worker for good.
 */
#include <assert.h>

#include "core/fiber.h"
#include "core/log.h"
#include "core/time.h"
#include "http/internal.h"

static struct http_request *request_of(struct call *call)
{
    return (struct http_request *)((char *)call - offsetof(struct http_request, call));
}

static void call_handler(void *argument)
{
    struct http_request *request = argument;
    const struct http_route *route = request->route->http;
    route->handler(request, route->context);
    if (request->response == NULL) {
        log_event(LOG_ERROR, "request left without a response", "operation",
                  LOG_TEXT(route->operation), "correlation_id", LOG_TEXT(request->correlation_id),
                  NULL);
        response_refuse(request, MHD_HTTP_INTERNAL_SERVER_ERROR);
    }
}

/* --- struct call_host, on the fiber's stack --- */

static void pause_call(struct call *call, void (*start)(void *argument), void *argument)
{
    struct http_request *request = request_of(call);
    request->start = start;
    request->start_argument = argument;
    fiber_wait(request->fiber);
}

static void resume_call(struct call *call)
{
    (void)worker_resume(request_of(call), PROGRESS_PAUSED, PROGRESS_READY);
}

static bool leave(struct call *call)
{
    struct http_request *request = request_of(call);
    request->start = NULL;
    fiber_wait(request->fiber);
    return !request->refused;
}

static const struct call_host host = {.wait = pause_call, .wake = resume_call, .leave = leave};

/* --- on libmicrohttpd's threads --- */

/* It has told what it needs to go on. */
static enum MHD_Result let_wait(struct http_request *request)
{
    void (*start)(void *) = request->start;
    MHD_suspend_connection(request->connection);
    if (start != NULL) {
        atomic_store(&request->progress, PROGRESS_PAUSED);
        start(request->start_argument);
        return MHD_YES;
    }
    atomic_store(&request->progress, PROGRESS_WAITING);
    request->call.host = NULL;
    if (!worker_pool_push(request->server->pool, request)) {
        request->refused = true;
        handler_work(request);
    }
    return MHD_YES;
}

/* False: it waits. */
static bool run_fiber(struct http_request *request)
{
    if (fiber_resume(request->fiber))
        return false;
    request->fiber = NULL;
    atomic_fetch_sub(&request->server->fibers, 1);
    return true;
}

enum MHD_Result handler_go_on(struct http_request *request)
{
    if (!run_fiber(request))
        return let_wait(request);
    atomic_store(&request->progress, PROGRESS_ANSWERED);
    request_report(request, request->status, request->outcome);
    return response_send(request);
}

/* A closed pool means that the server ends, and nobody may be waiting then. */
bool handler_admit(struct http_request *request)
{
    struct http_server *server = request->server;
    const bool admitted = atomic_fetch_add(&server->fibers, 1) < server->config->http.requests &&
                          !worker_pool_is_closed(server->pool);
    if (admitted)
        request->fiber = fiber_new(call_handler, request);
    if (request->fiber == NULL)
        atomic_fetch_sub(&server->fibers, 1);
    return request->fiber != NULL;
}

enum MHD_Result handler_begin(struct http_request *request)
{
    request->call.host = &host;
    return handler_go_on(request);
}

void handler_abandon(struct http_request *request)
{
    if (request->call.host == NULL || request->fiber == NULL)
        return; /* a worker has it, or it has ended */
    request->call.host = NULL;
    if (!worker_pool_push(request->server->pool, request))
        handler_work(request);
}

/* --- on a worker, as a rule --- */

void handler_work(struct http_request *request)
{
    if (request->fiber != NULL) {
        bool ended = run_fiber(request);
        assert(ended); /* it has a thread of its own */
    } else if (time_monotonic_us() >= request->call.deadline_us) {
        response_refuse(request, MHD_HTTP_SERVICE_UNAVAILABLE);
    } else {
        call_handler(request);
    }
    if (worker_resume(request, PROGRESS_WAITING, PROGRESS_ANSWERED) ||
        atomic_load(&request->progress) == PROGRESS_READY)
        request_report(request, request->status, request->outcome);
}
