/* SPDX-License-Identifier: GPL-3.0-or-later */
/* jansson writes the JSON, libxslt the page. */
#include "farthing/audit_report.h"

#include <inttypes.h>
#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxslt/transform.h>
#include <libxslt/xsltutils.h>
#include <string.h>

static int64_t facts_of(const struct audit_scope *scope)
{
    return scope->sales + scope->accruals + scope->entries;
}

static int64_t facts_per_second(const struct audit_report *report)
{
    int64_t ms = report->duration_ms > 0 ? report->duration_ms : 1;
    return facts_of(&report->audit->scope) * 1000 / ms;
}

/* Whether a row is of another check than the one before it. */
static bool begins_check(const struct audit *audit, int index)
{
    return index == 0 || strcmp(audit->results[index - 1].check, audit->results[index].check) != 0;
}

void audit_report_text(const struct audit_report *report, FILE *out)
{
    const struct audit *audit = report->audit;
    char time[TIME_TEXT_SIZE];
    fprintf(out, "%s audit, %s\n", report->is_full ? "Full" : "Day's",
            time_format(report->made_at, time));
    fprintf(out,
            "%" PRId64 " sales, %" PRId64 " accruals, %" PRId64 " other entries: %" PRId64
            " a second\n",
            audit->scope.sales, audit->scope.accruals, audit->scope.entries,
            facts_per_second(report));
    if (audit->scope.last_hash != NULL)
        fprintf(out, "chain of %" PRId64 ", closed %s, %s\n", audit->scope.links,
                time_format(audit->scope.last_closed_at, time), audit->scope.last_hash);
    for (int i = 0; i < audit->results_count; i++) {
        const struct audit_result *result = &audit->results[i];
        if (begins_check(audit, i))
            fprintf(out, "%-4s %6" PRId64 " ms  %s\n", result->finding == NULL ? "ok" : "BAD",
                    result->duration_ms, result->description);
        if (result->finding != NULL)
            fprintf(out, "     %s: %s: expected %s, found %s\n", result->finding, result->subject,
                    result->expected, result->actual);
    }
    fprintf(out, "%d finding%s\n", audit->findings_count, audit->findings_count == 1 ? "" : "s");
}

static json_t *finding_json(const struct audit_result *result)
{
    return json_pack("{s:s, s:s?, s:s?, s:s?}", "finding", result->finding, "subject",
                     result->subject, "expected", result->expected, "actual", result->actual);
}

static json_t *checks_json(const struct audit *audit)
{
    json_t *checks = json_array();
    json_t *findings = NULL;
    for (int i = 0; i < audit->results_count; i++) {
        const struct audit_result *result = &audit->results[i];
        if (begins_check(audit, i)) {
            findings = json_array();
            json_array_append_new(checks,
                                  json_pack("{s:s, s:s, s:I, s:o}", "check", result->check,
                                            "proves", result->description, "duration_ms",
                                            (json_int_t)result->duration_ms, "findings", findings));
        }
        if (result->finding != NULL)
            json_array_append_new(findings, finding_json(result));
    }
    return checks;
}

bool audit_report_json(const struct audit_report *report, const char *path)
{
    const struct audit_scope *scope = &report->audit->scope;
    char time[TIME_TEXT_SIZE];
    json_t *document = json_pack(
        "{s:s, s:s, s:i, s:I, s:I, s:I, s:I, s:I, s:I, s:s?, s:o}", "kind",
        report->is_full ? "full" : "day", "made_at", time_format(report->made_at, time),
        "findings_count", report->audit->findings_count, "sales", (json_int_t)scope->sales,
        "accruals", (json_int_t)scope->accruals, "entries", (json_int_t)scope->entries,
        "duration_ms", (json_int_t)report->duration_ms, "facts_per_second",
        (json_int_t)facts_per_second(report), "links", (json_int_t)scope->links, "last_hash",
        scope->last_hash, "checks", checks_json(report->audit));
    bool done = document != NULL && json_dump_file(document, path, JSON_INDENT(2)) == 0;
    json_decref(document);
    return done;
}

static void set(xmlNode *node, const char *name, const char *value)
{
    if (value != NULL)
        xmlNewProp(node, (const xmlChar *)name, (const xmlChar *)value);
}

static void set_number(xmlNode *node, const char *name, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    set(node, name, text);
}

static xmlDoc *to_document(const struct audit_report *report)
{
    const struct audit *audit = report->audit;
    char time[TIME_TEXT_SIZE];
    xmlDoc *document = xmlNewDoc((const xmlChar *)"1.0");
    xmlNode *root = xmlNewNode(NULL, (const xmlChar *)"audit");
    xmlNode *check = NULL;
    xmlDocSetRootElement(document, root);
    set(root, "kind", report->is_full ? "full" : "day");
    set(root, "made-at", time_format(report->made_at, time));
    set_number(root, "sales", audit->scope.sales);
    set_number(root, "accruals", audit->scope.accruals);
    set_number(root, "entries", audit->scope.entries);
    set_number(root, "facts-per-second", facts_per_second(report));
    set_number(root, "links", audit->scope.links);
    if (audit->scope.last_hash != NULL)
        set(root, "closed-at", time_format(audit->scope.last_closed_at, time));
    set(root, "hash", audit->scope.last_hash);
    for (int i = 0; i < audit->results_count; i++) {
        const struct audit_result *result = &audit->results[i];
        if (begins_check(audit, i)) {
            check = xmlNewChild(root, NULL, (const xmlChar *)"check", NULL);
            set(check, "proves", result->description);
            set_number(check, "duration-ms", result->duration_ms);
        }
        if (result->finding != NULL) {
            xmlNode *finding = xmlNewChild(check, NULL, (const xmlChar *)"finding", NULL);
            set(finding, "name", result->finding);
            set(finding, "subject", result->subject);
            set(finding, "expected", result->expected);
            set(finding, "actual", result->actual);
        }
    }
    return document;
}

bool audit_report_html(const struct audit_report *report, const char *stylesheet, const char *path)
{
    xmlDoc *document = to_document(report);
    xmlDoc *page = NULL;
    bool done = false;
    xsltStylesheet *sheet = xsltParseStylesheetFile((const xmlChar *)stylesheet);
    if (sheet != NULL)
        page = xsltApplyStylesheet(sheet, document, NULL);
    if (page != NULL)
        done = xsltSaveResultToFilename(path, page, sheet, 0) >= 0;
    xmlFreeDoc(page);
    if (sheet != NULL)
        xsltFreeStylesheet(sheet);
    xmlFreeDoc(document);
    return done;
}
