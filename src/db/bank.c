/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/bank: accounts, mandates, files. */
#include "db/bank.h"

#include "db/handle.h"

/* One number, *number_r; no row, or NULL: 0. */
static enum ft_error ask_number(struct db *db, struct call *call,
                                const struct db_statement *statement,
                                const struct db_parameters *parameters, int *number_r)
{
    struct db_result *result = NULL;
    struct db_row row;
    *number_r = 0;
    enum ft_error error = db_ask(db, call, statement, parameters, &row, &result);
    if (error == FT_OK && row.pg != NULL) {
        *number_r = db_row_int4(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement set_account_statement = {
    .name = "bank_set_account",
    .sql = "SELECT bank.set_account($1, $2, $3, $4, $5)",
    .types = {DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT},
};

enum ft_error db_bank_set_account(struct db *db, struct call *call,
                                  const struct bank_account *account, int *account_id_r)
{
    struct db_parameters parameters = {0};
    db_parameters_text(&parameters, account->name);
    db_parameters_text(&parameters, account->iban);
    db_parameters_text(&parameters, account->bic);
    db_parameters_text(&parameters, account->currency);
    db_parameters_text(&parameters, account->creditor_id);
    return ask_number(db, call, &set_account_statement, &parameters, account_id_r);
}

static const struct db_statement list_accounts_statement = {
    .name = "bank_list_accounts",
    .sql = "SELECT account_id, name, iban, bic, currency, creditor_id, is_default"
           " FROM bank.accounts ORDER BY account_id",
    .reads = true,
};

static void read_account(struct db_row *row, void *element)
{
    struct bank_account *account = element;
    account->account_id = db_row_int4(row);
    account->name = db_row_text(row);
    account->iban = db_row_text(row);
    account->bic = db_row_text(row);
    account->currency = db_row_text(row);
    account->creditor_id = db_row_text(row);
    account->is_default = db_row_bool(row);
}

enum ft_error db_bank_list_accounts(struct db *db, struct call *call,
                                    struct bank_account **accounts_r, int *count_r)
{
    const struct db_parameters none = {0};
    struct db_list list;
    enum ft_error error = db_list(db, call, &list_accounts_statement, &none,
                                  sizeof(struct bank_account), read_account, &list);
    *accounts_r = list.elements;
    *count_r = list.count;
    return error;
}

static const struct db_statement list_stranded_statement = {
    .name = "bank_list_stranded",
    .sql = "SELECT p.currency, count(*), sum(p.amount)::bigint FROM settlement.payouts p"
           " WHERE p.state = 'due' AND p.method = 'credit_transfer' AND NOT EXISTS ("
           "SELECT FROM bank.accounts a WHERE a.currency = p.currency AND a.is_default)"
           " GROUP BY p.currency ORDER BY p.currency",
    .reads = true,
};

static void read_stranded(struct db_row *row, void *element)
{
    struct bank_stranded *stranded = element;
    stranded->currency = db_row_text(row);
    stranded->count = db_row_int8(row);
    stranded->total = db_row_int8(row);
}

enum ft_error db_bank_list_stranded(struct db *db, struct call *call,
                                    struct bank_stranded **stranded_r, int *count_r)
{
    const struct db_parameters none = {0};
    struct db_list list;
    enum ft_error error = db_list(db, call, &list_stranded_statement, &none,
                                  sizeof(struct bank_stranded), read_stranded, &list);
    *stranded_r = list.elements;
    *count_r = list.count;
    return error;
}

static const struct db_statement add_mandate_statement = {
    .name = "bank_add_mandate",
    .sql = "SELECT bank.add_mandate($1, $2, $3, $4, $5, $6, $7)",
    .types = {DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT},
};

enum ft_error db_bank_add_mandate(struct db *db, struct call *call,
                                  const struct bank_mandate *mandate)
{
    struct db_parameters parameters = {0};
    db_parameters_text(&parameters, mandate->login_name);
    db_parameters_text(&parameters, mandate->currency);
    db_parameters_text(&parameters, mandate->mandate_id);
    db_parameters_text(&parameters, mandate->debtor_name);
    db_parameters_text(&parameters, mandate->iban);
    db_parameters_text(&parameters, mandate->bic);
    db_parameters_text(&parameters, mandate->signed_on);
    return db_do(db, call, &add_mandate_statement, &parameters);
}

static const struct db_statement end_mandate_statement = {
    .name = "bank_end_mandate",
    .sql = "SELECT bank.end_mandate($1, $2)::int",
    .types = {DB_TEXT, DB_TEXT},
};

enum ft_error db_bank_end_mandate(struct db *db, struct call *call, const char *login_name,
                                  const char *currency, bool *ended_r)
{
    struct db_parameters parameters = {0};
    int ended = 0;
    db_parameters_text(&parameters, login_name);
    db_parameters_text(&parameters, currency);
    enum ft_error error = ask_number(db, call, &end_mandate_statement, &parameters, &ended);
    *ended_r = ended != 0;
    return error;
}

static const struct db_statement request_debit_statement = {
    .name = "bank_request_debit",
    .sql = "SELECT bank.request_debit($1, $2, $3)",
    .types = {DB_TEXT, DB_TEXT, DB_INT8},
};

enum ft_error db_bank_request_debit(struct db *db, struct call *call, const char *login_name,
                                    const char *currency, money_t amount,
                                    char debit_id_r[DB_UUID_TEXT_SIZE])
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    db_parameters_text(&parameters, login_name);
    db_parameters_text(&parameters, currency);
    db_parameters_int8(&parameters, amount);
    enum ft_error error = db_ask(db, call, &request_debit_statement, &parameters, &row, &result);
    if (error == FT_OK) {
        db_row_uuid(&row, debit_id_r);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement order_transfers_statement = {
    .name = "bank_order_transfers",
    .sql = "SELECT bank.order_transfers($1, $2, $3, $4)",
    .types = {DB_INT4, DB_TEXT, DB_TEXT, DB_TEXT},
};

enum ft_error db_bank_order_transfers(struct db *db, struct call *call,
                                      const struct bank_account *account, const char *version,
                                      const char *execute_on, int *file_id_r)
{
    struct db_parameters parameters = {0};
    db_parameters_int4(&parameters, account->account_id);
    db_parameters_text(&parameters, account->currency);
    db_parameters_text(&parameters, version);
    db_parameters_text(&parameters, execute_on);
    return ask_number(db, call, &order_transfers_statement, &parameters, file_id_r);
}

static const struct db_statement order_debits_statement = {
    .name = "bank_order_debits",
    .sql = "SELECT bank.order_debits($1, $2, $3)",
    .types = {DB_INT4, DB_TEXT, DB_TEXT},
};

enum ft_error db_bank_order_debits(struct db *db, struct call *call,
                                   const struct bank_account *account, const char *execute_on,
                                   int *file_id_r)
{
    struct db_parameters parameters = {0};
    db_parameters_int4(&parameters, account->account_id);
    db_parameters_text(&parameters, account->currency);
    db_parameters_text(&parameters, execute_on);
    return ask_number(db, call, &order_debits_statement, &parameters, file_id_r);
}

static const struct db_statement find_file_statement = {
    .name = "bank_find_file",
    .sql = "SELECT file_id, message_id, kind, version, created_at, execute_on, count, total,"
           " currency, minor_digits, name, iban, bic, creditor_id, checksum, state"
           " FROM bank.find_file($1, $2)",
    .reads = true,
    .types = {DB_INT4, DB_TEXT},
};

static void read_file(struct db_row *row, struct bank_file *file)
{
    file->file_id = db_row_int4(row);
    file->message_id = db_row_text(row);
    file->kind = db_row_text(row);
    file->version = db_row_text(row);
    file->created_at = db_row_time(row);
    file->execute_on = db_row_text(row);
    file->count = db_row_int4(row);
    file->total = db_row_int8(row);
    file->currency = db_row_text(row);
    file->minor_digits = db_row_int4(row);
    file->name = db_row_text(row);
    file->iban = db_row_text(row);
    file->bic = db_row_text(row);
    file->creditor_id = db_row_text(row);
    file->checksum = db_row_text(row);
    file->state = db_row_text(row);
}

enum ft_error db_bank_find_file(struct db *db, struct call *call, int file_id,
                                const char *message_id, struct bank_file *file_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    *file_r = (struct bank_file){0};
    db_parameters_int4(&parameters, file_id);
    db_parameters_text(&parameters, message_id);
    enum ft_error error = db_ask(db, call, &find_file_statement, &parameters, &row, &result);
    if (error == FT_OK && row.pg != NULL) {
        read_file(&row, file_r);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}

static const struct db_statement list_lines_statement = {
    .name = "bank_list_lines",
    .sql = "SELECT line, end_to_end_id, amount, name, iban, bic, remittance, mandate_id, signed_on"
           " FROM bank.list_lines($1, $2, $3)",
    .reads = true,
    .types = {DB_INT4, DB_INT4, DB_INT4},
};

static void read_line(struct db_row *row, void *element)
{
    struct bank_line *line = element;
    line->line = db_row_int4(row);
    line->end_to_end_id = db_row_text(row);
    line->amount = db_row_int8(row);
    line->name = db_row_text(row);
    line->iban = db_row_text(row);
    line->bic = db_row_text(row);
    line->remittance = db_row_text(row);
    line->mandate_id = db_row_text(row);
    line->signed_on = db_row_text(row);
}

enum ft_error db_bank_list_lines(struct db *db, struct call *call, int file_id, int after,
                                 int limit, struct bank_line **lines_r, int *count_r)
{
    struct db_parameters parameters = {0};
    struct db_list list;
    db_parameters_int4(&parameters, file_id);
    db_parameters_int4(&parameters, after);
    db_parameters_int4(&parameters, limit);
    enum ft_error error = db_list(db, call, &list_lines_statement, &parameters,
                                  sizeof(struct bank_line), read_line, &list);
    *lines_r = list.elements;
    *count_r = list.count;
    return error;
}

static const struct db_statement written_statement = {
    .name = "bank_written",
    .sql = "SELECT bank.written($1, $2)",
    .types = {DB_INT4, DB_TEXT},
};

enum ft_error db_bank_written(struct db *db, struct call *call, int file_id, const char *checksum)
{
    struct db_parameters parameters = {0};
    db_parameters_int4(&parameters, file_id);
    db_parameters_text(&parameters, checksum);
    return db_do(db, call, &written_statement, &parameters);
}

static const struct db_statement find_reference_statement = {
    .name = "account_find_payment_reference",
    .sql = "SELECT account.find_payment_reference($1)",
    .reads = true,
    .types = {DB_TEXT},
};

enum ft_error db_bank_find_reference(struct db *db, struct call *call, const char *login_name,
                                     const char **reference_r)
{
    struct db_parameters parameters = {0};
    struct db_result *result = NULL;
    struct db_row row;
    db_parameters_text(&parameters, login_name);
    enum ft_error error = db_ask(db, call, &find_reference_statement, &parameters, &row, &result);
    if (error == FT_OK) {
        *reference_r = db_row_text(&row);
        error = db_row_end(&row);
    }
    db_result_release(result);
    return error;
}
