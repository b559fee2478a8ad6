/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Status reports (pain.002.001.03 to .10): what the bank says of the orders it got. */
#ifndef FARTHING_BANK_STATUS_H
#define FARTHING_BANK_STATUS_H

#include "bank/reader.h"

#define BANK_STATUS_ID_SIZE 141
#define BANK_STATUS_REASON_SIZE 501

struct bank_status {
    char message_id[BANK_STATUS_ID_SIZE];    /* of the order */
    char end_to_end_id[BANK_STATUS_ID_SIZE]; /* of one payment; "": all of them */
    bool is_rejected;                        /* else accepted */
    char reason[BANK_STATUS_REASON_SIZE];    /* "": not said */
};

bool bank_status_is(const char *message);

/* Takes what is final, accepted or rejected. False: enough. */
typedef bool bank_status_sink(void *context, const struct bank_status *status);

/* Reads the message that the reader is at. False: the sink had enough, or see the reader's problem.
 */
bool bank_status_read(struct bank_reader *reader, bank_status_sink *sink, void *context);

#endif
