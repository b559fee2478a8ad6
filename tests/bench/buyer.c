/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One buyer of the load generator. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>

#include "load.h"

/* Spreads the users' first items over the catalogue. */
#define USER_STRIDE 97

/* The errors that are shown; all are counted. */
#define ERRORS_SHOWN 5
/* With so many the run is worth nothing. */
#define ERRORS_MAX 1000

static enum step first_step(enum load_mode mode)
{
    switch (mode) {
    case LOAD_VIEW:
        return STEP_VIEW;
    case LOAD_BUY:
        return STEP_BUY;
    case LOAD_LOCK:
        return STEP_LOCK;
    default:
        return STEP_INITIATE;
    }
}

static enum step last_step(enum load_mode mode)
{
    return mode == LOAD_FLOW ? STEP_LOCK : first_step(mode);
}

/* The next user in turn takes the next item that it has not bought. */
static bool choose_item(struct load *load, struct buyer *buyer)
{
    int items = load->options.market.items;
    if (load->options.mode == LOAD_INITIATE) {
        buyer->purchase.item = (int)(load->begun++ % items);
        return true;
    }
    int index = buyer->next_user % load->users_count;
    struct user *user = &load->users[index];
    if (user->bought >= items) {
        fprintf(stderr, "load: user %d has bought all %d items\n", index, items);
        return false;
    }
    buyer->next_user += load->options.buyers;
    buyer->purchase.item = (int)(((int64_t)index * USER_STRIDE + user->bought++) % items);
    buyer->purchase.cookie = user->cookie;
    return true;
}

static bool connect_buyer(struct load *load, struct buyer *buyer)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = buyer};
    if (client_open(&buyer->client, &load->options.address) &&
        epoll_ctl(load->epoll, EPOLL_CTL_ADD, buyer->client.fd, &event) == 0)
        return true;
    fprintf(stderr, "load: connect: %s\n", strerror(errno));
    return false;
}

static bool send_step(struct load *load, struct buyer *buyer)
{
    struct client *client = &buyer->client;
    if (client->fd < 0 && !connect_buyer(load, buyer))
        return false;
    if (!step_request(buyer->step, &load->options.market, &buyer->purchase, client)) {
        fprintf(stderr, "load: request %s is too long\n", step_names[buyer->step]);
        return false;
    }
    buyer->started_us = load_now_us();
    buyer->waiting = true;
    load->waiting++;
    client_send(client);
    return true;
}

/* The whole mode again: a new item, or the next one of the stock, or the same once more. */
bool buyer_begin(struct load *load, struct buyer *buyer)
{
    enum load_mode mode = load->options.mode;
    buyer->step = first_step(mode);
    if (mode == LOAD_BUY) {
        load->sold_out |= buyer->stocked == 0;
        if (load->sold_out)
            return true;
        buyer->purchase = buyer->stock[--buyer->stocked];
    } else if (buyer->step == STEP_INITIATE && !choose_item(load, buyer)) {
        return false;
    }
    return send_step(load, buyer);
}

bool buyer_prepare(struct load *load, struct buyer *buyer)
{
    enum load_mode mode = load->options.mode;
    buyer->preparing = mode != LOAD_FLOW && mode != LOAD_INITIATE;
    if (!buyer->preparing)
        return buyer_begin(load, buyer);
    load->preparing++;
    buyer->step = STEP_INITIATE;
    return choose_item(load, buyer) && send_step(load, buyer);
}

/* A step of the preparation is done. */
static bool prepare_next(struct load *load, struct buyer *buyer)
{
    enum load_mode mode = load->options.mode;
    buyer->step++;
    if (mode == LOAD_BUY && buyer->step == STEP_BUY) {
        buyer->stock[buyer->stocked++] = buyer->purchase;
        if (buyer->stocked < load->options.stock) {
            buyer->step = STEP_INITIATE;
            return choose_item(load, buyer) && send_step(load, buyer);
        }
    }
    if (buyer->step != first_step(mode))
        return send_step(load, buyer);
    buyer->preparing = false;
    load->preparing--;
    return true; /* the loop begins when all are ready */
}

static bool next_step(struct load *load, struct buyer *buyer)
{
    if (load->phase == LOAD_DRAINING)
        return true;
    if (buyer->preparing)
        return prepare_next(load, buyer);
    if (buyer->step == last_step(load->options.mode)) {
        if (load->phase == LOAD_MEASURING)
            load->loops++;
        if (load->options.count > 0 && load->begun >= load->options.count)
            return true;
        return buyer_begin(load, buyer);
    }
    buyer->step++;
    return send_step(load, buyer);
}

/* A failed purchase is given up; what the mode prepared is used again. */
static bool after_error(struct load *load, struct buyer *buyer, const char *what)
{
    if (load->errors < ERRORS_SHOWN)
        fprintf(stderr, "load: %s: %s: %.1000s\n", step_names[buyer->step], what,
                buyer->client.received_bytes > 0 ? buyer->client.body : "");
    if (++load->errors > ERRORS_MAX) {
        fprintf(stderr, "load: more than %d errors\n", ERRORS_MAX);
        return false;
    }
    if (load->phase == LOAD_DRAINING)
        return true;
    if (buyer->preparing) {
        buyer->step = STEP_INITIATE;
        return choose_item(load, buyer) && send_step(load, buyer);
    }
    return buyer_begin(load, buyer);
}

static bool answered(struct load *load, struct buyer *buyer)
{
    int64_t duration_us = load_now_us() - buyer->started_us;
    if (buyer->client.closing)
        client_close(&buyer->client);
    if (!step_answer(buyer->step, &buyer->client, &buyer->purchase))
        return after_error(load, buyer, "unexpected answer");
    if (buyer->step == STEP_BUY)
        load->bought++;
    if (load->phase == LOAD_MEASURING)
        histogram_add(&load->durations[buyer->step], duration_us);
    return next_step(load, buyer);
}

bool buyer_ready(struct load *load, struct buyer *buyer, uint32_t events)
{
    if (!buyer->waiting) {
        if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
            client_close(&buyer->client);
        return true;
    }
    enum client_progress progress = client_receive(&buyer->client);
    if (progress == CLIENT_READ)
        return true;
    buyer->waiting = false;
    load->waiting--;
    if (progress == CLIENT_DONE)
        return answered(load, buyer);
    client_close(&buyer->client);
    buyer->client.received_bytes = 0;
    return after_error(load, buyer, "connection broken");
}
