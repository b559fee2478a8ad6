/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/royalty for operators: terms, owners, collections. */
#include "db/handle.h"
#include "db/royalty.h"

static const struct db_statement set_schedule_statement = {
    .name = "royalty_set_schedule",
    .sql = "SELECT valid_from FROM royalty.set_schedule($1, $2, $3, $4, $5, $6)",
    .types = {DB_INT4, DB_TEXT, DB_INT8S, DB_INT4S, DB_INT8S, DB_TIMESTAMPTZ},
};

/* A statement that gives the time from which something is valid. */
static enum ft_error ask_time(struct db *db, struct call *call,
                              const struct db_statement *statement,
                              const struct db_parameters *parameters, time_us_t *time_r)
{
    struct db_result *result = NULL;
    struct db_row row;
    enum ft_error error = db_ask(db, call, statement, parameters, &row, &result);
    if (error == FT_OK) {
        *time_r = db_row_time(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

enum ft_error db_royalty_set_schedule(struct db *db, struct call *call, int vendor_id,
                                      const struct royalty_schedule *schedule,
                                      time_us_t *valid_from_r)
{
    struct db_parameters parameters = {0};
    struct db_array volumes = {0}, rates = {0}, fixed = {0};
    enum ft_error error = FT_INTERNAL;
    db_array_begin(&volumes, DB_INT8S);
    db_array_begin(&rates, DB_INT4S);
    db_array_begin(&fixed, DB_INT8S);
    for (int i = 0; i < schedule->tiers_count; i++) {
        db_array_int8(&volumes, schedule->tiers[i].from_volume);
        db_array_int4(&rates, schedule->tiers[i].rate_ppm);
        db_array_int8(&fixed, schedule->tiers[i].fixed_amount);
    }
    db_parameters_int4(&parameters, vendor_id);
    db_parameters_text(&parameters, schedule->period);
    if (db_parameters_array(&parameters, &volumes) && db_parameters_array(&parameters, &rates) &&
        db_parameters_array(&parameters, &fixed)) {
        db_parameters_time(&parameters, schedule->valid_from);
        error = ask_time(db, call, &set_schedule_statement, &parameters, valid_from_r);
    }
    db_array_free(&volumes);
    db_array_free(&rates);
    db_array_free(&fixed);
    return error;
}

static const struct db_statement set_commission_statement = {
    .name = "royalty_set_commission",
    .sql = "SELECT royalty.set_commission($1, $2, $3, $4)",
    .types = {DB_INT4, DB_INT8, DB_INT4, DB_TIMESTAMPTZ},
};

enum ft_error db_royalty_set_commission(struct db *db, struct call *call, int vendor_id,
                                        money_t per_user, int deposit_rate_ppm,
                                        time_us_t valid_from, time_us_t *valid_from_r)
{
    struct db_parameters parameters = {0};
    db_parameters_int4(&parameters, vendor_id);
    db_parameters_int8(&parameters, per_user);
    db_parameters_int4(&parameters, deposit_rate_ppm);
    db_parameters_time(&parameters, valid_from);
    return ask_time(db, call, &set_commission_statement, &parameters, valid_from_r);
}

static const struct db_statement terms_statement = {
    .name = "royalty_terms",
    .sql = "SELECT s.valid_from, s.period, t.from_volume, t.rate_ppm, t.fixed_amount,"
           " coalesce(v.volume, 0)"
           " FROM royalty.schedules s JOIN royalty.tiers t ON t.schedule_id = s.schedule_id"
           " JOIN vendor.vendors n ON n.vendor_id = s.vendor_id"
           " LEFT JOIN royalty.volumes v ON v.vendor_id = s.vendor_id AND v.period = s.period"
           " AND v.period_from = date_trunc(s.period, now(), n.time_zone)"
           " WHERE s.vendor_id = $1 ORDER BY s.valid_from, t.from_volume",
    .reads = true,
    .types = {DB_INT4},
};

static void read_term(struct db_row *row, void *element)
{
    struct royalty_term *term = element;
    term->valid_from = db_row_time(row);
    term->period = db_row_text(row);
    term->tier.from_volume = db_row_int8(row);
    term->tier.rate_ppm = db_row_int4(row);
    term->tier.fixed_amount = db_row_int8(row);
    term->volume = db_row_int8(row);
}

static const struct db_statement commissions_statement = {
    .name = "royalty_commissions",
    .sql = "SELECT valid_from, per_user, deposit_rate_ppm FROM royalty.commissions"
           " WHERE vendor_id = $1 ORDER BY valid_from",
    .reads = true,
    .types = {DB_INT4},
};

static void read_commission(struct db_row *row, void *element)
{
    struct royalty_commission *commission = element;
    commission->valid_from = db_row_time(row);
    commission->per_user = db_row_int8(row);
    commission->deposit_rate_ppm = db_row_int4(row);
}

enum ft_error db_royalty_show(struct db *db, struct call *call, int vendor_id,
                              struct royalty_term **terms_r, int *terms_count_r,
                              struct royalty_commission **commissions_r, int *commissions_count_r)
{
    struct db_parameters parameters = {0};
    struct db_list terms = {0}, commissions = {0};
    db_parameters_int4(&parameters, vendor_id);
    enum ft_error error = db_list(db, call, &terms_statement, &parameters,
                                  sizeof(struct royalty_term), read_term, &terms);
    if (error == FT_OK)
        error = db_list(db, call, &commissions_statement, &parameters,
                        sizeof(struct royalty_commission), read_commission, &commissions);
    *terms_r = terms.elements;
    *terms_count_r = terms.count;
    *commissions_r = commissions.elements;
    *commissions_count_r = commissions.count;
    return error;
}

static const struct db_statement register_owner_statement = {
    .name = "royalty_register_owner",
    .sql = "SELECT royalty.register_owner($1, $2, $3)",
    .types = {DB_TEXT, DB_TEXT, DB_TEXT},
};

enum ft_error db_royalty_register_owner(struct db *db, struct call *call, const char *owner_id,
                                        const char *name, const char *time_zone,
                                        int64_t *owner_number_r)
{
    struct db_parameters parameters = {0};
    db_parameters_text(&parameters, owner_id);
    db_parameters_text(&parameters, name);
    db_parameters_text(&parameters, time_zone);
    return db_ask_int8(db, call, &register_owner_statement, &parameters, owner_number_r);
}

static const struct db_statement list_owners_statement = {
    .name = "royalty_list_owners",
    .sql = "SELECT o.owner_number, o.owner_id, o.name, o.time_zone, o.registered_at, p.currency,"
           " p.balance FROM royalty.owners o LEFT JOIN LATERAL"
           " (SELECT l.currency, sum(l.amount)::bigint AS balance FROM ledger.postings l"
           " WHERE l.account = 'owner_payable' AND l.holder = o.owner_number GROUP BY l.currency)"
           " p ON true WHERE $1 IS NULL OR o.owner_id = $1 ORDER BY o.owner_id, p.currency",
    .reads = true,
    .types = {DB_TEXT},
};

static void read_account(struct db_row *row, void *element)
{
    struct royalty_owner_account *account = element;
    account->owner_number = db_row_int8(row);
    account->owner_id = db_row_text(row);
    account->name = db_row_text(row);
    account->time_zone = db_row_text(row);
    account->registered_at = db_row_time(row);
    account->currency = db_row_text(row);
    account->balance = db_row_int8(row);
}

enum ft_error db_royalty_list_owners(struct db *db, struct call *call, const char *owner_id,
                                     struct royalty_owner_account **accounts_r, int *count_r)
{
    struct db_parameters parameters = {0};
    struct db_list list = {0};
    db_parameters_text(&parameters, owner_id);
    enum ft_error error = db_list(db, call, &list_owners_statement, &parameters,
                                  sizeof(struct royalty_owner_account), read_account, &list);
    *accounts_r = list.elements;
    *count_r = list.count;
    return error;
}
