/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sends notifications to many vendors at once, by libcurl. For one thread; only wake is for others.
 */
#ifndef FARTHING_SERVICE_NOTIFICATION_SENDER_H
#define FARTHING_SERVICE_NOTIFICATION_SENDER_H

#include <curl/curl.h>

#include "core/call.h"
#include "core/config.h"
#include "core/secret.h"
#include "db/notification.h"

/* One attempt. */
struct delivery {
    char event_id[DB_UUID_TEXT_SIZE];
    int vendor_id;
    int attempts;
    int tried_s;
    const char *problem; /* when it has ended; NULL: delivered */

    /* The sender's own. */
    CURL *easy;
    struct curl_slist *headers;
    bool allow_private;
    bool refused; /* an address of the vendor's host was */
    size_t answer_bytes;
    char problem_text[CURL_ERROR_SIZE];
    struct delivery *next;
};

struct notification_sender;

/* NULL: no memory. config outlives it. */
struct notification_sender *notification_sender_new(const struct config *config);
/* Breaks off what is under way. NULL is allowed. */
void notification_sender_free(struct notification_sender *sender);

/* Begins an attempt. False: no memory or entropy; nothing was begun. */
bool notification_sender_begin(struct notification_sender *sender, struct call *call,
                               const struct notification_event *event,
                               const struct secret_key *secret);

/* Sends and receives until something has ended, someone wakes it, or the time is over. */
void notification_sender_wait(struct notification_sender *sender, int timeout_ms);
void notification_sender_wake(struct notification_sender *sender);

/* An attempt that has ended, or, with broken_off, any one. NULL: none. Owner calls delivery_free.
 */
struct delivery *notification_sender_take(struct notification_sender *sender, bool broken_off);
void delivery_free(struct delivery *delivery);

/* How many are under way, and the vendors they are for, some perhaps more than once. */
int notification_sender_vendors(const struct notification_sender *sender, int *vendors_r,
                                int capacity);

#endif
