/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line is a singly linked list; all of this is done with the queue's lock held. */
#include "db/item.h"

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
            pthread_cond_signal(&item->wake);
            return;
        }
    }
}

void item_finish(struct item *item, enum ft_error error)
{
    item->state = ITEM_DONE;
    item->batch = NULL;
    item->error = error;
    pthread_cond_signal(&item->wake);
}
