/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever comes, the answer is SOAP: the contract's faults, and requests that are none. */
#include "soap_double.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soap/codec.h"
#include "soap/fault.h"

/* The contract's table. */
static const struct {
    const char *code;
    bool retry;
} contract[] = {
    {"AUTHENTICATION_FAILED", false},
    {"VENDOR_DISABLED", false},
    {"INVALID_PARAMETER", false},
    {"URL_NOT_REGISTERED", false},
    {"TRANSACTION_NOT_FOUND", false},
    {"INVALID_STATE", false},
    {"AMOUNT_EXCEEDS_REMAINING", false},
    {"IDEMPOTENCY_CONFLICT", false},
    {"RATE_LIMITED", true},
    {"UNAVAILABLE", true},
    {"OUTCOME_UNKNOWN", true},
    {"INTERNAL", true},
};
#define CONTRACT_COUNT (sizeof(contract) / sizeof(contract[0]))

static char initiate[1024];

static int setup(void **state)
{
    initiate_with(initiate, sizeof(initiate), "", "");
    return soap_double_setup(state);
}

static void after_a_fault_each_call_has_its_own_codec(void **state)
{
    (void)state;
    service_double.error = FT_VENDOR_DISABLED;
    ask(1, "InitiateTransaction", initiate);
    struct call call = {0};
    struct soap *one = codec_acquire(&call), *other = codec_acquire(&call);
    assert_ptr_not_equal(one, other);
    codec_release(one);
    codec_release(other);
}

static void every_error_is_a_fault_of_the_contract(void **state)
{
    (void)state;
    bool said[CONTRACT_COUNT] = {false};
    for (int error = FT_OK + 1; error < FT_ERROR_COUNT; error++) {
        for (int version = 1; version <= 2; version++) {
            service_double.error = (enum ft_error)error;
            service_double.parameter = "VendorID";
            service_double.rule = "known";
            ask(version, "InitiateTransaction", initiate);
            const char *code = fault_code((enum ft_error)error);
            assert_refused(code, NULL);
            size_t i = 0;
            while (i < CONTRACT_COUNT && strcmp(contract[i].code, code) != 0)
                i++;
            assert_true(i < CONTRACT_COUNT);
            assert_string_equal(field("Retry"), contract[i].retry ? "true" : "false");
            said[i] = true;
        }
    }
    for (size_t i = 0; i < CONTRACT_COUNT; i++)
        assert_true(said[i]);
    assert_string_equal(fault_code(FT_CREDENTIAL_CHANGED), "AUTHENTICATION_FAILED");
    assert_string_equal(fault_code(FT_LIMIT_DAY), "INTERNAL");
}

static void service_names_the_parameter(void **state)
{
    (void)state;
    static const char lock[] =
        "<v:VendorID>1</v:VendorID><v:VendorPassword>p</v:VendorPassword>"
        "<v:EncryptedUserID>x</v:EncryptedUserID><v:ContentURL>http://a/</v:ContentURL>";
    service_double.error = FT_INVALID_PARAMETER;
    service_double.parameter = "ContentURL";
    service_double.rule = "under <your> \"site\"";
    ask(1, "Lock_Content", lock);
    assert_refused("INVALID_PARAMETER", "ContentURL");
    assert_string_equal(field("Message"), "ContentURL must be under <your> \"site\".");
    service_double.value = "http://b/\t\"";
    ask(1, "Lock_Content", lock);
    assert_string_equal(field("Message"), "ContentURL must be under <your> \"site\"; it was "
                                          "\"http://b/\\u0009\\u0022\".");
    service_double.parameter = NULL;
    ask(1, "Lock_Content", lock);
    assert_string_equal(field("Message"), "A parameter is not valid.");
}

