/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Binary parameters: scalars, and arrays as array_recv() of PostgreSQL reads them. */
#include "db/parameter.h"

#include <assert.h>
#include <endian.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <uuid/uuid.h>

/* Dimensions, null flag, element type, length, lower bound; each of 4 bytes. */
#define ARRAY_HEADER_BYTES 20
/* libpq's lengths are int, and no honest batch comes near. */
#define ARRAY_LIMIT_BYTES (INT_MAX / 4)

static enum db_type element_type(enum db_type array_type)
{
    switch (array_type) {
    case DB_BOOLS:
        return DB_BOOL;
    case DB_INT4S:
        return DB_INT4;
    case DB_TEXTS:
        return DB_TEXT;
    case DB_INT8S:
        return DB_INT8;
    case DB_TIMESTAMPTZS:
        return DB_TIMESTAMPTZ;
    case DB_UUIDS:
        return DB_UUID;
    default:
        assert(!"not an array type");
        return DB_TEXT;
    }
}

static bool array_reserve(struct db_array *array, size_t bytes)
{
    if (!array->failed && bytes <= ARRAY_LIMIT_BYTES && array->used + bytes <= array->capacity)
        return true;
    if (array->failed || bytes > ARRAY_LIMIT_BYTES - array->used) {
        array->failed = true;
        return false;
    }
    size_t capacity = array->capacity > 0 ? array->capacity : 1024;
    while (capacity < array->used + bytes)
        capacity *= 2;
    unsigned char *grown = realloc(array->bytes, capacity);
    if (grown == NULL) {
        array->failed = true;
        return false;
    }
    array->bytes = grown;
    array->capacity = capacity;
    return true;
}

static void put_int4(unsigned char *at, uint32_t value)
{
    uint32_t wire = htobe32(value);
    memcpy(at, &wire, sizeof wire);
}

static void array_element(struct db_array *array, const void *value, size_t bytes)
{
    if (bytes > ARRAY_LIMIT_BYTES || !array_reserve(array, bytes + 4)) {
        array->failed = true;
        return;
    }
    put_int4(array->bytes + array->used, (uint32_t)bytes);
    memcpy(array->bytes + array->used + 4, value, bytes);
    array->used += bytes + 4;
    array->count++;
}

void db_array_begin(struct db_array *array, enum db_type array_type)
{
    array->used = 0;
    array->count = 0;
    array->has_null = false;
    array->failed = false;
    if (!array_reserve(array, ARRAY_HEADER_BYTES))
        return;
    put_int4(array->bytes + 8, element_type(array_type));
    put_int4(array->bytes + 16, 1);
    array->used = ARRAY_HEADER_BYTES;
}

void db_array_free(struct db_array *array)
{
    free(array->bytes);
    *array = (struct db_array){0};
}

void db_array_null(struct db_array *array)
{
    if (array_reserve(array, 4)) {
        put_int4(array->bytes + array->used, UINT32_MAX);
        array->used += 4;
        array->count++;
        array->has_null = true;
    }
}

void db_array_bool(struct db_array *array, bool value)
{
    unsigned char wire = value ? 1 : 0;
    array_element(array, &wire, sizeof wire);
}

void db_array_int4(struct db_array *array, int32_t value)
{
    uint32_t wire = htobe32((uint32_t)value);
    array_element(array, &wire, sizeof wire);
}

void db_array_int8(struct db_array *array, int64_t value)
{
    uint64_t wire = htobe64((uint64_t)value);
    array_element(array, &wire, sizeof wire);
}

void db_array_text(struct db_array *array, const char *value)
{
    if (value == NULL)
        db_array_null(array);
    else
        array_element(array, value, strlen(value));
}

void db_array_time(struct db_array *array, time_us_t value)
{
    if (value == 0)
        db_array_null(array);
    else
        db_array_int8(array, value - DB_EPOCH_US);
}

void db_array_uuid(struct db_array *array, const unsigned char value[DB_UUID_BYTES])
{
    array_element(array, value, DB_UUID_BYTES);
}

static void parameter_add(struct db_parameters *parameters, const void *value, size_t bytes)
{
    assert(parameters->count < DB_PARAMETERS_MAX && bytes <= INT_MAX);
    parameters->values[parameters->count] = value;
    parameters->lengths[parameters->count] = (int)bytes;
    parameters->count++;
}

static void parameter_scalar(struct db_parameters *parameters, const void *value, size_t bytes)
{
    assert(parameters->count < DB_PARAMETERS_MAX && bytes <= DB_UUID_BYTES);
    unsigned char *copy = parameters->scalars[parameters->count];
    memcpy(copy, value, bytes);
    parameter_add(parameters, copy, bytes);
}

void db_parameters_bool(struct db_parameters *parameters, bool value)
{
    unsigned char wire = value ? 1 : 0;
    parameter_scalar(parameters, &wire, sizeof wire);
}

void db_parameters_int4(struct db_parameters *parameters, int32_t value)
{
    uint32_t wire = htobe32((uint32_t)value);
    parameter_scalar(parameters, &wire, sizeof wire);
}

void db_parameters_int8(struct db_parameters *parameters, int64_t value)
{
    uint64_t wire = htobe64((uint64_t)value);
    parameter_scalar(parameters, &wire, sizeof wire);
}

void db_parameters_text(struct db_parameters *parameters, const char *value)
{
    parameter_add(parameters, value, value != NULL ? strlen(value) : 0);
}

void db_parameters_time(struct db_parameters *parameters, time_us_t value)
{
    if (value == 0)
        db_parameters_null(parameters);
    else
        db_parameters_int8(parameters, value - DB_EPOCH_US);
}

void db_parameters_bytes(struct db_parameters *parameters, const void *value, size_t bytes)
{
    parameter_add(parameters, value, bytes);
}

void db_parameters_null(struct db_parameters *parameters)
{
    parameter_add(parameters, NULL, 0);
}

bool db_parameters_uuid(struct db_parameters *parameters, const char *text)
{
    unsigned char uuid[DB_UUID_BYTES];
    if (!db_uuid_parse(text, uuid))
        return false;
    parameter_scalar(parameters, uuid, sizeof uuid);
    return true;
}

bool db_parameters_array(struct db_parameters *parameters, struct db_array *array)
{
    if (array->failed)
        return false;
    put_int4(array->bytes, array->count > 0 ? 1 : 0);
    put_int4(array->bytes + 4, array->has_null ? 1 : 0);
    put_int4(array->bytes + 12, (uint32_t)array->count);
    /* An array without elements has no dimension, and ends after its type. */
    parameter_add(parameters, array->bytes, array->count > 0 ? array->used : 12);
    return true;
}

bool db_uuid_parse(const char *text, unsigned char uuid_r[DB_UUID_BYTES])
{
    return text != NULL && uuid_parse(text, uuid_r) == 0;
}
