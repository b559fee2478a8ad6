/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a vendor asks about itself, on the wire (V14, U15, O5). */
#include "soap_double.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOGIN "<v:VendorID>1001</v:VendorID><v:VendorPassword>secret</v:VendorPassword>"
#define SPRING 1901232000000000LL /* 2030-04-01T00:00:00Z */

static void assert_login(const struct vendor_login *login)
{
    assert_string_equal(login->vendor_id, "1001");
    assert_string_equal(login->password, "secret");
}

static void account_tells_exact_amounts(void **state)
{
    (void)state;
    service_double.account = (struct vendor_account){
        .currency = "EUR", .sales = 1, .incentives = 2500000, .payable = -1000000000000000001LL};
    for (int version = 1; version <= 2; version++) {
        ask(version, "GetAccount", LOGIN);
        assert_answered();
        assert_login(&service_double.login);
        assert_string_equal(field("Currency"), "EUR");
        assert_string_equal(field("Sales"), "0.000001");
        assert_string_equal(field("Refunds"), "0");
        assert_string_equal(field("Incentives"), "2.5");
        assert_string_equal(field("Payable"), "-1000000000000.000001");
        assert_null(field("SettlementThreshold"));
        assert_null(field("NextSettlementDate"));
    }
    service_double.account.settlement_threshold = 20000000;
    service_double.account.next_settlement = "2030-04-01";
    ask(1, "GetAccount", LOGIN);
    assert_answered();
    assert_string_equal(field("SettlementThreshold"), "20");
    assert_string_equal(field("NextSettlementDate"), "2030-04-01");
}

static void new_password_arrives(void **state)
{
    (void)state;
    ask(1, "ChangePassword", LOGIN "<v:NewPassword>eine längere &amp; bessere</v:NewPassword>");
    assert_answered();
    assert_login(&service_double.login);
    assert_string_equal(service_double.new_password, "eine längere & bessere");
    assert_non_null(field("Message"));
    ask(1, "ChangePassword", LOGIN "<v:NewPassword>eleven char</v:NewPassword>");
    assert_refused("INVALID_PARAMETER", "NewPassword must be 12 to 128 characters");
    assert_null(strstr(answered.exchange.answer, "eleven"));
    ask(1, "ChangePassword", LOGIN);
    assert_refused("INVALID_PARAMETER", "NewPassword");
}

static void settlements_are_listed(void **state)
{
    (void)state;
    struct settlement settlements[] = {
        {"s1", "EUR", SPRING, SPRING + 1, 5000000, 1000000, 500000, 3500000, SPRING + 2},
        {"s2", "EUR", SPRING, SPRING + 1, 0, 1000000, 0, -1000000, SPRING + 3},
    };
    ask(1, "ListSettlements",
        LOGIN
        "<v:Since>2030-04-01T02:00:00+02:00</v:Since><v:Until>2031-01-01T00:00:00Z</v:Until>");
    assert_answered();
    assert_login(&service_double.settlements.vendor);
    assert_int_equal(service_double.settlements.since, SPRING);
    assert_null(service_double.settlements.page_token);
    assert_null(field("SettlementID"));
    assert_null(field("NextPageToken"));

    service_double.settlement_page = (struct settlement_page){settlements, 2, "s2"};
    ask(2, "ListSettlements",
        LOGIN "<v:Since>2030-04-01T00:00:00Z</v:Since><v:Until>2031-01-01T00:00:00Z</v:Until>"
              "<v:PageToken>s0</v:PageToken>");
    assert_answered();
    assert_string_equal(service_double.settlements.page_token, "s0");
    assert_int_equal(xmlChildElementCount(xmlFirstElementChild(answered.payload)->next), 2);
    assert_string_equal(field("SettlementID"), "s1");
    assert_string_equal(field("SettledAmount"), "3.5");
    assert_string_equal(field("SoldUntil"), "2030-04-01T00:00:00.000001Z");
    assert_string_equal(field("NextPageToken"), "s2");
    ask(1, "ListSettlements", LOGIN "<v:Since>2030-04-01T00:00:00Z</v:Since>");
    assert_refused("INVALID_PARAMETER", "Until");
}

#define ISSUE LOGIN "<v:Amount>0.30</v:Amount><v:Count>2</v:Count>"
#define EXPIRES "<v:ExpiresAt>2030-04-01T00:00:00Z</v:ExpiresAt>"

static void incentive_is_issued(void **state)
{
    (void)state;
    static const char *const codes[] = {"SPRING-1", "SPRING-2"};
    service_double.incentive_issued = (struct incentive_issued){7, codes, 2};
    ask(1, "IssueIncentive",
        ISSUE EXPIRES "<v:CodePrefix>SPRING</v:CodePrefix><v:RequestID>r</v:RequestID>");
    assert_answered();
    const struct incentive_issue_request *request = &service_double.incentive;
    assert_login(&request->vendor);
    assert_int_equal(request->amount, 300000);
    assert_int_equal(request->count, 2);
    assert_int_equal(request->expires_at, SPRING);
    assert_string_equal(request->code_prefix, "SPRING");
    assert_string_equal(request->request_id, "r");
    assert_string_equal(field("IncentiveID"), "7");
    assert_string_equal(field("Code"), "SPRING-1");
    ask(1, "IssueIncentive", ISSUE EXPIRES);
    assert_null(service_double.incentive.code_prefix);
    assert_null(service_double.incentive.request_id);
}