/* What an integrator meets first: the parameter, the rule, the value. */
static void value_off_its_facet_is_quoted(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"Price", "<v:Price>1e-5</v:Price>", "no exponent; it was \"1e-5\"."},
        {"Price", "<v:Price/>", "no exponent; it was \"\"."},
        {"Price", "<v:Price xsi:type=\"xsd:double\">1</v:Price>",
         "with the schema's xsi:type or none; it was \"xsi:type=xsd:double\"."},
        {"Price", "<v:Price xsi:type=\"xsd:decimal\">one</v:Price>", "; it was \"one\"."},
        {"IsPost", "<v:IsPost>may&lt;be</v:IsPost>",
         "IsPost must be true or false; it was \"may\\u003cbe\"."},
        {"IsPost", "<v:IsPost xsi:type=\"xsd:int\">1</v:IsPost>", "it was \"xsi:type=xsd:int\"."},
        {"NumberOfDaysToView", "<v:NumberOfDaysToView>0</v:NumberOfDaysToView>", "it was \"0\"."},
        {"AbsoluteExpTime", "<v:AbsoluteExpTime>2031-01-01</v:AbsoluteExpTime>",
         "such as 2026-12-31T23:00:00Z; it was \"2031-01-01\"."},
        {"ContentURL", "<v:ContentURL>ftp://a/&#9;</v:ContentURL>", "it was \"ftp://a/\\u0009\"."},
        {"ContentTitle", "<v:ContentTitle/>", "1 to 200 characters; it was \"\"."},
        {"VendorPassword", "<v:VendorPassword/>", "VendorPassword must be 1 to 128 characters."},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        initiate_with(initiate, sizeof(initiate), cases[i][0], cases[i][1]);
        ask(1, "InitiateTransaction", initiate);
        assert_refused("INVALID_PARAMETER", cases[i][0]);
        if (strstr(answered.sentence, cases[i][2]) == NULL)
            fail_msg("not %s: %s", cases[i][2], answered.sentence);
    }
}

static void secret_is_not_quoted(void **state)
{
    (void)state;
    char parameters[512];
    snprintf(parameters, sizeof(parameters),
             "<v:VendorID>1</v:VendorID><v:VendorPassword>hush%0200d</v:VendorPassword>", 0);
    ask(1, "GetAccount", parameters);
    assert_refused("INVALID_PARAMETER", "VendorPassword must be 1 to 128 characters.");
    assert_null(strstr(answered.exchange.answer, "hush"));
    static const char *const types[] = {"ChangePassword", "NewPassword", "Lock_Content",
                                        "EncryptedUserID"};
    for (size_t i = 0; i < 4; i += 2) {
        snprintf(parameters, sizeof(parameters),
                 "<v:VendorID>1</v:VendorID><v:VendorPassword>p</v:VendorPassword>"
                 "<v:%s xsi:type=\"xsd:hush\">hush</v:%s>",
                 types[i + 1], types[i + 1]);
        ask(1, types[i], parameters);
        assert_refused("INVALID_PARAMETER", types[i + 1]);
        assert_null(strstr(answered.exchange.answer, "hush"));
    }
}

static void envelope_of_no_version_is_a_mismatch(void **state)
{
    (void)state;
    static const char body[] = "<e:Envelope xmlns:e=\"urn:soap:3\"><e:Body/></e:Envelope>";
    for (int version = 1; version <= 2; version++) {
        ask_bytes(body, sizeof(body) - 1, version == 1 ? "text/xml" : "application/soap+xml");
        assert_true(answered.is_fault);
        assert_string_equal(answered.code, "VersionMismatch");
        assert_string_equal(answered.exchange.outcome, "VersionMismatch");
        assert_null(answered.payload);
        assert_int_equal(answered.version, version);
        assert_int_equal(answered.exchange.status, 500);
    }
}

static void header_that_must_be_understood(void **state)
{
    (void)state;
    static const char *const heads[] = {
        "<e:Header><x:Lock xmlns:x=\"urn:x\" e:mustUnderstand=\"1\"><x:a/></x:Lock></e:Header>",
        "<e:Header><x:Lock xmlns:x=\"urn:x\" e:mustUnderstand=\"true\"/></e:Header>"};
    char content[2048];
    snprintf(content, sizeof(content), "<v:InitiateTransaction>%s</v:InitiateTransaction>",
             initiate);
    for (int version = 1; version <= 2; version++) {
        ask_envelope(version, heads[version - 1], content);
        assert_true(answered.is_fault);
        assert_string_equal(answered.code, "MustUnderstand");
        assert_null(answered.payload);
        assert_int_equal(answered.version, version);
        assert_int_equal(service_double.calls, 0);
    }
    ask(1, "GetAccount", "<v:Lock e:mustUnderstand=\"1\"/>");
    assert_refused("INVALID_PARAMETER", "Lock");
    ask_envelope(1,
                 "<e:Header><x:Trace xmlns:x=\"urn:x\" id=\"1\"><x:a>text<b/></x:a></x:Trace>"
                 "<x:Lock xmlns:x=\"urn:x\" e:mustUnderstand=\"0\"/>"
                 "<x:Lock xmlns:x=\"urn:x\" e:mustUnderstand=\"1\" e:actor=\"urn:another\"/>"
                 "</e:Header>",
                 content);
    assert_answered();
}

