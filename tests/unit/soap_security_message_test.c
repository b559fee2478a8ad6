/* SPDX-License-Identifier: GPL-3.0-or-later */
/* S3: the shape of a message with WS-Security, and the plain SOAP that becomes of it. */
#include "soap/security_message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SPACES                                                                    \
    " xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:s=\"" WSSE "\"" \
    " xmlns:u=\"" WSU "\" xmlns:d=\"" DSIG "\" xmlns:v=\"urn:farthing:vendor:1\""
#define TOKEN "<s:UsernameToken/>"
#define BODY "<e:Body u:Id=\"b\"><v:GetAccount><v:VendorID>1</v:VendorID></v:GetAccount></e:Body>"
#define HEADER(parts) "<e:Header><s:Security>" parts "</s:Security></e:Header>"
#define ENVELOPE(parts) "<e:Envelope" SPACES ">" parts "</e:Envelope>"
#define REFERENCE(id, transform)                                                    \
    "<d:Reference URI=\"" id "\"><d:Transforms><d:Transform Algorithm=\"" transform \
    "\"/></d:Transforms></d:Reference>"
#define C14N "http://www.w3.org/2001/10/xml-exc-c14n#"
#define STAMP "<u:Timestamp u:Id=\"t\"/>"
#define SIGNED(references)                                                           \
    ENVELOPE(HEADER(STAMP "<d:Signature><d:SignedInfo>" references "</d:SignedInfo>" \
                          "</d:Signature>") BODY)

struct parsed {
    struct call call;
    struct message message;
};

static enum ft_error parse(struct parsed *parsed, const char *text)
{
    *parsed = (struct parsed){.call = {.arena = arena_new(1 << 20)}};
    enum ft_error error = message_parse(&parsed->call, text, strlen(text), &parsed->message);
    return error == FT_OK ? message_learn_ids(&parsed->call, &parsed->message) : error;
}

static void end(struct parsed *parsed)
{
    message_free(&parsed->message);
    arena_free(parsed->call.arena);
}

static void parts_are_where_they_belong(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *refusal; /* its beginning; NULL: none */
    } cases[] = {
        {ENVELOPE(HEADER(TOKEN) BODY), NULL},
        {ENVELOPE(BODY), "The message has no WS-Security header."},
        {ENVELOPE("<e:Header/>" BODY), "The message has no WS-Security header."},
        {ENVELOPE(HEADER("") BODY), "The message must have either"},
        {ENVELOPE(HEADER(TOKEN "<d:Signature/>") BODY), "The message must have either"},
        {ENVELOPE(HEADER(TOKEN) BODY BODY), "The message's parts"},
        {ENVELOPE(HEADER(TOKEN) HEADER(TOKEN) BODY), "The message's parts"},
        {ENVELOPE(HEADER(TOKEN TOKEN) BODY), "The message's parts"},
        {ENVELOPE(HEADER(TOKEN "<unknown/>") BODY), "The message's parts"},
        {ENVELOPE(HEADER(TOKEN)), "The message's parts"},
        {ENVELOPE(HEADER(TOKEN) BODY "<more/>"), "The message's parts"},
        {ENVELOPE(HEADER(TOKEN STAMP "<d:X/>") BODY), "The message's parts"},
        {ENVELOPE(HEADER(TOKEN "<u:Timestamp u:Id=\"b\"/>") BODY), "The message's IDs"},
        {ENVELOPE(HEADER(TOKEN "<u:Timestamp Id=\"b\"/>") BODY), "The message's IDs"},
        {ENVELOPE(HEADER(TOKEN "<u:Timestamp xml:id=\"b\"/>") BODY), "The message's IDs"},
        {ENVELOPE(HEADER(TOKEN "<u:Timestamp u:Id=\"b')\"/>") BODY), "The message's IDs"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct parsed parsed;
        enum ft_error error = parse(&parsed, cases[i].text);
        assert_int_equal(error, cases[i].refusal == NULL ? FT_OK : FT_AUTHENTICATION_FAILED);
        if (cases[i].refusal != NULL)
            assert_ptr_equal(strstr(parsed.call.refusal, cases[i].refusal), parsed.call.refusal);
        end(&parsed);
    }
}

