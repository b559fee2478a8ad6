/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Leaders and followers.
 *
 * A caller is a struct item on its own stack (db/item.h), out of everyone's reach when it gives up:
 * its input is read while the lock is held, into the batch's own arrays, and its row is copied by
 * the caller itself from a result that the whole batch shares. So a caller may leave at its
 * deadline whatever the server does.
 *
 * A batch is driven by one caller at a time. Who drives and must leave (its row is there, or its
 * deadline has come) hands over to a caller that stays. When nobody stays, the connection is
 * dropped, as its answer has no reader.
 */
#include "db/batch.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "core/log.h"
#include "core/time.h"
#include "db/item.h"
#include "db/wait.h"

/* A connection of the queue, and what runs on it: items[first] and the span - 1 that follow. */
struct batch {
    struct db_connection *connection;
    struct item **items; /* NULL: gave up, or has its row */
    int count;
    int first;
    int span;
    int retries;
    int64_t patience_until_us; /* so long the next batch waits for this one */
    bool sent;
    bool one_by_one; /* together they failed */
    struct db_array arrays[DB_PARAMETERS_MAX];
    struct db_result *result; /* made before anything is sent: what is done must not be lost */
};

struct db_queue {
    const struct db_batch_kind *kind;
    int parameters;
    int batch_size;
    int wait_ms;
    int patience_ms;
    pthread_mutex_t lock;
    struct item_line line;
    struct db_connection **connections;
    struct batch *batches; /* one for each connection */
    int count;
    struct metric *sizes; /* NULL: not measured */
};

struct db_queue *db_queue_new(const struct db_batch_kind *kind, const struct db_options *options,
                              int connections, int batch_size, int wait_ms, int patience_ms)
{
    struct db_queue *queue = calloc(1, sizeof *queue);
    if (queue == NULL)
        return NULL;
    pthread_mutex_init(&queue->lock, NULL);
    queue->kind = kind;
    queue->parameters = db_statement_parameters(kind->statement);
    queue->batch_size = batch_size;
    queue->wait_ms = wait_ms;
    queue->patience_ms = patience_ms;
    queue->line.tail = &queue->line.head;
    queue->connections = calloc((size_t)connections, sizeof(struct db_connection *));
    queue->batches = calloc((size_t)connections, sizeof *queue->batches);
    if (queue->connections == NULL || queue->batches == NULL)
        goto failed;
    for (; queue->count < connections; queue->count++) {
        struct batch *batch = &queue->batches[queue->count];
        batch->items = calloc((size_t)batch_size, sizeof(struct item *));
        batch->connection = batch->items != NULL ? db_connection_new(options) : NULL;
        if (batch->connection == NULL) {
            free(batch->items);
            goto failed;
        }
        queue->connections[queue->count] = batch->connection;
    }
    return queue;

failed:
    db_queue_free(queue);
    return NULL;
}

