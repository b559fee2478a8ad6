/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each connection has a thread. It takes what waits in one of the queues, sends it, waits for the
 * server's answer, gives every caller its row, and looks for the queue to serve next.
 *
 * Who comes alone, as others did before, does without: it borrows a connection whose thread rests,
 * and waits for the answer where it is, which saves the waking of two threads. When the answer
 * does not come soon, the thread goes on with it.
 *
 * A caller is a struct item on its own stack, out of reach once it was told its outcome: its input
 * is read under the lock into the batch's arrays, and it copies its row itself from a result that
 * the batch shares. So it may leave at its deadline whatever the server does. When nobody of a
 * batch stays, the connection is dropped, as its answer has no reader.
 */
#include "db/batch.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/time.h"
#include "db/batch_internal.h"
#include "db/wait.h"

/* So many in a row must have come alone before one does without a thread. */
#define ALONE_BEFORE 16

static void lock(struct db_batches *batches)
{
    pthread_mutex_lock(&batches->lock);
}

/* Returns those to be told once the lock is released. */
static struct item *unlock_first(struct db_batches *batches)
{
    struct item *finished = batches->finished;
    batches->finished = NULL;
    pthread_mutex_unlock(&batches->lock);
    return finished;
}

static void unlock(struct db_batches *batches)
{
    item_tell(unlock_first(batches));
}

/* Has the batch's thread look around. */
static void ring(const struct batch *batch)
{
    (void)eventfd_write(batch->alarm, 1);
}

static void *run(void *argument);

static void batch_free(struct batch *batch)
{
    db_connection_free(batch->connection);
    free(batch->items);
    for (int i = 0; i < DB_PARAMETERS_MAX; i++)
        db_array_free(&batch->arrays[i]);
    db_result_release(batch->result);
    if (batch->alarm >= 0)
        close(batch->alarm);
}

/* False: no memory, no thread. */
static bool batch_start(struct db_batches *batches, struct batch *batch,
                        const struct db_options *options)
{
    batch->batches = batches;
    batch->alarm = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    batch->items = calloc((size_t)batches->limits.size, sizeof(struct item *));
    batch->connection = db_connection_new(options);
    bool started = batch->alarm >= 0 && batch->items != NULL && batch->connection != NULL &&
                   pthread_create(&batch->thread, NULL, run, batch) == 0;
    if (!started)
        batch_free(batch);
    return started;
}

struct db_batches *db_batches_new(const struct db_options *options,
                                  const struct db_batch_limits *limits)
{
    struct db_batches *batches = calloc(1, sizeof *batches);
    if (batches == NULL)
        return NULL;
    pthread_mutex_init(&batches->lock, NULL);
    batches->limits = *limits;
    batches->batches = calloc((size_t)limits->connections, sizeof *batches->batches);
    bool started = batches->batches != NULL;
    lock(batches); /* which threads that have started wait for */
    while (started && batches->count < limits->connections) {
        started = batch_start(batches, &batches->batches[batches->count], options);
        batches->count += started;
    }
    unlock(batches);
    if (started)
        return batches;
    db_batches_free(batches);
    return NULL;
}

static void free_queues(struct db_queue *last)
{
    struct db_queue *queue = last;
    while (queue != NULL) {
        struct db_queue *next = queue->next != last ? queue->next : NULL;
        assert(queue->line.head == NULL);
        free(queue);
        queue = next;
    }
}

void db_batches_free(struct db_batches *batches)
{
    if (batches == NULL)
        return;
    lock(batches);
    batches->stopping = true;
    for (int i = 0; i < batches->count; i++)
        ring(&batches->batches[i]);
    unlock(batches);
    for (int i = 0; i < batches->count; i++) {
        pthread_join(batches->batches[i].thread, NULL);
        batch_free(&batches->batches[i]);
    }
    free_queues(batches->last);
    free(batches->batches);
    pthread_mutex_destroy(&batches->lock);
    free(batches);
}

struct db_queue *db_queue_new(struct db_batches *batches, const struct db_batch_kind *kind)
{
    struct db_queue *queue = calloc(1, sizeof *queue);
    if (queue == NULL)
        return NULL;
    queue->kind = kind;
    queue->batches = batches;
    queue->parameters = db_statement_parameters(kind->statement);
    queue->line.tail = &queue->line.head;
    queue->line.finished = &batches->finished;
    lock(batches);
    queue->next = batches->last != NULL ? batches->last->next : queue;
    if (batches->last != NULL)
        batches->last->next = queue;
    batches->last = queue;
    unlock(batches);
    return queue;
}

void db_queue_measure(struct db_queue *queue)
{
    const char *labels = queue->kind->labels;
    queue->sizes = metrics_histogram("farthing_database_batch_items",
                                     "Calls that went in one statement.", labels, 1, 9, 1);
    queue->line.gauge = metrics_gauge("farthing_database_queue_length",
                                      "Calls that wait for a connection.", labels);
}

/* --- what follows, to run, is called with the lock held --- */

