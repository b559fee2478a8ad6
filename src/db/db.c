/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pool and the queues together. */
#include "db/db.h"

#include <stdlib.h>

#include "core/log.h"
#include "core/time.h"
#include "db/handle.h"
#include "db/version.h"

static const struct db_statement ping_statement = {
    .name = "db_ping",
    .sql = "SELECT 1",
    .reads = true,
};

static bool make_queues(struct db *db)
{
    db->initiate = db_queue_new(db->batches, &db_purchase_initiate_kind);
    db->view = db_queue_new(db->batches, &db_purchase_view_kind);
    db->buy = db_queue_new(db->batches, &db_purchase_buy_kind);
    db->lock_content = db_queue_new(db->batches, &db_license_lock_content_kind);
    return db->initiate != NULL && db->view != NULL && db->buy != NULL && db->lock_content != NULL;
}

static void measure(struct db *db)
{
    db->options.connects = metrics_counter("farthing_database_connects_total",
                                           "Attempts to connect to the database.", "");
    db_pool_measure(db->pool);
    db_queue_measure(db->initiate);
    db_queue_measure(db->view);
    db_queue_measure(db->buy);
    db_queue_measure(db->lock_content);
}

/* Whether the database answers and is of our version; tried once, so that the log says why once. */
static bool first_contact(const struct db *db, int timeout_ms)
{
    struct db_connection *connection = db_connection_new(&db->options);
    int64_t deadline_us = time_monotonic_us() + timeout_ms * 1000LL;
    bool answers = connection != NULL &&
                   db_connection_ready(connection, &ping_statement, deadline_us) == FT_OK;
    db_connection_free(connection);
    return answers;
}

struct db *db_open(const struct config *config)
{
    return db_open_as(config, NULL);
}

struct db *db_open_as(const struct config *config, const char *user)
{
    struct db *db = calloc(1, sizeof *db);
    if (db == NULL)
        goto out_of_memory;
    db->options = (struct db_options){.conninfo = config->database.conninfo,
                                      .user = user,
                                      .application = "farthing",
                                      .statement_timeout_ms = config->database.timeout_ms,
                                      .schema_version = DB_SCHEMA_VERSION};
    db->transaction_s = config->security.transaction_s;
    db->pool = db_pool_new(&db->options, config->database.connections, config->database.timeout_ms);
    const struct db_batch_limits limits = {.connections = config->database.batch_connections,
                                           .size = config->database.batch_size,
                                           .wait_ms = config->database.timeout_ms,
                                           .patience_ms = config->database.batch_patience_ms,
                                           .alone_ms = config->database.batch_alone_ms,
                                           .overlap_percent =
                                               config->database.batch_overlap_percent};
    db->batches = db_batches_new(&db->options, &limits);
    if (db->pool == NULL || db->batches == NULL || !make_queues(db))
        goto out_of_memory;
    measure(db);
    if (!first_contact(db, config->database.timeout_ms)) {
        db_close(db);
        return NULL;
    }
    return db;

out_of_memory:
    log_event(LOG_ERROR, "database_open_failed", "reason", LOG_TEXT("out of memory"), NULL);
    db_close(db);
    return NULL;
}

void db_close(struct db *db)
{
    if (db == NULL)
        return;
    db_batches_free(db->batches);
    db_pool_free(db->pool);
    free(db);
}

enum ft_error db_ping(struct db *db, struct call *call)
{
    const struct db_parameters none = {0};
    return db_do(db, call, &ping_statement, &none);
}

enum ft_error db_do(struct db *db, struct call *call, const struct db_statement *statement,
                    const struct db_parameters *parameters)
{
    struct db_result *result = NULL;
    enum ft_error error = db_pool_call(db->pool, call, statement, parameters, &result);
    db_result_release(result);
    return error;
}

enum ft_error db_ask(struct db *db, struct call *call, const struct db_statement *statement,
                     const struct db_parameters *parameters, struct db_row *row_r,
                     struct db_result **result_r)
{
    *row_r = (struct db_row){.arena = call->arena};
    enum ft_error error = db_pool_call(db->pool, call, statement, parameters, result_r);
    if (error != FT_OK)
        return error;
    if (PQntuples((*result_r)->pg) > 0) {
        row_r->pg = (*result_r)->pg;
    } else {
        db_result_release(*result_r);
        *result_r = NULL;
    }
    return FT_OK;
}

enum ft_error db_ask_int8(struct db *db, struct call *call, const struct db_statement *statement,
                          const struct db_parameters *parameters, int64_t *number_r)
{
    struct db_result *result = NULL;
    struct db_row row;
    enum ft_error error = db_ask(db, call, statement, parameters, &row, &result);
    if (error == FT_OK) {
        *number_r = db_row_int8(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

enum ft_error db_list(struct db *db, struct call *call, const struct db_statement *statement,
                      const struct db_parameters *parameters, size_t element_bytes,
                      void (*read)(struct db_row *row, void *element), struct db_list *list_r)
{
    struct db_result *result = NULL;
    char *elements = NULL;
    *list_r = (struct db_list){0};
    enum ft_error error = db_pool_call(db->pool, call, statement, parameters, &result);
    int count = error == FT_OK ? PQntuples(result->pg) : 0;
    if (count > 0) {
        elements = arena_alloc(call->arena, (size_t)count * element_bytes);
        error = elements != NULL ? FT_OK : FT_INTERNAL;
    }
    for (int i = 0; error == FT_OK && i < count; i++) {
        struct db_row row = {.pg = result->pg, .arena = call->arena, .row = i};
        read(&row, elements + (size_t)i * element_bytes);
        error = db_row_end(&row);
    }
    if (error == FT_OK)
        *list_r = (struct db_list){elements, count};
    db_result_release(result);
    return error;
}
