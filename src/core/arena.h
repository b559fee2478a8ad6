/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory with the lifetime of one request: allocate freely, free once.
 *
 * Not thread-safe: one thread at a time owns an arena. An allocation that would pass the arena's
 * limit, or for which the system has no memory, returns NULL; callers report FT_INTERNAL.
 */
#ifndef FARTHING_CORE_ARENA_H
#define FARTHING_CORE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* A new arena that may grow to limit_bytes. NULL: out of memory. Owner calls arena_free. */
struct arena *arena_new(size_t limit_bytes);

/* Wipes and frees everything allocated from it. NULL is allowed. */
void arena_free(struct arena *arena);

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t bytes);

/* Copies; NULL in, NULL out. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t bytes);

/* Whether memory was allocated from arena. */
bool arena_holds(const struct arena *arena, const void *memory);

char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
