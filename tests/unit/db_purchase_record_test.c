/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An order of goods through the real procedures: quoted, paid, recorded, refunded (B7, V12, V14).
 */
#include "db/purchase_record.h"

#include "db/incentive.h"
#include "db/purchase.h"
#include "db_world.h"

static void refunds_it(struct buyer *ada, const struct purchase_record *paid)
{
    const struct purchase_refund_order half = {
        .transaction_id = paid->transaction_id, .amount = 1000000, .request_id = "half"};
    const struct purchase_refund_order rest = {.transaction_id = paid->transaction_id,
                                               .reason = "returned"};
    const struct purchase_list_query query = {
        .since = paid->initiated_at, .until = time_now_us() + TIME_SECOND, .limit = 10};
    struct purchase_refund refund;
    struct purchase_record *records = NULL;
    int count = 0;
    for (int time = 0; time < 2; time++) {
        assert_int_equal(
            db_purchase_refund(world.db, &ada->call, world.vendor_id, 1, &half, &refund), FT_OK);
        assert_int_equal(refund.amount, 1000000);
        assert_int_equal(refund.total, 1000000);
        assert_string_equal(refund.state, "PARTLY_REFUNDED");
    }
    assert_int_equal(db_purchase_refund(world.db, &ada->call, world.vendor_id, 1, &rest, &refund),
                     FT_OK);
    assert_int_equal(refund.amount, 500000);
    assert_string_equal(refund.state, "REFUNDED");
    assert_int_equal(db_purchase_refund(world.db, &ada->call, world.vendor_id, 1, &rest, &refund),
                     FT_INVALID_STATE);
    assert_int_equal(
        db_purchase_list(world.db, &ada->call, world.vendor_id, 1, &query, &records, &count),
        FT_OK);
    assert_int_equal(count, 1);
    assert_string_equal(records[0].transaction_id, paid->transaction_id);
    assert_int_equal(records[0].refunded_amount, 1500000);
    assert_true(records[0].refunded_at >= records[0].purchased_at);
}

static void an_order_is_paid_with_an_incentive(void **state)
{
    NEEDS_SERVER;
    static const char *const codes[] = {"DB-TEST"};
    const struct incentive_issue issue = {.amount = 1000000,
                                          .expires_at = time_now_us() + 3600 * TIME_SECOND,
                                          .codes = codes,
                                          .codes_count = 1};
    const struct purchase_initiation order = {
        .vendor_id = world.vendor_id,
        .credential_version = 1,
        .offer = {.title = "Two hats",
                  .price = 2500000,
                  .content_url = "https://shop.example/thanks",
                  .vendor_content_id = "ORDER-1",
                  .is_checkout = true,
                  .cancel_url = "https://shop.example/cart",
                  .asks_shipping = true},
        .content_origin = "https://shop.example",
        .content_path = "/thanks",
    };
    const struct purchase_choice choice = {.incentive_code = codes[0], .shares_shipping = true};
    const struct purchase_choice wrong = {.incentive_code = "DB-TES"};
    struct incentive_issued issued;
    struct purchase_initiated initiated;
    struct purchase_view view;
    struct purchase_receipt receipt;
    struct purchase_record record;
    money_t amount = 0;
    struct buyer ada;
    world_enter(&ada, "order-ada");
    struct call *call = &ada.call;
    assert_int_equal(db_incentive_issue(world.db, call, world.vendor_id, 1, &issue, &issued),
                     FT_OK);
    assert_int_equal(db_purchase_initiate(world.db, call, &order, &initiated), FT_OK);
    const char *id = initiated.transaction_id;
    assert_int_equal(db_purchase_view(world.db, call, id, ada.user_id, ada.login_id, &view), FT_OK);
    assert_true(view.offer.is_checkout && view.offer.asks_shipping && view.takes_incentives);
    assert_false(view.is_sandbox);
    assert_string_equal(view.offer.vendor_content_id, "ORDER-1");
    assert_string_equal(view.offer.cancel_url, "https://shop.example/cart");
    assert_int_equal(db_purchase_quote(world.db, call, id, codes[0], &amount), FT_OK);
    assert_int_equal(amount, 1000000);
    assert_int_equal(db_purchase_quote(world.db, call, id, "DB-TES", &amount),
                     FT_INCENTIVE_INVALID);
    assert_int_equal(
        db_purchase_buy(world.db, call, id, ada.user_id, ada.login_id, &wrong, &receipt),
        FT_INCENTIVE_INVALID);
    assert_int_equal(
        db_purchase_buy(world.db, call, id, ada.user_id, ada.login_id, &choice, &receipt), FT_OK);
    assert_int_equal(receipt.balance, FUNDS - 1500000);
    assert_int_equal(db_purchase_get(world.db, call, world.vendor_id, 1, id, NULL, &record), FT_OK);
    assert_true(record.is_checkout);
    assert_string_equal(record.state, "PURCHASED");
    assert_int_equal(record.incentive_amount, 1000000);
    assert_non_null(record.shipping);
    assert_int_equal(db_purchase_get(world.db, call, world.vendor_id, 1, NULL, "none", &record),
                     FT_TRANSACTION_NOT_FOUND);
    assert_int_equal(db_purchase_get(world.db, call, world.vendor_id, 1, id, NULL, &record), FT_OK);
    refunds_it(&ada, &record);
    arena_free(ada.call.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_is_paid_with_an_incentive),
    };
    return cmocka_run_group_tests_name("db_purchase_record", tests, world_open, world_close);
}
