/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One log line and a few counts of every request. */
#ifndef FARTHING_HTTP_REPORT_H
#define FARTHING_HTTP_REPORT_H

#include <stdint.h>

struct report;

/* What is counted of one operation. Lives as long as the process, as metrics do. NULL: no memory.
 */
struct report *report_new(const char *operation);

/*
 * outcome: a word of letters, digits, '_' and '-'; anything else is counted as "other".
 * client_subject: of its certificate; NULL: none.
 */
void report_request(struct report *report, int status, const char *outcome, int64_t duration_us,
                    const char *correlation_id, const char *client_subject);

#endif
