/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells the callers of a batch their outcomes, or puts them back into the line. */
#include "db/batch_internal.h"

#include "core/log.h"
#include "core/time.h"
#include "db/wait.h"

static bool reads(const struct db_queue *queue)
{
    return queue->kind->statement->reads;
}

void settle_refused(struct batch *batch, enum ft_error error)
{
    batch->retries = 0;
    if (batch->span > 1) {
        batch->one_by_one = true;
        return;
    }
    if (batch->items[batch->first] != NULL)
        item_finish(&batch->queue->line, batch->items[batch->first], error);
    batch->first++;
}

void settle_lost(struct batch *batch)
{
    struct db_queue *queue = batch->queue;
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

static void settle_rows(struct batch *batch, struct db_result *result)
{
    struct db_queue *queue = batch->queue;
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

void settle_answered(struct batch *batch, PGresult *pg)
{
    char sqlstate[DB_SQLSTATE_SIZE];
    enum ft_error error = db_result_outcome(pg, sqlstate);
    if (error == FT_OK) {
        struct db_result *result = batch->result;
        batch->result = NULL;
        result->pg = pg;
        settle_rows(batch, result);
        db_result_release(result);
        return;
    }
    if (db_sqlstate_is_conflict(sqlstate) && batch->retries < DB_CONFLICT_RETRIES) {
        batch->retries++;
    } else {
        if (error == FT_INTERNAL)
            db_result_log(pg, batch->queue->kind->statement->name);
        settle_refused(batch, error);
    }
    PQclear(pg);
}

int64_t settle_late(struct batch *batch)
{
    struct db_queue *queue = batch->queue;
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
