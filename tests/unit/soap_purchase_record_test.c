/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a vendor asks and does about its transactions, on the wire (V12, V14). */
#include "soap_double.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOGIN "<v:VendorID>1001</v:VendorID><v:VendorPassword>secret</v:VendorPassword>"
#define ID "<v:TransactionID>" TRANSACTION "</v:TransactionID>"
#define SINCE "<v:Since>2026-01-01T00:00:00Z</v:Since>"
#define UNTIL "<v:Until>2026-02-01T00:00:00+01:00</v:Until>"
#define ORDER                                                            \
    "<v:OrderID>№ 7 &amp; 8</v:OrderID><v:Amount>12.50</v:Amount>"     \
    "<v:Description>Zwei Hüte</v:Description>"                          \
    "<v:ReturnURL>https://shop.example/thanks?a=1&amp;b=2</v:ReturnURL>" \
    "<v:CancelURL>https://shop.example/cart</v:CancelURL>"               \
    "<v:ShippingRequested>true</v:ShippingRequested>"

static void assert_login(const struct vendor_login *login)
{
    assert_string_equal(login->vendor_id, "1001");
    assert_string_equal(login->password, "secret");
}

/* Each of the elements in parameters is required: without it the fault names it. */
static void assert_required(const char *operation, const char *parameters, const char *const *names)
{
    for (; *names != NULL; names++) {
        char *text = strdup(parameters);
        char element[64];
        snprintf(element, sizeof(element), "<v:%s>", *names);
        char *begin = strstr(text, element);
        assert_non_null(begin);
        char *end = strchr(strstr(begin, "</v:"), '>') + 1;
        memset(begin, ' ', (size_t)(end - begin));
        ask(1, operation, text);
        assert_refused("INVALID_PARAMETER", *names);
        free(text);
    }
    assert_int_equal(service_double.calls, 0);
}

static void checkout_arrives(void **state)
{
    (void)state;
    const struct purchase_checkout_request *request = &service_double.checkout;
    for (int version = 1; version <= 2; version++) {
        ask(version, "InitiateCheckout", LOGIN ORDER "<v:RequestID>r</v:RequestID>");
        assert_answered();
        assert_login(&request->vendor);
        assert_string_equal(request->order_id, "№ 7 & 8");
        assert_int_equal(request->amount, 12500000);
        assert_string_equal(request->description, "Zwei Hüte");
        assert_string_equal(request->return_url, "https://shop.example/thanks?a=1&b=2");
        assert_string_equal(request->cancel_url, "https://shop.example/cart");
        assert_true(request->asks_shipping);
        assert_string_equal(request->request_id, "r");
        assert_string_equal(field("TransactionID"), TRANSACTION);
        assert_string_equal(field("BuyURL"), "https://msp.example/buy/" TRANSACTION);
        assert_non_null(field("BuyHTML"));
        assert_string_equal(field("ExpiresAt"), "2026-11-22T05:15:11Z");
    }
}

static void checkout_needs_all_but_the_request_id(void **state)
{
    (void)state;
    static const char *const required[] = {"VendorID",  "VendorPassword",    "OrderID",
                                           "Amount",    "Description",       "ReturnURL",
                                           "CancelURL", "ShippingRequested", NULL};
    assert_required("InitiateCheckout", LOGIN ORDER, required);
}

static void transaction_is_asked_by_either_id(void **state)
{
    (void)state;
    service_double.record = (struct purchase_record){.transaction_id = TRANSACTION,
                                                     .state = "PENDING",
                                                     .title = "",
                                                     .content_url = "",
                                                     .currency = "EUR",
                                                     .initiated_at = 1795324511000000LL};
    const struct purchase_get_request *request = &service_double.get;
    ask(1, "GetTransaction", LOGIN ID);
    assert_answered();
    assert_login(&request->vendor);
    assert_string_equal(request->transaction_id, TRANSACTION);
    assert_null(request->request_id);
    ask(2, "GetTransaction", LOGIN "<v:RequestID>r 1</v:RequestID>");
    assert_answered();
    assert_null(request->transaction_id);
    assert_string_equal(request->request_id, "r 1");
    ask(1, "GetTransaction", LOGIN "<v:TransactionID xsi:nil=\"true\"/><v:RequestID/>");
    assert_answered();
    assert_null(request->transaction_id);
    assert_string_equal(request->request_id, "");
}

