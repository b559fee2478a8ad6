/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line is a singly linked list. Unless item.h says so, the queue's lock is held. */
#include "db/item.h"

#include <time.h>

#include "core/time.h"

void item_init(struct item *item, const void *input, int64_t deadline_us, int64_t wait_until_us)
{
    *item =
        (struct item){.input = input, .deadline_us = deadline_us, .wait_until_us = wait_until_us};
    sem_init(&item->wake, 0, 0);
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
    item->state = ITEM_WAITING;
    item->batch = NULL;
    item->next = line->head;
    if (line->head == NULL)
        line->tail = &item->next;
    line->head = item;
    count(line, 1);
}

void item_remove(struct item_line *line, struct item *item)
{
    struct item **place = &line->head;
    while (*place != item)
        place = &(*place)->next;
    remove_at(line, place);
}

struct item *item_take_first(struct item_line *line)
{
    struct item *item = line->head;
    remove_at(line, &line->head);
    return item;
}

void item_wake_next(struct item_line *line)
{
    for (struct item *item = line->head; item != NULL; item = item->next) {
        if (!item->leads) {
            item_signal(item);
            return;
        }
    }
}

void item_signal(struct item *item)
{
    item->posts++;
    sem_post(&item->wake);
}

void item_finish(struct item_line *line, struct item *item, enum ft_error error)
{
    item->batch = NULL;
    item->error = error;
    item->posts++;
    item->next = line->finished;
    line->finished = item;
    atomic_store(&item->state, ITEM_DONE);
}

void item_tell(struct item *finished)
{
    while (finished != NULL) {
        struct item *next = finished->next; /* it may be gone after the post */
        sem_post(&finished->wake);
        finished = next;
    }
}

void item_sleep(struct item *item, int64_t until_us)
{
    struct timespec until = {.tv_sec = until_us / TIME_SECOND,
                             .tv_nsec = until_us % TIME_SECOND * 1000};
    if (sem_clockwait(&item->wake, CLOCK_MONOTONIC, &until) == 0)
        item->posts_taken++;
}

void item_end(struct item *item)
{
    while (item->posts_taken < item->posts)
        if (sem_wait(&item->wake) == 0)
            item->posts_taken++;
    sem_destroy(&item->wake);
}
