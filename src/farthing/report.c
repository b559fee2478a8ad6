/* SPDX-License-Identifier: GPL-3.0-or-later */
/* farthing report: statements and totals as CSV. */
#include "db/report.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "farthing/session.h"

/* A file has its name only when it is whole. */
struct output {
    FILE *file;
    const char *path; /* NULL: standard output */
    char unfinished[PATH_MAX];
};

static bool output_open(struct output *output, const char *path)
{
    struct stat there;
    *output = (struct output){.file = stdout, .path = path};
    if (path == NULL)
        return true;
    output->file = NULL;
    if (lstat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return false;
    int length = snprintf(output->unfinished, sizeof output->unfinished, "%s.XXXXXX", path);
    int descriptor = length < (int)sizeof output->unfinished ? mkstemp(output->unfinished) : -1;
    if (descriptor < 0) {
        output->unfinished[0] = '\0';
        return false;
    }
    output->file = fdopen(descriptor, "w");
    if (output->file == NULL)
        close(descriptor);
    return output->file != NULL;
}

/* Ends it. False: not all of it could be written. */
static bool output_close(struct output *output, bool is_whole)
{
    bool good = is_whole && output->file != NULL && fflush(output->file) == 0;
    if (output->path == NULL)
        return good;
    if (good)
        good = fsync(fileno(output->file)) == 0;
    if (output->file != NULL && fclose(output->file) != 0)
        good = false;
    if (good)
        good = rename(output->unfinished, output->path) == 0;
    if (!good && output->unfinished[0] != '\0')
        unlink(output->unfinished);
    return good;
}

static bool write_bytes(void *context, const char *bytes, size_t count)
{
    struct output *output = context;
    return fwrite(bytes, 1, count, output->file) == count;
}

/* A day that may have been given, as its midnight. */
static bool read_day(const struct invocation *invocation, const char *name, time_us_t *day_r)
{
    char text[TIME_TEXT_SIZE];
    const char *date;
    *day_r = 0;
    if (!invocation_date(invocation, name, &date))
        return false;
    if (date == NULL)
        return true;
    snprintf(text, sizeof text, "%sT00:00:00Z", date);
    return time_parse(text, day_r);
}

static int run_report(struct invocation *invocation, enum report report)
{
    struct session session = {0};
    struct output output;
    struct report_query query = {.owner_id = invocation_value(invocation, "owner", NULL),
                                 .settlement_id =
                                     report == REPORT_SETTLEMENT ? invocation->arguments[0] : NULL};
    const char *path = invocation_value(invocation, "output", NULL);
    if (!invocation_number(invocation, "vendor", &query.vendor_id) ||
        !read_day(invocation, "from", &query.from) || !read_day(invocation, "until", &query.until))
        return EXIT_FAILURE;
    enum ft_error error = FT_UNAVAILABLE;
    bool writes = output_open(&output, path);
    if (writes && session_open(&session, invocation)) {
        error = db_report(session.db, &session.call, report, &query, write_bytes, &output);
        writes = ferror(output.file) == 0;
        if (error != FT_OK && writes)
            invocation_fail_with(invocation, &session.call, error);
    }
    bool done = output_close(&output, error == FT_OK);
    if (!writes || (error == FT_OK && !done))
        invocation_fail(invocation, "%s cannot be written", path != NULL ? path : "the report");
    session_close(&session);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int run_vendor_statement(struct invocation *invocation)
{
    return run_report(invocation, REPORT_VENDOR_STATEMENT);
}

static int run_owner_statement(struct invocation *invocation)
{
    return run_report(invocation, REPORT_OWNER_STATEMENT);
}

static int run_settlement(struct invocation *invocation)
{
    return run_report(invocation, REPORT_SETTLEMENT);
}

static int run_tokens_sold(struct invocation *invocation)
{
    return run_report(invocation, REPORT_TOKENS_SOLD);
}

static int run_royalties(struct invocation *invocation)
{
    return run_report(invocation, REPORT_ROYALTIES);
}

#define OUTPUT                                                                         \
    {                                                                                  \
        "output", "FILE", "writes it there, when it is whole; else on standard output" \
    }
#define DAYS \
    {"from", "DATE", "this day and later ones"}, {"until", "DATE", "days before this one"}, OUTPUT
#define CSV_NOTE                                                                       \
    "CSV in UTF-8 with a header. Amounts and rates have six digits, times are in UTC." \
    " A text\nthat a spreadsheet could take for a formula gets an apostrophe in front."

const struct command report_commands[] = {
    {.group = "report",
     .name = "vendor-statement",
     .arguments = "",
     .purpose = "all that changed what a vendor is due, with the balance",
     .note = CSV_NOTE " Days\nare those of the vendor's time zone.",
     .options = {{"vendor", "ID", "the vendor's number", true}, DAYS},
     .run = run_vendor_statement},
    {.group = "report",
     .name = "owner-statement",
     .arguments = "",
     .purpose = "all that changed what a content owner is due, with the balance",
     .note =
         CSV_NOTE " Days\nare those of the owner's time zone; each currency has its own balance.",
     .options = {{"owner", "ID", "the content owner", true}, DAYS},
     .run = run_owner_statement},
    {.group = "report",
     .name = "settlement",
     .arguments = "SETTLEMENT",
     .arguments_count = 1,
     .purpose = "one settlement, sale by sale",
     .note = CSV_NOTE,
     .options = {OUTPUT},
     .run = run_settlement},
    {.group = "report",
     .name = "tokens-sold",
     .arguments = "",
     .purpose = "deposits and bonuses by day, currency and method",
     .note = CSV_NOTE " Days\nbegin at midnight UTC.",
     .options = {DAYS},
     .run = run_tokens_sold},
    {.group = "report",
     .name = "royalties",
     .arguments = "",
     .purpose = "the provider's royalties by vendor and period",
     .note = CSV_NOTE " A period\ncounts by its first day, in the vendor's time zone.",
     .options = {{"vendor", "ID", "this vendor only"}, DAYS},
     .run = run_royalties},
    {0},
};
