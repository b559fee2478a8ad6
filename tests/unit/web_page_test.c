/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every page, rendered in every language and read again as a browser would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "web_rendered.h"

static const struct purchase_view hostile_view = {
    .offer = {.title = HOSTILE,
              .price = 500,
              .content_url = "https://shop.example/?a=1&b=2",
              .description = HOSTILE,
              .views = 3,
              .valid_hours = 48,
              .absolute_expiry = 1795324511 * TIME_SECOND},
    .currency = "EUR",
    .vendor_name = HOSTILE,
    .vendor_home_url = "https://shop.example/",
    .logged_in = true,
    .balance = 100,
    .takes_incentives = true,
    .is_sandbox = true,
};
static const struct page_transaction transaction = {.id = "0190163d-8694-739b-aea5-966c26f8ad91",
                                                    .view = &hostile_view};

static xmlDoc *make_home(const struct page_frame *frame)
{
    return page_home(frame, &(struct page_home){1000000, "EUR"});
}

static xmlDoc *make_buy(const struct page_frame *frame)
{
    return page_buy(frame, &(struct page_buy){transaction, "token", "renewed", false});
}

static xmlDoc *make_cancelled(const struct page_frame *frame)
{
    return page_cancelled(frame, &(struct page_cancelled){transaction, "token", true, false});
}

static xmlDoc *make_closed(const struct page_frame *frame)
{
    return page_closed(frame, &transaction);
}

static xmlDoc *make_refused(const struct page_frame *frame)
{
    return page_refused(frame, &(struct page_refused){transaction, "token", FT_INSUFFICIENT_FUNDS,
                                                      HOSTILE, HOSTILE});
}

static xmlDoc *make_login(const struct page_frame *frame)
{
    const struct page_login page = {
        .transaction = transaction,
        .form_token = "token",
        .next = "content",
        .login_name = HOSTILE,
        .public_computer = true,
        .minutes = HOSTILE,
        .max_minutes = 1440,
        .error = "INVALID_PARAMETER",
        .field = "minutes",
    };
    return page_login(frame, &page);
}

static xmlDoc *make_register(const struct page_frame *frame)
{
    static const char *const currencies[] = {"EUR", "USD", NULL};
    const struct account_application typed = {
        .login_name = HOSTILE,
        .password = "open sesame",
        .full_name = HOSTILE,
        .email = HOSTILE,
        .address = HOSTILE,
        .currency = "USD",
        .payment_method = "check",
        .answer = {"siblings", "four of them"},
    };
    const struct page_register page = {
        .transaction = transaction,
        .form_token = "token",
        .typed = &typed,
        .sign_up_bonus = 1000000,
        .bonus_currency = "EUR",
        .currencies = currencies,
        .password_min_length = 10,
        .error = "LOGIN_NAME_TAKEN",
        .field = "login_name",
    };
    return page_register(frame, &page);
}

static xmlDoc *make_account(const struct page_frame *frame)
{
    struct account_wallet wallets[] = {{"EUR", 4217500, 0}, {"JPY", 1000000, 5000000}};
    struct account_transaction transactions[] = {
        {1795324511 * TIME_SECOND, "purchase", HOSTILE, HOSTILE, "EUR", -500},
        {1795324510 * TIME_SECOND, "bonus", NULL, NULL, "EUR", 1000000},
        {1795324509 * TIME_SECOND, "deposit", NULL, NULL, "EUR", 1000000},
        {1795324508 * TIME_SECOND, "refund", HOSTILE, HOSTILE, "EUR", 500},
        {1795324507 * TIME_SECOND, "bonus", NULL, NULL, "XTS", 1000000000},
        {1795324506 * TIME_SECOND, "direct_debit_return", NULL, NULL, "EUR", -2000000},
    };
    const struct account_summary summary = {
        .login_name = HOSTILE,
        .full_name = HOSTILE,
        .payment_reference = HOSTILE,
        .wallets = wallets,
        .wallets_count = 2,
        .transactions = transactions,
        .transactions_count = 6,
    };
    return page_account(frame, &(struct page_account){&summary, HOSTILE});
}

static xmlDoc *make_content(const struct page_frame *frame)
{
    const struct license_item items[] = {
        {"c1", HOSTILE, HOSTILE, 1795324511 * TIME_SECOND, 2, 1795324511 * TIME_SECOND, true, true},
        {"c2", "Gone", "Shop", 1795324511 * TIME_SECOND, 0, 0, false, false},
    };
    return page_content(
        frame, &(struct page_content){"token", items, 2, "/content", "/content?from=50", false});
}

