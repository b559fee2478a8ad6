/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Log-linear histogram of durations. */
#include "histogram.h"

/*
 * Below 64 us a bucket is one microsecond. Above, the value is shifted right until it lies in
 * 64..127; the number of shifts chooses the group, the shifted value the bucket in it.
 */
static int bucket_of(int64_t duration_us)
{
    if (duration_us < HISTOGRAM_STEPS)
        return duration_us < 0 ? 0 : (int)duration_us;
    int shift = 63 - __builtin_clzll((unsigned long long)duration_us) - 6;
    int bucket = (shift + 1) * HISTOGRAM_STEPS + (int)(duration_us >> shift) - HISTOGRAM_STEPS;
    return bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1;
}

static int64_t bucket_end_us(int bucket)
{
    if (bucket < HISTOGRAM_STEPS)
        return bucket;
    int shift = bucket / HISTOGRAM_STEPS - 1;
    int64_t step = bucket % HISTOGRAM_STEPS + HISTOGRAM_STEPS;
    return ((step + 1) << shift) - 1;
}

void histogram_add(struct histogram *histogram, int64_t duration_us)
{
    histogram->counts[bucket_of(duration_us)]++;
    histogram->total++;
    if (duration_us > histogram->max_us)
        histogram->max_us = duration_us;
}

int64_t histogram_percentile(const struct histogram *histogram, int per_mille)
{
    int64_t wanted = (histogram->total * per_mille + 999) / 1000;
    int64_t seen = 0;
    if (wanted == 0)
        return 0;
    for (int i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += histogram->counts[i];
        if (seen >= wanted)
            return bucket_end_us(i) < histogram->max_us ? bucket_end_us(i) : histogram->max_us;
    }
    return histogram->max_us;
}
