/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Start and stop of the layer. */
#include "service/service.h"

#include <stdlib.h>
#include <unistd.h>

#include "core/log.h"
#include "service/internal.h"
#include "service/maintenance.h"
#include "service/notification.h"
#include "service/royalty_rollup.h"

static int at_least_one(long number)
{
    return number > 1 ? (int)number : 1;
}

/* Half of the processors work on passwords, one part in share of the workers waits for them. */
static struct password_gate *gate_for(const struct config *config, int share)
{
    return password_gate_new(at_least_one(sysconf(_SC_NPROCESSORS_ONLN) / 2),
                             at_least_one(config->workers.threads / share));
}

struct service *service_start(const struct config *config, struct db *db)
{
    struct service *service = calloc(1, sizeof *service);
    if (service == NULL)
        return NULL;
    service->config = config;
    service->db = db;
    service->keys = keys_start(config, db);
    if (service->keys == NULL)
        goto refuse;
    service->ring = keys_ring(service->keys);
    service->throttle =
        throttle_new(config->security.login_attempts, config->security.login_attempts_window_s);
    service->user_gate = gate_for(config, 2);
    service->vendor_gate = gate_for(config, 4);
    service->vendors = vendor_cache_new(config->security.vendor_password_cache_s);
    if (service->throttle != NULL && service->user_gate != NULL && service->vendor_gate != NULL &&
        service->vendors != NULL)
        service->maintenance = maintenance_start(config, db, service->keys);
    if (service->maintenance != NULL)
        service->notification = notification_start(config, db, service->keys);
    if (service->notification != NULL)
        service->rollup = royalty_rollup_start(config, db);
    if (service->rollup != NULL)
        return service;
    log_event(LOG_ERROR, "service_start_failed", "problem",
              LOG_TEXT("no memory, entropy or thread"), NULL);
refuse:
    service_stop(service);
    return NULL;
}

void service_stop(struct service *service)
{
    if (service == NULL)
        return;
    royalty_rollup_stop(service->rollup);
    notification_stop(service->notification);
    maintenance_stop(service->maintenance);
    vendor_cache_free(service->vendors);
    password_gate_free(service->vendor_gate);
    password_gate_free(service->user_gate);
    throttle_free(service->throttle);
    keys_stop(service->keys);
    free(service);
}

enum ft_error service_health(struct service *service, struct call *call)
{
    return db_ping(service->db, call);
}
