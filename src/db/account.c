/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/account. */
#include "db/account.h"

#include "db/handle.h"

#define SUMMARY_TRANSACTIONS 10

static const struct db_statement register_statement = {
    .name = "account_register",
    .sql = "SELECT account.register($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    .types = {DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_UUID,
              DB_INT8, DB_TEXTS, DB_TEXTS},
};

enum ft_error db_account_register(struct db *db, struct call *call,
                                  const struct account_registration *registration,
                                  int64_t *user_id_r)
{
    struct db_parameters parameters = {0};
    struct db_array questions = {0};
    struct db_array answer_hashes = {0};
    struct db_result *result = NULL;
    struct db_row row;
    enum ft_error error = FT_INTERNAL;

    db_array_begin(&questions, DB_TEXTS);
    db_array_begin(&answer_hashes, DB_TEXTS);
    for (int i = 0; i < registration->identifiers_count; i++) {
        db_array_text(&questions, registration->identifiers[i].question);
        db_array_text(&answer_hashes, registration->identifiers[i].answer_hash);
    }
    db_parameters_text(&parameters, registration->login_name);
    db_parameters_text(&parameters, registration->password_hash);
    db_parameters_text(&parameters, registration->full_name);
    db_parameters_text(&parameters, registration->email);
    db_parameters_text(&parameters, registration->address);
    db_parameters_text(&parameters, registration->language);
    db_parameters_text(&parameters, registration->currency);
    db_parameters_text(&parameters, registration->payment_method);
    /* Where the user came from is worth a note, and no reason to turn the user away. */
    if (!db_parameters_uuid(&parameters, registration->via_transaction_id))
        db_parameters_null(&parameters);
    db_parameters_int8(&parameters, registration->sign_up_bonus);
    if (!db_parameters_array(&parameters, &questions) ||
        !db_parameters_array(&parameters, &answer_hashes))
        goto out;
    error = db_ask(db, call, &register_statement, &parameters, &row, &result);
    if (error == FT_OK) {
        *user_id_r = db_row_int8(&row);
        error = db_row_end(&row);
    }

out:
    db_result_release(result);
    db_array_free(&questions);
    db_array_free(&answer_hashes);
    return error;
}

static const struct db_statement find_credential_statement = {
    .name = "account_find_credential",
    .sql = "SELECT user_id, password_hash, language, disabled, session_from_last_purchase,"
           " session_minutes FROM account.find_credential($1)",
    .reads = true,
    .types = {DB_TEXT},
};

