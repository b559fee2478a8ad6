/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each connection of a queue has a thread. It takes what waits, sends it, waits for the server's
 * answer, gives every caller its row, and takes what waits by then.
 *
 * A caller is a struct item on its own stack, out of reach once it was told its outcome: its input
 * is read under the lock into the batch's arrays, and it copies its row itself from a result that
 * the batch shares. So it may leave at its deadline whatever the server does. When nobody of a
 * batch stays, the connection is dropped, as its answer has no reader.
 */
#include "db/batch.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/log.h"
#include "core/time.h"
#include "db/item.h"
#include "db/wait.h"

#define PATIENCE_US (20 * TIME_SECOND / 1000)

/* A connection of the queue, and what runs on it: items[first] and the span - 1 that follow. */
struct batch {
    struct db_queue *queue;
    pthread_t thread;
    int alarm;           /* an eventfd that ends the thread's waiting */
    bool rests;          /* nothing is to be done that it may take */
    bool called;         /* to take what waits, and is not here yet */
    int64_t wakes_at_us; /* to see whose time is over; 0: it is awake */
    struct db_connection *connection;
    struct item **items; /* NULL: gave up, or has its row */
    int count;
    int first;
    int span;
    int retries;
    int64_t patience_until_us; /* so long the next batch waits for this one; 0: none is under way */
    bool one_by_one;           /* together they failed */
    struct db_array arrays[DB_PARAMETERS_MAX];
    struct db_result *result; /* made before anything is sent: what is done must not be lost */
};

struct db_queue {
    const struct db_batch_kind *kind;
    int parameters;
    int batch_size;
    int wait_ms;
    pthread_mutex_t lock;
    struct item_line line;
    struct batch *batches; /* one for each connection */
    int count;
    bool stopping;
    struct metric *sizes; /* NULL: not measured */
};

static void lock(struct db_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
}

/* Returns those to be told once the lock is released. */
static struct item *unlock_first(struct db_queue *queue)
{
    struct item *finished = queue->line.finished;
    queue->line.finished = NULL;
    pthread_mutex_unlock(&queue->lock);
    return finished;
}

static void unlock(struct db_queue *queue)
{
    item_tell(unlock_first(queue));
}

/* Has the batch's thread look around. */
static void ring(const struct batch *batch)
{
    (void)eventfd_write(batch->alarm, 1);
}

static void *run(void *argument);

static void batch_free(struct batch *batch, int parameters)
{
    db_connection_free(batch->connection);
    free(batch->items);
    for (int i = 0; i < parameters; i++)
        db_array_free(&batch->arrays[i]);
    db_result_release(batch->result);
    if (batch->alarm >= 0)
        close(batch->alarm);
}

/* False: no memory, no thread. */
static bool batch_start(struct db_queue *queue, struct batch *batch,
                        const struct db_options *options)
{
    batch->queue = queue;
    batch->alarm = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    batch->items = calloc((size_t)queue->batch_size, sizeof(struct item *));
    batch->connection = db_connection_new(options);
    bool started = batch->alarm >= 0 && batch->items != NULL && batch->connection != NULL &&
                   pthread_create(&batch->thread, NULL, run, batch) == 0;
    if (!started)
        batch_free(batch, 0);
    return started;
}

struct db_queue *db_queue_new(const struct db_batch_kind *kind, const struct db_options *options,
                              int connections, int batch_size, int wait_ms)
{
    struct db_queue *queue = calloc(1, sizeof *queue);
    if (queue == NULL)
        return NULL;
    pthread_mutex_init(&queue->lock, NULL);
    queue->kind = kind;
    queue->parameters = db_statement_parameters(kind->statement);
    queue->batch_size = batch_size;
    queue->wait_ms = wait_ms;
    queue->line.tail = &queue->line.head;
    queue->batches = calloc((size_t)connections, sizeof *queue->batches);
    if (queue->batches == NULL)
        goto failed;
    for (; queue->count < connections; queue->count++)
        if (!batch_start(queue, &queue->batches[queue->count], options))
            goto failed;
    return queue;

failed:
    db_queue_free(queue);
    return NULL;
}