static void what_is_no_request_gets_a_fault(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "",
        " ",
        "hello",
        "<",
        "<a",
        "<a>",
        "<a/>",
        "<!-- -->",
        "<?xml version=\"1.0\"?>",
        "<html><body>hello</body></html>",
        "--boundary\r\n\r\n<a/>",
        "\x1f\x8b\x08",
        "\x0c\x20",
        "<e:Envelope xmlns:e=\"" SOAP11 "\"/>",
        "<e:Envelope xmlns:e=\"" SOAP12 "\"><e:Body/></e:Envelope>",
        "<e:Envelope xmlns:e=\"" SOAP11 "\"><e:Body></e:Body></e:Envelope>",
        "<e:Envelope xmlns:e=\"" SOAP11 "\"><e:Header/></e:Envelope>",
        "<e:Envelope xmlns:e=\"" SOAP11 "\"><e:Body>text</e:Body></e:Envelope>",
        "<e:Envelope xmlns:e=\"" SOAP11 "\"><e:Body><StealAll/></e:Body></e:Envelope>",
        "<e:Envelope xmlns:e=\"" SOAP11 "\"><e:Body><e:Fault/></e:Body></e:Envelope>",
        "<e:Envelope xmlns:e=\"" SOAP11 "\"><e:Body><InitiateTransaction/></e:Body></e:Envelope>",
        "<e:Envelope xmlns:e=\"" SOAP11 "\"><e:Body><x:Lock_Content/></e:Body></e:Envelope>",
        "<e:Body xmlns:e=\"" SOAP11 "\"/>",
        "<Envelope/>",
    };
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        ask_bytes(bodies[i], strlen(bodies[i]), "text/xml");
        assert_true(answered.is_fault);
        assert_string_equal(answered.exchange.operation, "unknown");
        if (strcmp(answered.code, "VersionMismatch") != 0)
            assert_refused("INVALID_PARAMETER", NULL);
    }
    ask_envelope(2, "", "<v:RefundEverything/>");
    assert_refused("INVALID_PARAMETER", "RefundEverything");
    assert_int_equal(service_double.calls, 0);
}

static char *whole_request(size_t *bytes_r)
{
    char *text;
    int bytes = asprintf(&text,
                         "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                         "<e:Envelope xmlns:e=\"" SOAP11 "\" xmlns:v=\"" VENDOR "\"><e:Body>"
                         "<v:InitiateTransaction>%s<v:ShortDescription>&#8364; &amp; "
                         "<![CDATA[<]]><!-- c -->é</v:ShortDescription></v:InitiateTransaction>"
                         "</e:Body></e:Envelope>",
                         initiate);
    assert_true(bytes > 0);
    *bytes_r = (size_t)bytes;
    return text;
}

/* SOAP::Lite says so, though it sends literal parameters. */
static void encoding_style_is_ignored(void **state)
{
    (void)state;
    static const char body[] =
        "<e:Envelope xmlns:e=\"" SOAP11 "\" xmlns=\"" VENDOR "\""
        " e:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><e:Body>"
        "<Lock_Content id=\"i1\"><VendorID id=\"i2\">1</VendorID><VendorPassword>p"
        "</VendorPassword><EncryptedUserID/><ContentURL>http://a/</ContentURL></Lock_Content>"
        "</e:Body></e:Envelope>";
    ask_bytes(body, sizeof(body) - 1, "text/xml; charset=\"UTF-8\"");
    assert_answered();
    assert_null(memmem(answered.exchange.answer, answered.exchange.answer_bytes, "encodingStyle",
                       strlen("encodingStyle")));
    ask_bytes(NULL, 0, NULL);
    assert_refused("INVALID_PARAMETER", NULL);
}

