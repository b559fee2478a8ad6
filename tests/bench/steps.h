/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The four requests of a purchase: what each sends, and what the next one needs of its answer.
 *
 * Item i belongs to vendor i modulo vendors; vendor v's site is http://v.vendor.example/. The
 * loader registers those URLs.
 */
#ifndef FARTHING_BENCH_STEPS_H
#define FARTHING_BENCH_STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "client.h"

enum step { STEP_INITIATE, STEP_VIEW, STEP_BUY, STEP_LOCK, STEP_COUNT };

extern const char *const step_names[STEP_COUNT];

struct market {
    const char *vendor_password;
    int first_vendor_id;
    int vendors;
    int items;
    int views; /* NumberOfTimesToView of each purchase, so that Lock_Content counts them */
};

/* One purchase under way. */
struct purchase {
    int item;
    const char *cookie; /* the user's login */
    char transaction_id[64];
    char form_token[256];
    char encrypted_user_id[256];
};

/* Puts the step's request into client. False: it does not fit. */
bool step_request(enum step step, const struct market *market, const struct purchase *purchase,
                  struct client *client);

/* Reads the answer into purchase. False: it is not the answer to hope for. */
bool step_answer(enum step step, const struct client *client, struct purchase *purchase);

#endif
