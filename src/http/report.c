/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counters are registered when a status and outcome is first seen; the number is bounded. */
#include "http/report.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/metrics.h"

#define OUTCOMES_MAX 32
#define NAME_SIZE 40
#define FIRST_BOUND_US 100
#define BOUNDS 17 /* the last is 6.5 s */

struct outcome {
    int status;
    char name[NAME_SIZE];
    struct metric *requests;
};

struct report {
    struct report *next;
    char operation[NAME_SIZE];
    struct metric *durations;
    struct outcome outcomes[OUTCOMES_MAX]; /* the first `count` are constant */
    atomic_int count;
    struct metric *others;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of the list, and of adding outcomes */
static _Atomic(struct report *) reports;

static struct metric *counter(const char *operation, int status, const char *outcome)
{
    char labels[200];
    snprintf(labels, sizeof labels, "operation=\"%s\",status=\"%d\",outcome=\"%s\"", operation,
             status, outcome);
    return metrics_counter("farthing_http_requests_total", "Requests answered.", labels);
}

static struct report *find(const char *operation)
{
    struct report *report = atomic_load_explicit(&reports, memory_order_acquire);
    while (report != NULL && strcmp(report->operation, operation) != 0)
        report = report->next;
    return report;
}

static struct report *make(const char *operation)
{
    struct report *report = calloc(1, sizeof *report);
    if (report == NULL)
        return NULL;
    snprintf(report->operation, sizeof report->operation, "%s", operation);
    char labels[100];
    snprintf(labels, sizeof labels, "operation=\"%s\"", report->operation);
    report->durations = metrics_histogram("farthing_http_request_duration_seconds",
                                          "From a request's last byte to its answer.", labels,
                                          FIRST_BOUND_US, BOUNDS, 1000000);
    report->others = counter(report->operation, 0, "other");
    report->next = atomic_load(&reports);
    atomic_store_explicit(&reports, report, memory_order_release);
    return report;
}

struct report *report_new(const char *operation)
{
    struct report *report = find(operation);
    if (report != NULL)
        return report;
    pthread_mutex_lock(&lock);
    report = find(operation); /* another may have been faster */
    if (report == NULL)
        report = make(operation);
    pthread_mutex_unlock(&lock);
    return report;
}

static bool is_word(const char *text)
{
    static const char word[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    size_t length = strlen(text);
    return length > 0 && length < NAME_SIZE && strspn(text, word) == length;
}

static struct metric *find_counter(struct report *report, int first, int status,
                                   const char *outcome, int *count_r)
{
    *count_r = atomic_load_explicit(&report->count, memory_order_acquire);
    for (int i = first; i < *count_r; i++)
        if (report->outcomes[i].status == status && strcmp(report->outcomes[i].name, outcome) == 0)
            return report->outcomes[i].requests;
    return NULL;
}

static struct metric *counter_of(struct report *report, int status, const char *outcome)
{
    int count;
    struct metric *found = find_counter(report, 0, status, outcome, &count);
    if (found != NULL)
        return found;
    if (count == OUTCOMES_MAX || !is_word(outcome))
        return report->others;

    pthread_mutex_lock(&lock);
    found = find_counter(report, count, status, outcome, &count); /* others may have been faster */
    if (found == NULL && count < OUTCOMES_MAX) {
        struct outcome *added = &report->outcomes[count];
        added->status = status;
        strcpy(added->name, outcome);
        added->requests = found = counter(report->operation, status, outcome);
        atomic_store_explicit(&report->count, count + 1, memory_order_release);
    }
    pthread_mutex_unlock(&lock);
    return found != NULL ? found : report->others;
}

void report_request(struct report *report, int status, const char *outcome, int64_t duration_us,
                    const char *correlation_id, const char *client_subject)
{
    metrics_add(counter_of(report, status, outcome), 1);
    metrics_observe(report->durations, duration_us);
    log_event(LOG_INFO, "request", "operation", LOG_TEXT(report->operation), "status",
              LOG_INT(status), "outcome", LOG_TEXT(outcome), "duration_us", LOG_INT(duration_us),
              "correlation_id", LOG_TEXT(correlation_id), client_subject != NULL ? "client" : NULL,
              LOG_TEXT(client_subject), NULL);
}
