/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rolls up, slice by slice, what was sold when its turn began, and rests in between; then waits for
 * its next turn. A slice is done or not done: the database keeps what was covered.
 */
#include "service/royalty_rollup.h"

#include <stdlib.h>

#include "core/log.h"
#include "core/metrics.h"
#include "db/royalty.h"
#include "service/background.h"

struct royalty_rollup {
    const struct config *config;
    struct db *db;
    struct background background;
    int slice; /* halved when one fails: it may have been too large for its time */
    struct metric *covered;
    struct metric *failed;
    struct metric *lag;
};

/* One slice of what was sold below *below (0: until now); gives how long to rest then. False: all
 * of it is covered, or the slice failed. */
static bool roll_up(struct royalty_rollup *rollup, int64_t *below, int64_t *rest_us_r)
{
    struct call call;
    int64_t count = 0, begun_us = time_monotonic_us();
    if (!background_begin(rollup->config, &call))
        return false;
    enum ft_error error = db_royalty_roll_up(rollup->db, &call, rollup->slice, below, &count);
    background_end(&call);
    if (error == FT_OK) {
        rollup->slice = rollup->config->royalty.rollup_slice;
        metrics_add(rollup->covered, count);
        *rest_us_r = time_rest_us(time_monotonic_us() - begun_us,
                                  rollup->config->royalty.rollup_share_percent);
        return count > 0;
    }
    rollup->slice = (rollup->slice + 1) / 2;
    metrics_add(rollup->failed, 1);
    log_event(LOG_WARNING, "rollup_failed", "outcome", LOG_TEXT(ft_error_name(error)), "slice",
              LOG_INT(rollup->slice), NULL);
    return false;
}

static void measure_lag(struct royalty_rollup *rollup)
{
    struct call call;
    time_us_t since = 0;
    if (!background_begin(rollup->config, &call))
        return;
    if (db_royalty_waiting_since(rollup->db, &call, &since) == FT_OK)
        metrics_set(rollup->lag, since != 0 ? (time_now_us() - since) / 1000 : 0);
    background_end(&call);
}

static void *run(void *context)
{
    struct royalty_rollup *rollup = context;
    int64_t turn_us = rollup->config->royalty.rollup_ms * 1000LL;
    int64_t begun_us, left_us;
    do {
        int64_t below = 0, rest_us = 0;
        begun_us = time_monotonic_us();
        while (roll_up(rollup, &below, &rest_us) && background_wait(&rollup->background, rest_us))
            continue;
        measure_lag(rollup);
        left_us = turn_us - (time_monotonic_us() - begun_us);
    } while (background_wait(&rollup->background, left_us > 0 ? left_us : 0));
    return NULL;
}

struct royalty_rollup *royalty_rollup_start(const struct config *config, struct db *db)
{
    struct royalty_rollup *rollup = calloc(1, sizeof *rollup);
    if (rollup == NULL)
        return NULL;
    rollup->config = config;
    rollup->db = db;
    rollup->slice = config->royalty.rollup_slice;
    rollup->covered = metrics_counter("farthing_royalty_covered_total",
                                      "Sales, refunds and commissions that were rolled up.", "");
    rollup->failed = metrics_counter("farthing_royalty_rollups_failed_total",
                                     "Rollups that failed; they are tried again.", "");
    rollup->lag = metrics_gauge("farthing_royalty_lag_milliseconds",
                                "Age of the oldest sale that waits for a rollup; 0: none.", "");
    if (background_start(&rollup->background, run, rollup))
        return rollup;
    free(rollup);
    return NULL;
}

void royalty_rollup_stop(struct royalty_rollup *rollup)
{
    if (rollup == NULL)
        return;
    background_stop(&rollup->background);
    free(rollup);
}
