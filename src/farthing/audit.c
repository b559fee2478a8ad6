/* SPDX-License-Identifier: GPL-3.0-or-later */
/* farthing audit: proves the books, and closes what was proved. */
#include "db/audit.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "farthing/audit_report.h"
#include "farthing/session.h"

#define AUDITOR_ROLE "farthing_auditor"
#define EXIT_FINDINGS 3

static bool write_reports(const struct invocation *invocation, const struct audit_report *report)
{
    const char *json = invocation_value(invocation, "json", NULL);
    const char *html = invocation_value(invocation, "html", NULL);
    char stylesheet[PATH_MAX];
    snprintf(stylesheet, sizeof stylesheet, "%s/schema/audit/report.xsl",
             invocation->data_directory);
    if (json != NULL && !audit_report_json(report, json)) {
        invocation_fail(invocation, "%s cannot be written", json);
        return false;
    }
    if (html != NULL && !audit_report_html(report, stylesheet, html)) {
        invocation_fail(invocation, "%s cannot be written", html);
        return false;
    }
    audit_report_text(report, stdout);
    return true;
}

static int run_audit(struct invocation *invocation, bool is_full)
{
    struct session session;
    struct audit audit;
    struct audit_report report = {.audit = &audit, .is_full = is_full, .made_at = time_now_us()};
    int64_t began_us = time_monotonic_us();
    int status = EXIT_FAILURE;
    if (!session_open_as(&session, invocation, AUDITOR_ROLE))
        goto out;
    enum ft_error error = db_audit_run(session.db, &session.call, is_full, &audit);
    report.duration_ms = (time_monotonic_us() - began_us) / 1000;
    if (error != FT_OK)
        invocation_fail_with(invocation, &session.call, error);
    else if (write_reports(invocation, &report))
        status = audit.findings_count == 0 ? EXIT_SUCCESS : EXIT_FINDINGS;

out:
    session_close(&session);
    return status;
}

static int run_day(struct invocation *invocation)
{
    return run_audit(invocation, false);
}

static int run_full(struct invocation *invocation)
{
    return run_audit(invocation, true);
}

static int run_close(struct invocation *invocation)
{
    struct session session;
    struct audit_link link;
    int status = EXIT_FAILURE;
    if (!session_open_as(&session, invocation, AUDITOR_ROLE))
        goto out;
    enum ft_error error = db_audit_close(session.db, &session.call, &link);
    if (error == FT_AUDIT_FAILED) {
        invocation_fail(invocation, "something is wrong: see \"farthing audit day\"");
        status = EXIT_FINDINGS;
    } else if (error != FT_OK) {
        invocation_fail_with(invocation, &session.call, error);
    } else {
        if (link.number == 0)
            puts("nothing new");
        else
            printf("link %" PRId64 " %" PRId64 " facts %s\n", link.number, link.facts, link.hash);
        status = EXIT_SUCCESS;
    }

out:
    session_close(&session);
    return status;
}

#define REPORT_OPTIONS                                           \
    {                                                            \
        {"json", "FILE", "writes the report for programs, too"}, \
            {"html", "FILE", "writes it as a page, too"},        \
    }
#define EXIT_NOTE                                                        \
    "Connects as " AUDITOR_ROLE                                          \
    ", which can only read. Exit status: 0 nothing wrong, 3 findings,\n" \
    "1 the audit could not be made."

const struct command audit_commands[] = {
    {.group = "audit",
     .name = "day",
     .arguments = "",
     .purpose = "proves what was booked since the books were last closed",
     .note = EXIT_NOTE,
     .options = REPORT_OPTIONS,
     .run = run_day},
    {.group = "audit",
     .name = "full",
     .arguments = "",
     .purpose = "proves all that was ever booked, and that history was not rewritten",
     .note = EXIT_NOTE,
     .options = REPORT_OPTIONS,
     .run = run_full},
    {.group = "audit",
     .name = "close",
     .arguments = "",
     .purpose = "closes the books up to now: a link of the chain",
     .note = "Prints the link's number and hash. Keep it where nobody who can write to the\n"
             "database can. Exit status 3: something is wrong, and nothing was closed.",
     .run = run_close},
    {0},
};
