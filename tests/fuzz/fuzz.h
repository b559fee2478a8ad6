/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the fuzzers share. Each is one file: libFuzzer's entry point and what must always hold. */
#ifndef FARTHING_TESTS_FUZZ_H
#define FARTHING_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES (4 << 20)

/* Called by libFuzzer with any bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

/* Ends the fuzzer unless condition holds, whatever NDEBUG says. */
#define MUST(condition)                                                                  \
    do {                                                                                 \
        if (!(condition)) {                                                              \
            fprintf(stderr, "%s:%d: not so: %s (%m)\n", __FILE__, __LINE__, #condition); \
            abort();                                                                     \
        }                                                                                \
    } while (0)

/* The bytes up to their first NUL as a text of just that size; the caller frees it. */
static inline char *fuzz_text(const uint8_t *data, size_t bytes)
{
    char *text = strndup((const char *)data, bytes);
    MUST(text != NULL);
    return text;
}

#endif