static void set_under_way(struct batch *batch, int span)
{
    batch->span = span;
    batch->patience_until_us = time_monotonic_us() + batch->batches->limits.patience_ms * 1000LL;
}

/* Sent, and not answered. */
static bool is_under_way(const struct batch *batch)
{
    return batch->first < batch->count;
}

static void take_waiting(struct batch *batch, struct db_queue *queue)
{
    batch->queue = batch->batches->last = queue;
    batch->first = batch->count = 0;
    batch->retries = 0;
    batch->one_by_one = false;
    while (queue->line.head != NULL && batch->count < batch->batches->limits.size)
        batch->items[batch->count++] = item_take_first(&queue->line);
}

/* Chooses what is sent next of the batch. False: nothing is left. */
static bool choose(struct batch *batch)
{
    int kept = batch->first;
    for (int i = batch->first; i < batch->count; i++)
        if (batch->items[i] != NULL)
            batch->items[kept++] = batch->items[i];
    batch->count = kept;
    batch->span = batch->one_by_one ? 1 : batch->count - batch->first;
    return batch->first < batch->count;
}

static bool encode(struct batch *batch, struct db_parameters *parameters)
{
    const struct db_queue *queue = batch->queue;
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

/* Sends what is to be sent next, if anything is left. */
static void send_next(struct batch *batch)
{
    struct db_batches *batches = batch->batches;
    struct db_queue *queue = batch->queue;
    while (choose(batch)) {
        struct db_parameters parameters;
        if (!encode(batch, &parameters)) {
            settle_refused(batch, FT_INTERNAL);
            continue;
        }
        if (queue->sizes != NULL)
            metrics_observe(queue->sizes, batch->span);
        set_under_way(batch, batch->span);
        struct item *finished = unlock_first(batches);
        bool sent = db_connection_send(batch->connection, queue->kind->statement, &parameters);
        item_tell(finished); /* the server works meanwhile */
        lock(batches);
        if (sent)
            return;
        settle_lost(batch);
    }
}

/* A batch that may take what waits now: its connection need not wait before it is opened again. */
static bool is_able(const struct batch *batch)
{
    return batch->connection->retry_at_us <= time_monotonic_us();
}

/* Has one thread that rests take what waits: at best one whose connection is open. One that cannot
 * take it sees to it that nobody waits for too long, unless only_able. */
static void call_helper(struct db_batches *batches, bool only_able)
{
    struct batch *helper = NULL;
    for (int i = 0; i < batches->count; i++) {
        struct batch *batch = &batches->batches[i];
        if (batch->called)
            return;
        if (!batch->rests || batch->borrowed || (only_able && !is_able(batch)))
            continue;
        if (helper == NULL || !is_able(helper) ||
            (helper->connection->pg == NULL && is_able(batch)))
            helper = batch;
    }
    if (helper != NULL) {
        helper->called = true;
        ring(helper);
    }
}

/* Awaits the server's answer without the lock. False: not by until_us, or the alarm rang. */
static bool receive(struct batch *batch, int64_t until_us)
{
    struct db_batches *batches = batch->batches;
    PGresult *pg = NULL;
    batch->wakes_at_us = until_us;
    unlock(batches);
    enum db_wait wait = db_connection_watch(batch->connection, batch->alarm, until_us, &pg);
    lock(batches);
    batch->wakes_at_us = 0;
    if (wait == DB_WAIT_DONE)
        settle_answered(batch, pg);
    else if (wait == DB_WAIT_BROKEN)
        settle_lost(batch);
    return wait != DB_WAIT_TIMEOUT;
}

/* Until the server has answered, or nobody wants to know. */
static void await_answer(struct batch *batch)
{
    struct db_batches *batches = batch->batches;
    bool received = false;
    while (!received) {
        int64_t until_us = settle_late(batch);
        if (until_us == 0) {
            db_connection_close(batch->connection);
            batch->first = batch->count = 0;
            return;
        }
        until_us = min_us(until_us, lines_expire(batches));
        until_us = min_us(until_us, lines_patient_until(batches));
        if (lines_find_work(batches) != NULL)
            call_helper(batches, false);
        received = receive(batch, until_us);
    }
}

/* Has all done of what was taken, the first of which may have been sent. */
static void finish(struct batch *batch)
{
    while (is_under_way(batch)) {
        await_answer(batch);
        send_next(batch);
    }
    batch->patience_until_us = 0;
}

/* Has done what waits in the queue. */
static void work(struct batch *batch, struct db_queue *queue)
{
    struct db_batches *batches = batch->batches;
    int64_t until_us = item_expire(&queue->line);
    if (queue->line.head == NULL)
        return;
    set_under_way(batch, queue->line.length); /* though others may still take them */
    unlock(batches);
    enum ft_error error = db_connection_ready(batch->connection, queue->kind->statement, until_us);
    lock(batches);
    if (error == FT_OK) {
        take_waiting(batch, queue);
        send_next(batch);
    }
    finish(batch);
    while (error != FT_OK && error != FT_UNAVAILABLE && queue->line.head != NULL)
        item_finish(&queue->line, item_take_first(&queue->line), error);
}

/* When a thread that has nothing to do looks around again. */
static int64_t rest_until(const struct batch *batch)
{
    int64_t until_us = lines_expire(batch->batches);
    if (until_us == INT64_MAX) /* nobody waits */
        return until_us;
    if (!is_able(batch))
        until_us = min_us(until_us, batch->connection->retry_at_us);
    return min_us(until_us, lines_patient_until(batch->batches));
}

/* Until there may be something to do. */
static void rest(struct batch *batch)
{
    struct db_batches *batches = batch->batches;
    batch->rests = true;
    do {
        int64_t until_us = rest_until(batch);
        unlock(batches);
        db_alarm_wait(batch->alarm, until_us);
        lock(batches);
    } while (batch->borrowed);
    batch->rests = batch->called = false;
    finish(batch); /* what a borrower left */
}

static void *run(void *argument)
{
    struct batch *batch = argument;
    struct db_batches *batches = batch->batches;
    lock(batches);
    while (!batches->stopping) {
        struct db_queue *queue = lines_find_work(batches);
        if (queue != NULL && is_able(batch)) {
            work(batch, queue);
            continue;
        }
        if (queue != NULL)
            call_helper(batches, true);
        rest(batch);
    }
    unlock(batches);
    return NULL;
}

/* --- who comes alone --- */

/* Nobody waits, and nothing is under way. */
static bool is_idle(const struct db_batches *batches)
{
    for (int i = 0; i < batches->count; i++) {
        const struct batch *batch = &batches->batches[i];
        if (!batch->rests || batch->called || batch->borrowed)
            return false;
    }
    return lines_find_work(batches) == NULL;
}

/* A batch that can be sent at once, for one of those who come alone. NULL: a thread must do it. */
static struct batch *borrow(struct db_batches *batches, const struct db_queue *queue)
{
    batches->alone = is_idle(batches) ? batches->alone + 1 : 0;
    if (batches->alone <= ALONE_BEFORE || batches->limits.alone_ms == 0)
        return NULL;
    batches->alone = ALONE_BEFORE;
    for (int i = 0; i < batches->count; i++) {
        struct batch *batch = &batches->batches[i];
        if (db_connection_is_ready(batch->connection, queue->kind->statement)) {
            batch->borrowed = true;
            return batch;
        }
    }
    return NULL;
}

/* Gives back what was borrowed, with all in it done. */
static void give_back(struct batch *batch)
{
    struct db_batches *batches = batch->batches;
    batch->borrowed = false;
    batch->patience_until_us = 0;
    if (lines_find_work(batches) != NULL)
        call_helper(batches, false);
}

/* Has the item done by its caller's thread. False: it is to be submitted. */
static bool do_alone(struct item *item)
{
    struct db_queue *queue = item->queue;
    struct db_batches *batches = queue->batches;
    int64_t until_us =
        min_us(item->call->deadline_us, item->since_us + batches->limits.alone_ms * 1000LL);
    bool done = false;
    lock(batches);
    struct batch *batch = borrow(batches, queue);
    if (batch == NULL)
        goto out;
    item_append(&queue->line, item);
    take_waiting(batch, queue);
    do
        send_next(batch);
    while (is_under_way(batch) && receive(batch, min_us(until_us, batch->patience_until_us)));
    if (is_under_way(batch)) {
        item->borrowed = batch;
        goto out;
    }
    done = batches->finished == item;
    if (done)
        batches->finished = NULL;
    else
        (void)item_take_first(&queue->line); /* where it was put back */
    give_back(batch);

out:
    unlock(batches);
    return done;
}

/* --- who is one of many --- */

static void submit(void *argument)
{
    struct item *item = argument;
    struct db_batches *batches = item->queue->batches;
    struct batch *borrowed = item->borrowed;
    int64_t wait_until_us = item->wait_until_us;
    lock(batches);
    if (borrowed != NULL) {
        borrowed->borrowed = false;
        borrowed->called = true;
        ring(borrowed);
    } else {
        item_append(&item->queue->line, item);
        if (lines_find_work(batches) != NULL)
            call_helper(batches, false);
    }
    for (int i = 0; i < batches->count; i++)
        if (batches->batches[i].wakes_at_us > wait_until_us)
            ring(&batches->batches[i]);
    unlock(batches);
}

enum ft_error db_queue_call(struct db_queue *queue, struct call *call, const void *input,
                            struct db_row *row_r, struct db_result **result_r)
{
    struct item me;
    item_init(&me, queue, call, input, queue->batches->limits.wait_ms);
    if (!do_alone(&me))
        item_await(&me, submit);
    *result_r = me.result;
    if (me.error == FT_OK) {
        *row_r =
            (struct db_row){.pg = me.result->pg, .arena = call->arena, .row = me.row, .column = 2};
    }
    return me.error;
}