static const struct purchase_return post_return = {
    .content_url = "https://shop.example/?a=1&b=2",
    .is_post = true,
    .encrypted_user_id = "encrypted",
    .currency = "XTS",
    .content_id = HOSTILE,
    .optional_data = HOSTILE,
};

static xmlDoc *make_return(const struct page_frame *frame)
{
    return page_return(frame, &post_return);
}

static xmlDoc *make_failure(const struct page_frame *frame)
{
    return page_failure(frame, &(struct page_failure){FT_INTERNAL, HOSTILE, "/buy/1"});
}

static xmlDoc *(*const makers[RENDER_PAGE_COUNT])(const struct page_frame *) = {
    [RENDER_home] = make_home,           [RENDER_buy] = make_buy,
    [RENDER_cancelled] = make_cancelled, [RENDER_closed] = make_closed,
    [RENDER_refused] = make_refused,     [RENDER_login] = make_login,
    [RENDER_register] = make_register,   [RENDER_account] = make_account,
    [RENDER_content] = make_content,     [RENDER_return] = make_return,
    [RENDER_failure] = make_failure,
};

static struct rendered open_page(enum render_page name, const char *language)
{
    struct rendered page = rendered_begin();
    const struct page_frame frame = rendered_frame(&page, language);
    rendered_read(&page, name, language, makers[name](&frame));
    return page;
}

static void for_each_page(void (*check)(struct rendered *page, enum render_page name))
{
    for (size_t i = 0; i < LOCALE_COUNT; i++) {
        for (int name = 0; name < RENDER_PAGE_COUNT; name++) {
            struct rendered page = open_page((enum render_page)name, locales[i].code);
            check(&page, (enum render_page)name);
            rendered_close(&page);
        }
    }
}

static void check_structure(struct rendered *page, enum render_page name)
{
    (void)name;
    assert_int_equal(strncmp(page->html, "<!DOCTYPE html>\n<html lang=\"", 28), 0);
    assert_holds(page, "count(//head/meta[@charset='utf-8']) = 1 and count(//meta/@content) <= 4");
    assert_holds(page, "count(//h1) = 1 and count(//main) = 1");
    assert_holds(page, "count(//header) = 1 and count(//footer) = 1 and string(//title)");
    assert_holds(page, "count(//script) = 1 and not(//style) and not(//@style)");
    assert_holds(page, "not(//*[@id = following::*/@id or @id = descendant::*/@id])");
    for (size_t i = 0; i < LOCALE_COUNT; i++) {
        char *path = arena_printf(page->arena,
                                  "//footer//a[@lang='%1$s' and @hreflang='%1$s']/@href = "
                                  "'/login?transaction=1&lang=%1$s'",
                                  locales[i].code);
        assert_holds(page, path);
    }
    assert_holds(page, "count(//footer//a[@aria-current]) = 1 and "
                       "//footer//a[@aria-current]/@lang = /html/@lang");
    assert_holds(page, "not(//nav[not(@aria-label)])");
}

/* U17 and everybody who uses a keyboard, a screen reader, or both. */
static void every_page_has_its_landmarks(void **state)
{
    (void)state;
    for_each_page(check_structure);
}

static void check_escaping(struct rendered *page, enum render_page name)
{
    (void)name;
    assert_holds(page, "not(//b) and not(//@onclick) and not(//body//script)");
    assert_string_equal(text(page, "//header/a"), HOSTILE);
    assert_holds(page, "not(contains(//main, 'amp;amp;'))");
}

static void what_others_typed_stays_text(void **state)
{
    (void)state;
    for_each_page(check_escaping);
}

static void check_forms(struct rendered *page, enum render_page name)
{
    (void)name;
    assert_holds(page, "not(//input[not(@type='hidden')][not(@id = //label/@for)])");
    assert_holds(page, "not((//select | //textarea)[not(@id = //label/@for)])");
    assert_holds(page, "not(//label[not(@for = //@id)])");
    assert_holds(page, "not(//*[@aria-describedby and not(@aria-describedby = //@id)])");
    assert_holds(page, "not(//form[not(@method='post')])");
    assert_holds(page, "not(//form[starts-with(@action, '/')][not(input[@name='form_token']"
                       "/@value='token')])");
    assert_holds(page, "not(//form[not(.//button)])");
}