enum ft_error db_account_find_credential(struct db *db, struct call *call, const char *login_name,
                                         struct account_credential *credential_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    *credential_r = (struct account_credential){0};
    db_parameters_text(&parameters, login_name);
    enum ft_error error = db_ask(db, call, &find_credential_statement, &parameters, &row, &result);
    if (error == FT_OK && row.pg == NULL)
        error = FT_USER_NOT_FOUND;
    if (error == FT_OK) {
        credential_r->user_id = db_row_int8(&row);
        credential_r->password_hash = db_row_text(&row);
        credential_r->language = db_row_text(&row);
        credential_r->disabled = db_row_bool(&row);
        credential_r->session_from_last_purchase = db_row_bool(&row);
        credential_r->session_minutes = db_row_int4(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement start_login_statement = {
    .name = "account_start_login",
    .sql = "SELECT account.start_login($1, $2, $3)",
    .types = {DB_INT8, DB_BOOL, DB_INT4},
};

enum ft_error db_account_login_start(struct db *db, struct call *call, int64_t user_id,
                                     bool from_last_purchase, int minutes, int64_t *login_id_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    db_parameters_int8(&parameters, user_id);
    db_parameters_bool(&parameters, from_last_purchase);
    db_parameters_int4(&parameters, minutes);
    enum ft_error error = db_ask(db, call, &start_login_statement, &parameters, &row, &result);
    if (error == FT_OK) {
        *login_id_r = db_row_int8(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement end_login_statement = {
    .name = "account_end_login",
    .sql = "SELECT account.end_login($1, $2)",
    .types = {DB_INT8, DB_INT8},
};

enum ft_error db_account_login_end(struct db *db, struct call *call, int64_t user_id,
                                   int64_t login_id)
{
    struct db_parameters parameters = {0};
    db_parameters_int8(&parameters, user_id);
    db_parameters_int8(&parameters, login_id);
    return db_do(db, call, &end_login_statement, &parameters);
}

static const struct db_statement summary_statement = {
    .name = "account_summary",
    .sql = "SELECT login_name, full_name, payment_reference FROM account.summary($1, $2)",
    .reads = true,
    .types = {DB_INT8, DB_INT8},
};

static const struct db_statement wallets_statement = {
    .name = "account_list_wallets",
    .sql = "SELECT currency, balance, credit_line FROM account.list_wallets($1)",
    .reads = true,
    .types = {DB_INT8},
};

static const struct db_statement transactions_statement = {
    .name = "account_list_transactions",
    .sql = "SELECT booked_at, kind, title, vendor_name, currency, amount"
           " FROM account.list_transactions($1, $2)",
    .reads = true,
    .types = {DB_INT8, DB_INT4},
};

static void read_wallet(struct db_row *row, void *element)
{
    struct account_wallet *wallet = element;
    wallet->currency = db_row_text(row);
    wallet->balance = db_row_int8(row);
    wallet->credit_line = db_row_int8(row);
}

static void read_transaction(struct db_row *row, void *element)
{
    struct account_transaction *transaction = element;
    transaction->booked_at = db_row_time(row);
    transaction->kind = db_row_text(row);
    transaction->title = db_row_text(row);
    transaction->vendor_name = db_row_text(row);
    transaction->currency = db_row_text(row);
    transaction->amount = db_row_int8(row);
}

/* Whose account it is; refused unless the login still stands. */
static enum ft_error read_holder(struct db *db, struct call *call, int64_t user_id,
                                 int64_t login_id, struct account_summary *summary)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    db_parameters_int8(&parameters, user_id);
    db_parameters_int8(&parameters, login_id);
    enum ft_error error = db_ask(db, call, &summary_statement, &parameters, &row, &result);
    if (error == FT_OK && row.pg == NULL)
        error = FT_LOGIN_ENDED;
    if (error == FT_OK) {
        summary->login_name = db_row_text(&row);
        summary->full_name = db_row_text(&row);
        summary->payment_reference = db_row_text(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

enum ft_error db_account_summary(struct db *db, struct call *call, int64_t user_id,
                                 int64_t login_id, struct account_summary *summary_r)
{
    struct db_parameters parameters = {0};
    struct db_list list;
    *summary_r = (struct account_summary){0};
    enum ft_error error = read_holder(db, call, user_id, login_id, summary_r);
    if (error != FT_OK)
        return error;

    db_parameters_int8(&parameters, user_id);
    error = db_list(db, call, &wallets_statement, &parameters, sizeof(struct account_wallet),
                    read_wallet, &list);
    summary_r->wallets = list.elements;
    summary_r->wallets_count = list.count;
    if (error != FT_OK)
        return error;

    db_parameters_int4(&parameters, SUMMARY_TRANSACTIONS);
    error = db_list(db, call, &transactions_statement, &parameters,
                    sizeof(struct account_transaction), read_transaction, &list);
    summary_r->transactions = list.elements;
    summary_r->transactions_count = list.count;
    return error;
}

/* --- for operators --- */

static const struct db_statement receive_funds_statement = {
    .name = "account_receive_funds",
    .sql = "SELECT entry_id, balance FROM account.receive_funds($1, $2, $3, $4, $5)",
    .types = {DB_TEXT, DB_TEXT, DB_INT8, DB_TEXT, DB_TEXT},
};

enum ft_error db_account_receive_funds(struct db *db, struct call *call,
                                       const struct account_funds *funds,
                                       char entry_id_r[DB_UUID_TEXT_SIZE], money_t *balance_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    db_parameters_text(&parameters, funds->login_name);
    db_parameters_text(&parameters, funds->currency);
    db_parameters_int8(&parameters, funds->amount);
    db_parameters_text(&parameters, funds->method);
    db_parameters_text(&parameters, funds->reference);
    enum ft_error error = db_ask(db, call, &receive_funds_statement, &parameters, &row, &result);
    if (error == FT_OK) {
        db_row_uuid(&row, entry_id_r);
        *balance_r = db_row_int8(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement set_limits_statement = {
    .name = "account_set_limits",
    .sql = "SELECT account.set_limits($1, $2, $3, $4, $5, $6, $7, $8)",
    .types = {DB_TEXT, DB_TEXT, DB_INT8, DB_INT8, DB_INT8, DB_INT8, DB_INT8, DB_INT8},
};

static void add_limit(struct db_parameters *parameters, money_t limit)
{
    if (limit < 0)
        db_parameters_null(parameters);
    else
        db_parameters_int8(parameters, limit);
}

enum ft_error db_account_set_limits(struct db *db, struct call *call, const char *login_name,
                                    const char *currency, const struct account_limits *limits)
{
    struct db_parameters parameters = {0};
    db_parameters_text(&parameters, login_name);
    db_parameters_text(&parameters, currency);
    db_parameters_int8(&parameters, limits->credit_line);
    add_limit(&parameters, limits->transaction);
    add_limit(&parameters, limits->session);
    add_limit(&parameters, limits->day);
    add_limit(&parameters, limits->week);
    add_limit(&parameters, limits->month);
    return db_do(db, call, &set_limits_statement, &parameters);
}

static const struct db_statement set_disabled_statement = {
    .name = "account_set_disabled",
    .sql = "SELECT account.set_disabled($1, $2)",
    .types = {DB_TEXT, DB_BOOL},
};

enum ft_error db_account_set_disabled(struct db *db, struct call *call, const char *login_name,
                                      bool disabled)
{
    struct db_parameters parameters = {0};
    db_parameters_text(&parameters, login_name);
    db_parameters_bool(&parameters, disabled);
    return db_do(db, call, &set_disabled_statement, &parameters);
}
