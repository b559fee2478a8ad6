/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/settlement. */
#include "db/settlement.h"

#include "db/handle.h"

static const struct db_statement list_statement = {
    .name = "settlement_list",
    .sql = "SELECT settlement_id, currency, sold_from, sold_until, sales, refunds, royalties,"
           " amount, settled_at FROM settlement.list($1, $2, $3, $4, $5, $6)",
    .reads = true,
    .types = {DB_INT4, DB_INT4, DB_TIMESTAMPTZ, DB_TIMESTAMPTZ, DB_UUID, DB_INT4},
};

static void read_settlement(struct db_row *row, void *element)
{
    struct settlement *settlement = element;
    settlement->settlement_id = db_row_uuid_text(row);
    settlement->currency = db_row_text(row);
    settlement->sold_from = db_row_time(row);
    settlement->sold_until = db_row_time(row);
    settlement->sales = db_row_int8(row);
    settlement->refunds = db_row_int8(row);
    settlement->royalties = db_row_int8(row);
    settlement->amount = db_row_int8(row);
    settlement->settled_at = db_row_time(row);
}

enum ft_error db_settlement_list(struct db *db, struct call *call, int vendor_id,
                                 int credential_version, const struct settlement_query *query,
                                 struct settlement **settlements_r, int *count_r)
{
    struct db_parameters parameters = {0};
    struct db_list list;
    *settlements_r = NULL;
    *count_r = 0;
    db_parameters_int4(&parameters, vendor_id);
    db_parameters_int4(&parameters, credential_version);
    db_parameters_time(&parameters, query->since);
    db_parameters_time(&parameters, query->until);
    if (query->after == NULL)
        db_parameters_null(&parameters);
    else if (!db_parameters_uuid(&parameters, query->after))
        return call_invalid(call, "PageToken", "what an answer gave as NextPageToken",
                            query->after);
    db_parameters_int4(&parameters, query->limit);
    enum ft_error error = db_list(db, call, &list_statement, &parameters, sizeof(struct settlement),
                                  read_settlement, &list);
    *settlements_r = list.elements;
    *count_r = list.count;
    return error;
}
