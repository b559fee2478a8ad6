/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bank/order.h"

#include <errno.h>
#include <fcntl.h>
#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bank/text.h"

#define FILE_NAME_MAX 64

/* A file on its way. */
struct work {
    const struct bank_order *order;
    struct bank_text *text;
    xmlTextWriterPtr xml;
    bool failed; /* libxml2 could not write */
};

static const xmlChar *xml(const char *text)
{
    return (const xmlChar *)text;
}

static void start(struct work *work, const char *name)
{
    work->failed |= xmlTextWriterStartElement(work->xml, xml(name)) < 0;
}

static void end(struct work *work)
{
    work->failed |= xmlTextWriterEndElement(work->xml) < 0;
}

/* Codes, dates and numbers, which are ASCII. */
static void leaf(struct work *work, const char *name, const char *value)
{
    work->failed |= xmlTextWriterWriteElement(work->xml, xml(name), xml(value)) < 0;
}

/* What people wrote. */
static void words(struct work *work, const char *name, const char *value, size_t max)
{
    char text[BANK_TEXT_MAX + 1];
    leaf(work, name, bank_text_convert(work->text, value, max, text));
}

/* <outer><inner>value</inner></outer> */
static void nested(struct work *work, const char *outer, const char *inner, const char *value)
{
    start(work, outer);
    leaf(work, inner, value);
    end(work);
}

static bool is_debit(const struct bank_order *order)
{
    return strcmp(order->version, BANK_DEBIT_VERSION) == 0;
}

static bool is_old(const struct bank_order *order)
{
    return strcmp(order->version, BANK_TRANSFER_VERSION_OLD) == 0;
}

static bool is_sepa(const struct bank_order *order)
{
    return strcmp(order->currency, "EUR") == 0;
}

static void write_sums(struct work *work)
{
    char text[MONEY_TEXT_SIZE];
    snprintf(text, sizeof text, "%d", work->order->count);
    leaf(work, "NbOfTxs", text);
    leaf(work, "CtrlSum", money_format_padded(work->order->total, work->order->minor_digits, text));
}

static void write_account(struct work *work, const char *name, const char *iban)
{
    start(work, name);
    nested(work, "Id", "IBAN", iban);
    end(work);
}

static void write_party(struct work *work, const char *name, const char *value)
{
    start(work, name);
    words(work, "Nm", value, BANK_NAME_MAX);
    end(work);
}

/* A bank; one that nobody named says so. */
static void write_agent(struct work *work, const char *name, const char *bic)
{
    start(work, name);
    start(work, "FinInstnId");
    if (bic != NULL)
        leaf(work, is_old(work->order) ? "BIC" : "BICFI", bic);
    else
        nested(work, "Othr", "Id", "NOTPROVIDED");
    end(work);
    end(work);
}

static void write_header(struct work *work)
{
    char time[TIME_TEXT_SIZE];
    start(work, "GrpHdr");
    leaf(work, "MsgId", work->order->message_id);
    leaf(work, "CreDtTm", time_format(work->order->created_at, time));
    write_sums(work);
    write_party(work, "InitgPty", work->order->name);
    end(work);
}

/* Every debit is recurrent: the scheme asks no longer for the first to be marked. */
static void write_type(struct work *work)
{
    if (!is_debit(work->order) && !is_sepa(work->order))
        return;
    start(work, "PmtTpInf");
    nested(work, "SvcLvl", "Cd", "SEPA");
    if (is_debit(work->order)) {
        nested(work, "LclInstrm", "Cd", "CORE");
        leaf(work, "SeqTp", "RCUR");
    }
    end(work);
}

static void write_date(struct work *work)
{
    const struct bank_order *order = work->order;
    if (is_debit(order))
        leaf(work, "ReqdColltnDt", order->execute_on);
    else if (is_old(order))
        leaf(work, "ReqdExctnDt", order->execute_on);
    else
        nested(work, "ReqdExctnDt", "Dt", order->execute_on);
}

static void write_creditor_scheme(struct work *work)
{
    start(work, "CdtrSchmeId");
    start(work, "Id");
    start(work, "PrvtId");
    start(work, "Othr");
    leaf(work, "Id", work->order->creditor_id);
    nested(work, "SchmeNm", "Prtry", "SEPA");
    end(work);
    end(work);
    end(work);
    end(work);
}

/* Our side, once. */
static void write_instruction(struct work *work)
{
    const struct bank_order *order = work->order;
    bool debit = is_debit(order);
    char id[FILE_NAME_MAX];
    snprintf(id, sizeof id, "%s-1", order->message_id);
    leaf(work, "PmtInfId", id);
    leaf(work, "PmtMtd", debit ? "DD" : "TRF");
    write_sums(work);
    write_type(work);
    write_date(work);
    write_party(work, debit ? "Cdtr" : "Dbtr", order->name);
    write_account(work, debit ? "CdtrAcct" : "DbtrAcct", order->iban);
    write_agent(work, debit ? "CdtrAgt" : "DbtrAgt", order->bic);
    leaf(work, "ChrgBr", debit || is_sepa(order) ? "SLEV" : "SHAR");
    if (debit)
        write_creditor_scheme(work);
}

static void write_amount(struct work *work, money_t amount)
{
    char text[MONEY_TEXT_SIZE];
    start(work, "InstdAmt");
    work->failed |=
        xmlTextWriterWriteAttribute(work->xml, xml("Ccy"), xml(work->order->currency)) < 0;
    money_format_padded(amount, work->order->minor_digits, text);
    work->failed |= xmlTextWriterWriteString(work->xml, xml(text)) < 0;
    end(work);
}

