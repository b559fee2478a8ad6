/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports: COPY of the views that schema/ledger, royalty and settlement have for them. */
#include "db/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <uuid/uuid.h>

#include "db/handle.h"

/* Columns as every report shows them, whatever the session's settings are. */
#define DAY(column) "to_char(" column ", 'YYYY-MM-DD') AS " column
#define MOMENT(column)                                                            \
    "to_char(" column " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')" \
    " AS " column
#define FORMULA "'^(?=[\\t\\r\\n]|\\s*[-=+@＝＋－＠])'"
#define TEXT(column) "regexp_replace(" column ", " FORMULA ", '''') AS " column

struct source {
    const char *name; /* what the log calls it */
    const char *columns;
    const char *view;
    const char *number; /* column of the vendor's or owner's; NULL: none */
    const char *order;
};

static const struct source sources[] = {
    [REPORT_VENDOR_STATEMENT] =
        {"report_vendor_statement",
         MOMENT("booked_at") ", " DAY("day") ", kind, entry_id, subject_id, " TEXT(
             "description") ", currency, amount, balance",
         "settlement.vendor_statement", "vendor_id", "booked_at, entry_id, line"},
    [REPORT_OWNER_STATEMENT] =
        {"report_owner_statement",
         MOMENT("booked_at") ", " DAY("day") ", kind, entry_id, subject_id, vendor_id, " TEXT(
             "description") ", currency, amount, balance",
         "royalty.owner_statement", "owner_number", "currency, booked_at, entry_id, line"},
    [REPORT_SETTLEMENT] = {"report_settlement",
                           "line, " MOMENT("booked_at") ", kind, entry_id, subject_id, " TEXT(
                               "description") ", currency, amount, balance",
                           "settlement.statement", NULL, "line"},
    [REPORT_TOKENS_SOLD] = {"report_tokens_sold",
                            DAY("day") ", currency, kind, " TEXT(
                                "method") ", entries, amount, total",
                            "ledger.tokens_by_day", NULL, "currency, day, kind, method"},
    [REPORT_ROYALTIES] =
        {"report_royalties",
         "vendor_id, period, " DAY(
             "day") ", currency, sales, volume, tier_from, tier_rate,"
                    " tier_fixed_amount, royalty, given_back, kept, effective_rate",
         "royalty.by_period", "vendor_id", "vendor_id, day, period"},
};

static const struct db_statement find_vendor = {
    .name = "report_vendor",
    .sql = "SELECT vendor_id::bigint FROM vendor.vendors WHERE vendor_id = $1",
    .reads = true,
    .types = {DB_INT4},
};

static const struct db_statement find_owner = {
    .name = "report_owner",
    .sql = "SELECT owner_number FROM royalty.owners WHERE owner_id = $1",
    .reads = true,
    .types = {DB_TEXT},
};

static const struct db_statement find_settlement = {
    .name = "report_settlement",
    .sql = "SELECT 0::bigint FROM settlement.settlements WHERE settlement_id = $1",
    .reads = true,
    .types = {DB_UUID},
};

/* Whether what the query names is there. The number of a vendor or an owner, else 0. */
static enum ft_error find_subject(struct db *db, struct call *call,
                                  const struct report_query *query, int64_t *number_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    const struct db_statement *statement = NULL;
    enum ft_error missing = FT_OK;
    *number_r = 0;
    if (query->settlement_id != NULL) {
        statement = &find_settlement;
        missing = FT_SETTLEMENT_NOT_FOUND;
        if (!db_parameters_uuid(&parameters, query->settlement_id))
            return missing;
    } else if (query->owner_id != NULL) {
        statement = &find_owner;
        missing = FT_OWNER_NOT_FOUND;
        db_parameters_text(&parameters, query->owner_id);
    } else if (query->vendor_id != 0) {
        statement = &find_vendor;
        missing = FT_VENDOR_NOT_FOUND;
        db_parameters_int4(&parameters, query->vendor_id);
    } else {
        return FT_OK;
    }
    enum ft_error error = db_ask(db, call, statement, &parameters, &row, &result);
    if (error == FT_OK && row.pg == NULL)
        return missing;
    if (error == FT_OK) {
        *number_r = db_row_int8(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

/* " AND day >= '2026-12-31'" */
static const char *day_condition(const char *operation, time_us_t day, char text[48])
{
    char time[TIME_TEXT_SIZE];
    text[0] = '\0';
    if (day != 0)
        snprintf(text, 48, " AND day %s '%.10s'", operation, time_format(day, time));
    return text;
}

/* COPY takes no parameters: what is put into its text is made of numbers only. NULL: no memory. */
static const char *make_copy(struct call *call, const struct source *source,
                             const struct report_query *query, int64_t number)
{
    unsigned char uuid[DB_UUID_BYTES];
    char id[DB_UUID_TEXT_SIZE];
    char argument[DB_UUID_TEXT_SIZE + 4] = "";
    char condition[64] = "";
    char from[48], until[48];
    if (query->settlement_id != NULL && db_uuid_parse(query->settlement_id, uuid)) {
        uuid_unparse_lower(uuid, id);
        snprintf(argument, sizeof argument, "('%s')", id);
    }
    if (number != 0)
        snprintf(condition, sizeof condition, " AND %s = %" PRId64, source->number, number);
    return arena_printf(call->arena,
                        "COPY (SELECT %s FROM %s%s r WHERE true%s%s%s ORDER BY %s)"
                        " TO STDOUT (FORMAT csv, HEADER)",
                        source->columns, source->view, argument, condition,
                        day_condition(">=", query->from, from),
                        day_condition("<", query->until, until), source->order);
}

enum ft_error db_report(struct db *db, struct call *call, enum report report,
                        const struct report_query *query, db_sink *sink, void *context)
{
    const struct source *source = &sources[report];
    int64_t number;
    enum ft_error error = find_subject(db, call, query, &number);
    if (error != FT_OK)
        return error;
    const char *sql = make_copy(call, source, query, number);
    return sql != NULL ? db_pool_copy(db->pool, call, source->name, sql, sink, context)
                       : FT_INTERNAL;
}
