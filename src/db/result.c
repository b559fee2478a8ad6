/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Readers of binary columns. */
#include "db/result.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <uuid/uuid.h>

#include "core/log.h"
#include "db/parameter.h"

struct db_result *db_result_new(void)
{
    struct db_result *result = calloc(1, sizeof *result);
    if (result != NULL)
        atomic_init(&result->references, 1);
    return result;
}

void db_result_release(struct db_result *result)
{
    if (result != NULL && atomic_fetch_sub(&result->references, 1) == 1) {
        PQclear(result->pg);
        free(result);
    }
}

/* The next column's bytes. NULL: SQL's NULL, or (bytes >= 0) not of that many bytes. */
static const char *next_column(struct db_row *row, int bytes)
{
    int column = row->column++;
    if (column >= PQnfields(row->pg)) {
        row->failed = true;
        return NULL;
    }
    if (PQgetisnull(row->pg, row->row, column))
        return NULL;
    if (PQfformat(row->pg, column) != 1 ||
        (bytes >= 0 && PQgetlength(row->pg, row->row, column) != bytes)) {
        row->failed = true;
        return NULL;
    }
    return PQgetvalue(row->pg, row->row, column);
}

/* Length of the column that next_column() gave last. */
static size_t last_length(const struct db_row *row)
{
    return (size_t)PQgetlength(row->pg, row->row, row->column - 1);
}

bool db_row_bool(struct db_row *row)
{
    const char *value = next_column(row, 1);
    return value != NULL && value[0] != 0;
}

int32_t db_row_int4(struct db_row *row)
{
    return db_row_int4_or(row, 0);
}

int32_t db_row_int4_or(struct db_row *row, int32_t when_null)
{
    const char *value = next_column(row, 4);
    if (value == NULL)
        return when_null;
    uint32_t wire;
    memcpy(&wire, value, sizeof wire);
    return (int32_t)be32toh(wire);
}

int64_t db_row_int8(struct db_row *row)
{
    const char *value = next_column(row, 8);
    if (value == NULL)
        return 0;
    uint64_t wire;
    memcpy(&wire, value, sizeof wire);
    return (int64_t)be64toh(wire);
}

time_us_t db_row_time(struct db_row *row)
{
    const char *value = next_column(row, 8);
    if (value == NULL)
        return 0;
    uint64_t wire;
    memcpy(&wire, value, sizeof wire);
    int64_t time = (int64_t)be64toh(wire);
    if (time > INT64_MAX - DB_EPOCH_US) { /* 'infinity', which no column of ours holds */
        row->failed = true;
        return 0;
    }
    return time + DB_EPOCH_US;
}

const char *db_row_text(struct db_row *row)
{
    const char *value = next_column(row, -1);
    if (value == NULL)
        return NULL;
    char *copy = arena_strndup(row->arena, value, last_length(row));
    row->failed |= copy == NULL;
    return copy;
}

int db_row_name(struct db_row *row, const char *const *names, int count)
{
    const char *value = next_column(row, -1);
    for (int i = 0; value != NULL && i < count; i++)
        if (strlen(names[i]) == last_length(row) && memcmp(names[i], value, last_length(row)) == 0)
            return i;
    row->failed = true;
    return 0;
}

void db_row_text_into(struct db_row *row, char *text_r, size_t size)
{
    text_r[0] = '\0';
    const char *value = next_column(row, -1);
    if (value == NULL)
        return;
    size_t length = last_length(row);
    if (length >= size) {
        row->failed = true;
        return;
    }
    memcpy(text_r, value, length);
    text_r[length] = '\0';
}

const unsigned char *db_row_bytes(struct db_row *row, size_t *bytes_r)
{
    *bytes_r = 0;
    const char *value = next_column(row, -1);
    if (value == NULL)
        return NULL;
    size_t length = last_length(row);
    unsigned char *copy = arena_alloc(row->arena, length > 0 ? length : 1);
    if (copy == NULL) {
        row->failed = true;
        return NULL;
    }
    memcpy(copy, value, length);
    *bytes_r = length;
    return copy;
}

void db_row_uuid(struct db_row *row, char text_r[DB_UUID_TEXT_SIZE])
{
    text_r[0] = '\0';
    const char *value = next_column(row, DB_UUID_BYTES);
    if (value != NULL)
        uuid_unparse_lower((const unsigned char *)value, text_r);
}

const char *db_row_uuid_text(struct db_row *row)
{
    char text[DB_UUID_TEXT_SIZE];
    db_row_uuid(row, text);
    if (text[0] == '\0')
        return NULL;
    char *copy = arena_strdup(row->arena, text);
    row->failed |= copy == NULL;
    return copy;
}

enum ft_error db_row_end(const struct db_row *row)
{
    if (!row->failed)
        return FT_OK;
    log_event(LOG_ERROR, "database_result_malformed", "columns_read", LOG_INT(row->column), NULL);
    return FT_INTERNAL;
}
