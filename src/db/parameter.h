/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parameters of prepared statements in PostgreSQL's binary format.
 *
 * Texts are UTF-8; the layers above have checked them. A text that is not costs its own caller an
 * error and nobody else anything.
 */
#ifndef FARTHING_DB_PARAMETER_H
#define FARTHING_DB_PARAMETER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/time.h"

/* Fixed in PostgreSQL's catalogue pg_type. */
enum db_type {
    DB_BOOL = 16,
    DB_BYTEA = 17,
    DB_INT8 = 20,
    DB_INT4 = 23,
    DB_TEXT = 25,
    DB_TIMESTAMPTZ = 1184,
    DB_UUID = 2950,
    DB_BOOLS = 1000,
    DB_INT4S = 1007,
    DB_TEXTS = 1009,
    DB_INT8S = 1016,
    DB_TIMESTAMPTZS = 1185,
    DB_UUIDS = 2951,
};

#define DB_PARAMETERS_MAX 20
#define DB_UUID_BYTES 16

/* PostgreSQL counts microseconds from 2000-01-01. */
#define DB_EPOCH_US (946684800 * TIME_SECOND)

/* A one-dimensional array under construction. Zeroed: empty, without memory. */
struct db_array {
    unsigned char *bytes;
    size_t used;
    size_t capacity;
    int count;
    bool has_null;
    bool failed; /* no memory; stays so until db_array_begin */
};

/* Empties the array, keeping its memory. */
void db_array_begin(struct db_array *array, enum db_type array_type);
void db_array_free(struct db_array *array);

void db_array_bool(struct db_array *array, bool value);
void db_array_int4(struct db_array *array, int32_t value);
void db_array_int8(struct db_array *array, int64_t value);
/* NULL and time 0 are SQL's NULL. */
void db_array_text(struct db_array *array, const char *value);
void db_array_time(struct db_array *array, time_us_t value);
void db_array_uuid(struct db_array *array, const unsigned char value[DB_UUID_BYTES]);
void db_array_null(struct db_array *array);

/* Zeroed: none. Added from the first to the last; texts, bytes and arrays are not copied. */
struct db_parameters {
    int count;
    const char *values[DB_PARAMETERS_MAX];
    int lengths[DB_PARAMETERS_MAX];
    unsigned char scalars[DB_PARAMETERS_MAX][DB_UUID_BYTES];
};

void db_parameters_bool(struct db_parameters *parameters, bool value);
void db_parameters_int4(struct db_parameters *parameters, int32_t value);
void db_parameters_int8(struct db_parameters *parameters, int64_t value);
void db_parameters_text(struct db_parameters *parameters, const char *value);
void db_parameters_time(struct db_parameters *parameters, time_us_t value);
void db_parameters_bytes(struct db_parameters *parameters, const void *value, size_t bytes);
void db_parameters_null(struct db_parameters *parameters);
/* False: not a uuid; nothing was added. */
bool db_parameters_uuid(struct db_parameters *parameters, const char *text);
/* Completes the array. False: it had failed. */
bool db_parameters_array(struct db_parameters *parameters, struct db_array *array);

/* False: not a uuid in its 36-character form. */
bool db_uuid_parse(const char *text, unsigned char uuid_r[DB_UUID_BYTES]);

#endif
