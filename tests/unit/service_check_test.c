/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every parameter is held to its contract, and the wrong one is named (V1, U1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "service/check.h"
#include "service/initiation.h"
#include "service/registration.h"
#include "service/vendor.h"

#define LONG_SIZE 20000

static struct call call;
static char long_text[LONG_SIZE];

static int open_call(void **state)
{
    (void)state;
    call = (struct call){.arena = arena_new(1 << 20), .remote_address = ""};
    return call.arena != NULL ? 0 : -1;
}

static int close_call(void **state)
{
    (void)state;
    arena_free(call.arena);
    return 0;
}

/* So many times what, which may be several bytes. */
static const char *repeat(const char *what, int times)
{
    char *at = long_text;
    assert_true(strlen(what) * (size_t)times < LONG_SIZE);
    for (int i = 0; i < times; i++)
        at = stpcpy(at, what);
    *at = '\0';
    return long_text;
}

static struct purchase_initiate_request good_request(void)
{
    return (struct purchase_initiate_request){
        .vendor = {.vendor_id = "1001", .password = "secret"},
        .offer = {.title = "Song",
                  .price = 100000,
                  .content_url = "https://Shop.Example:443/songs/../songs/7?x=1"},
    };
}

static void assert_refused(const struct purchase_initiate_request *request, const char *parameter)
{
    struct purchase_initiation initiation;
    call.parameter = NULL;
    assert_int_equal(initiation_prepare(&call, request, &initiation), FT_INVALID_PARAMETER);
    assert_string_equal(call.parameter, parameter);
    assert_non_null(call.rule);
}

static void assert_accepted(const struct purchase_initiate_request *request)
{
    struct purchase_initiation initiation;
    assert_int_equal(initiation_prepare(&call, request, &initiation), FT_OK);
}

static void a_minimal_offer_is_accepted(void **state)
{
    (void)state;
    struct purchase_initiation initiation;
    struct purchase_initiate_request request = good_request();
    assert_int_equal(initiation_prepare(&call, &request, &initiation), FT_OK);
    assert_string_equal(initiation.content_origin, "https://shop.example");
    assert_string_equal(initiation.content_path, "/songs/7");
    assert_string_equal(initiation.offer.content_url, request.offer.content_url);
    assert_null(initiation.optional_data);
    assert_null(initiation.request_id);
}

static void empty_and_absent_are_one(void **state)
{
    (void)state;
    struct purchase_initiation initiation;
    struct purchase_initiate_request request = good_request();
    request.optional_data = request.request_id = "";
    request.offer.vendor_content_id = request.offer.incentive_ids = "";
    request.offer.description = "";
    assert_int_equal(initiation_prepare(&call, &request, &initiation), FT_OK);
    assert_null(initiation.optional_data);
    assert_null(initiation.request_id);
    assert_null(initiation.offer.vendor_content_id);
    assert_null(initiation.offer.incentive_ids);
    assert_null(initiation.offer.description);
    request.offer.title = "";
    assert_refused(&request, "ContentTitle");
    request.offer.title = NULL;
    assert_refused(&request, "ContentTitle");
}

/* Characters count, not bytes. */
static void texts_have_their_lengths(void **state)
{
    (void)state;
    struct purchase_initiate_request request = good_request();
    const struct {
        const char **text;
        const char *parameter;
        int max;
    } cases[] = {
        {&request.offer.title, "ContentTitle", 200},
        {&request.offer.vendor_content_id, "VendorContentID", 128},
        {&request.offer.description, "ShortDescription", 1000},
        {&request.optional_data, "OptionalData", 4096},
        {&request.request_id, "RequestID", 64},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        *cases[i].text = repeat("貨", cases[i].max);
        assert_accepted(&request);
        *cases[i].text = repeat("貨", cases[i].max + 1);
        assert_refused(&request, cases[i].parameter);
        assert_string_equal(call.value, arena_printf(call.arena, "%s…", repeat("貨", 64)));
        *cases[i].text = "x";
    }
}

static void what_is_not_text_is_refused(void **state)
{
    (void)state;
    struct purchase_initiate_request request = good_request();
    const char *const bad[] = {
        "\xff",
        "a\x80",
        "\x80\x80",
        "\xc0\x80",
        "\xc1\xbf",
        "\xe0\x80\xaf",
        "\xed\xa0\x80",
        "\xef\xbf\xbf",
        "\xf4\x90\x80\x80",
        "\xe8\xb2",
        "\x01",
        "a\x1b[0m",
        "\xf8\x88\x80\x80\x80",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        request.offer.title = bad[i];
        assert_refused(&request, "ContentTitle");
        assert_non_null(strchr(call.value, '\\'));
    }
    request.offer.title = "tab\t and\nline, \xc2\x80 \xef\xbf\xbd \xf0\x9f\x98\x80";
    assert_accepted(&request);
}

static void prices_and_counts_have_ranges(void **state)
{
    (void)state;
    struct purchase_initiate_request request = good_request();
    const money_t bad[] = {0, -1, MONEY_PRICE_MAX + 1, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        request.offer.price = bad[i];
        assert_refused(&request, "Price");
    }
    assert_string_equal(call.rule, "greater than 0 and at most 1000000");
    request.offer.price = MONEY_PRICE_MAX;
    assert_accepted(&request);
    request.offer.price = 1;
    assert_accepted(&request);
    request.offer.views = -1;
    assert_refused(&request, "NumberOfTimesToView");
    request.offer.views = INT32_MAX;
    request.offer.valid_hours = -1;
    assert_refused(&request, "NumberOfHoursToView");
}

/* 2147483647 days are allowed, and end before times that a vendor could not read. */
static void for_ever_has_an_end(void **state)
{
    (void)state;
    struct purchase_initiation initiation;
    struct purchase_initiate_request request = good_request();
    request.offer.valid_hours = INT32_MAX * 25LL;
    assert_int_equal(initiation_prepare(&call, &request, &initiation), FT_OK);
    time_us_t end = time_now_us() + initiation.offer.valid_hours * 3600 * TIME_SECOND;
    char text[TIME_TEXT_SIZE];
    time_us_t again;
    assert_true(time_parse(time_format(end, text), &again));
    assert_true(initiation.offer.valid_hours > 5000LL * 365 * 24);
}

static void content_urls_are_checked(void **state)
{
    (void)state;
    struct purchase_initiate_request request = good_request();
    const char *const bad[] = {
        NULL,
        "",
        "shop.example/a",
        "ftp://shop.example/",
        "javascript:alert(1)",
        "https://",
        "https://user:secret@shop.example/",
        "https://shop.example/a b",
        "//shop.example/",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        request.offer.content_url = bad[i];
        assert_refused(&request, "ContentURL");
    }
    char url[3000] = "https://shop.example/";
    size_t start = strlen(url);
    memset(url + start, 'a', 2048 - start);
    request.offer.content_url = url;
    assert_accepted(&request);
    url[2048] = 'a';
    assert_refused(&request, "ContentURL");
}

static void a_vendors_login_is_checked_and_its_password_never_quoted(void **state)
{
    (void)state;
    int vendor_id, version;
    struct vendor_login login = {.vendor_id = "", .password = "secret"};
    assert_int_equal(service_vendor_authenticate(NULL, &call, &login, &vendor_id, &version),
                     FT_INVALID_PARAMETER);
    assert_string_equal(call.parameter, "VendorID");
    login.vendor_id = repeat("1", 65);
    assert_int_equal(service_vendor_authenticate(NULL, &call, &login, &vendor_id, &version),
                     FT_INVALID_PARAMETER);
    assert_string_equal(call.parameter, "VendorID");
    login.vendor_id = "1001";
    login.password = repeat("p", 129);
    assert_int_equal(service_vendor_authenticate(NULL, &call, &login, &vendor_id, &version),
                     FT_INVALID_PARAMETER);
    assert_string_equal(call.parameter, "VendorPassword");
    assert_null(call.value);
}

static struct account_application good_application(void)
{
    return (struct account_application){
        .login_name = "ada.l-1_@x",
        .password = "a long password",
        .full_name = "Ada Lovelace",
        .email = "ada@example.org",
        .language = "en",
        .currency = "EUR",
        .payment_method = "bank_transfer",
        .answer = {.question = "first_pet", .answer = "Rex"},
    };
}

static void assert_application_refused(const struct account_application *application,
                                       const char *field)
{
    static const struct config config = {.security.password_min_length = 10};
    int64_t user_id;
    assert_int_equal(service_registration_submit(&config, NULL, &call, application, &user_id),
                     FT_INVALID_PARAMETER);
    assert_string_equal(call.parameter, field);
}

static void registrations_are_checked(void **state)
{
    (void)state;
    struct account_application application = good_application();
    const struct {
        const char **text;
        const char *field;
        const char *bad;
    } cases[] = {
        {&application.login_name, "login_name", "ab"},
        {&application.login_name, "login_name", "ada lovelace"},
        {&application.login_name, "login_name", "адa"},
        {&application.password, "password", "too short"},
        {&application.full_name, "full_name", ""},
        {&application.email, "email", "nobody"},
        {&application.email, "email", "@example.org"},
        {&application.email, "email", "ada@"},
        {&application.email, "email", "a da@example.org"},
        {&application.language, "language", "english"},
        {&application.language, "language", NULL},
        {&application.payment_method, "payment_method", "gold"},
        {&application.payment_method, "payment_method", NULL},
        {&application.answer.question, "question", "favourite_colour"},
        {&application.answer.answer, "answer", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *good = *cases[i].text;
        *cases[i].text = cases[i].bad;
        assert_application_refused(&application, cases[i].field);
        *cases[i].text = good;
    }
    application.password = repeat("x", 129);
    assert_application_refused(&application, "password");
    assert_null(call.value);
    application = good_application();
    application.address = repeat("x", 501);
    assert_application_refused(&application, "address");
}

#define CALL_TEST(test) cmocka_unit_test_setup_teardown(test, open_call, close_call)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CALL_TEST(a_minimal_offer_is_accepted),
        CALL_TEST(empty_and_absent_are_one),
        CALL_TEST(texts_have_their_lengths),
        CALL_TEST(what_is_not_text_is_refused),
        CALL_TEST(prices_and_counts_have_ranges),
        CALL_TEST(for_ever_has_an_end),
        CALL_TEST(content_urls_are_checked),
        CALL_TEST(a_vendors_login_is_checked_and_its_password_never_quoted),
        CALL_TEST(registrations_are_checked),
    };
    return cmocka_run_group_tests_name("service checks", tests, NULL, NULL);
}