static void every_truncation_gets_a_fault(void **state)
{
    (void)state;
    size_t bytes;
    char *text = whole_request(&bytes);
    for (size_t length = 0; length < bytes; length++) {
        ask_bytes(text, length, "text/xml");
        assert_true(answered.is_fault);
    }
    assert_int_equal(service_double.calls, 0);
    ask_bytes(text, bytes, "text/xml");
    assert_answered();
    ask_bytes(text, bytes, "text/xml; charset=ISO-8859-1");
    assert_refused("INVALID_PARAMETER", NULL);
    free(text);
}

static void what_follows_the_envelope_is_refused(void **state)
{
    (void)state;
    static const char *const tails[] = {"<more/>", "x", "&amp;", "</e:Envelope>", "<![CDATA[]]>x"};
    size_t bytes;
    char *text = whole_request(&bytes);
    char *longer = malloc(bytes + 64);
    for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
        memcpy(longer, text, bytes);
        strcpy(longer + bytes, tails[i]);
        ask_bytes(longer, strlen(longer), "text/xml");
        assert_true(answered.is_fault);
    }
    assert_int_equal(service_double.calls, 0);
    free(longer);
    free(text);
}

static void a_second_call_is_refused(void **state)
{
    (void)state;
    char parameters[1024], content[4096];
    initiate_with(parameters, sizeof(parameters), "", "");
    snprintf(content, sizeof(content),
             "<v:InitiateTransaction>%s</v:InitiateTransaction><v:Lock_Content/>", parameters);
    for (int version = 1; version <= 2; version++) {
        ask_envelope(version, "", content);
        assert_refused("INVALID_PARAMETER", "Request");
    }
    assert_int_equal(service_double.calls, 0);
}

/* A fixed generator: the same bytes in every run. */
static void random_changes_never_break_it(void **state)
{
    (void)state;
    static const char marks[] = "<>&;\"'/!?-[]:=# \xff\xc3";
    size_t bytes;
    char *text = whole_request(&bytes);
    char *changed = malloc(bytes);
    uint32_t seed = 20261122;
    for (int round = 0; round < 3000; round++) {
        memcpy(changed, text, bytes);
        for (int change = 0; change <= round % 3; change++) {
            seed = seed * 1664525 + 1013904223;
            size_t place = (seed >> 8) % bytes;
            seed = seed * 1664525 + 1013904223;
            changed[place] = marks[(seed >> 8) % (sizeof(marks) - 1)];
        }
        ask_bytes(changed, bytes, "text/xml");
    }
    free(changed);
    free(text);
}

static void ten_thousand_levels_are_too_deep(void **state)
{
    (void)state;
    static const size_t levels = 10000;
    static const char *const frames[][2] = {
        {"%s", ""},
        {"", "%s"},
        {"", "<v:InitiateTransaction>%s</v:InitiateTransaction>"},
        {"", "<v:Lock_Content><v:VendorID>%s</v:VendorID></v:Lock_Content>"}};
    char *nest = malloc(levels * strlen("<v:a></v:a>") + 64);
    for (int headed = 0; headed < 2; headed++) {
        char *at = nest;
        at = stpcpy(at, headed ? "<e:Header>" : "");
        for (size_t i = 0; i < levels; i++)
            at = stpcpy(at, "<v:a>");
        for (size_t i = 0; i < levels; i++)
            at = stpcpy(at, "</v:a>");
        stpcpy(at, headed ? "</e:Header>" : "");
        for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
            if ((frames[i][0][0] != '\0') != headed)
                continue;
            char *content = NULL;
            char *percent = strstr(frames[i][1], "%s");
            assert_true(headed || asprintf(&content, "%.*s%s%s", (int)(percent - frames[i][1]),
                                           frames[i][1], nest, percent + 2) > 0);
            ask_envelope(1, headed ? nest : "", headed ? "" : content);
            assert_true(answered.is_fault);
            free(content);
        }
    }
    free(nest);
    assert_int_equal(service_double.calls, 0);
}

