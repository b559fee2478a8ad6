/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user may choose in the buy window, and where it goes from there (B7, V12). */
#include "web_rendered.h"

/* An order of goods for which the vendor asks where to ship to. */
static const struct purchase_view order_view = {
    .offer = {.title = HOSTILE,
              .price = 2500000,
              .content_url = "https://shop.example/thanks",
              .vendor_content_id = HOSTILE,
              .is_checkout = true,
              .cancel_url = "https://shop.example/cart?a=1&b=2",
              .asks_shipping = true},
    .currency = "EUR",
    .vendor_name = HOSTILE,
    .vendor_home_url = "https://shop.example/",
};
static const struct page_transaction order = {
    .id = "0190163d-8694-739b-aea5-966c26f8ad92",
    .view = &order_view,
    .choice = {.incentive_code = HOSTILE, .shares_shipping = true},
    .incentive_amount = 2000000,
};

/* B7: by its button; what it pays, and what is left, once a code was typed. */
static void an_incentive_pays_before_the_user_does(void **state)
{
    (void)state;
    const struct purchase_view waiting = {
        .offer = {.title = "Song", .price = 1}, .currency = "EUR", .takes_incentives = true};
    struct rendered page = rendered_begin();
    struct page_frame frame = rendered_frame(&page, "en");
    struct page_buy buy = {.transaction = {.id = "1", .view = &waiting}, .form_token = "token"};
    rendered_read(&page, RENDER_buy, "en", page_buy(&frame, &buy));
    assert_true(holds(&page, "//details[not(@open)][summary='Incentive']"
                             "[.//input[@name='incentive_code'][@value='']]"
                             "[.//button[@value='incentive']]"));
    assert_true(holds(&page, "//input[@name='to_pay'][@value='1']"));
    rendered_close(&page);

    page = rendered_begin();
    frame = rendered_frame(&page, "en");
    buy = (struct page_buy){.transaction = order, .form_token = "token", .asks_incentive = true};
    rendered_read(&page, RENDER_buy, "en", page_buy(&frame, &buy));
    assert_string_equal(text(&page, "//div[dt='Price']/dd"), "2.50 EUR");
    assert_string_equal(text(&page, "//div[dt='Incentive']/dd"), "−2.00 EUR");
    assert_string_equal(text(&page, "//div[dt='Left to pay']/dd"), "0.50 EUR");
    assert_string_equal(text(&page, "//details[@open]//input/@value"), HOSTILE);
    assert_string_equal(text(&page, "//input[@name='to_pay']/@value"), "500000");
    assert_true(holds(&page, "not(//*[@role='alert'])"));
    rendered_close(&page);

    page = rendered_begin();
    frame = rendered_frame(&page, "en");
    buy.transaction.incentive_amount = 0;
    rendered_read(&page, RENDER_buy, "en", page_buy(&frame, &buy));
    assert_true(holds(&page, "not(//div[dt='Left to pay'])"));
    assert_true(holds(&page, "//details[@open]//input[@name='incentive_code'][@aria-invalid]"
                             "[@aria-describedby = //p[@role='alert']/@id]"));
    rendered_close(&page);

    const struct purchase_view plain = {.offer = {.title = "Song", .price = 1}, .currency = "EUR"};
    page = rendered_begin();
    frame = rendered_frame(&page, "en");
    buy = (struct page_buy){.transaction = {.id = "1", .view = &plain}, .form_token = "token"};
    rendered_read(&page, RENDER_buy, "en", page_buy(&frame, &buy));
    assert_true(holds(&page, "not(//details)")); /* none could pay */
    assert_true(holds(&page, "not(//input[@name='shares_shipping'])"));
    rendered_close(&page);
}

/* V12: asked for only where the vendor wants to know, and never ticked beforehand. */
static void shipping_is_the_users_choice(void **state)
{
    (void)state;
    for (int ticked = 0; ticked <= 1; ticked++) {
        struct rendered page = rendered_begin();
        const struct page_frame frame = rendered_frame(&page, "en");
        struct page_buy buy = {.transaction = order, .form_token = "token"};
        buy.transaction.choice.shares_shipping = ticked == 1;
        rendered_read(&page, RENDER_buy, "en", page_buy(&frame, &buy));
        assert_string_equal(text(&page, "string(count(//input[@name='shares_shipping']))"), "1");
        assert_int_equal(holds(&page, "//input[@name='shares_shipping'][@checked]"), ticked);
        assert_true(holds(&page, "contains(//p[@class='detail'], 'Order')"));
        rendered_close(&page);
    }
}

/* B7, V12: the login goes on with what was chosen. */
static void a_choice_is_carried_on(void **state)
{
    (void)state;
    struct rendered page = rendered_begin();
    const struct page_frame frame = rendered_frame(&page, "en");
    const struct page_login login = {.transaction = order, .form_token = "token"};
    rendered_read(&page, RENDER_login, "en", page_login(&frame, &login));
    assert_string_equal(text(&page, "//form//input[@name='incentive_code']/@value"), HOSTILE);
    assert_string_equal(text(&page, "//form//input[@name='to_pay']/@value"), "500000");
    assert_string_equal(text(&page, "//form//input[@name='shares_shipping']/@value"), "1");
    assert_true(holds(&page, "contains(//section[@class='item'], '0.50 EUR left to pay')"));
    rendered_close(&page);
}

/* V12 */
static void a_cancelled_order_goes_back_to_its_vendor(void **state)
{
    (void)state;
    struct rendered page = rendered_begin();
    const struct page_frame frame = rendered_frame(&page, "en");
    const struct page_cancelled cancelled = {
        .transaction = order, .form_token = "token", .just_now = true, .is_order = true};
    rendered_read(&page, RENDER_cancelled, "en", page_cancelled(&frame, &cancelled));
    assert_string_equal(text(&page, "//meta[@http-equiv='refresh']/@content"),
                        "0;url=https://shop.example/cart?a=1&b=2");
    assert_string_equal(text(&page, "//main//a/@href"), "https://shop.example/cart?a=1&b=2");
    assert_true(holds(&page, "not(//button[@value='again']) and not(//*[@data-close-window])"));
    rendered_close(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_incentive_pays_before_the_user_does),
        cmocka_unit_test(shipping_is_the_users_choice),
        cmocka_unit_test(a_choice_is_carried_on),
        cmocka_unit_test(a_cancelled_order_goes_back_to_its_vendor),
    };
    return cmocka_run_group_tests(tests, rendered_load, rendered_unload);
}
