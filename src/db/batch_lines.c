/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose turn it is: the lines in front of all queues, beside what is under way. */
#include "core/time.h"
#include "db/batch_internal.h"
#include "db/wait.h"

/* Items that the server works on, as far as we know: not those of a batch so old that it may wait
 * for a lock. */
static int64_t count_under_way(const struct db_batches *batches)
{
    int64_t now_us = time_monotonic_us();
    int64_t count = 0;
    for (int i = 0; i < batches->count; i++)
        if (batches->batches[i].patience_until_us > now_us)
            count += batches->batches[i].span;
    return count;
}

int64_t lines_patient_until(const struct db_batches *batches)
{
    int64_t now_us = time_monotonic_us();
    int64_t end_us = INT64_MAX;
    for (int i = 0; i < batches->count; i++)
        if (batches->batches[i].patience_until_us > now_us)
            end_us = min_us(end_us, batches->batches[i].patience_until_us);
    return end_us;
}

/* The longest line, so that batches are few, unless patience is at an end in either. */
static bool goes_before(const struct db_queue *queue, const struct db_queue *other,
                        int64_t impatient_since_us)
{
    int64_t since_us = queue->line.head->since_us, other_since_us = other->line.head->since_us;
    if (since_us < impatient_since_us || other_since_us < impatient_since_us)
        return since_us < other_since_us;
    return queue->line.length > other->line.length;
}

struct db_queue *lines_find_work(const struct db_batches *batches)
{
    int64_t enough = count_under_way(batches) * batches->limits.overlap_percent;
    int64_t impatient_since_us = time_monotonic_us() - batches->limits.patience_ms * 1000LL;
    struct db_queue *queue = batches->last, *next = NULL;
    bool found = false;
    if (queue == NULL)
        return NULL;
    do {
        queue = queue->next;
        int64_t length = queue->line.length;
        if (length == 0)
            continue;
        if (next == NULL || goes_before(queue, next, impatient_since_us))
            next = queue;
        found = found || length >= batches->limits.size || length * 100 >= enough;
    } while (queue != batches->last);
    return found ? next : NULL;
}

int64_t lines_expire(const struct db_batches *batches)
{
    int64_t next_us = INT64_MAX;
    struct db_queue *queue = batches->last;
    if (queue == NULL)
        return next_us;
    do {
        queue = queue->next;
        next_us = min_us(next_us, item_expire(&queue->line));
    } while (queue != batches->last);
    return next_us;
}
