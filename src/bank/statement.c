/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The versions differ little: where a status and a party stand, whether a payment has an amount. */
#include "bank/statement.h"

#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/time.h"

#define CREDIT "CRDT"
#define DEBIT "DBIT"

/* An amount as it stands there. */
struct sum {
    char text[BANK_ID_SIZE];
    char currency[BANK_CURRENCY_SIZE];
    money_t amount;
    bool exact; /* amount says just that */
};

/* One payment of an entry, or what an entry without payments says. */
struct payment {
    struct sum sum, transaction_sum;
    char direction[BANK_ID_SIZE];
    char end_to_end_id[BANK_ID_SIZE];
    char payment_id[BANK_ID_SIZE];
    char message_id[BANK_ID_SIZE];
    char bank_reference[BANK_ID_SIZE];
    char debtor_name[BANK_ID_SIZE], debtor_iban[BANK_ID_SIZE];
    char creditor_name[BANK_ID_SIZE], creditor_iban[BANK_ID_SIZE];
    char references[BANK_WORDS_SIZE / 2], words[BANK_WORDS_SIZE / 2];
    char reason[BANK_ID_SIZE];
    bool is_return;
};

struct work {
    struct bank_reader *reader;
    const struct bank_statement_sink *sink;
    void *context;
    struct bank_statement_counts *counts;
    const char *place; /* path of a statement */
    char message_page[BANK_ID_SIZE];
    struct bank_statement statement;
    bool begun;

    /* The entry. */
    int position;
    struct sum sum;
    char direction[BANK_ID_SIZE], status[BANK_ID_SIZE], date[BANK_ID_SIZE], time[BANK_ID_SIZE];
    char reversal[BANK_ID_SIZE], reference[BANK_ID_SIZE], words[BANK_WORDS_SIZE / 2];
    char batch_payment[BANK_ID_SIZE], batch_message[BANK_ID_SIZE];
    int payments; /* so far */
    money_t rest; /* what they leave */
    bool rest_exact;
    struct payment payment; /* the latest */
    struct payment first;   /* kept until there is another, or the entry ends */
    struct bank_entry out;
};

#define IN_WORK(path, member)                                                 \
    {                                                                         \
        path, offsetof(struct work, member), sizeof((struct work *)0)->member \
    }
#define IN_PAYMENT(path, member) IN_WORK("Ntry/NtryDtls/TxDtls/" path, payment.member)

/* Where texts go. What stands there already is followed by a blank and the next. */
static const struct {
    const char *path;
    size_t offset;
    size_t size;
} fields[] = {
    IN_WORK("Id", statement.statement_id),
    IN_WORK("StmtPgntn/PgNb", statement.page),
    IN_WORK("NtfctnPgntn/PgNb", statement.page),
    IN_WORK("CreDtTm", statement.made_at),
    IN_WORK("Acct/Id/IBAN", statement.iban),
    IN_WORK("Acct/Id/Othr/Id", statement.iban),
    IN_WORK("Ntry/CdtDbtInd", direction),
    IN_WORK("Ntry/RvslInd", reversal),
    IN_WORK("Ntry/Sts", status),
    IN_WORK("Ntry/Sts/Cd", status),
    IN_WORK("Ntry/BookgDt/Dt", date),
    IN_WORK("Ntry/BookgDt/DtTm", time),
    IN_WORK("Ntry/AcctSvcrRef", reference),
    IN_WORK("Ntry/AddtlNtryInf", words),
    IN_WORK("Ntry/NtryDtls/Btch/PmtInfId", batch_payment),
    IN_WORK("Ntry/NtryDtls/Btch/MsgId", batch_message),
    IN_PAYMENT("CdtDbtInd", direction),
    IN_PAYMENT("Refs/EndToEndId", end_to_end_id),
    IN_PAYMENT("Refs/PmtInfId", payment_id),
    IN_PAYMENT("Refs/MsgId", message_id),
    IN_PAYMENT("Refs/AcctSvcrRef", bank_reference),
    IN_PAYMENT("RltdPties/Dbtr/Nm", debtor_name),
    IN_PAYMENT("RltdPties/Dbtr/Pty/Nm", debtor_name),
    IN_PAYMENT("RltdPties/DbtrAcct/Id/IBAN", debtor_iban),
    IN_PAYMENT("RltdPties/Cdtr/Nm", creditor_name),
    IN_PAYMENT("RltdPties/Cdtr/Pty/Nm", creditor_name),
    IN_PAYMENT("RltdPties/CdtrAcct/Id/IBAN", creditor_iban),
    IN_PAYMENT("RmtInf/Strd/CdtrRefInf/Ref", references),
    IN_PAYMENT("RmtInf/Strd/AddtlRmtInf", words),
    IN_PAYMENT("RmtInf/Ustrd", words),
    IN_PAYMENT("RtrInf/Rsn/Cd", reason),
    IN_PAYMENT("RtrInf/Rsn/Prtry", reason),
    IN_PAYMENT("RtrInf/AddtlInf", reason),
};
#define FIELDS_COUNT (sizeof fields / sizeof fields[0])

