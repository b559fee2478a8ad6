/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bank/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GROUP "Document/CstmrPmtStsRpt/OrgnlGrpInfAndSts"
#define INSTRUCTION "Document/CstmrPmtStsRpt/OrgnlPmtInfAndSts"
#define PAYMENT INSTRUCTION "/TxInfAndSts"

/* A status of one of the three levels. */
struct level {
    const char *path;
    const char *status_path, *code_path, *own_path, *words_path;
    char status[8];
    char reason[BANK_STATUS_REASON_SIZE];
};

#define LEVEL(path, status)                                                           \
    {                                                                                 \
        path, path "/" status, path "/StsRsnInf/Rsn/Cd", path "/StsRsnInf/Rsn/Prtry", \
            path "/StsRsnInf/AddtlInf", "", ""                                        \
    }
#define LEVELS 3

struct work {
    struct bank_reader *reader;
    bank_status_sink *sink;
    void *context;
    struct level levels[LEVELS];
    struct bank_status status;
};

bool bank_status_is(const char *message)
{
    return strncmp(message, "pain.002.001.", 13) == 0;
}

static bool is(const char *path, const char *name)
{
    return strcmp(path, name) == 0;
}

static bool is_one_of(const char *code, const char *codes)
{
    return strlen(code) == 4 && strstr(codes, code) != NULL;
}

static bool open_element(void *context, const char *path)
{
    struct work *work = context;
    if (is(path, GROUP))
        work->status.message_id[0] = '\0';
    for (int i = 0; i < LEVELS; i++)
        if (is(path, work->levels[i].path))
            work->levels[i].status[0] = work->levels[i].reason[0] = '\0';
    if (is(path, PAYMENT))
        work->status.end_to_end_id[0] = '\0';
    return true;
}

static bool take_leaf(void *context, const char *path, const char *text, const char *currency)
{
    struct work *work = context;
    (void)currency;
    if (is(path, GROUP "/OrgnlMsgId"))
        bank_append(work->status.message_id, sizeof work->status.message_id, text);
    if (is(path, PAYMENT "/OrgnlEndToEndId"))
        bank_append(work->status.end_to_end_id, sizeof work->status.end_to_end_id, text);
    for (int i = 0; i < LEVELS; i++) {
        struct level *level = &work->levels[i];
        if (is(path, level->status_path))
            bank_append(level->status, sizeof level->status, text);
        else if (is(path, level->code_path) || is(path, level->own_path) ||
                 is(path, level->words_path))
            bank_append(level->reason, sizeof level->reason, text);
    }
    return true;
}

static bool close_element(void *context, const char *path)
{
    struct work *work = context;
    struct bank_status *status = &work->status;
    for (int i = 0; i < LEVELS; i++) {
        const struct level *level = &work->levels[i];
        if (!is(path, level->path))
            continue;
        status->is_rejected = is_one_of(level->status, "RJCT CANC");
        bool accepted = is_one_of(level->status, "ACTC ACCP ACSP ACWC ACSC ACCC");
        if (status->message_id[0] == '\0')
            return bank_reader_refuse(work->reader, "OrgnlMsgId must name the order");
        if (is(path, PAYMENT) && status->end_to_end_id[0] == '\0')
            return bank_reader_refuse(work->reader, "OrgnlEndToEndId must name the payment");
        snprintf(status->reason, sizeof status->reason, "%s", level->reason);
        if ((status->is_rejected || accepted) && work->sink != NULL &&
            !work->sink(work->context, status))
            return false;
        status->end_to_end_id[0] = '\0';
    }
    return true;
}

bool bank_status_read(struct bank_reader *reader, bank_status_sink *sink, void *context)
{
    static const struct bank_handler handler = {open_element, take_leaf, close_element};
    struct work work = {.reader = reader,
                        .sink = sink,
                        .context = context,
                        .levels = {LEVEL(GROUP, "GrpSts"), LEVEL(INSTRUCTION, "PmtInfSts"),
                                   LEVEL(PAYMENT, "TxSts")}};
    return bank_reader_walk(reader, &handler, &work);
}
