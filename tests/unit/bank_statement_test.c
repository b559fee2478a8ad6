/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a statement books, entry by entry; and what is no statement (U3, O8). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "bank/statement.h"
#include "bank/status.h"

#define HEAD(version)                                                                            \
    "<?xml version='1.0'?><Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001." version \
    "'><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>S1</Id>"                        \
    "<CreDtTm>2026-11-20T00:00:00</CreDtTm><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id>"   \
    "<Ccy>EUR</Ccy></Acct>"
#define TAIL "</Stmt></BkToCstmrStmt></Document>"
#define ENTRY_HEAD(amount, direction, more)                                          \
    "<Ntry><Amt Ccy='EUR'>" amount "</Amt><CdtDbtInd>" direction "</CdtDbtInd>" more \
    "<Sts>BOOK</Sts><BookgDt><Dt>2026-11-19</Dt></BookgDt>"
#define ENTRY(amount, direction, more, details) \
    ENTRY_HEAD(amount, direction, more) "<AcctSvcrRef>REF</AcctSvcrRef>" details "</Ntry>"

/* What was read, a line each. */
struct record {
    char text[4096];
    int begun, ended;
};

static bool note_begin(void *context, const struct bank_statement *statement)
{
    struct record *record = context;
    record->begun++;
    assert_string_equal(statement->iban, "DE02120300000000202051");
    assert_string_equal(statement->currency, "EUR");
    return true;
}

static bool note_entry(void *context, const struct bank_entry *entry)
{
    struct record *record = context;
    size_t used = strlen(record->text);
    snprintf(record->text + used, sizeof record->text - used, "%d/%d %jd%s%s%s %s|%s|%s\n",
             entry->position, entry->part, (intmax_t)entry->amount,
             entry->problem != NULL ? " !" : "", entry->is_reversal ? " reversal" : "",
             entry->is_return ? " return" : "", entry->end_to_end_id, entry->party_name,
             entry->remittance);
    return true;
}

static bool note_end(void *context)
{
    struct record *record = context;
    record->ended++;
    return true;
}

/* The problem, or "". */
static const char *read_message(const char *xml, struct record *record)
{
    static const struct bank_statement_sink sink = {note_begin, note_entry, note_end};
    static char problem[256];
    struct bank_statement_counts counts = {0};
    struct bank_reader *reader = bank_reader_new_for(xml, strlen(xml));
    bool success = false;
    *record = (struct record){0};
    assert_non_null(reader);
    const char *message = bank_reader_message(reader);
    if (message != NULL && bank_statement_is(message))
        success = bank_statement_read(reader, message, &sink, record, &counts);
    assert_int_equal(success, bank_reader_problem(reader)[0] == '\0');
    snprintf(problem, sizeof problem, "%s", bank_reader_problem(reader));
    bank_reader_free(reader);
    return problem;
}

static void assert_reads(const char *xml, const char *expected)
{
    struct record record;
    assert_string_equal(read_message(xml, &record), "");
    assert_string_equal(record.text, expected);
    assert_int_equal(record.begun, 1);
    assert_int_equal(record.ended, 1);
}

static void a_statement_without_entries(void **state)
{
    (void)state;
    assert_reads(HEAD("08") TAIL, "");
}

static void one_payment_is_the_entry(void **state)
{
    (void)state;
    assert_reads(HEAD("02") ENTRY("12.50", "CRDT", "",
                                  "<NtryDtls><TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs>"
                                  "<RltdPties><Dbtr><Nm>Ann\n  Payer</Nm></Dbtr></RltdPties>"
                                  "<RmtInf><Ustrd>one</Ustrd><Ustrd><![CDATA[<two>]]></Ustrd>"
                                  "</RmtInf></TxDtls></NtryDtls>") TAIL,
                 "1/0 12500000 E1|Ann   Payer|one <two>\n");
}

static void parts_and_what_they_leave(void **state)
{
    (void)state;
    assert_reads(HEAD("04")
                     ENTRY("10", "DBIT", "",
                           "<NtryDtls><TxDtls><Refs><EndToEndId>A</EndToEndId></Refs>"
                           "<Amt Ccy='EUR'>7</Amt><CdtDbtInd>DBIT</CdtDbtInd></TxDtls>"
                           "<TxDtls><Refs><EndToEndId>B</EndToEndId></Refs>"
                           "<Amt Ccy='EUR'>4</Amt><CdtDbtInd>DBIT</CdtDbtInd></TxDtls>"
                           "<TxDtls><Refs><EndToEndId>C</EndToEndId></Refs>"
                           "<Amt Ccy='USD'>4</Amt><CdtDbtInd>DBIT</CdtDbtInd></TxDtls></NtryDtls>")
                         TAIL,
                 "1/1 -7000000 A||\n1/2 -4000000 B||\n1/3 0 ! C||\n1/-1 1000000 ! ||\n");
}

static void a_return_and_a_reversal(void **state)
{
    (void)state;
    assert_reads(HEAD("08") ENTRY("1", "DBIT", "<RvslInd>true</RvslInd>", "")
                     ENTRY("2", "CRDT", "", "<NtryDtls><TxDtls><RtrInf/></TxDtls></NtryDtls>") TAIL,
                 "1/0 -1000000 reversal ||\n2/0 2000000 return ||\n");
}