static void every_form_has_labels_and_a_token(void **state)
{
    (void)state;
    for_each_page(check_forms);
}

static void the_buy_window_says_what_is_sold(void **state)
{
    (void)state;
    struct rendered page = open_page(RENDER_buy, "de");
    assert_string_equal(text(&page, "//h1"), HOSTILE);
    assert_string_equal(text(&page, "//p[@class='description']"), HOSTILE);
    assert_string_equal(text(&page, "//p[@class='vendor']"), HOSTILE);
    assert_string_equal(text(&page, "//div[dt='Preis']/dd"), "0,0005 EUR");
    assert_string_equal(text(&page, "//div[dt='Ihr Guthaben']/dd"), "0,0001 EUR");
    assert_string_equal(text(&page, "//div[dt='Es fehlen']/dd"), "0,0004 EUR");
    assert_string_equal(text(&page, "//ul[@class='terms']"),
                        "3-mal abrufbar2 Tage lang verfügbarBis 22.11.2026, 05:15 UTC");
    assert_true(holds(&page, "//main//form[@action='/buy/0190163d-8694-739b-aea5-966c26f8ad91']"
                             "[.//button[@name='action'][@value='buy']]"
                             "[.//button[@name='action'][@value='cancel']]"));
    assert_true(holds(&page, "//p[@role='status']"));
    rendered_close(&page);
}

/* What is paid with play money says so. */
static void check_sandbox(struct rendered *page, enum render_page name)
{
    const bool speaks_of_an_item = name == RENDER_buy || name == RENDER_cancelled ||
                                   name == RENDER_refused || name == RENDER_login ||
                                   name == RENDER_register || name == RENDER_closed ||
                                   name == RENDER_return;
    assert_int_equal(holds(page, "//p[@class='sandbox']"), speaks_of_an_item);
}

static void a_sandbox_shows(void **state)
{
    (void)state;
    for_each_page(check_sandbox);
}

/* B6, S1, V10 */
static void the_return_carries_three_parameters(void **state)
{
    (void)state;
    struct rendered page = open_page(RENDER_return, "en");
    assert_string_equal(text(&page, "//main//form/@action"), "https://shop.example/?a=1&b=2");
    assert_string_equal(text(&page, "count(//main//form//input)"), "3");
    assert_string_equal(text(&page, "//input[@name='EncryptedUserID']/@value"), "encrypted");
    assert_string_equal(text(&page, "//input[@name='ContentID']/@value"), HOSTILE);
    assert_string_equal(text(&page, "//input[@name='OptionalData']/@value"), HOSTILE);
    assert_false(holds(&page, "//meta[@http-equiv]"));
    rendered_close(&page);

    struct purchase_return get_return = post_return;
    get_return.is_post = false;
    page = rendered_begin();
    const struct page_frame frame = rendered_frame(&page, "en");
    rendered_read(&page, RENDER_return, "en", page_return(&frame, &get_return));
    assert_string_equal(text(&page, "//meta[@http-equiv='refresh']/@content"),
                        "0;url=https://shop.example/?a=1&b=2");
    assert_string_equal(text(&page, "//main//a/@href"), "https://shop.example/?a=1&b=2");
    rendered_close(&page);
}

/* B2: ticked by default is the handler's; here that the form shows what it is told. */
static void the_login_keeps_what_was_typed(void **state)
{
    (void)state;
    struct rendered page = open_page(RENDER_login, "en");
    assert_string_equal(text(&page, "//input[@name='login_name']/@value"), HOSTILE);
    assert_string_equal(text(&page, "//input[@name='minutes']/@value"), HOSTILE);
    assert_true(holds(&page, "//input[@name='minutes'][@aria-invalid='true']"
                             "[@aria-describedby = //p[@role='alert']/@id]"));
    assert_true(holds(&page, "//input[@name='public_computer'][@checked]"));
    assert_true(holds(&page, "//input[@name='from_last_purchase'][@value='0'][@checked]"));
    assert_true(holds(&page, "not(//input[@type='password'][@value])"));
    assert_string_equal(text(&page, "//section//p[@class='amount']"), "0.0005 EUR");
    assert_string_equal(text(&page, "//main//form//button"), "Log in and buy");
    rendered_close(&page);
}

