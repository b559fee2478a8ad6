/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Durations in buckets of about 1.6 % of their value: any percentile, constant memory.
 */
#ifndef FARTHING_BENCH_HISTOGRAM_H
#define FARTHING_BENCH_HISTOGRAM_H

#include <stdint.h>

/* 64 buckets for each power of two; the last holds all above 2^32 us, more than an hour. */
#define HISTOGRAM_STEPS 64
#define HISTOGRAM_BUCKETS (28 * HISTOGRAM_STEPS)

struct histogram {
    int64_t counts[HISTOGRAM_BUCKETS];
    int64_t total;
    int64_t max_us;
};

void histogram_add(struct histogram *histogram, int64_t duration_us);

/* The upper end of the bucket in which the given share of all durations is reached; 0: empty. */
int64_t histogram_percentile(const struct histogram *histogram, int per_mille);

#endif
