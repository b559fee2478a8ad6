/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys and what is old are looked at every minute, partitions every hour; all at start. */
#include "service/maintenance.h"

#include <stdlib.h>

#include "core/log.h"
#include "db/maintenance.h"
#include "db/vendor_security.h"
#include "service/background.h"

#define TURN_US (60 * TIME_SECOND)
#define NONCES_MAX 100000 /* forgotten in one turn */
#define PARTITIONS_US (3600 * TIME_SECOND)

struct maintenance {
    const struct config *config;
    struct db *db;
    struct keys *keys;
    struct background background;
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
    while (error == FT_OK && count == config->upkeep.rows &&
           background_wait(&maintenance->background, 0)) {
        struct call call;
        if (!background_begin(config, &call))
            return FT_INTERNAL;
        error = db_maintenance_forget(maintenance->db, &call, &ages, config->upkeep.rows, &count);
        background_end(&call);
    }
    return error;
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
    } while (background_wait(&maintenance->background, TURN_US));
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
    if (background_start(&maintenance->background, run, maintenance))
        return maintenance;
    free(maintenance);
    return NULL;
}

void maintenance_stop(struct maintenance *maintenance)
{
    if (maintenance == NULL)
        return;
    background_stop(&maintenance->background);
    free(maintenance);
}
