/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lock_Content on the wire (V6-V8, V10, V11). */
#include "soap_double.h"

#include <string.h>

#define QUESTION                                                               \
    "<v:VendorID>1001</v:VendorID><v:VendorPassword>secret</v:VendorPassword>" \
    "<v:EncryptedUserID>AAAA_-9</v:EncryptedUserID>"                           \
    "<v:ContentURL>https://shop.example/songs/7</v:ContentURL>"

static void every_parameter_arrives(void **state)
{
    (void)state;
    for (int version = 1; version <= 2; version++) {
        ask(version, "Lock_Content", QUESTION "<v:RequestID>view 1</v:RequestID>");
        assert_answered();
        const struct license_lock_request *request = &service_double.lock;
        assert_string_equal(request->vendor.vendor_id, "1001");
        assert_string_equal(request->vendor.password, "secret");
        assert_string_equal(request->encrypted_user_id, "AAAA_-9");
        assert_string_equal(request->content_url, "https://shop.example/songs/7");
        assert_string_equal(request->request_id, "view 1");
        ask(version, "Lock_Content", QUESTION);
        assert_answered();
        assert_null(service_double.lock.request_id);
    }
}

static void answer_leaves_out_what_does_not_exist(void **state)
{
    (void)state;
    static const char *const optional[] = {"TransactionID", "VendorContentID", "OptionalData",
                                           "ViewsLeft",     "ExpiresAt",       "BuyURL"};
    ask(1, "Lock_Content", QUESTION);
    assert_answered();
    assert_string_equal(field("Authorized"), "true");
    assert_string_equal(field("Reason"), "OK");
    assert_string_equal(field("Message"), "The user has access.");
    for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++)
        assert_null(field(optional[i]));
}

static void answer_has_what_exists(void **state)
{
    (void)state;
    service_double.lock_answer.license = (struct license_answer){
        .reason = LICENSE_OK,
        .transaction_id = TRANSACTION,
        .vendor_content_id = "song-7",
        .optional_data = " <a=\"b\"> & \r\n\tü€🐟",
        .views_left = 0,
        .expires_at = 1795324511000001LL,
    };
    service_double.lock_answer.buy_url = "https://msp.example/item/1?a=b&c";
    ask(2, "Lock_Content", QUESTION);
    assert_answered();
    assert_string_equal(field("TransactionID"), TRANSACTION);
    assert_string_equal(field("VendorContentID"), "song-7");
    assert_string_equal(field("OptionalData"), " <a=\"b\"> & \r\n\tü€🐟");
    assert_string_equal(field("ViewsLeft"), "0");
    assert_string_equal(field("ExpiresAt"), "2026-11-22T05:15:11.000001Z");
    assert_string_equal(field("BuyURL"), "https://msp.example/item/1?a=b&c");
}

static void every_reason_is_an_answer(void **state)
{
    (void)state;
    static const char *const reasons[] = {
#define REASON_NAME(name) [LICENSE_##name] = #name,
        LICENSE_REASONS(REASON_NAME)};
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        service_double.lock_answer.license.reason = (enum license_reason)i;
        ask(1, "Lock_Content", QUESTION);
        assert_answered();
        assert_string_equal(field("Reason"), reasons[i]);
        assert_string_equal(field("Authorized"), i == LICENSE_OK ? "true" : "false");
        assert_string_equal(answered.exchange.outcome, reasons[i]);
    }
}

static void missing_parameter_is_named(void **state)
{
    (void)state;
    static const char *const required[] = {"VendorID", "VendorPassword", "EncryptedUserID",
                                           "ContentURL"};
    for (size_t i = 0; i < sizeof(required) / sizeof(required[0]); i++) {
        char parameters[] = QUESTION;
        char *begin = strstr(parameters, required[i]) - strlen("<v:");
        char *end = strstr(begin, "</v:");
        end = strchr(end, '>') + 1;
        memset(begin, ' ', (size_t)(end - begin));
        ask(1, "Lock_Content", parameters);
        assert_refused("INVALID_PARAMETER", required[i]);
    }
    assert_int_equal(service_double.calls, 0);
}

static void empty_user_id_is_for_the_service_to_judge(void **state)
{
    (void)state;
    ask(1, "Lock_Content",
        "<v:VendorID>1001</v:VendorID><v:VendorPassword>secret</v:VendorPassword>"
        "<v:EncryptedUserID/><v:ContentURL>https://shop.example/songs/7</v:ContentURL>");
    assert_answered();
    assert_string_equal(service_double.lock.encrypted_user_id, "");
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup(name, soap_double_setup)
    const struct CMUnitTest tests[] = {
        STORY(every_parameter_arrives),    STORY(answer_leaves_out_what_does_not_exist),
        STORY(answer_has_what_exists),     STORY(every_reason_is_an_answer),
        STORY(missing_parameter_is_named), STORY(empty_user_id_is_for_the_service_to_judge),
    };
    return cmocka_run_group_tests_name("soap_license", tests, NULL, soap_double_teardown);
}
