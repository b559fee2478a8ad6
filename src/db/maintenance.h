/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of the database's upkeep; called beside everything else. */
#ifndef FARTHING_DB_MAINTENANCE_H
#define FARTHING_DB_MAINTENANCE_H

#include "db/db.h"

/* Makes the coming days' and months' partitions, drops those of transactions long past. */
enum ft_error db_maintenance_partitions(struct db *db, struct call *call);

/* Until when things are kept that only repetitions, sessions and new attempts need. */
struct maintenance_ages {
    int request_days;  /* RequestIDs */
    int event_days;    /* notifications */
    int login_minutes; /* the longest session */
};

/* Forgets what is older, at most limit of each kind. While *count_r is limit, there is more. */
enum ft_error db_maintenance_forget(struct db *db, struct call *call,
                                    const struct maintenance_ages *ages, int limit, int *count_r);

#endif
