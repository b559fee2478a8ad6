/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a message of ISO 20022 from its beginning to its end, with memory that does not grow with
 * it. A document type, an entity or anything else that is no such message ends the reading; nothing
 * is fetched.
 */
#ifndef FARTHING_BANK_READER_H
#define FARTHING_BANK_READER_H

#include <stdbool.h>
#include <stddef.h>

#define BANK_TEXT_BYTES 4096 /* of one element; more is cut */
#define BANK_CURRENCY_SIZE 4

struct bank_reader;

/* A path names an element by its ancestors: "Document/BkToCstmrStmt/Stmt/Ntry". False: enough. */
struct bank_handler {
    bool (*open)(void *context, const char *path);
    /* An element without elements: its text without outer blanks, on one line; and what its
     * attribute Ccy says, or "". */
    bool (*leaf)(void *context, const char *path, const char *text, const char *currency);
    bool (*close)(void *context, const char *path);
};

/* NULL: no memory. The file stays the caller's. Owner calls bank_reader_free. */
struct bank_reader *bank_reader_new(int file);
struct bank_reader *bank_reader_new_for(const char *bytes, size_t count);
void bank_reader_free(struct bank_reader *reader); /* NULL is allowed */

/* Reads on to the root. The message's name, "camt.053.001.08", or NULL: see the problem. */
const char *bank_reader_message(struct bank_reader *reader);

/* Reads all that follows. False: a handler had enough, or the problem says what is wrong. */
bool bank_reader_walk(struct bank_reader *reader, const struct bank_handler *handler,
                      void *context);

/* For a handler: says what is wrong here; returns false. */
bool bank_reader_refuse(struct bank_reader *reader, const char *problem);

/* "line 12: …", "" when there is none. */
const char *bank_reader_problem(const struct bank_reader *reader);

/* Adds text to what stands in field, after a blank; cut between two characters where it is too
 * long.
 */
void bank_append(char *field, size_t size, const char *text);

#endif