static void without_memory_there_is_still_an_answer(void **state)
{
    (void)state;
    size_t bytes;
    char *text = whole_request(&bytes);
    for (size_t limit = 64; limit < 8192; limit += 64) {
        struct arena *arena = arena_new(limit);
        struct call call = {.arena = arena, .correlation_id = "r", .remote_address = ""};
        struct soap_exchange exchange = {.body = text, .body_bytes = bytes};
        soap_answer(NULL, &call, &exchange);
        assert_true(exchange.answer_bytes > 0);
        assert_non_null(memmem(exchange.answer, exchange.answer_bytes, "Envelope>", 9));
        arena_free(arena);
    }
    free(text);
}

static void an_answer_says_nothing_of_another_request(void **state)
{
    (void)state;
    ask_envelope(1, "", "<q:None xmlns:q=\"http://www.w3.org/TEXT/XMLSchema\"/>");
    assert_true(answered.is_fault);
    ask(1, "InitiateTransaction", initiate);
    assert_answered();
    assert_null(strstr(answered.exchange.answer, "TEXT"));
    for (int version = 1; version <= 2; version++) { /* which only the media type tells */
        ask(3 - version, "InitiateTransaction", initiate);
        ask_bytes("", 0, version == 2 ? "application/soap+xml" : "text/xml");
        assert_true(answered.is_fault);
        assert_int_equal(answered.version, version);
    }
}

struct question {
    char *text;
    const char *envelope; /* the namespace of its answer's */
};

/* Returns the question when one of its answers is wrong. */
static void *ask_often(void *argument)
{
    struct question *question = argument;
    const char *body = question->text;
    for (int i = 0; i < 500; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct call call = {.arena = arena, .correlation_id = "r", .remote_address = ""};
        struct soap_exchange exchange = {.body = body,
                                         .body_bytes = strlen(body) - (size_t)(i % 2)};
        soap_answer(NULL, &call, &exchange);
        bool right = i % 2 == 0 ? exchange.status == 200 &&
                                      strstr(exchange.answer, question->envelope) != NULL
                                : exchange.status == 500;
        arena_free(arena);
        if (!right)
            return question;
    }
    return NULL;
}

static void threads_do_not_share_codecs(void **state)
{
    (void)state;
    enum { THREADS = 4 };
    static const char rest[] = "\" xmlns:v=\"" VENDOR "\"><e:Body>"
                               "<v:Lock_Content><v:VendorID>1</v:VendorID>"
                               "<v:VendorPassword>p</v:VendorPassword><v:EncryptedUserID/>"
                               "<v:ContentURL>http://a/</v:ContentURL></v:Lock_Content>"
                               "</e:Body></e:Envelope>";
    struct question questions[] = {{.envelope = SOAP11}, {.envelope = SOAP12}};
    for (int i = 0; i < 2; i++)
        assert_true(asprintf(&questions[i].text, "<e:Envelope xmlns:e=\"%s%s",
                             questions[i].envelope, rest) > 0);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_often, &questions[i % 2]), 0);
    for (int i = 0; i < THREADS; i++) {
        void *wrong;
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
    free(questions[0].text);
    free(questions[1].text);
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup(name, setup)
    const struct CMUnitTest tests[] = {
        STORY(every_error_is_a_fault_of_the_contract),
        STORY(after_a_fault_each_call_has_its_own_codec),
        STORY(service_names_the_parameter),
        STORY(value_off_its_facet_is_quoted),
        STORY(secret_is_not_quoted),
        STORY(envelope_of_no_version_is_a_mismatch),
        STORY(header_that_must_be_understood),
        STORY(what_is_no_request_gets_a_fault),
        STORY(encoding_style_is_ignored),
        STORY(every_truncation_gets_a_fault),
        STORY(what_follows_the_envelope_is_refused),
        STORY(a_second_call_is_refused),
        STORY(random_changes_never_break_it),
        STORY(ten_thousand_levels_are_too_deep),
        STORY(without_memory_there_is_still_an_answer),
        STORY(an_answer_says_nothing_of_another_request),
        STORY(threads_do_not_share_codecs),
    };
    return cmocka_run_group_tests_name("soap_fault", tests, NULL, soap_double_teardown);
}
