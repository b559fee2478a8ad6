/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/vendor. */
#include "db/vendor.h"

#include "db/handle.h"

static const struct db_statement find_credential_statement = {
    .name = "vendor_find_credential",
    .sql = "SELECT vendor_id, credential_version, password_hash, disabled"
           " FROM vendor.find_credential($1)",
    .reads = true,
    .types = {DB_INT4},
};

enum ft_error db_vendor_find_credential(struct db *db, struct call *call, int vendor_id,
                                        struct vendor_credential *credential_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    *credential_r = (struct vendor_credential){0};
    db_parameters_int4(&parameters, vendor_id);
    enum ft_error error = db_ask(db, call, &find_credential_statement, &parameters, &row, &result);
    if (error == FT_OK && row.pg == NULL)
        error = FT_VENDOR_NOT_FOUND;
    if (error == FT_OK) {
        credential_r->vendor_id = db_row_int4(&row);
        credential_r->credential_version = db_row_int4(&row);
        credential_r->password_hash = db_row_text(&row);
        credential_r->disabled = db_row_bool(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement account_statement = {
    .name = "vendor_account",
    .sql = "SELECT currency, sales, refunds, incentives, royalties, payable, amount_threshold,"
           " next_settlement_on::text FROM vendor.account($1, $2)",
    .reads = true,
    .types = {DB_INT4, DB_INT4},
};

enum ft_error db_vendor_account(struct db *db, struct call *call, int vendor_id,
                                int credential_version, struct vendor_account *account_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    *account_r = (struct vendor_account){0};
    db_parameters_int4(&parameters, vendor_id);
    db_parameters_int4(&parameters, credential_version);
    enum ft_error error = db_ask(db, call, &account_statement, &parameters, &row, &result);
    if (error == FT_OK) {
        account_r->currency = db_row_text(&row);
        account_r->sales = db_row_int8(&row);
        account_r->refunds = db_row_int8(&row);
        account_r->incentives = db_row_int8(&row);
        account_r->royalties = db_row_int8(&row);
        account_r->payable = db_row_int8(&row);
        account_r->settlement_threshold = db_row_int8(&row);
        account_r->next_settlement = db_row_text(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement change_password_statement = {
    .name = "vendor_change_password",
    .sql = "SELECT vendor.change_password($1, $2, $3)",
    .types = {DB_INT4, DB_INT4, DB_TEXT},
};

enum ft_error db_vendor_change_password(struct db *db, struct call *call, int vendor_id,
                                        int credential_version, const char *password_hash)
{
    struct db_parameters parameters = {0};
    db_parameters_int4(&parameters, vendor_id);
    db_parameters_int4(&parameters, credential_version);
    db_parameters_text(&parameters, password_hash);
    return db_do(db, call, &change_password_statement, &parameters);
}

static const struct db_statement require_url_statement = {
    .name = "vendor_require_url",
    .sql = "SELECT vendor.require_url($1, $2, $3)",
    .reads = true,
    .types = {DB_INT4, DB_TEXT, DB_TEXT},
};

enum ft_error db_vendor_require_url(struct db *db, struct call *call, int vendor_id,
                                    const char *origin, const char *path)
{
    struct db_parameters parameters = {0};
    db_parameters_int4(&parameters, vendor_id);
    db_parameters_text(&parameters, origin);
    db_parameters_text(&parameters, path);
    return db_do(db, call, &require_url_statement, &parameters);
}

static const struct db_statement add_statement = {
    .name = "vendor_add",
    .sql = "SELECT vendor.add($1, $2, $3, $4, $5, $6, $7)",
    .types = {DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXTS, DB_TEXTS, DB_TEXT},
};

enum ft_error db_vendor_add(struct db *db, struct call *call,
                            const struct vendor_registration *registration, int *vendor_id_r)
{
    struct db_parameters parameters = {0};
    struct db_array origins = {0};
    struct db_array paths = {0};
    struct db_result *result = NULL;
    struct db_row row;
    enum ft_error error = FT_INTERNAL;

    db_array_begin(&origins, DB_TEXTS);
    db_array_begin(&paths, DB_TEXTS);
    for (int i = 0; i < registration->urls_count; i++) {
        db_array_text(&origins, registration->urls[i].origin);
        db_array_text(&paths, registration->urls[i].path);
    }
    db_parameters_text(&parameters, registration->name);
    db_parameters_text(&parameters, registration->currency);
    db_parameters_text(&parameters, registration->password_hash);
    db_parameters_text(&parameters, registration->home_url);
    if (!db_parameters_array(&parameters, &origins) || !db_parameters_array(&parameters, &paths))
        goto out;
    db_parameters_text(&parameters, registration->time_zone);
    error = db_ask(db, call, &add_statement, &parameters, &row, &result);
    if (error == FT_OK) {
        *vendor_id_r = db_row_int4(&row);
        error = db_row_end(&row);
    }

out:
    db_result_release(result);
    db_array_free(&origins);
    db_array_free(&paths);
    return error;
}

static const struct db_statement set_password_statement = {
    .name = "vendor_set_password",
    .sql = "SELECT vendor.set_password($1, $2)",
    .types = {DB_INT4, DB_TEXT},
};

enum ft_error db_vendor_set_password(struct db *db, struct call *call, int vendor_id,
                                     const char *password_hash)
{
    struct db_parameters parameters = {0};
    db_parameters_int4(&parameters, vendor_id);
    db_parameters_text(&parameters, password_hash);
    return db_do(db, call, &set_password_statement, &parameters);
}

static const struct db_statement set_disabled_statement = {
    .name = "vendor_set_disabled",
    .sql = "SELECT vendor.set_disabled($1, $2)",
    .types = {DB_INT4, DB_BOOL},
};

enum ft_error db_vendor_set_disabled(struct db *db, struct call *call, int vendor_id, bool disabled)
{
    struct db_parameters parameters = {0};
    db_parameters_int4(&parameters, vendor_id);
    db_parameters_bool(&parameters, disabled);
    return db_do(db, call, &set_disabled_statement, &parameters);
}