static void what_is_no_envelope_is_invalid(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "<a", "<a/>", "<Envelope/>",
                                        "<e:Envelope xmlns:e=\"urn:x\"/>"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct parsed parsed;
        assert_int_equal(parse(&parsed, texts[i]), FT_INVALID_PARAMETER);
        end(&parsed);
    }
}

static void body_and_timestamp_are_signed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum ft_error error;
    } cases[] = {
        {SIGNED(REFERENCE("#b", C14N) REFERENCE("#t", C14N)), FT_OK},
        {SIGNED(REFERENCE("#t", C14N) REFERENCE("#b", C14N)), FT_OK},
        {SIGNED(REFERENCE("#b", C14N)), FT_AUTHENTICATION_FAILED},
        {SIGNED(REFERENCE("#t", C14N)), FT_AUTHENTICATION_FAILED},
        {SIGNED(""), FT_AUTHENTICATION_FAILED},
        {SIGNED(REFERENCE("#b", C14N) REFERENCE("#b", C14N)), FT_AUTHENTICATION_FAILED},
        {SIGNED(REFERENCE("#b", C14N) REFERENCE("#t", C14N) REFERENCE("", C14N)),
         FT_AUTHENTICATION_FAILED},
        {SIGNED(REFERENCE("b", C14N) REFERENCE("#t", C14N)), FT_AUTHENTICATION_FAILED},
        {SIGNED(REFERENCE("#b", "urn:x") REFERENCE("#t", C14N)), FT_AUTHENTICATION_FAILED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct parsed parsed;
        assert_int_equal(parse(&parsed, cases[i].text), FT_OK);
        assert_int_equal(message_check_references(&parsed.call, &parsed.message), cases[i].error);
        end(&parsed);
    }
}

static void assert_plain(const char *operation, const char *wanted)
{
    struct parsed parsed;
    size_t bytes = 0;
    char *text = NULL;
    assert_true(asprintf(&text,
                         ENVELOPE(HEADER(TOKEN) "<e:Body><v:GetAccount>%s</v:GetAccount></e:Body>"),
                         operation) > 0);
    assert_int_equal(parse(&parsed, text), FT_OK);
    free(text);
    const char *plain = NULL;
    assert_int_equal(message_plain(&parsed.call, &parsed.message, &plain, &bytes), FT_OK);
    assert_int_equal(strlen(plain), bytes);
    assert_null(strstr(plain, "Security"));
    const char *found = strstr(plain, "<v:GetAccount>");
    assert_non_null(found);
    assert_ptr_equal(strstr(found + strlen("<v:GetAccount>"), wanted),
                     found + strlen("<v:GetAccount>"));
    end(&parsed);
}

static void message_becomes_plain(void **state)
{
    (void)state;
    static const char filled[] = "<v:VendorID>12</v:VendorID>"
                                 "<v:VendorPassword>proven</v:VendorPassword></v:GetAccount>";
    assert_plain("<v:VendorID>12</v:VendorID>", filled);
    assert_plain("<v:VendorID>1<!-- x -->2</v:VendorID>", filled);
    assert_plain("<v:VendorID>12</v:VendorID><v:VendorPassword/>", filled);
    assert_plain("<v:VendorID>12</v:VendorID><v:VendorPassword><v:a/></v:VendorPassword>", filled);
    assert_plain("<v:Other/>", "<v:Other></v:Other></v:GetAccount>");
    assert_plain("", "</v:GetAccount>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_where_they_belong),
        cmocka_unit_test(what_is_no_envelope_is_invalid),
        cmocka_unit_test(body_and_timestamp_are_signed),
        cmocka_unit_test(message_becomes_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
