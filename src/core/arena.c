/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A list of chunks, filled from front to back. The first chunk holds the arena itself, so that a
 * small request costs one malloc. What was used is wiped when it is freed: forms carry passwords.
 */
#include "core/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES 4096

struct chunk {
    struct chunk *next;
    size_t size; /* of data */
    size_t used;
    max_align_t data[];
};

struct arena {
    struct chunk *chunks; /* newest first */
    size_t limit;
    size_t taken; /* sum of the chunks' sizes */
};

static size_t round_up(size_t bytes)
{
    const size_t unit = _Alignof(max_align_t);
    return (bytes + unit - 1) / unit * unit;
}

static struct chunk *chunk_new(size_t size)
{
    struct chunk *chunk = malloc(sizeof *chunk + size);
    if (chunk == NULL)
        return NULL;
    chunk->next = NULL;
    chunk->size = size;
    chunk->used = 0;
    return chunk;
}

static void *chunk_take(struct chunk *chunk, size_t bytes)
{
    void *memory = (char *)chunk->data + chunk->used;
    chunk->used += bytes;
    return memset(memory, 0, bytes);
}

struct arena *arena_new(size_t limit_bytes)
{
    struct chunk *chunk = chunk_new(CHUNK_BYTES - sizeof *chunk);
    if (chunk == NULL)
        return NULL;
    struct arena *arena = chunk_take(chunk, round_up(sizeof *arena));
    arena->chunks = chunk;
    arena->limit = limit_bytes;
    arena->taken = chunk->size;
    return arena;
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    struct chunk *chunk = arena->chunks;
    while (chunk != NULL) {
        struct chunk *next = chunk->next;
        explicit_bzero(chunk->data, chunk->used);
        free(chunk);
        chunk = next;
    }
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
    assert(arena != NULL);
    if (bytes > arena->limit)
        return NULL;
    bytes = round_up(bytes > 0 ? bytes : 1);
    struct chunk *chunk = arena->chunks;
    if (chunk->size - chunk->used >= bytes)
        return chunk_take(chunk, bytes);

    size_t size = bytes > CHUNK_BYTES / 4 ? bytes : CHUNK_BYTES - sizeof *chunk;
    if (arena->taken > arena->limit || size > arena->limit - arena->taken)
        return NULL;
    chunk = chunk_new(size);
    if (chunk == NULL)
        return NULL;
    arena->taken += size;
    if (size == bytes) { /* filled by this one: keep filling the newest of the others */
        chunk->next = arena->chunks->next;
        arena->chunks->next = chunk;
    } else {
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    return chunk_take(chunk, bytes);
}

bool arena_holds(const struct arena *arena, const void *memory)
{
    uintptr_t address = (uintptr_t)memory;
    for (const struct chunk *chunk = arena->chunks; chunk != NULL; chunk = chunk->next)
        if (address - (uintptr_t)chunk->data < chunk->used)
            return true;
    return false;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return text != NULL ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *arena_strndup(struct arena *arena, const char *text, size_t bytes)
{
    if (text == NULL || bytes == SIZE_MAX)
        return NULL;
    bytes = strnlen(text, bytes);
    char *copy = arena_alloc(arena, bytes + 1);
    if (copy != NULL)
        memcpy(copy, text, bytes);
    return copy;
}

/* Most texts are short, and are printed once; what is longer goes twice through the format. */
char *arena_printf(struct arena *arena, const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    const int bytes = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    char *made = bytes >= 0 ? arena_alloc(arena, (size_t)bytes + 1) : NULL;
    if (made != NULL && (size_t)bytes < sizeof text) {
        memcpy(made, text, (size_t)bytes);
    } else if (made != NULL) {
        va_start(args, format);
        vsnprintf(made, (size_t)bytes + 1, format, args);
        va_end(args);
    }
    explicit_bzero(text, (size_t)bytes < sizeof text ? (size_t)bytes : sizeof text);
    return made;
}