static void record_leaves_out_what_does_not_exist(void **state)
{
    (void)state;
    static const char *const optional[] = {"PurchasedAt",    "RefundedAt", "ExpiresAt",
                                           "OptionalData",   "OrderID",    "Shipping",
                                           "VendorContentID"};
    transaction_is_asked_by_either_id(state);
    for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++)
        assert_null(field(optional[i]));
    assert_string_equal(field("Price"), "0");
}

static const struct purchase_record whole = {
    .transaction_id = TRANSACTION,
    .state = "PARTLY_REFUNDED",
    .title = "Fünf <Lieder>",
    .content_url = "https://shop.example/?a=1&b=2",
    .price = 2500001,
    .currency = "EUR",
    .incentive_amount = 500000,
    .refunded_amount = 1,
    .royalty = 125000,
    .initiated_at = 1795324511000000LL,
    .purchased_at = 1795324512000000LL,
    .refunded_at = 1795324513000000LL,
    .expires_at = 1795324514000000LL,
    .vendor_content_id = "№ 7",
    .optional_data = " a\n\tb ",
    .shipping = "Ada\n1 Mill Road",
};

static void record_has_what_exists(void **state)
{
    (void)state;
    static const char *const expected[][2] = {
        {"TransactionID", TRANSACTION},
        {"State", "PARTLY_REFUNDED"},
        {"ContentTitle", "Fünf <Lieder>"},
        {"ContentURL", "https://shop.example/?a=1&b=2"},
        {"Price", "2.500001"},
        {"Currency", "EUR"},
        {"IncentiveAmount", "0.5"},
        {"RefundedAmount", "0.000001"},
        {"Royalty", "0.125"},
        {"InitiatedAt", "2026-11-22T05:15:11Z"},
        {"PurchasedAt", "2026-11-22T05:15:12Z"},
        {"RefundedAt", "2026-11-22T05:15:13Z"},
        {"ExpiresAt", "2026-11-22T05:15:14Z"},
        {"VendorContentID", "№ 7"},
        {"OptionalData", " a\n\tb "},
        {"Shipping", "Ada\n1 Mill Road"},
    };
    service_double.record = whole;
    ask(1, "GetTransaction", LOGIN ID);
    assert_answered();
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
        assert_string_equal(field(expected[i][0]), expected[i][1]);
    assert_null(field("OrderID"));
    service_double.record.is_checkout = true;
    ask(2, "GetTransaction", LOGIN ID);
    assert_answered();
    assert_string_equal(field("OrderID"), "№ 7");
    assert_null(field("VendorContentID"));
}

static void every_state_is_in_the_schema(void **state)
{
    (void)state;
    static const char *const states[] = {
#define STATE_NAME(name) #name,
        PURCHASE_RECORD_STATES(STATE_NAME)};
    service_double.record = whole;
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        service_double.record.state = states[i];
        ask(1, "GetTransaction", LOGIN ID);
        assert_answered();
        assert_string_equal(field("State"), states[i]);
    }
}

static void refund_arrives(void **state)
{
    (void)state;
    const struct purchase_refund_order *order = &service_double.refund.order;
    service_double.refunded = (struct purchase_refund){
        .refund_id = TRANSACTION, .amount = 1, .total = 2500000, .state = "REFUNDED"};
    ask(1, "RefundTransaction",
        LOGIN ID "<v:Amount>0.000001</v:Amount><v:Reason>Spät &amp; defekt</v:Reason>"
                 "<v:RequestID>r</v:RequestID>");
    assert_answered();
    assert_login(&service_double.refund.vendor);
    assert_string_equal(order->transaction_id, TRANSACTION);
    assert_int_equal(order->amount, 1);
    assert_string_equal(order->reason, "Spät & defekt");
    assert_string_equal(order->request_id, "r");
    assert_string_equal(field("RefundID"), TRANSACTION);
    assert_string_equal(field("RefundedAmount"), "0.000001");
    assert_string_equal(field("RefundedTotal"), "2.5");
    assert_string_equal(field("State"), "REFUNDED");
    ask(2, "RefundTransaction", LOGIN ID);
    assert_answered();
    assert_int_equal(order->amount, 0);
    assert_null(order->reason);
    assert_null(order->request_id);
}

static void refund_of_nothing_is_no_whole_refund(void **state)
{
    (void)state;
    static const char *const amounts[] = {"0",   "-1",        "",          " ",
                                          "1e0", "0.0000001", "1000000.1", "all"};
    char text[512];
    for (size_t i = 0; i < sizeof(amounts) / sizeof(amounts[0]); i++) {
        snprintf(text, sizeof(text), LOGIN ID "<v:Amount>%s</v:Amount>", amounts[i]);
        ask(1, "RefundTransaction", text);
        assert_refused("INVALID_PARAMETER", "Amount");
    }
    static const char *const required[] = {"VendorID", "VendorPassword", "TransactionID", NULL};
    assert_required("RefundTransaction", LOGIN ID, required);
}