bool bank_statement_is(const char *message)
{
    return strncmp(message, "camt.053.001.", 13) == 0 || strncmp(message, "camt.054.001.", 13) == 0;
}

static bool is(const char *path, const char *name)
{
    return strcmp(path, name) == 0;
}

static void read_sum(struct sum *sum, const char *text, const char *currency)
{
    sum->text[0] = '\0';
    bank_append(sum->text, sizeof sum->text, text);
    memcpy(sum->currency, currency, sizeof sum->currency);
    sum->exact = strlen(text) < BANK_TEXT_BYTES / 2 && text[0] != '-' && currency[0] != '\0' &&
                 money_parse(text, &sum->amount);
}

/* What stands for "none". */
static const char *given(const char *text)
{
    static const char *const none[] = {"NONREF", "NOTPROVIDED", "NOT PROVIDED", "NONE"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (strcasecmp(text, none[i]) == 0)
            return "";
    return text;
}

/* The inside of a statement, or NULL: the path is elsewhere. */
static const char *inside(const struct work *work, const char *path)
{
    size_t length = strlen(work->place);
    return strncmp(path, work->place, length) == 0 && path[length] == '/' ? path + length + 1
                                                                          : NULL;
}

static bool begin_statement(struct work *work)
{
    if (work->begun)
        return true;
    if (work->statement.iban[0] == '\0' || work->statement.statement_id[0] == '\0')
        return bank_reader_refuse(work->reader, "a statement must name itself and its account");
    if (work->statement.page[0] == '\0')
        bank_append(work->statement.page, sizeof work->statement.page, work->message_page);
    work->begun = true;
    work->counts->statements++;
    return work->sink->begin == NULL || work->sink->begin(work->context, &work->statement);
}

static bool open_element(void *context, const char *path)
{
    struct work *work = context;
    if (is(path, work->place)) { /* a statement */
        bool is_notification = work->statement.is_notification;
        memset(&work->statement, 0, sizeof work->statement);
        work->statement.is_notification = is_notification;
        work->begun = false;
        work->position = 0;
        return true;
    }
    path = inside(work, path);
    if (path == NULL)
        return true;
    if (is(path, "Ntry")) {
        memset(&work->sum, 0, sizeof *work - offsetof(struct work, sum));
        work->position++;
        return begin_statement(work);
    }
    if (is(path, "Ntry/NtryDtls/TxDtls"))
        memset(&work->payment, 0, sizeof work->payment);
    else if (is(path, "Ntry/NtryDtls/TxDtls/RtrInf"))
        work->payment.is_return = true;
    return true;
}

static bool take_leaf(void *context, const char *path, const char *text, const char *currency)
{
    struct work *work = context;
    const char *whole = path;
    path = inside(work, path);
    if (path == NULL) {
        if (strstr(whole, "/GrpHdr/MsgPgntn/PgNb") != NULL)
            bank_append(work->message_page, sizeof work->message_page, text);
        return true;
    }
    if (is(path, "Acct/Ccy") && strlen(text) == BANK_CURRENCY_SIZE - 1)
        memcpy(work->statement.currency, text, BANK_CURRENCY_SIZE);
    else if (is(path, "Ntry/Amt"))
        read_sum(&work->sum, text, currency);
    else if (is(path, "Ntry/NtryDtls/TxDtls/Amt"))
        read_sum(&work->payment.sum, text, currency);
    else if (is(path, "Ntry/NtryDtls/TxDtls/AmtDtls/TxAmt/Amt"))
        read_sum(&work->payment.transaction_sum, text, currency);
    for (size_t i = 0; i < FIELDS_COUNT; i++)
        if (is(path, fields[i].path))
            bank_append((char *)work + fields[i].offset, fields[i].size, text);
    return true;
}

/* Without time and zone. */
static bool read_date(struct work *work)
{
    char text[BANK_DATE_SIZE + 16];
    time_us_t unused;
    const char *date = work->date[0] != '\0' ? work->date : work->time;
    if (date[0] == '\0')
        return true;
    memcpy(work->out.booked_on, date, sizeof work->out.booked_on - 1);
    snprintf(text, sizeof text, "%sT00:00:00Z", work->out.booked_on);
    return time_parse(text, &unused) ||
           bank_reader_refuse(work->reader, "BookgDt must be a date such as 2026-12-31");
}

/* What is the same for every part of an entry. */
static bool begin_entry(struct work *work)
{
    const char *reference = given(work->reference);
    struct bank_entry *out = &work->out;
    char amount[MONEY_TEXT_SIZE];
    if (!is(work->direction, CREDIT) && !is(work->direction, DEBIT))
        return bank_reader_refuse(work->reader, "CdtDbtInd must be CRDT or DBIT");
    if (!read_date(work))
        return false;
    out->position = work->position;
    out->is_reversal = is(work->reversal, "true") || is(work->reversal, "1");
    const char *reversal = out->is_reversal ? " RVSL" : "";
    const char *sum = work->sum.exact ? money_format(work->sum.amount, amount) : work->sum.text;
    if (reference[0] != '\0')
        snprintf(out->key, sizeof out->key, "%s %s%s %s", reference, work->direction, reversal,
                 sum);
    else
        snprintf(out->key, sizeof out->key, "%s/%s/%d %s%s %s %s", work->statement.statement_id,
                 work->statement.page, work->position, work->direction, reversal, sum,
                 out->booked_on);
    work->rest_exact = work->sum.exact;
    work->rest = is(work->direction, CREDIT) ? work->sum.amount : -work->sum.amount;
    return true;
}

static void describe(struct work *work, const struct payment *payment)
{
    struct bank_entry *out = &work->out;
    bool credit = is(work->direction, CREDIT);
    const char *batch = payment->payment_id[0] != '\0' ? payment->payment_id : payment->message_id;
    if (batch[0] == '\0')
        batch = work->batch_payment[0] != '\0' ? work->batch_payment : work->batch_message;
    const char *reference = given(payment->bank_reference);
    out->is_return = payment->is_return;
    out->remittance[0] = '\0';
    if (payment->references[0] != '\0')
        bank_append(out->remittance, sizeof out->remittance, payment->references);
    bank_append(out->remittance, sizeof out->remittance,
                payment->words[0] != '\0' ? payment->words : work->words);
#define SET(field, text) snprintf(out->field, sizeof out->field, "%s", text)
    SET(end_to_end_id, given(payment->end_to_end_id));
    SET(batch_id, given(batch));
    SET(bank_reference, reference[0] != '\0' ? reference : given(work->reference));
    SET(party_name, credit ? payment->debtor_name : payment->creditor_name);
    SET(party_iban, credit ? payment->debtor_iban : payment->creditor_iban);
    SET(reason, payment->reason);
#undef SET
}

static bool give(struct work *work, const struct payment *payment, int part, const struct sum *sum,
                 money_t amount, const char *problem)
{
    struct bank_entry *out = &work->out;
    describe(work, payment);
    out->part = part;
    out->amount = amount;
    out->problem = problem;
    memcpy(out->amount_text, sum->text, sizeof out->amount_text);
    memcpy(out->currency, sum->currency, sizeof out->currency);
    work->counts->entries++;
    return work->sink->entry == NULL || work->sink->entry(work->context, out);
}

/* One of several payments, with an amount of its own. */
static bool give_part(struct work *work, const struct payment *payment, int part)
{
    const struct sum *sum =
        payment->sum.text[0] != '\0' ? &payment->sum : &payment->transaction_sum;
    const char *direction = payment->direction[0] != '\0' ? payment->direction : work->direction;
    if (!is(direction, CREDIT) && !is(direction, DEBIT))
        return bank_reader_refuse(work->reader, "CdtDbtInd must be CRDT or DBIT");
    if (!sum->exact || strcmp(sum->currency, work->sum.currency) != 0)
        return give(work, payment, part, sum, 0,
                    sum->exact ? "its currency is not the entry's"
                               : "its amount is not of at most 6 decimals");
    money_t amount = is(direction, CREDIT) ? sum->amount : -sum->amount;
    if (__builtin_sub_overflow(work->rest, amount, &work->rest))
        work->rest_exact = false;
    return give(work, payment, part, sum, amount, NULL);
}

static bool take_payment(struct work *work)
{
    work->payments++;
    if (work->payments == 1) {
        work->first = work->payment;
        return true;
    }
    return (work->payments > 2 || (begin_entry(work) && give_part(work, &work->first, 1))) &&
           give_part(work, &work->payment, work->payments);
}

/* The whole entry, or what its parts leave of it. */
static bool give_rest(struct work *work, int part)
{
    static const struct payment nothing = {0};
    char text[MONEY_TEXT_SIZE];
    struct sum sum = work->sum;
    if (part == -1)
        snprintf(sum.text, sizeof sum.text, "%s",
                 work->rest_exact ? money_format(work->rest, text) : work->sum.text);
    return give(work, work->payments == 1 ? &work->first : &nothing, part, &sum,
                work->rest_exact ? work->rest : 0,
                !work->rest_exact ? "its amount is not of at most 6 decimals"
                : part == -1      ? "what its payments leave of the amount"
                                  : NULL);
}

static bool is_booked(const struct work *work)
{
    return is(work->status, "BOOK");
}

static bool end_entry(struct work *work)
{
    if (!is_booked(work)) {
        work->counts->pending++;
        return true;
    }
    if (work->statement.is_notification && given(work->reference)[0] == '\0') {
        work->counts->unreferenced++;
        return true;
    }
    if (work->payments < 2)
        return begin_entry(work) && give_rest(work, 0);
    return (work->rest_exact && work->rest == 0) || give_rest(work, -1);
}

static bool close_element(void *context, const char *path)
{
    struct work *work = context;
    if (is(path, work->place))
        return begin_statement(work) && (work->sink->end == NULL || work->sink->end(work->context));
    path = inside(work, path);
    if (path == NULL)
        return true;
    if (is(path, "Ntry"))
        return end_entry(work);
    if (is(path, "Ntry/NtryDtls/TxDtls") && is_booked(work) &&
        (!work->statement.is_notification || given(work->reference)[0] != '\0'))
        return take_payment(work);
    return true;
}

bool bank_statement_read(struct bank_reader *reader, const char *message,
                         const struct bank_statement_sink *sink, void *context,
                         struct bank_statement_counts *counts_r)
{
    static const struct bank_handler handler = {open_element, take_leaf, close_element};
    struct work *work = calloc(1, sizeof *work);
    if (work == NULL)
        return bank_reader_refuse(reader, "out of memory");
    work->reader = reader;
    work->sink = sink;
    work->context = context;
    work->counts = counts_r;
    work->statement.is_notification = strncmp(message, "camt.054", 8) == 0;
    work->place = work->statement.is_notification ? "Document/BkToCstmrDbtCdtNtfctn/Ntfctn"
                                                  : "Document/BkToCstmrStmt/Stmt";
    bool success = bank_reader_walk(reader, &handler, work);
    free(work);
    return success;
}