/* U1 */
static void the_registration_keeps_what_was_typed_but_secrets(void **state)
{
    (void)state;
    struct rendered page = open_page(RENDER_register, "en");
    assert_string_equal(text(&page, "//input[@name='full_name']/@value"), HOSTILE);
    assert_string_equal(text(&page, "//input[@name='email']/@value"), HOSTILE);
    assert_string_equal(text(&page, "//textarea[@name='address']"), HOSTILE);
    assert_string_equal(text(&page, "//select[@name='currency']/option[@selected]"), "USD");
    assert_string_equal(text(&page, "//select[@name='payment_method']/option[@selected]/@value"),
                        "check");
    assert_string_equal(text(&page, "//select[@name='question']/option[@selected]/@value"),
                        "siblings");
    assert_null(strstr(page.html, "open sesame"));
    assert_null(strstr(page.html, "four of them"));
    assert_true(holds(&page, "//input[@name='login_name'][@aria-invalid='true']"
                             "[@aria-describedby = //p[@role='alert']/@id]"));
    assert_string_equal(text(&page, "count(//*[@role='alert'])"), "1");
    assert_string_equal(text(&page, "//p[@class='bonus']"),
                        "Your welcome gift: 1.00 EUR, ready to spend at once.");
    rendered_close(&page);
}

/* U5 */
static void the_account_shows_balances_and_transactions(void **state)
{
    (void)state;
    struct rendered page = open_page(RENDER_account, "en");
    assert_string_equal(text(&page, "//ul[@class='balances']/li[1]/strong"), "4.2175 EUR");
    assert_string_equal(text(&page, "//ul[@class='balances']/li[2]"),
                        "1 JPYand a credit line of 5 JPY");
    assert_string_equal(text(&page, "//ul[@class='rows']/li[1]/p[2]"), "−0.0005 EUR");
    assert_string_equal(text(&page, "//ul[@class='rows']/li[2]/p[1]"), "Welcome gift");
    assert_string_equal(text(&page, "//ul[@class='rows']/li[2]/p[2]"), "+1.00 EUR");
    assert_string_equal(text(&page, "//ul[@class='rows']/li[3]/p[1]"), "Funds received");
    assert_string_equal(text(&page, "//ul[@class='rows']/li[4]/p[1]"), "Refund: " HOSTILE);
    assert_string_equal(text(&page, "//ul[@class='rows']/li[5]/p[1]"),
                        "Play money for tests, worth nothing");
    assert_string_equal(text(&page, "//ul[@class='rows']/li[6]/p[1]"),
                        "Payment taken back by your bank");
    assert_string_equal(text(&page, "//li[1]//time/@datetime"), "2026-11-22T05:15:11Z");
    rendered_close(&page);
}

/* U7 */
static void only_valid_content_has_a_button(void **state)
{
    (void)state;
    struct rendered page = open_page(RENDER_content, "en");
    assert_string_equal(text(&page, "count(//main//form)"), "1");
    assert_string_equal(text(&page, "//main//form/@action"), "/content/c1");
    assert_true(holds(&page, "//main//button[@aria-labelledby='open-c1 title-c1']"));
    assert_string_equal(text(&page, "//ul[@class='rows']/li[2]/p[@class='ended']"),
                        "No longer opens");
    assert_string_equal(text(&page, "//a[@rel='next']/@href"), "/content?from=50");
    assert_true(holds(&page, "contains(//li[1]/p[@class='detail'], 'Play money')"));
    assert_false(holds(&page, "contains(//li[2]/p[@class='detail'], 'Play money')"));
    rendered_close(&page);
}

/* B5: each limit has its own sentence, and no refusal shares one with another. */
static void every_refusal_says_why(void **state)
{
    (void)state;
    static const enum ft_error errors[] = {
        FT_INSUFFICIENT_FUNDS, FT_LIMIT_TRANSACTION, FT_LIMIT_SESSION,    FT_LIMIT_DAY,
        FT_LIMIT_WEEK,         FT_LIMIT_MONTH,       FT_ACCOUNT_DISABLED, FT_VENDOR_DISABLED,
    };
    enum { COUNT = sizeof errors / sizeof errors[0] };
    struct rendered pages[COUNT];
    for (int i = 0; i < COUNT; i++) {
        pages[i] = rendered_begin();
        const struct page_frame frame = rendered_frame(&pages[i], "en");
        const struct page_refused refused = {transaction, "token", errors[i], "DE02", "FA-1"};
        rendered_read(&pages[i], RENDER_refused, "en", page_refused(&frame, &refused));
        assert_true(holds(&pages[i], "string-length(//p[@role='alert']) > 20"));
        assert_true(holds(&pages[i], "//main//button[@value='cancel'] and "
                                     "//main//a[@href='https://shop.example/']"));
        for (int j = 0; j < i; j++)
            assert_string_not_equal(text(&pages[i], "//p[@role='alert']"),
                                    text(&pages[j], "//p[@role='alert']"));
    }
    assert_true(holds(&pages[0], "//section[@class='funds']//code = 'FA-1'")); /* B4 */
    assert_true(holds(&pages[1], "not(//section[@class='funds'])"));
    for (int i = 0; i < COUNT; i++)
        rendered_close(&pages[i]);
}

