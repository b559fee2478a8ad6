/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of the database's upkeep. */
#include "db/maintenance.h"

#include "db/handle.h"

static const struct db_statement partitions_statement = {
    .name = "maintenance_partitions",
    .sql = "SELECT purchase.maintain_partitions()",
};

enum ft_error db_maintenance_partitions(struct db *db, struct call *call)
{
    const struct db_parameters none = {0};
    return db_do(db, call, &partitions_statement, &none);
}

static const struct db_statement forget_statement = {
    .name = "maintenance_forget",
    .sql = "SELECT farthing.forget($1, $2, $3, $4)",
    .types = {DB_INT4, DB_INT4, DB_INT4, DB_INT4},
};

enum ft_error db_maintenance_forget(struct db *db, struct call *call,
                                    const struct maintenance_ages *ages, int limit, int *count_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    db_parameters_int4(&parameters, ages->request_days);
    db_parameters_int4(&parameters, ages->event_days);
    db_parameters_int4(&parameters, ages->login_minutes);
    db_parameters_int4(&parameters, limit);
    enum ft_error error = db_ask(db, call, &forget_statement, &parameters, &row, &result);
    if (error == FT_OK) {
        *count_r = db_row_int4(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}