void db_queue_free(struct db_queue *queue)
{
    if (queue == NULL)
        return;
    assert(queue->line.head == NULL);
    for (int i = 0; i < queue->count; i++) {
        struct batch *batch = &queue->batches[i];
        assert(!batch->connection->in_use);
        db_connection_free(batch->connection);
        free(batch->items);
        for (int j = 0; j < queue->parameters; j++)
            db_array_free(&batch->arrays[j]);
        db_result_release(batch->result);
    }
    free(queue->connections);
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

/* --- what follows, to db_queue_call, is called with the lock held --- */

static bool reads(const struct db_queue *queue)
{
    return queue->kind->statement->reads;
}

/* The caller's time is over. */
static void give_up(struct db_queue *queue, struct item *item)
{
    enum ft_error error = FT_UNAVAILABLE;
    if (item->state == ITEM_WAITING) {
        item_remove(&queue->line, item);
        item_wake_next(&queue->line);
    } else {
        struct batch *batch = item->batch;
        int index = batch->first;
        while (batch->items[index] != item)
            index++;
        batch->items[index] = NULL;
        if (batch->sent && index < batch->first + batch->span && !reads(queue))
            error = FT_OUTCOME_UNKNOWN;
    }
    item_finish(&queue->line, item, error);
}

/* The connection is free again, or broken. */
static void rest(struct db_queue *queue, struct batch *batch)
{
    batch->first = batch->count = 0;
    batch->sent = false;
    batch->connection->in_use = false;
    item_wake_next(&queue->line);
}

/* Gives the batch to one of its callers, if possible one that is not busy with a connection. */
static void hand_over(struct db_queue *queue, struct batch *batch)
{
    struct item *successor = NULL;
    for (int i = batch->first; i < batch->count; i++)
        if (batch->items[i] != NULL && (successor == NULL || successor->leads))
            successor = batch->items[i];
    if (successor != NULL) {
        successor->drives = true;
        item_signal(successor);
        return;
    }
    unlock(queue);
    db_connection_close(batch->connection);
    lock(queue);
    rest(queue, batch);
}

static void take_waiting(struct db_queue *queue, struct batch *batch)
{
    batch->first = batch->count = 0;
    batch->retries = 0;
    batch->one_by_one = false;
    while (queue->line.head != NULL && batch->count < queue->batch_size) {
        struct item *item = item_take_first(&queue->line);
        item->state = ITEM_TAKEN;
        item->batch = batch;
        batch->items[batch->count++] = item;
    }
    item_wake_next(&queue->line);
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
    batch->sent = false;
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
    batch->sent = false;
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
        batch->sent = true;
        batch->patience_until_us = time_monotonic_us() + queue->patience_ms * 1000LL;
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

/* Drives batch, and those that follow on its connection, until me has its outcome. */
static void drive(struct db_queue *queue, struct batch *batch, struct item *me)
{
    for (;;) {
        if (!batch->sent && !send_next(queue, batch)) {
            rest(queue, batch);
            return;
        }
        if (me->batch != batch) {
            hand_over(queue, batch);
            return;
        }
        PGresult *pg = NULL;
        unlock(queue);
        enum db_wait wait = db_connection_wait(batch->connection, me->deadline_us, &pg);
        lock(queue);
        if (wait == DB_WAIT_DONE) {
            settle(queue, batch, pg);
        } else if (wait == DB_WAIT_BROKEN) {
            lose(queue, batch);
        } else {
            give_up(queue, me);
            hand_over(queue, batch);
            return;
        }
    }
}

/* Makes a free connection ready, and sends all that waits by then. */
static void lead(struct db_queue *queue, struct batch *batch, struct item *me)
{
    batch->connection->in_use = true;
    me->leads = true;
    unlock(queue);
    enum ft_error error =
        db_connection_ready(batch->connection, queue->kind->statement, me->wait_until_us);
    lock(queue);
    me->leads = false;
    if (error == FT_OK) {
        drive(queue, batch, me);
        return;
    }
    rest(queue, batch);
    if (error != FT_UNAVAILABLE && me->state == ITEM_WAITING) {
        give_up(queue, me);
        me->error = error;
    }
}

/*
 * Two small batches cost more than a large one, so that another connection is for what a full batch
 * leaves, and for when a batch is slow: it may wait for a lock. Until when to wait; 0: no longer.
 */
static int64_t patience(const struct db_queue *queue)
{
    int64_t until_us = 0;
    if (queue->line.length >= queue->batch_size)
        return 0;
    for (int i = 0; i < queue->count; i++)
        if (queue->connections[i]->in_use && queue->batches[i].patience_until_us > until_us)
            until_us = queue->batches[i].patience_until_us;
    return until_us > time_monotonic_us() ? until_us : 0;
}

/* Does what is to be done now. False: wait until *until_us, or for a signal. */
static bool look_around(struct db_queue *queue, struct item *me, int64_t *until_us)
{
    int64_t retry_at_us = INT64_MAX;
    int choice = -1;
    if (me->state == ITEM_DONE)
        return true;
    if (me->drives) {
        me->drives = false;
        drive(queue, me->batch, me);
        return true;
    }
    *until_us = me->state == ITEM_WAITING ? me->wait_until_us : me->deadline_us;
    if (time_monotonic_us() >= *until_us) {
        give_up(queue, me);
        return true;
    }
    if (me->state == ITEM_WAITING)
        choice = db_connection_choose(queue->connections, queue->count, &retry_at_us);
    int64_t patience_us = choice >= 0 ? patience(queue) : retry_at_us;
    if (choice >= 0 && patience_us == 0) {
        lead(queue, &queue->batches[choice], me);
        return true;
    }
    *until_us = min_us(*until_us, patience_us);
    return false;
}

enum ft_error db_queue_call(struct db_queue *queue, struct call *call, const void *input,
                            struct db_row *row_r, struct db_result **result_r)
{
    int64_t until_us = time_monotonic_us() + queue->wait_ms * 1000LL;
    struct item me;
    item_init(&me, input, call->deadline_us, min_us(call->deadline_us, until_us));
    lock(queue);
    item_append(&queue->line, &me);
    for (;;) {
        bool acted = look_around(queue, &me, &until_us);
        unlock(queue);
        if (!acted)
            item_sleep(&me, until_us);
        if (me.state == ITEM_DONE) /* often, so that those of a batch need not queue for the lock */
            break;
        lock(queue);
    }
    item_end(&me);
    *result_r = me.result;
    if (me.error == FT_OK) {
        *row_r =
            (struct db_row){.pg = me.result->pg, .arena = call->arena, .row = me.row, .column = 2};
    }
    return me.error;
}
