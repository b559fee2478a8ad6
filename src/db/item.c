/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line is a singly linked list. Unless item.h says so, the queue's lock is held. */
#include "db/item.h"

#include "db/wait.h"

void item_init(struct item *item, struct db_queue *queue, struct call *call, const void *input,
               int wait_ms)
{
    int64_t now_us = time_monotonic_us();
    *item = (struct item){.queue = queue,
                          .input = input,
                          .call = call,
                          .since_us = now_us,
                          .wait_until_us = min_us(call->deadline_us, now_us + wait_ms * 1000LL)};
}

static void count(struct item_line *line, int change)
{
    line->length += change;
    if (line->gauge != NULL)
        metrics_set(line->gauge, line->length);
}

static void remove_at(struct item_line *line, struct item **place)
{
    struct item *item = *place;
    *place = item->next;
    if (line->tail == &item->next)
        line->tail = place;
    item->next = NULL;
    count(line, -1);
}

void item_append(struct item_line *line, struct item *item)
{
    *line->tail = item;
    line->tail = &item->next;
    count(line, 1);
}

void item_put_back(struct item_line *line, struct item *item)
{
    item->next = line->head;
    if (line->head == NULL)
        line->tail = &item->next;
    line->head = item;
    count(line, 1);
}

struct item *item_take_first(struct item_line *line)
{
    struct item *item = line->head;
    remove_at(line, &line->head);
    return item;
}

void item_finish(struct item_line *line, struct item *item, enum ft_error error)
{
    item->error = error;
    item->next = *line->finished;
    *line->finished = item;
}

int64_t item_expire(struct item_line *line)
{
    int64_t now_us = time_monotonic_us();
    int64_t next_us = INT64_MAX;
    for (struct item **place = &line->head; *place != NULL;) {
        struct item *item = *place;
        if (item->wait_until_us > now_us) {
            next_us = min_us(next_us, item->wait_until_us);
            place = &item->next;
        } else {
            remove_at(line, place);
            item_finish(line, item, FT_UNAVAILABLE);
        }
    }
    return next_us;
}

void item_tell(struct item *finished)
{
    while (finished != NULL) {
        struct item *item = finished;
        finished = item->next; /* it may be gone once it was told */
        if (item->call->host != NULL)
            item->call->host->wake(item->call);
        else
            sem_post(&item->wake);
    }
}

void item_await(struct item *item, void (*submit)(void *item))
{
    struct call *call = item->call;
    if (call->host != NULL) {
        call->host->wait(call, submit, item);
        return;
    }
    sem_init(&item->wake, 0, 0);
    submit(item);
    while (sem_wait(&item->wake) != 0)
        ; /* a signal */
    sem_destroy(&item->wake);
}
