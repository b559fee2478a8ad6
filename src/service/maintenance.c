/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys and what is old are looked at every minute, partitions every hour; all at start. */
#include "service/maintenance.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "core/log.h"
#include "db/maintenance.h"
#include "db/vendor_security.h"
#include "service/background.h"

#define TURN_S 60
#define NONCES_MAX 100000 /* forgotten in one turn */
#define PARTITIONS_US (3600 * TIME_SECOND)

struct maintenance {
    const struct config *config;
    struct db *db;
    struct keys *keys;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stop;
    bool stopping;
};

static void report(const char *task, enum ft_error error)
{
    if (error != FT_OK)
        log_event(LOG_WARNING, "maintenance_failed", "task", LOG_TEXT(task), "outcome",
                  LOG_TEXT(ft_error_name(error)), NULL);
}

static enum ft_error maintain_partitions(struct maintenance *maintenance)
{
    struct call call;
    if (!background_begin(maintenance->config, &call))
        return FT_INTERNAL;
    enum ft_error error = db_maintenance_partitions(maintenance->db, &call);
    background_end(&call);
    return error;
}

static enum ft_error forget_nonces(struct maintenance *maintenance)
{
    struct call call;
    if (!background_begin(maintenance->config, &call))
        return FT_INTERNAL;
    enum ft_error error = db_vendor_forget_nonces(maintenance->db, &call, NONCES_MAX);
    background_end(&call);
    return error;
}

static bool is_stopping(struct maintenance *maintenance)
{
    pthread_mutex_lock(&maintenance->lock);
    bool stopping = maintenance->stopping;
    pthread_mutex_unlock(&maintenance->lock);
    return stopping;
}

/* A few rows in each transaction, so that nobody waits for all of them. */
static enum ft_error forget(struct maintenance *maintenance)
{
    const struct config *config = maintenance->config;
    const struct maintenance_ages ages = {
        .request_days = config->upkeep.request_id_days,
        .event_days = config->notifications.keep_days,
        .login_minutes = config->security.login_max_minutes,
    };
    enum ft_error error = FT_OK;
    int count = config->upkeep.rows;
    while (error == FT_OK && count == config->upkeep.rows && !is_stopping(maintenance)) {
        struct call call;
        if (!background_begin(config, &call))
            return FT_INTERNAL;
        error = db_maintenance_forget(maintenance->db, &call, &ages, config->upkeep.rows, &count);
        background_end(&call);
    }
    return error;
}

/* Waits for the next turn. False: to stop. */
static bool next_turn(struct maintenance *maintenance)
{
    struct timespec turn;
    clock_gettime(CLOCK_MONOTONIC, &turn);
    turn.tv_sec += TURN_S;
    pthread_mutex_lock(&maintenance->lock);
    int waited = 0;
    while (!maintenance->stopping && waited == 0)
        waited =
            pthread_cond_clockwait(&maintenance->stop, &maintenance->lock, CLOCK_MONOTONIC, &turn);
    pthread_mutex_unlock(&maintenance->lock);
    return !is_stopping(maintenance);
}

static void *run(void *context)
{
    struct maintenance *maintenance = context;
    int64_t partitions_due_us = time_monotonic_us();
    do {
        if (time_monotonic_us() >= partitions_due_us) {
            enum ft_error error = maintain_partitions(maintenance);
            report("partitions", error);
            if (error == FT_OK)
                partitions_due_us = time_monotonic_us() + PARTITIONS_US;
        }
        report("keys", keys_rotate(maintenance->keys));
        report("forget", forget(maintenance));
        report("nonces", forget_nonces(maintenance));
    } while (next_turn(maintenance));
    return NULL;
}

struct maintenance *maintenance_start(const struct config *config, struct db *db, struct keys *keys)
{
    struct maintenance *maintenance = calloc(1, sizeof *maintenance);
    if (maintenance == NULL)
        return NULL;
    maintenance->config = config;
    maintenance->db = db;
    maintenance->keys = keys;
    pthread_mutex_init(&maintenance->lock, NULL);
    pthread_cond_init(&maintenance->stop, NULL);
    if (pthread_create(&maintenance->thread, NULL, run, maintenance) == 0)
        return maintenance;
    pthread_cond_destroy(&maintenance->stop);
    pthread_mutex_destroy(&maintenance->lock);
    free(maintenance);
    return NULL;
}

void maintenance_stop(struct maintenance *maintenance)
{
    if (maintenance == NULL)
        return;
    pthread_mutex_lock(&maintenance->lock);
    maintenance->stopping = true;
    pthread_cond_signal(&maintenance->stop);
    pthread_mutex_unlock(&maintenance->lock);
    pthread_join(maintenance->thread, NULL);
    pthread_cond_destroy(&maintenance->stop);
    pthread_mutex_destroy(&maintenance->lock);
    free(maintenance);
}