static void write_mandate(struct work *work, const struct bank_payment *payment)
{
    start(work, "DrctDbtTx");
    start(work, "MndtRltdInf");
    leaf(work, "MndtId", payment->mandate_id);
    leaf(work, "DtOfSgntr", payment->signed_on);
    end(work);
    end(work);
}

static void write_payment(struct work *work, const struct bank_payment *payment)
{
    bool debit = is_debit(work->order);
    start(work, debit ? "DrctDbtTxInf" : "CdtTrfTxInf");
    nested(work, "PmtId", "EndToEndId", payment->end_to_end_id);
    if (debit) {
        write_amount(work, payment->amount);
        write_mandate(work, payment);
    } else {
        start(work, "Amt");
        write_amount(work, payment->amount);
        end(work);
    }
    if (debit || payment->bic != NULL)
        write_agent(work, debit ? "DbtrAgt" : "CdtrAgt", payment->bic);
    write_party(work, debit ? "Dbtr" : "Cdtr", payment->name);
    write_account(work, debit ? "DbtrAcct" : "CdtrAcct", payment->iban);
    start(work, "RmtInf");
    words(work, "Ustrd", payment->remittance, BANK_TEXT_MAX);
    end(work);
    end(work);
}

static bool is_whole(money_t amount, int minor_digits)
{
    money_t unit = MONEY_UNIT;
    for (int i = 0; i < minor_digits; i++)
        unit /= 10;
    return amount > 0 && amount % unit == 0;
}

static enum ft_error write_payments(struct work *work, bank_payments *next, void *context,
                                    const char **problem_r)
{
    const struct bank_payment *payment = NULL;
    enum ft_error error;
    money_t total = 0;
    int count = 0;
    while ((error = next(context, &payment)) == FT_OK && payment != NULL && !work->failed) {
        if (!is_whole(payment->amount, work->order->minor_digits)) {
            *problem_r = "an amount is not whole in the currency's minor unit";
            return FT_INTERNAL;
        }
        if (__builtin_add_overflow(total, payment->amount, &total))
            break;
        count++;
        write_payment(work, payment);
    }
    if (error != FT_OK)
        return error;
    if (!work->failed && (count != work->order->count || total != work->order->total)) {
        *problem_r = "the payments are not those of the file";
        return FT_INTERNAL;
    }
    return FT_OK;
}

static enum ft_error write_document(struct work *work, bank_payments *next, void *context,
                                    const char **problem_r)
{
    char space[FILE_NAME_MAX];
    bool debit = is_debit(work->order);
    snprintf(space, sizeof space, "urn:iso:std:iso:20022:tech:xsd:%s", work->order->version);
    work->failed |= xmlTextWriterSetIndent(work->xml, 1) < 0 ||
                    xmlTextWriterStartDocument(work->xml, NULL, "UTF-8", NULL) < 0;
    start(work, "Document");
    work->failed |= xmlTextWriterWriteAttribute(work->xml, xml("xmlns"), xml(space)) < 0;
    start(work, debit ? "CstmrDrctDbtInitn" : "CstmrCdtTrfInitn");
    write_header(work);
    start(work, "PmtInf");
    write_instruction(work);
    enum ft_error error = write_payments(work, next, context, problem_r);
    work->failed |= xmlTextWriterEndDocument(work->xml) < 0 || xmlTextWriterFlush(work->xml) < 0;
    return error;
}

/* The file gets its name when it is whole and on the disk. */
static bool put_in_place(int file, int directory, const char *temporary, const char *name)
{
    return fsync(file) == 0 && renameat(directory, temporary, directory, name) == 0 &&
           fsync(directory) == 0;
}

enum ft_error bank_order_write(const struct bank_order *order, bank_payments *next, void *context,
                               const char *directory, struct bank_written *written_r,
                               const char **problem_r)
{
    struct work work = {.order = order, .text = bank_text_new()};
    char name[FILE_NAME_MAX], temporary[FILE_NAME_MAX + 8];
    enum ft_error error = FT_INTERNAL;
    int file = -1;
    *problem_r = "out of memory";
    snprintf(name, sizeof name, "%s.xml", order->message_id);
    snprintf(temporary, sizeof temporary, ".%s.new", name);
    snprintf(written_r->path, sizeof written_r->path, "%s/%s", directory, name);
    int folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0)
        file = openat(folder, temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    xmlOutputBufferPtr buffer = file >= 0 ? xmlOutputBufferCreateFd(file, NULL) : NULL;
    if (folder < 0 || file < 0)
        *problem_r = strerror(errno);
    work.xml = buffer != NULL ? xmlNewTextWriter(buffer) : NULL;
    if (work.text == NULL || work.xml == NULL)
        goto out;

    errno = 0;
    error = write_document(&work, next, context, problem_r);
    if (error == FT_OK && (work.failed || !secret_file_digest(file, written_r->checksum) ||
                           !put_in_place(file, folder, temporary, name))) {
        *problem_r = errno != 0 ? strerror(errno) : "the disk failed";
        error = FT_INTERNAL;
    }

out:
    if (error != FT_OK && file >= 0)
        unlinkat(folder, temporary, 0);
    if (work.xml != NULL)
        xmlFreeTextWriter(work.xml); /* and the buffer */
    if (file >= 0)
        close(file);
    if (folder >= 0)
        close(folder);
    bank_text_free(work.text);
    return error;
}