/* Renders every page in every language, mixed with others; each is as it was the first time. */
static void *render_again(void *unused)
{
    char *first[LOCALE_COUNT][RENDER_PAGE_COUNT] = {0};
    uintptr_t differ = 0;
    (void)unused;
    for (int turn = 0; turn < 20; turn++) {
        for (int i = 0; i < LOCALE_COUNT * RENDER_PAGE_COUNT; i++) {
            const int language = i / RENDER_PAGE_COUNT;
            const int name = i % RENDER_PAGE_COUNT;
            struct rendered page = open_page((enum render_page)name, locales[language].code);
            if (first[language][name] == NULL)
                first[language][name] = strdup(page.html);
            differ += strcmp(first[language][name], page.html) != 0;
            rendered_close(&page);
        }
    }
    for (int i = 0; i < LOCALE_COUNT * RENDER_PAGE_COUNT; i++)
        free(first[i / RENDER_PAGE_COUNT][i % RENDER_PAGE_COUNT]);
    return (void *)differ; /* NULL: none */
}

static void a_page_leaves_nothing_to_the_next(void **state)
{
    (void)state;
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, render_again, NULL), 0);
    for (int i = 0; i < 4; i++) {
        void *differ = NULL;
        pthread_join(threads[i], &differ);
        assert_null(differ);
    }
}

/* libxslt's dictionary has every value of an attribute named id. */
static void what_pages_showed_takes_no_memory(void **state)
{
    (void)state;
    size_t before = 0;
    for (int i = 0; i < 20000; i++) {
        struct rendered page = rendered_begin();
        const struct page_frame frame = rendered_frame(&page, "en");
        struct license_item item = {.content_id = arena_printf(page.arena, "content-%d", i),
                                    .title = "Song",
                                    .vendor_name = "Shop",
                                    .valid = true,
                                    .views_left = -1};
        const struct page_content content = {.form_token = "token", .items = &item, .count = 1};
        rendered_read(&page, RENDER_content, "en", page_content(&frame, &content));
        rendered_close(&page);
        if (i == 4000)
            before = mallinfo2().uordblks;
    }
    assert_true(mallinfo2().uordblks < before + 500000);
}

/* A browser that sends no UTF-8 does not break the page. */
static void broken_text_is_left_out(void **state)
{
    (void)state;
    struct rendered page = rendered_begin();
    const struct page_frame frame = rendered_frame(&page, "en");
    const struct page_login login = {.form_token = "token", .login_name = "\xff\xfe<"};
    rendered_read(&page, RENDER_login, "en", page_login(&frame, &login));
    assert_string_equal(text(&page, "//input[@name='login_name']/@value"), "");
    rendered_close(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_has_its_landmarks),
        cmocka_unit_test(what_others_typed_stays_text),
        cmocka_unit_test(every_form_has_labels_and_a_token),
        cmocka_unit_test(the_buy_window_says_what_is_sold),
        cmocka_unit_test(a_sandbox_shows),
        cmocka_unit_test(the_return_carries_three_parameters),
        cmocka_unit_test(the_login_keeps_what_was_typed),
        cmocka_unit_test(the_registration_keeps_what_was_typed_but_secrets),
        cmocka_unit_test(the_account_shows_balances_and_transactions),
        cmocka_unit_test(only_valid_content_has_a_button),
        cmocka_unit_test(every_refusal_says_why),
        cmocka_unit_test(a_page_leaves_nothing_to_the_next),
        cmocka_unit_test(what_pages_showed_takes_no_memory),
        cmocka_unit_test(broken_text_is_left_out),
    };
    return cmocka_run_group_tests(tests, rendered_load, rendered_unload);
}
