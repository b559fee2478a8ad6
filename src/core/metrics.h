/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counters that /metrics shows in Prometheus's text format. Lock-free to update, registered once.
 */
#ifndef FARTHING_CORE_METRICS_H
#define FARTHING_CORE_METRICS_H

#include <stdint.h>

#include "core/arena.h"

struct metric;

/*
 * Registration, at any time; the same name and labels give the same metric. name and help are
 * static, labels ("operation=\"buy\"" or "") are copied. A program has a bounded number of metrics:
 * labels must not come from a request.
 */
struct metric *metrics_counter(const char *name, const char *help, const char *labels);
struct metric *metrics_gauge(const char *name, const char *help, const char *labels);
/* Buckets double from the first bound: {first, 2*first, ...}, count of them, then +Inf. */
struct metric *metrics_histogram(const char *name, const char *help, const char *labels,
                                 int64_t first_bound, int count, int64_t unit_divisor);

void metrics_add(struct metric *metric, int64_t amount);
void metrics_set(struct metric *metric, int64_t value);
void metrics_observe(struct metric *metric, int64_t value);

/* The whole registry as text, allocated from arena; NULL: no memory. */
char *metrics_render(struct arena *arena);

#endif
