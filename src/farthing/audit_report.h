/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An audit as a text for a terminal, JSON for programs and a page for people. */
#ifndef FARTHING_FARTHING_AUDIT_REPORT_H
#define FARTHING_FARTHING_AUDIT_REPORT_H

#include <stdio.h>

#include "db/audit.h"

struct audit_report {
    const struct audit *audit;
    bool is_full;
    time_us_t made_at;
    int64_t duration_ms;
};

void audit_report_text(const struct audit_report *report, FILE *out);

/* Written to path, replacing it whole. False: it could not be written. The page is made with
 * stylesheet, schema/audit/report.xsl. */
bool audit_report_json(const struct audit_report *report, const char *path);
bool audit_report_html(const struct audit_report *report, const char *stylesheet, const char *path);

#endif
