/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is refused before anybody is asked: there is neither a database nor a service here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "service/initiation.h"
#include "service/purchase_record.h"

#define TRANSACTION "0198f6d2-5a5b-7abc-8def-0123456789ab"

static struct call call;
static char too_long[1100];

static int open_call(void **state)
{
    (void)state;
    memset(too_long, 'x', sizeof too_long - 1);
    call = (struct call){.arena = arena_new(1 << 20), .remote_address = ""};
    return call.arena != NULL ? 0 : -1;
}

static int close_call(void **state)
{
    (void)state;
    arena_free(call.arena);
    return 0;
}

static void assert_names(enum ft_error error, const char *parameter)
{
    assert_int_equal(error, FT_INVALID_PARAMETER);
    assert_string_equal(call.parameter, parameter);
}

/* The last characters of a text that is one too long. */
static const char *one_more_than(int max)
{
    return too_long + strlen(too_long) - max - 1;
}

static void a_transaction_is_asked_by_one_id(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {{NULL, NULL}, {"", ""}, {NULL, ""}, {TRANSACTION, "r"}};
    struct purchase_record record;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const struct purchase_get_request request = {.transaction_id = pairs[i][0],
                                                     .request_id = pairs[i][1]};
        assert_names(service_purchase_get(NULL, &call, &request, &record), "TransactionID");
    }
    const struct purchase_get_request request = {.request_id = one_more_than(64)};
    assert_names(service_purchase_get(NULL, &call, &request, &record), "RequestID");
}

static void a_refund_is_checked(void **state)
{
    (void)state;
    const struct purchase_refund_order good = {.transaction_id = TRANSACTION};
    struct purchase_refund refund;
    struct purchase_refund_request request = {.order = good};
    request.order.transaction_id = "";
    assert_names(service_purchase_refund(NULL, &call, &request, &refund), "TransactionID");
    static const money_t amounts[] = {-1, 1000000LL * MONEY_UNIT + 1};
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        request.order = good;
        request.order.amount = amounts[i];
        assert_names(service_purchase_refund(NULL, &call, &request, &refund), "Amount");
    }
    request.order = good;
    request.order.reason = one_more_than(1000);
    assert_names(service_purchase_refund(NULL, &call, &request, &refund), "Reason");
    request.order = good;
    request.order.reason = "\x01";
    assert_names(service_purchase_refund(NULL, &call, &request, &refund), "Reason");
    request.order = good;
    request.order.request_id = one_more_than(64);
    assert_names(service_purchase_refund(NULL, &call, &request, &refund), "RequestID");
}

static void a_list_is_checked(void **state)
{
    (void)state;
    static const char *const states[] = {"SOLD", "pending", "PENDING ", "PENDING,PURCHASED"};
    static const char *const tokens[] = {"1", "no", TRANSACTION "0"};
    struct purchase_page page;
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        const struct purchase_list_request request = {.state = states[i]};
        assert_names(service_purchase_list(NULL, &call, &request, &page), "State");
    }
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++) {
        const struct purchase_list_request request = {.page_token = tokens[i]};
        assert_names(service_purchase_list(NULL, &call, &request, &page), "PageToken");
    }
    const struct purchase_list_request request = {.page_size = 1001};
    assert_names(service_purchase_list(NULL, &call, &request, &page), "PageSize");
}

static void a_checkout_is_checked(void **state)
{
    (void)state;
    const struct purchase_checkout_request good = {.order_id = "7",
                                                   .amount = 1,
                                                   .description = "Two hats",
                                                   .return_url = "https://Shop.Example:443/a/../b",
                                                   .cancel_url = "http://shop.example/cart?x"};
    const struct {
        const char *parameter;
        size_t offset;
        const char *bad;
    } cases[] = {
#define FIELD(name) offsetof(struct purchase_checkout_request, name)
        {"OrderID", FIELD(order_id), ""},
        {"OrderID", FIELD(order_id), one_more_than(128)},
        {"Description", FIELD(description), NULL},
        {"Description", FIELD(description), one_more_than(200)},
        {"ReturnURL", FIELD(return_url), "ftp://shop.example/"},
        {"ReturnURL", FIELD(return_url), NULL},
        {"CancelURL", FIELD(cancel_url), "javascript:alert(1)"},
        {"CancelURL", FIELD(cancel_url), ""},
        {"RequestID", FIELD(request_id), one_more_than(64)},
    };
    struct purchase_initiation initiation;
    const char *origin = NULL, *path = NULL;
    assert_int_equal(checkout_prepare(&call, &good, &initiation, &origin, &path), FT_OK);
    assert_string_equal(initiation.content_origin, "https://shop.example");
    assert_string_equal(initiation.content_path, "/b");
    assert_string_equal(origin, "http://shop.example");
    assert_string_equal(path, "/cart");
    assert_string_equal(initiation.offer.vendor_content_id, "7");
    assert_true(initiation.offer.is_checkout);
    assert_false(initiation.offer.is_post);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct purchase_checkout_request request = good;
        memcpy((char *)&request + cases[i].offset, &cases[i].bad, sizeof cases[i].bad);
        assert_names(checkout_prepare(&call, &request, &initiation, &origin, &path),
                     cases[i].parameter);
    }
    struct purchase_checkout_request request = good;
    request.amount = 0;
    assert_names(checkout_prepare(&call, &request, &initiation, &origin, &path), "Amount");
}

/* B7: no database is asked for what no code is made of. */
static void what_is_no_code_pays_nothing(void **state)
{
    (void)state;
    static const char *const codes[] = {NULL, "", "  ", "ü", "A_B", "%", "'", "A\x01", "A.B"};
    money_t amount = 1;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        assert_int_equal(service_purchase_quote(NULL, &call, TRANSACTION, codes[i], &amount),
                         FT_INCENTIVE_INVALID);
        assert_int_equal(amount, 0);
    }
    assert_int_equal(service_purchase_quote(NULL, &call, "x", "A", &amount),
                     FT_TRANSACTION_NOT_FOUND);
}

#define CALL_TEST(test) cmocka_unit_test_setup_teardown(test, open_call, close_call)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CALL_TEST(a_transaction_is_asked_by_one_id),
        CALL_TEST(a_refund_is_checked),
        CALL_TEST(a_list_is_checked),
        CALL_TEST(a_checkout_is_checked),
        CALL_TEST(what_is_no_code_pays_nothing),
    };
    return cmocka_run_group_tests_name("service purchase record", tests, NULL, NULL);
}
