/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Statements (camt.053) and notifications (camt.054), versions .001.02 to .001.08 and their like:
 * what they book, one entry after the other. What is only expected (PDNG, INFO, FUTR) is left out.
 */
#ifndef FARTHING_BANK_STATEMENT_H
#define FARTHING_BANK_STATEMENT_H

#include "bank/reader.h"
#include "core/money.h"

#define BANK_ID_SIZE 141 /* the schemas allow 35 characters */
#define BANK_KEY_SIZE 640
#define BANK_WORDS_SIZE 1001
#define BANK_DATE_SIZE 11

struct bank_statement {
    bool is_notification;
    char iban[BANK_ID_SIZE];           /* of the account; another number when it has no IBAN */
    char currency[BANK_CURRENCY_SIZE]; /* "": not said */
    char statement_id[BANK_ID_SIZE];
    char page[BANK_ID_SIZE]; /* "": there is one */
    char made_at[BANK_ID_SIZE];
};

struct bank_entry {
    int position; /* in the statement, from 1 */
    int part;     /* 0: the entry; 1 …: payments of a batch; -1: what these leave of its amount */
    char key[BANK_KEY_SIZE]; /* the bank's reference, or the place; with direction and amount */
    money_t amount;          /* received is positive, paid negative */
    const char *problem;     /* NULL, or why amount does not count (static storage) */
    char amount_text[BANK_ID_SIZE];
    char currency[BANK_CURRENCY_SIZE];
    char booked_on[BANK_DATE_SIZE]; /* "": not said */
    bool is_reversal;
    bool is_return;
    char end_to_end_id[BANK_ID_SIZE]; /* "" here and below: not given */
    char batch_id[BANK_ID_SIZE];
    char bank_reference[BANK_ID_SIZE];
    char party_name[BANK_ID_SIZE]; /* the other side */
    char party_iban[BANK_ID_SIZE];
    char remittance[BANK_WORDS_SIZE]; /* references first */
    char reason[BANK_ID_SIZE];        /* of a return */
};

/* What is read goes here; NULL: nobody wants it. False: enough. */
struct bank_statement_sink {
    bool (*begin)(void *context, const struct bank_statement *statement);
    bool (*entry)(void *context, const struct bank_entry *entry);
    bool (*end)(void *context);
};

struct bank_statement_counts {
    int statements;
    int entries;      /* given to the sink */
    int pending;      /* expected only, left out */
    int unreferenced; /* notified without a reference: left out, the statement books them */
};

/* Whether message is one of these. */
bool bank_statement_is(const char *message);

/*
 * Reads the message that the reader is at. False: the sink had enough, or see the reader's problem;
 * what was read before went to the sink.
 */
bool bank_statement_read(struct bank_reader *reader, const char *message,
                         const struct bank_statement_sink *sink, void *context,
                         struct bank_statement_counts *counts_r);

#endif
