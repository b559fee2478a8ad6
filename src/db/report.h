/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reports as CSV, made by the server and passed on row by row: UTF-8, a header, commas, texts
 * quoted as RFC 4180 says where they need it, lines ended by LF. Amounts and rates have six
 * fraction digits, times are "2026-12-31T23:00:00.000000Z". A text of somebody else's that a
 * spreadsheet could take for a formula gets an apostrophe in front.
 */
#ifndef FARTHING_DB_REPORT_H
#define FARTHING_DB_REPORT_H

#include "core/time.h"
#include "db/db.h"

enum report {
    REPORT_VENDOR_STATEMENT, /* of one vendor */
    REPORT_OWNER_STATEMENT,  /* of one content owner */
    REPORT_SETTLEMENT,       /* one settlement line by line; of all time */
    REPORT_TOKENS_SOLD,
    REPORT_ROYALTIES, /* of one vendor or of all */
};

struct report_query {
    int vendor_id;             /* 0: none */
    const char *owner_id;      /* NULL: none */
    const char *settlement_id; /* NULL: none */
    time_us_t from;  /* midnight UTC of the first day, as the report counts days; 0: any */
    time_us_t until; /* of the first day no more; 0: any */
};

/* FT_VENDOR_NOT_FOUND, FT_OWNER_NOT_FOUND, FT_SETTLEMENT_NOT_FOUND; FT_UNAVAILABLE also when the
 * sink gave up. */
enum ft_error db_report(struct db *db, struct call *call, enum report report,
                        const struct report_query *query, db_sink *sink, void *context);

#endif
