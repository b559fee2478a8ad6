/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A fixed table of metrics, each on cache lines of its own; updates are relaxed atomic additions.
 * Values are integers; a histogram's divisor makes them decimals only when they are rendered.
 */
#include "core/metrics.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define METRICS_MAX 2048
#define BUCKETS_MAX 32

enum kind { COUNTER, GAUGE, HISTOGRAM };
static const char *const kind_names[] = {"counter", "gauge", "histogram"};

struct metric {
    _Alignas(64) atomic_int_fast64_t value; /* of a histogram: the sum */
    atomic_int_fast64_t
        buckets[BUCKETS_MAX + 1]; /* observations up to each bound; the last: +Inf */
    enum kind kind;
    const char *name;
    const char *help;
    const char *labels;
    int64_t first_bound;
    int64_t divisor;
    int bounds;
};

static struct metric metrics[METRICS_MAX];
static atomic_int metrics_count; /* so many are complete */
static pthread_mutex_t registration = PTHREAD_MUTEX_INITIALIZER;

static struct metric *add(const struct metric *wanted)
{
    pthread_mutex_lock(&registration);
    int count = atomic_load(&metrics_count), i = 0;
    while (i < count && (strcmp(metrics[i].name, wanted->name) != 0 ||
                         strcmp(metrics[i].labels, wanted->labels) != 0))
        i++;
    assert(i < METRICS_MAX);
    struct metric *metric = &metrics[i];
    if (i == count) {
        *metric = *wanted;
        metric->labels = strdup(wanted->labels);
        if (metric->labels == NULL)
            abort(); /* a few bytes at start: nothing else will work either */
        atomic_store(&metrics_count, count + 1);
    }
    pthread_mutex_unlock(&registration);
    return metric;
}

struct metric *metrics_counter(const char *name, const char *help, const char *labels)
{
    return add(&(struct metric){.kind = COUNTER, .name = name, .help = help, .labels = labels});
}

struct metric *metrics_gauge(const char *name, const char *help, const char *labels)
{
    return add(&(struct metric){.kind = GAUGE, .name = name, .help = help, .labels = labels});
}

struct metric *metrics_histogram(const char *name, const char *help, const char *labels,
                                 int64_t first_bound, int count, int64_t unit_divisor)
{
    assert(first_bound > 0 && count > 0 && count <= BUCKETS_MAX && unit_divisor > 0);
    return add(&(struct metric){.kind = HISTOGRAM,
                                .name = name,
                                .help = help,
                                .labels = labels,
                                .first_bound = first_bound,
                                .bounds = count,
                                .divisor = unit_divisor});
}

void metrics_add(struct metric *metric, int64_t amount)
{
    atomic_fetch_add_explicit(&metric->value, amount, memory_order_relaxed);
}

void metrics_set(struct metric *metric, int64_t value)
{
    atomic_store_explicit(&metric->value, value, memory_order_relaxed);
}

void metrics_observe(struct metric *metric, int64_t value)
{
    assert(metric->kind == HISTOGRAM);
    int bucket = 0;
    while (bucket < metric->bounds && value > metric->first_bound << bucket)
        bucket++;
    atomic_fetch_add_explicit(&metric->buckets[bucket], 1, memory_order_relaxed);
    metrics_add(metric, value);
}

static int64_t load(atomic_int_fast64_t *value)
{
    return atomic_load_explicit(value, memory_order_relaxed);
}

/* value / divisor as a decimal; the divisor is a power of ten. */
static void print_scaled(FILE *out, int64_t value, int64_t divisor)
{
    int digits = 0;
    for (int64_t power = divisor; power > 1; power /= 10)
        digits++;
    fprintf(out, "%" PRId64, value / divisor);
    if (digits > 0)
        fprintf(out, ".%0*" PRId64, digits, value % divisor);
}

static void print_histogram(FILE *out, struct metric *metric)
{
    const char *comma = metric->labels[0] != '\0' ? "," : "";
    int64_t count = 0;
    for (int i = 0; i <= metric->bounds; i++) {
        count += load(&metric->buckets[i]);
        fprintf(out, "%s_bucket{%s%sle=\"", metric->name, metric->labels, comma);
        if (i < metric->bounds)
            print_scaled(out, metric->first_bound << i, metric->divisor);
        else
            fputs("+Inf", out);
        fprintf(out, "\"} %" PRId64 "\n", count);
    }
    fprintf(out, "%s_sum{%s} ", metric->name, metric->labels);
    print_scaled(out, load(&metric->value), metric->divisor);
    fprintf(out, "\n%s_count{%s} %" PRId64 "\n", metric->name, metric->labels, count);
}

/* Samples of one name must stand together, wherever they were registered. */
static void print_family(FILE *out, int first)
{
    const char *name = metrics[first].name;
    fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, metrics[first].help, name,
            kind_names[metrics[first].kind]);
    for (int i = first; i < metrics_count; i++) {
        if (strcmp(metrics[i].name, name) != 0)
            continue;
        if (metrics[i].kind == HISTOGRAM)
            print_histogram(out, &metrics[i]);
        else
            fprintf(out, "%s{%s} %" PRId64 "\n", name, metrics[i].labels, load(&metrics[i].value));
    }
}

static bool is_first_of_family(int index)
{
    for (int i = 0; i < index; i++)
        if (strcmp(metrics[i].name, metrics[index].name) == 0)
            return false;
    return true;
}

char *metrics_render(struct arena *arena)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    if (out == NULL)
        return NULL;
    for (int i = 0; i < metrics_count; i++)
        if (is_first_of_family(i))
            print_family(out, i);
    bool complete = fclose(out) == 0;
    char *copy = complete ? arena_strndup(arena, text, bytes) : NULL;
    free(text);
    return copy;
}