void db_queue_free(struct db_queue *queue)
{
    if (queue == NULL)
        return;
    lock(queue);
    assert(queue->line.head == NULL);
    queue->stopping = true;
    for (int i = 0; i < queue->count; i++)
        ring(&queue->batches[i]);
    unlock(queue);
    for (int i = 0; i < queue->count; i++) {
        pthread_join(queue->batches[i].thread, NULL);
        batch_free(&queue->batches[i], queue->parameters);
    }
    free(queue->batches);
    pthread_mutex_destroy(&queue->lock);
    free(queue);
}

void db_queue_measure(struct db_queue *queue)
{
    const char *labels = queue->kind->labels;
    queue->sizes = metrics_histogram("farthing_database_batch_items",
                                     "Calls that went in one statement.", labels, 1, 9, 1);
    queue->line.gauge = metrics_gauge("farthing_database_queue_length",
                                      "Calls that wait for a connection of their queue.", labels);
}

/* --- what follows, to run, is called with the lock held --- */

static bool reads(const struct db_queue *queue)
{
    return queue->kind->statement->reads;
}

static void take_waiting(struct db_queue *queue, struct batch *batch)
{
    batch->first = batch->count = 0;
    batch->retries = 0;
    batch->one_by_one = false;
    while (queue->line.head != NULL && batch->count < queue->batch_size)
        batch->items[batch->count++] = item_take_first(&queue->line);
}

/* Chooses what is sent next: what is left of the batch, or a new one. False: nothing. */
static bool choose(struct db_queue *queue, struct batch *batch)
{
    int kept = batch->first;
    for (int i = batch->first; i < batch->count; i++)
        if (batch->items[i] != NULL)
            batch->items[kept++] = batch->items[i];
    batch->count = kept;
    if (batch->first == batch->count && batch->connection->pg != NULL)
        take_waiting(queue, batch);
    batch->span = batch->one_by_one ? 1 : batch->count - batch->first;
    return batch->first < batch->count;
}

static bool encode(struct db_queue *queue, struct batch *batch, struct db_parameters *parameters)
{
    const struct db_batch_kind *kind = queue->kind;
    for (int i = 0; i < queue->parameters; i++)
        db_array_begin(&batch->arrays[i], kind->statement->types[i]);
    for (int i = batch->first; i < batch->first + batch->span; i++)
        kind->encode(batch->items[i]->input, batch->arrays);
    *parameters = (struct db_parameters){0};
    if (batch->result == NULL)
        batch->result = db_result_new();
    bool complete = batch->result != NULL;
    for (int i = 0; i < queue->parameters; i++)
        complete = complete && db_parameters_array(parameters, &batch->arrays[i]);
    return complete;
}

/* The server, or we, refused what was sent as a whole; nothing of it was done. */
static void refuse(struct db_queue *queue, struct batch *batch, enum ft_error error)
{
    batch->retries = 0;
    if (batch->span > 1) {
        batch->one_by_one = true;
        return;
    }
    if (batch->items[batch->first] != NULL)
        item_finish(&queue->line, batch->items[batch->first], error);
    batch->first++;
}

/* The connection broke. */
static void lose(struct db_queue *queue, struct batch *batch)
{
    log_event(LOG_WARNING, "database_connection_lost", "statement",
              LOG_TEXT(queue->kind->statement->name), "items", LOG_INT(batch->span), NULL);
    for (int i = batch->count - 1; i >= batch->first; i--) {
        struct item *item = batch->items[i];
        if (item == NULL)
            continue;
        if (i >= batch->first + batch->span)
            item_put_back(&queue->line, item);
        else if (!reads(queue))
            item_finish(&queue->line, item, FT_OUTCOME_UNKNOWN);
        else if (item->retries++ < DB_CONFLICT_RETRIES)
            item_put_back(&queue->line, item);
        else
            item_finish(&queue->line, item, FT_UNAVAILABLE);
    }
    batch->first = batch->count = 0;
}

/* Gives an item its row. */
static void settle_item(struct db_queue *queue, struct item *item, const char *sqlstate,
                        struct db_result *result, int row)
{
    enum ft_error error = db_sqlstate_outcome(sqlstate);
    if (db_sqlstate_is_conflict(sqlstate) && item->retries++ < DB_CONFLICT_RETRIES) {
        item_put_back(&queue->line, item);
        return;
    }
    if (error == FT_OK) {
        atomic_fetch_add(&result->references, 1);
        item->result = result;
        item->row = row;
    } else if (error == FT_INTERNAL) {
        log_event(LOG_ERROR, "database_error", "statement", LOG_TEXT(queue->kind->statement->name),
                  "sqlstate", LOG_TEXT(sqlstate), NULL);
    }
    item_finish(&queue->line, item, error);
}

