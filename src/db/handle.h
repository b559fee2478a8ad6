/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What struct db is inside src/db. */
#ifndef FARTHING_DB_HANDLE_H
#define FARTHING_DB_HANDLE_H

#include "db/batch.h"
#include "db/db.h"
#include "db/pool.h"
#include "db/purchase.h"

struct db {
    struct db_options options;
    int transaction_s; /* how long a transaction can be bought */
    struct db_pool *pool;
    struct db_batches *batches;
    struct db_queue *initiate;
    struct db_queue *view;
    struct db_queue *buy;
    struct db_queue *lock_content;
};

extern const struct db_batch_kind db_purchase_initiate_kind;
extern const struct db_batch_kind db_purchase_view_kind;
extern const struct db_batch_kind db_purchase_buy_kind;
extern const struct db_batch_kind db_license_lock_content_kind;

/* Columns: charged, transaction_id, vendor_id, content_url, is_post, vendor_content_id,
 * optional_data, price, currency, balance. */
void db_purchase_read_receipt(struct db_row *row, struct purchase_receipt *receipt);

/* db_pool_call for a statement of which only its success counts. */
enum ft_error db_do(struct db *db, struct call *call, const struct db_statement *statement,
                    const struct db_parameters *parameters);

/* db_pool_call for a statement that gives one row, or none: then *row_r has no pg, and *result_r is
 * NULL. Owner calls db_result_release. */
enum ft_error db_ask(struct db *db, struct call *call, const struct db_statement *statement,
                     const struct db_parameters *parameters, struct db_row *row_r,
                     struct db_result **result_r);

/* db_ask for a number: one row of one column. */
enum ft_error db_ask_int8(struct db *db, struct call *call, const struct db_statement *statement,
                          const struct db_parameters *parameters, int64_t *number_r);

struct db_list {
    void *elements; /* in the call's arena; NULL when there is none */
    int count;
};

/* db_pool_call for a statement that gives a list: read fills an element from each row. */
enum ft_error db_list(struct db *db, struct call *call, const struct db_statement *statement,
                      const struct db_parameters *parameters, size_t element_bytes,
                      void (*read)(struct db_row *row, void *element), struct db_list *list_r);

#endif