static void incentive_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {LOGIN "<v:Count>2</v:Count>" EXPIRES, "Amount"},
        {LOGIN "<v:Amount>0</v:Amount><v:Count>2</v:Count>" EXPIRES, "Amount"},
        {LOGIN "<v:Amount>1</v:Amount>" EXPIRES, "Count"},
        {LOGIN "<v:Amount>1</v:Amount><v:Count>0</v:Count>" EXPIRES, "Count"},
        {LOGIN "<v:Amount>1</v:Amount><v:Count>1001</v:Count>" EXPIRES, "Count"},
        {LOGIN "<v:Amount>1</v:Amount><v:Count>-1</v:Count>" EXPIRES, "Count"},
        {ISSUE, "ExpiresAt"},
        {ISSUE "<v:ExpiresAt>2030-04-01T00:00:00</v:ExpiresAt>", "ExpiresAt"},
        {ISSUE EXPIRES "<v:CodePrefix>ABCDEFGHIJKLMNOPQ</v:CodePrefix>", "CodePrefix"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        ask(1, "IssueIncentive", wrong[i][0]);
        assert_refused("INVALID_PARAMETER", wrong[i][1]);
    }
    assert_int_equal(service_double.calls, 0);
}

#define URL "<v:ContentURL>https://shop.example/songs/</v:ContentURL>"
#define OWNER(id, part) "<v:Owner><v:OwnerID>" id "</v:OwnerID>" part "</v:Owner>"
#define SHARE(share) "<v:Share>" share "</v:Share>"

static void owners_are_exact(void **state)
{
    (void)state;
    const struct royalty_owner owners[] = {{"singer", 333333, 0}, {"writer", 0, 1}};
    service_double.owner_list =
        (struct royalty_owner_list){"https://shop.example/songs/", owners, 2, SPRING};
    ask(1, "SetContentOwners",
        LOGIN URL "<v:Owners>" OWNER("singer", SHARE("0.333333"))
            OWNER("writer", "<v:AmountPerSale>0.000001</v:AmountPerSale>")
                OWNER("all", SHARE("1.0")) "</v:Owners>"
                                           "<v:ValidFrom>2030-04-01T00:00:00Z</v:ValidFrom>");
    assert_answered();
    const struct royalty_owner_list *list = &service_double.owners.list;
    assert_string_equal(list->content_url, "https://shop.example/songs/");
    assert_int_equal(list->valid_from, SPRING);
    assert_int_equal(list->owners_count, 3);
    assert_string_equal(list->owners[0].owner_id, "singer");
    assert_int_equal(list->owners[0].share_ppm, 333333);
    assert_int_equal(list->owners[0].amount, 0);
    assert_int_equal(list->owners[1].share_ppm, 0);
    assert_int_equal(list->owners[1].amount, 1);
    assert_int_equal(list->owners[2].share_ppm, 1000000);
    assert_string_equal(field("Share"), "0.333333");
    assert_string_equal(field("AmountPerSale"), "0.000001");
    assert_string_equal(field("ValidFrom"), "2030-04-01T00:00:00Z");

    service_double.owner_list.owners_count = 0;
    ask(2, "SetContentOwners", LOGIN URL "<v:Owners/>");
    assert_answered();
    assert_int_equal(service_double.owners.list.owners_count, 0);
    assert_int_equal(service_double.owners.list.valid_from, 0);
    assert_null(field("OwnerID"));
}

static void owners_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {LOGIN URL, "Owners"},
        {LOGIN "<v:Owners/>", "ContentURL"},
        {LOGIN URL "<v:Owners><v:Owner>" SHARE("0.5") "</v:Owner></v:Owners>",
         "Owners must be a list of at most 100 owners, each with OwnerID"},
        {LOGIN URL "<v:Owners>" OWNER("", SHARE("0.5")) "</v:Owners>", "OwnerID"},
        {LOGIN URL "<v:Owners>" OWNER("a", SHARE("0")) "</v:Owners>", "Share"},
        {LOGIN URL "<v:Owners>" OWNER("a", SHARE("1.000001")) "</v:Owners>", "Share"},
        {LOGIN URL "<v:Owners>" OWNER("a", SHARE("0.0000001")) "</v:Owners>", "Share"},
        {LOGIN URL "<v:Owners>" OWNER("a", SHARE("1e-1")) "</v:Owners>", "Share"},
        {LOGIN URL "<v:Owners>" OWNER("a", SHARE("25%")) "</v:Owners>", "Share"},
        {LOGIN URL "<v:Owners>nobody</v:Owners>", "Request"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        ask(1, "SetContentOwners", wrong[i][0]);
        assert_refused("INVALID_PARAMETER", wrong[i][1]);
    }
    assert_int_equal(service_double.calls, 0);
}

static void hundred_owners_are_many(void **state)
{
    (void)state;
    for (int count = 100; count <= 101; count++) {
        char *text = NULL;
        size_t bytes = 0;
        FILE *stream = open_memstream(&text, &bytes);
        fputs(LOGIN URL "<v:Owners>", stream);
        for (int i = 0; i < count; i++)
            fprintf(stream, OWNER("owner %d", SHARE("0.001")), i);
        fputs("</v:Owners>", stream);
        fclose(stream);
        ask(1, "SetContentOwners", text);
        free(text);
        if (count == 100)
            assert_answered();
        else
            assert_refused("INVALID_PARAMETER", "Owners must be a list of at most 100 owners");
    }
    assert_int_equal(service_double.calls, 1);
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup(name, soap_double_setup)
    const struct CMUnitTest tests[] = {
        STORY(account_tells_exact_amounts), STORY(new_password_arrives),
        STORY(settlements_are_listed),      STORY(incentive_is_issued),
        STORY(incentive_is_refused),        STORY(owners_are_exact),
        STORY(owners_are_refused),          STORY(hundred_owners_are_many),
    };
    return cmocka_run_group_tests_name("soap_vendor", tests, NULL, soap_double_teardown);
}
