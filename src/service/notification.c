/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Claims events that are due, sends them, and says in the database what became of each. All state
 * is there: what this thread does not finish, another server or the next start sends again.
 */
#include "service/notification.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "core/log.h"
#include "core/metrics.h"
#include "service/background.h"
#include "service/notification_message.h"
#include "service/vendor_secret.h"
#include "service/notification_sender.h"

#define TURN_US TIME_SECOND         /* between looks at an outbox that was found empty */
#define COUNT_US (10 * TIME_SECOND) /* between counts of what waits */
#define LEASE_MARGIN_S 60           /* for the database, beyond the vendor's time */
#define HELD_MAX 1000               /* connections is at most this */

struct notification {
    const struct config *config;
    struct db *db;
    struct keys *keys;
    struct notification_sender *sender;
    struct metric *delivered;
    struct metric *failed;
    struct metric *given_up;
    struct metric *waiting;
    int64_t look_us;  /* when to look for events that are due */
    int64_t count_us; /* when to count what waits */
    atomic_bool stopping;
    pthread_t thread;
};

/* Says in the database what became of an attempt. When that fails, the event is due again after its
 * lease. */
static enum ft_error settle(struct notification *notification, const struct delivery *delivery)
{
    struct call call;
    enum ft_error error = FT_OK;
    if (!background_begin(notification->config, &call))
        return FT_INTERNAL;
    if (delivery->problem == NULL) {
        metrics_add(notification->delivered, 1);
        error = db_notification_delivered(notification->db, &call, delivery->event_id);
    } else {
        bool broken_off = atomic_load(&notification->stopping);
        int retry_s = broken_off ? 0
                                 : notification_retry_s(notification->config, delivery->attempts,
                                                        delivery->tried_s);
        metrics_add(notification->failed, 1);
        if (retry_s < 0)
            metrics_add(notification->given_up, 1);
        log_event(LOG_INFO, "notification_failed", "vendor", LOG_INT(delivery->vendor_id), "event",
                  LOG_TEXT(delivery->event_id), "attempt", LOG_INT(delivery->attempts), "retry_s",
                  LOG_INT(retry_s), "problem", LOG_TEXT(delivery->problem), NULL);
        error = db_notification_failed(notification->db, &call, delivery->event_id,
                                       delivery->attempts, delivery->problem, retry_s);
    }
    background_end(&call);
    return error;
}

static void begin(struct notification *notification, struct call *call,
                  const struct notification_event *event)
{
    struct secret_key secret;
    const char *problem = NULL;
    if (!vendor_secret_open(keys_master(notification->keys), VENDOR_SECRET_NOTIFICATION,
                            event->vendor_id, event->sealed_secret, event->sealed_bytes, &secret))
        problem = "the master key does not open the vendor's secret";
    else if (!notification_sender_begin(notification->sender, call, event, &secret))
        problem = "no memory";
    secret_wipe(&secret, sizeof secret);
    if (problem == NULL)
        return;
    struct delivery delivery = {.vendor_id = event->vendor_id,
                                .attempts = event->attempts,
                                .tried_s = event->tried_s,
                                .problem = problem};
    snprintf(delivery.event_id, sizeof delivery.event_id, "%s", event->event_id);
    settle(notification, &delivery);
}

/* Begins what is due, as far as there is room; looks again when there may be more. */
static void begin_due(struct notification *notification)
{
    const struct config *config = notification->config;
    int busy[HELD_MAX];
    struct notification_claim claim = {
        .vendor_limit = config->notifications.connections_per_vendor,
        .busy = busy,
        .lease_s = config->notifications.timeout_ms / 1000 + LEASE_MARGIN_S,
    };
    struct notification_event *events = NULL;
    struct call call;
    int count = 0;
    claim.busy_count = notification_sender_vendors(notification->sender, busy, HELD_MAX);
    claim.limit = config->notifications.connections - claim.busy_count;
    notification->look_us = time_monotonic_us() + TURN_US;
    if (claim.limit <= 0 || !background_begin(config, &call))
        return;
    if (db_notification_claim(notification->db, &call, &claim, &events, &count) == FT_OK)
        for (int i = 0; i < count; i++)
            begin(notification, &call, &events[i]);
    background_end(&call);
}

static void count_waiting(struct notification *notification)
{
    struct call call;
    int64_t count = 0;
    notification->count_us = time_monotonic_us() + COUNT_US;
    if (!background_begin(notification->config, &call))
        return;
    if (db_notification_count_waiting(notification->db, &call, &count) == FT_OK)
        metrics_set(notification->waiting, count);
    background_end(&call);
}

static void settle_ended(struct notification *notification)
{
    struct delivery *delivery;
    while ((delivery = notification_sender_take(notification->sender, false)) != NULL) {
        settle(notification, delivery);
        delivery_free(delivery);
        notification->look_us = time_monotonic_us(); /* its vendor's next may be due */
    }
}

/* What is under way is due again; after its lease, when the database does not answer. */
static void break_off(struct notification *notification)
{
    struct delivery *delivery;
    enum ft_error error = FT_OK;
    while (error == FT_OK &&
           (delivery = notification_sender_take(notification->sender, true)) != NULL) {
        error = settle(notification, delivery);
        delivery_free(delivery);
    }
}

static void *run(void *context)
{
    struct notification *notification = context;
    while (!atomic_load(&notification->stopping)) {
        int64_t now_us = time_monotonic_us();
        if (now_us >= notification->look_us)
            begin_due(notification);
        if (now_us >= notification->count_us)
            count_waiting(notification);
        int64_t left_us = notification->look_us - time_monotonic_us();
        notification_sender_wait(notification->sender, left_us > 0 ? (int)(left_us / 1000) + 1 : 0);
        settle_ended(notification);
    }
    break_off(notification);
    return NULL;
}

static void register_metrics(struct notification *notification)
{
    static const char name[] = "farthing_notifications_total";
    static const char help[] = "Attempts to notify vendors, by outcome.";
    notification->delivered = metrics_counter(name, help, "outcome=\"delivered\"");
    notification->failed = metrics_counter(name, help, "outcome=\"failed\"");
    notification->given_up = metrics_counter("farthing_notifications_given_up_total",
                                             "Notifications given up after failing too long.", "");
    notification->waiting = metrics_gauge("farthing_notifications_waiting",
                                          "Notifications that are not yet delivered.", "");
}

struct notification *notification_start(const struct config *config, struct db *db,
                                        struct keys *keys)
{
    struct notification *notification = calloc(1, sizeof *notification);
    if (notification == NULL)
        return NULL;
    notification->config = config;
    notification->db = db;
    notification->keys = keys;
    register_metrics(notification);
    notification->sender = notification_sender_new(config);
    if (notification->sender != NULL &&
        pthread_create(&notification->thread, NULL, run, notification) == 0)
        return notification;
    notification_sender_free(notification->sender);
    free(notification);
    return NULL;
}

void notification_stop(struct notification *notification)
{
    if (notification == NULL)
        return;
    atomic_store(&notification->stopping, true);
    notification_sender_wake(notification->sender);
    pthread_join(notification->thread, NULL);
    notification_sender_free(notification->sender);
    free(notification);
}