static void settle_rows(struct db_queue *queue, struct batch *batch, struct db_result *result)
{
    for (int i = 0; i < PQntuples(result->pg); i++) {
        struct db_row row = {.pg = result->pg, .row = i};
        char sqlstate[DB_SQLSTATE_SIZE];
        int place = db_row_int4(&row);
        db_row_text_into(&row, sqlstate, sizeof sqlstate);
        if (row.failed || place < 1 || place > batch->span)
            continue; /* its caller is told below */
        struct item **item = &batch->items[batch->first + place - 1];
        if (*item != NULL) {
            settle_item(queue, *item, sqlstate, result, i);
            *item = NULL;
        }
    }
    for (int i = batch->first; i < batch->first + batch->span; i++) {
        if (batch->items[i] != NULL) {
            log_event(LOG_ERROR, "database_row_missing", "statement",
                      LOG_TEXT(queue->kind->statement->name), NULL);
            item_finish(&queue->line, batch->items[i], FT_INTERNAL);
        }
    }
    batch->first += batch->span;
}

/* The server answered. */
static void settle(struct db_queue *queue, struct batch *batch, PGresult *pg)
{
    char sqlstate[DB_SQLSTATE_SIZE];
    enum ft_error error = db_result_outcome(pg, sqlstate);
    if (error == FT_OK) {
        struct db_result *result = batch->result;
        batch->result = NULL;
        result->pg = pg;
        settle_rows(queue, batch, result);
        db_result_release(result);
        return;
    }
    if (db_sqlstate_is_conflict(sqlstate) && batch->retries < DB_CONFLICT_RETRIES) {
        batch->retries++;
    } else {
        if (error == FT_INTERNAL)
            db_result_log(pg, queue->kind->statement->name);
        refuse(queue, batch, error);
    }
    PQclear(pg);
}

/* Sends what is to be sent next. False: nothing is left. */
static bool send_next(struct db_queue *queue, struct batch *batch)
{
    while (choose(queue, batch)) {
        struct db_parameters parameters;
        if (!encode(queue, batch, &parameters)) {
            refuse(queue, batch, FT_INTERNAL);
            continue;
        }
        if (queue->sizes != NULL)
            metrics_observe(queue->sizes, batch->span);
        batch->patience_until_us = time_monotonic_us() + PATIENCE_US;
        struct item *finished = unlock_first(queue);
        bool sent = db_connection_send(batch->connection, queue->kind->statement, &parameters);
        item_tell(finished); /* the server works meanwhile */
        lock(queue);
        if (sent)
            return true;
        lose(queue, batch);
    }
    return false;
}

/* Gives up those of the batch whose time is over. When the next one's will be; 0: nobody is left.
 */
static int64_t expire(struct db_queue *queue, struct batch *batch)
{
    int64_t now_us = time_monotonic_us();
    int64_t next_us = 0;
    for (int i = batch->first; i < batch->count; i++) {
        struct item *item = batch->items[i];
        if (item == NULL)
            continue;
        if (item->call->deadline_us > now_us) {
            next_us =
                next_us == 0 ? item->call->deadline_us : min_us(next_us, item->call->deadline_us);
            continue;
        }
        bool sent = i < batch->first + batch->span;
        batch->items[i] = NULL;
        item_finish(&queue->line, item,
                    sent && !reads(queue) ? FT_OUTCOME_UNKNOWN : FT_UNAVAILABLE);
    }
    return next_us;
}

/*
 * Two small batches cost more than a large one, so that another connection is for what a full batch
 * leaves, and for when a batch is slow: it may wait for a lock.
 */
static bool may_take(const struct db_queue *queue)
{
    int64_t now_us = time_monotonic_us();
    if (queue->line.head == NULL)
        return false;
    if (queue->line.length >= queue->batch_size)
        return true;
    for (int i = 0; i < queue->count; i++)
        if (queue->batches[i].patience_until_us > now_us)
            return false;
    return true;
}