static void list_is_asked_page_by_page(void **state)
{
    (void)state;
    static const char *const required[] = {"VendorID", "VendorPassword", "Since", "Until", NULL};
    const struct purchase_list_request *request = &service_double.list;
    assert_required("ListTransactions", LOGIN SINCE UNTIL, required);
    ask(1, "ListTransactions", LOGIN SINCE UNTIL);
    assert_answered();
    assert_login(&request->vendor);
    assert_int_equal(request->since, 1767225600000000LL);
    assert_int_equal(request->until, 1769900400000000LL);
    assert_null(request->state);
    assert_null(request->page_token);
    assert_int_equal(request->page_size, 0);
    assert_string_equal(field("Transactions"), "");
    assert_null(field("Transaction"));
    assert_null(field("NextPageToken"));
    ask(2, "ListTransactions",
        LOGIN SINCE UNTIL "<v:State>REFUNDED</v:State><v:PageToken>" TRANSACTION "</v:PageToken>"
                          "<v:PageSize>1000</v:PageSize>");
    assert_answered();
    assert_string_equal(request->state, "REFUNDED");
    assert_string_equal(request->page_token, TRANSACTION);
    assert_int_equal(request->page_size, 1000);
    static const char *const sizes[] = {"0", "-1", "1001", "many", ""};
    char text[512];
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        snprintf(text, sizeof(text), LOGIN SINCE UNTIL "<v:PageSize>%s</v:PageSize>", sizes[i]);
        ask(1, "ListTransactions", text);
        assert_refused("INVALID_PARAMETER", "PageSize must be a whole number from 1 to 1000");
    }
}

static void list_tells_all_of_a_page(void **state)
{
    (void)state;
    static struct purchase_record records[1000];
    for (size_t i = 0; i < 1000; i++) {
        records[i] = whole;
        records[i].price = (money_t)i;
    }
    service_double.page =
        (struct purchase_page){.records = records, .count = 1000, .next_page_token = TRANSACTION};
    ask(1, "ListTransactions", LOGIN SINCE UNTIL "<v:PageSize>1000</v:PageSize>");
    assert_answered();
    assert_string_equal(field("NextPageToken"), TRANSACTION);
    int count = 0;
    for (xmlNodePtr node =
             xmlFirstElementChild(xmlNextElementSibling(xmlFirstElementChild(answered.payload)));
         node != NULL; node = xmlNextElementSibling(node), count++) {
        char price[MONEY_TEXT_SIZE];
        xmlNodePtr at = xmlFirstElementChild(node);
        while (strcmp((const char *)at->name, "Price") != 0)
            at = xmlNextElementSibling(at);
        assert_string_equal(at->children->content, money_format(count, price));
    }
    assert_int_equal(count, 1000);
}

static void refusals_become_faults(void **state)
{
    (void)state;
    static const struct {
        enum ft_error error;
        const char *code;
    } refusals[] = {
        {FT_TRANSACTION_NOT_FOUND, "TRANSACTION_NOT_FOUND"},
        {FT_INVALID_STATE, "INVALID_STATE"},
        {FT_AMOUNT_EXCEEDS_REMAINING, "AMOUNT_EXCEEDS_REMAINING"},
        {FT_IDEMPOTENCY_CONFLICT, "IDEMPOTENCY_CONFLICT"},
        {FT_OUTCOME_UNKNOWN, "OUTCOME_UNKNOWN"},
    };
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        service_double.error = refusals[i].error;
        ask(1, "RefundTransaction", LOGIN ID);
        assert_refused(refusals[i].code, NULL);
        ask(2, "GetTransaction", LOGIN ID);
        assert_refused(refusals[i].code, NULL);
    }
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup(name, soap_double_setup)
    const struct CMUnitTest tests[] = {
        STORY(checkout_arrives),
        STORY(checkout_needs_all_but_the_request_id),
        STORY(transaction_is_asked_by_either_id),
        STORY(record_leaves_out_what_does_not_exist),
        STORY(record_has_what_exists),
        STORY(every_state_is_in_the_schema),
        STORY(refund_arrives),
        STORY(refund_of_nothing_is_no_whole_refund),
        STORY(list_is_asked_page_by_page),
        STORY(list_tells_all_of_a_page),
        STORY(refusals_become_faults),
    };
    return cmocka_run_group_tests_name("soap_purchase_record", tests, NULL, soap_double_teardown);
}
