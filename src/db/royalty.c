/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/royalty. */
#include "db/royalty.h"

#include "db/handle.h"

static const struct db_statement set_content_owners_statement = {
    .name = "royalty_set_content_owners",
    .sql = "SELECT owner_id, share_ppm, amount_per_sale, valid_from"
           " FROM royalty.set_content_owners($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    .types = {DB_INT4, DB_INT4, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXTS, DB_INT4S, DB_INT8S,
              DB_TIMESTAMPTZ, DB_TEXT},
};

struct owner_arrays {
    struct db_array ids;
    struct db_array shares;
    struct db_array amounts;
};

static void list_owners(const struct royalty_owner_list *list, struct owner_arrays *arrays)
{
    db_array_begin(&arrays->ids, DB_TEXTS);
    db_array_begin(&arrays->shares, DB_INT4S);
    db_array_begin(&arrays->amounts, DB_INT8S);
    for (int i = 0; i < list->owners_count; i++) {
        const struct royalty_owner *owner = &list->owners[i];
        db_array_text(&arrays->ids, owner->owner_id);
        if (owner->share_ppm != 0)
            db_array_int4(&arrays->shares, owner->share_ppm);
        else
            db_array_null(&arrays->shares);
        if (owner->amount != 0)
            db_array_int8(&arrays->amounts, owner->amount);
        else
            db_array_null(&arrays->amounts);
    }
}

struct owner_row {
    struct royalty_owner owner;
    time_us_t valid_from;
};

static void read_owner(struct db_row *row, void *element)
{
    struct owner_row *owner = element;
    owner->owner.owner_id = db_row_text(row);
    owner->owner.share_ppm = db_row_int4(row);
    owner->owner.amount = db_row_int8(row);
    owner->valid_from = db_row_time(row);
}

/* An empty list is one row without owner. */
static enum ft_error collect(struct call *call, const struct db_list *rows,
                             struct royalty_owner_list *list_r)
{
    const struct owner_row *row = rows->elements;
    if (rows->count == 0)
        return FT_INTERNAL;
    struct royalty_owner *owners = arena_alloc(call->arena, (size_t)rows->count * sizeof *owners);
    if (owners == NULL)
        return FT_INTERNAL;
    for (int i = 0; i < rows->count; i++)
        owners[i] = row[i].owner;
    list_r->owners = owners;
    list_r->owners_count = owners[0].owner_id != NULL ? rows->count : 0;
    list_r->valid_from = row[0].valid_from;
    return FT_OK;
}

/* credential_version, request_id: of a vendor's own call; else 0. */
static enum ft_error set_owners(struct db *db, struct call *call,
                                const struct db_statement *statement, int vendor_id,
                                int credential_version, const struct royalty_setting *setting,
                                struct royalty_owner_list *list_r)
{
    struct db_parameters parameters = {0};
    struct owner_arrays arrays = {0};
    struct db_list rows;
    enum ft_error error = FT_INTERNAL;
    *list_r = (struct royalty_owner_list){.content_url = setting->list.content_url};
    list_owners(&setting->list, &arrays);
    db_parameters_int4(&parameters, vendor_id);
    if (credential_version != 0)
        db_parameters_int4(&parameters, credential_version);
    db_parameters_text(&parameters, setting->list.content_url);
    db_parameters_text(&parameters, setting->content_origin);
    db_parameters_text(&parameters, setting->content_path);
    if (db_parameters_array(&parameters, &arrays.ids) &&
        db_parameters_array(&parameters, &arrays.shares) &&
        db_parameters_array(&parameters, &arrays.amounts)) {
        db_parameters_time(&parameters, setting->list.valid_from);
        if (credential_version != 0)
            db_parameters_text(&parameters, setting->request_id);
        error =
            db_list(db, call, statement, &parameters, sizeof(struct owner_row), read_owner, &rows);
    }
    if (error == FT_OK)
        error = collect(call, &rows, list_r);
    db_array_free(&arrays.ids);
    db_array_free(&arrays.shares);
    db_array_free(&arrays.amounts);
    return error;
}

enum ft_error db_royalty_set_content_owners(struct db *db, struct call *call, int vendor_id,
                                            int credential_version,
                                            const struct royalty_setting *setting,
                                            struct royalty_owner_list *list_r)
{
    return set_owners(db, call, &set_content_owners_statement, vendor_id, credential_version,
                      setting, list_r);
}

static const struct db_statement set_owners_statement = {
    .name = "royalty_set_owners",
    .sql = "SELECT owner_id, share_ppm, amount_per_sale, valid_from"
           " FROM royalty.set_owners($1, $2, $3, $4, $5, $6, $7, $8)",
    .types = {DB_INT4, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXTS, DB_INT4S, DB_INT8S, DB_TIMESTAMPTZ},
};

enum ft_error db_royalty_set_owners(struct db *db, struct call *call, int vendor_id,
                                    const struct royalty_setting *setting,
                                    struct royalty_owner_list *list_r)
{
    return set_owners(db, call, &set_owners_statement, vendor_id, 0, setting, list_r);
}

/* A slice of all that there is when *bound is 0; it is set to where that ends. */
static enum ft_error do_slice(struct db *db, struct call *call,
                              const struct db_statement *statement, int size, int64_t *bound,
                              int64_t *count_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    db_parameters_int4(&parameters, size);
    db_parameters_int8(&parameters, *bound);
    enum ft_error error = db_ask(db, call, statement, &parameters, &row, &result);
    if (error == FT_OK) {
        *bound = db_row_int8(&row);
        *count_r = db_row_int8(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement roll_up_statement = {
    .name = "royalty_roll_up",
    .sql = "SELECT h.below, royalty.roll_up($1, h.below)"
           " FROM (SELECT coalesce(nullif($2, 0), royalty.horizon()) AS below OFFSET 0) h",
    .types = {DB_INT4, DB_INT8},
};

enum ft_error db_royalty_roll_up(struct db *db, struct call *call, int size, int64_t *below,
                                 int64_t *count_r)
{
    return do_slice(db, call, &roll_up_statement, size, below, count_r);
}

static const struct db_statement collect_statement = {
    .name = "royalty_collect",
    .sql = "SELECT r.until, royalty.collect($1, r.until)"
           " FROM (SELECT coalesce(nullif($2, 0), p.rollup_id) AS until"
           "       FROM royalty.progress p OFFSET 0) r",
    .types = {DB_INT4, DB_INT8},
};

enum ft_error db_royalty_collect(struct db *db, struct call *call, int size, int64_t *until,
                                 int64_t *count_r)
{
    return do_slice(db, call, &collect_statement, size, until, count_r);
}

static const struct db_statement waiting_since_statement = {
    .name = "royalty_waiting_since",
    .sql = "SELECT royalty.waiting_since()",
    .reads = true,
};

enum ft_error db_royalty_waiting_since(struct db *db, struct call *call, time_us_t *since_r)
{
    const struct db_parameters none = {0};
    struct db_result *result = NULL;
    struct db_row row;
    enum ft_error error = db_ask(db, call, &waiting_since_statement, &none, &row, &result);
    if (error == FT_OK) {
        *since_r = db_row_time(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}