/* Has one thread that rests take what waits. */
static void call_helper(struct db_queue *queue)
{
    struct batch *helper = NULL;
    for (int i = 0; i < queue->count; i++) {
        struct batch *batch = &queue->batches[i];
        if (batch->called)
            return;
        if (batch->rests && (helper == NULL || helper->connection->pg == NULL))
            helper = batch;
    }
    if (helper != NULL) {
        helper->called = true;
        ring(helper);
    }
}

/* Waits without the lock until the alarm rings or until_us, or for the server's answer. */
static enum db_wait sleep_until(struct db_queue *queue, struct batch *batch, int64_t until_us,
                                PGresult **pg_r)
{
    enum db_wait wait = DB_WAIT_TIMEOUT;
    batch->wakes_at_us = until_us;
    unlock(queue);
    if (pg_r != NULL)
        wait = db_connection_wait(batch->connection, batch->alarm, until_us, pg_r);
    else
        db_alarm_wait(batch->alarm, until_us);
    lock(queue);
    batch->wakes_at_us = 0;
    return wait;
}

/* Until the server has answered, or nobody wants to know. */
static void await_answer(struct db_queue *queue, struct batch *batch)
{
    enum db_wait wait = DB_WAIT_TIMEOUT;
    PGresult *pg = NULL;
    while (wait == DB_WAIT_TIMEOUT) {
        int64_t until_us = expire(queue, batch);
        if (until_us == 0) {
            db_connection_close(batch->connection);
            batch->first = batch->count = 0;
            return;
        }
        until_us = min_us(until_us, item_expire(&queue->line));
        if (batch->patience_until_us > time_monotonic_us())
            until_us = min_us(until_us, batch->patience_until_us);
        else if (may_take(queue))
            call_helper(queue);
        wait = sleep_until(queue, batch, until_us, &pg);
    }
    if (wait == DB_WAIT_DONE)
        settle(queue, batch, pg);
    else
        lose(queue, batch);
}

/* Takes what waits, and what waits after that, until nothing does. */
static void work(struct db_queue *queue, struct batch *batch)
{
    int64_t until_us = item_expire(&queue->line);
    if (queue->line.head == NULL)
        return;
    unlock(queue);
    enum ft_error error = db_connection_ready(batch->connection, queue->kind->statement, until_us);
    lock(queue);
    while (error == FT_OK && send_next(queue, batch))
        await_answer(queue, batch);
    batch->patience_until_us = 0;
    while (error != FT_OK && error != FT_UNAVAILABLE && queue->line.head != NULL)
        item_finish(&queue->line, item_take_first(&queue->line), error);
}

static void *run(void *argument)
{
    struct batch *batch = argument;
    struct db_queue *queue = batch->queue;
    lock(queue);
    while (!queue->stopping) {
        int64_t retry_at_us = batch->connection->retry_at_us; /* 0 while it is open */
        int64_t until_us = INT64_MAX;
        if (may_take(queue)) {
            if (retry_at_us <= time_monotonic_us()) {
                work(queue, batch);
                continue;
            }
            until_us = min_us(retry_at_us, item_expire(&queue->line));
        }
        batch->rests = true;
        (void)sleep_until(queue, batch, until_us, NULL);
        batch->rests = batch->called = false;
    }
    unlock(queue);
    return NULL;
}

static void submit(void *argument)
{
    struct item *item = argument;
    struct db_queue *queue = item->queue;
    int64_t wait_until_us = item->wait_until_us;
    lock(queue);
    item_append(&queue->line, item);
    if (may_take(queue))
        call_helper(queue);
    for (int i = 0; i < queue->count; i++)
        if (!queue->batches[i].rests && queue->batches[i].wakes_at_us > wait_until_us)
            ring(&queue->batches[i]);
    unlock(queue);
}

enum ft_error db_queue_call(struct db_queue *queue, struct call *call, const void *input,
                            struct db_row *row_r, struct db_result **result_r)
{
    struct item me;
    item_init(&me, queue, call, input, time_monotonic_us() + queue->wait_ms * 1000LL);
    item_await(&me, submit);
    *result_r = me.result;
    if (me.error == FT_OK) {
        *row_r =
            (struct db_row){.pg = me.result->pg, .arena = call->arena, .row = me.row, .column = 2};
    }
    return me.error;
}