static void amounts_are_exact_or_nothing(void **state)
{
    (void)state;
    assert_reads(HEAD("08") ENTRY("1.0000010000000000000000", "CRDT", "", "")
                     ENTRY("0.0000001", "CRDT", "", "") ENTRY("-1", "CRDT", "", "")
                         ENTRY("1e3", "CRDT", "", "") ENTRY("", "CRDT", "", "") TAIL,
                 "1/0 1000001 ||\n2/0 0 ! ||\n3/0 0 ! ||\n4/0 0 ! ||\n5/0 0 ! ||\n");
}

/* Other namespaces inside are somebody else's. */
static void what_is_not_of_the_message_is_passed_by(void **state)
{
    (void)state;
    assert_reads(HEAD("08") ENTRY("1", "CRDT", "",
                                  "<NtryDtls><TxDtls><Refs><x:EndToEndId xmlns:x='urn:x'>X"
                                  "</x:EndToEndId></Refs><SplmtryData><Envlp><Amt Ccy='EUR'>9</Amt>"
                                  "</Envlp></SplmtryData></TxDtls></NtryDtls>") TAIL,
                 "1/0 1000000 ||\n");
}

static void what_is_no_statement_is_refused(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", "line 1"},
        {" ", "line 1"},
        {"hello", "line 1"},
        {"<Document/>", "no message of ISO 20022"},
        {HEAD("08"), "line 1"},
        {"<!DOCTYPE Document [<!ENTITY e 'x'>]><Document>&e;</Document>", "document type"},
        {"<!DOCTYPE Document SYSTEM 'http://example.org/d'><Document/>", "document type"},
        {HEAD("08") "<Ntry>&e;</Ntry>" TAIL, "ntity"},
        {HEAD("08") "<Ntry>\xff</Ntry>" TAIL, "UTF-8"},
        {"<?xml version='1.0' encoding='ISO-2022-JP'?><Document>\xff\xfe</Document>",
         "input conversion failed"},
        {HEAD("08") "<Ntry><Sts>BOOK</Sts></Ntry>" TAIL, "CdtDbtInd"},
        {HEAD("08") "<Ntry><Amt Ccy='EURO'>1</Amt></Ntry>" TAIL, "Ccy"},
        {"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'><BkToCstmrStmt><Stmt>"
         "<Id>S</Id>" TAIL,
         "name itself and its account"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct record record;
        const char *problem = read_message(cases[i][0], &record);
        if (strstr(problem, cases[i][1]) == NULL)
            fail_msg("%s: %s", cases[i][0], problem);
    }
}

static void depth_has_an_end(void **state)
{
    (void)state;
    char xml[4096];
    struct record record;
    snprintf(xml, sizeof xml, "%s", HEAD("08"));
    size_t used = strlen(xml);
    for (int i = 0; i < 200; i++)
        used += (size_t)sprintf(xml + used, "<a%d>", i);
    assert_non_null(strstr(read_message(xml, &record), "without end"));
}

static void cut_between_characters(void **state)
{
    (void)state;
    char field[8] = "";
    bank_append(field, sizeof field, "aä");
    bank_append(field, sizeof field, "bää");
    assert_string_equal(field, "aä bä");
}

static bool note_status(void *context, const struct bank_status *status)
{
    struct record *record = context;
    size_t used = strlen(record->text);
    snprintf(record->text + used, sizeof record->text - used, "%s|%s|%d|%s\n", status->message_id,
             status->end_to_end_id, status->is_rejected, status->reason);
    return true;
}

static void statuses_of_every_level(void **state)
{
    (void)state;
    static const char xml[] =
        "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pain.002.001.03'><CstmrPmtStsRpt>"
        "<OrgnlGrpInfAndSts><OrgnlMsgId>M1</OrgnlMsgId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>"
        "<OrgnlPmtInfAndSts><PmtInfSts>ACCP</PmtInfSts>"
        "<TxInfAndSts><OrgnlEndToEndId>E1</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn>"
        "<Cd>AC01</Cd></Rsn><AddtlInf>wrong</AddtlInf></StsRsnInf></TxInfAndSts>"
        "<TxInfAndSts><OrgnlEndToEndId>E2</OrgnlEndToEndId><TxSts>PDNG</TxSts></TxInfAndSts>"
        "</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>";
    struct record record = {0};
    struct bank_reader *reader = bank_reader_new_for(xml, strlen(xml));
    assert_true(bank_status_is(bank_reader_message(reader)));
    assert_true(bank_status_read(reader, note_status, &record));
    assert_string_equal(record.text, "M1|E1|1|AC01 wrong\nM1||0|\n");
    bank_reader_free(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_statement_without_entries),
        cmocka_unit_test(one_payment_is_the_entry),
        cmocka_unit_test(parts_and_what_they_leave),
        cmocka_unit_test(a_return_and_a_reversal),
        cmocka_unit_test(amounts_are_exact_or_nothing),
        cmocka_unit_test(what_is_not_of_the_message_is_passed_by),
        cmocka_unit_test(what_is_no_statement_is_refused),
        cmocka_unit_test(depth_has_an_end),
        cmocka_unit_test(cut_between_characters),
        cmocka_unit_test(statuses_of_every_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
