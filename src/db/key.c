/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/key. */
#include "db/key.h"

#include "db/handle.h"

static const struct db_statement list_statement = {
    .name = "key_list",
    .sql = "SELECT key_number, purpose, created_at, wrapped FROM key.list($1)"
           " ORDER BY key_number",
    .reads = true,
    .types = {DB_TIMESTAMPTZ},
};

static void read_key(struct db_row *row, void *element)
{
    struct key_record *record = element;
    record->key_number = db_row_int4(row);
    record->purpose = db_row_text(row);
    record->created_at = db_row_time(row);
    record->wrapped = db_row_bytes(row, &record->wrapped_bytes);
}

enum ft_error db_key_list(struct db *db, struct call *call, time_us_t oldest,
                          struct key_record **records_r, int *count_r)
{
    struct db_parameters parameters = {0};
    struct db_list list;
    /* Here 0 is a point in time like another. */
    db_parameters_int8(&parameters, oldest - DB_EPOCH_US);
    enum ft_error error =
        db_list(db, call, &list_statement, &parameters, sizeof(struct key_record), read_key, &list);
    *records_r = list.elements;
    *count_r = list.count;
    return error;
}

static const struct db_statement add_statement = {
    .name = "key_add",
    .sql = "SELECT key.add($1, $2, $3)",
    .types = {DB_TEXT, DB_BYTEA, DB_INT4},
};

enum ft_error db_key_add(struct db *db, struct call *call, const char *purpose,
                         const unsigned char *wrapped, size_t wrapped_bytes, int rotation_hours)
{
    struct db_parameters parameters = {0};
    db_parameters_text(&parameters, purpose);
    db_parameters_bytes(&parameters, wrapped, wrapped_bytes);
    db_parameters_int4(&parameters, rotation_hours);
    return db_do(db, call, &add_statement, &parameters);
}
