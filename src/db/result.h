/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading results, in binary format and column by column.
 *
 * The callers of one batch share its result: each reads its own row in its own thread.
 */
#ifndef FARTHING_DB_RESULT_H
#define FARTHING_DB_RESULT_H

#include <libpq-fe.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/time.h"
#include "db/db.h"

struct db_result {
    atomic_int references;
    PGresult *pg;
};

/* One reference; pg is NULL. NULL: no memory. */
struct db_result *db_result_new(void);
void db_result_release(struct db_result *result); /* NULL is allowed */

/* A place in a result; every db_row_ function below reads one column and moves to the next. */
struct db_row {
    const PGresult *pg;
    struct arena *arena; /* texts and bytes are copied to it */
    int row;
    int column;
    bool failed; /* a column had another shape, or there was no memory */
};

/* SQL's NULL is 0, false or NULL. */
bool db_row_bool(struct db_row *row);
int32_t db_row_int4(struct db_row *row);
int32_t db_row_int4_or(struct db_row *row, int32_t when_null);
int64_t db_row_int8(struct db_row *row);
time_us_t db_row_time(struct db_row *row);
const char *db_row_text(struct db_row *row);
/* The index of the text among count names; the row fails when it is none of them. */
int db_row_name(struct db_row *row, const char *const *names, int count);
/* At most size - 1 bytes, else the row fails. NULL: "". */
void db_row_text_into(struct db_row *row, char *text_r, size_t size);
const unsigned char *db_row_bytes(struct db_row *row, size_t *bytes_r);
void db_row_uuid(struct db_row *row, char text_r[DB_UUID_TEXT_SIZE]); /* NULL: "" */
const char *db_row_uuid_text(struct db_row *row);

/* FT_INTERNAL when the row failed; logged. */
enum ft_error db_row_end(const struct db_row *row);

#endif
