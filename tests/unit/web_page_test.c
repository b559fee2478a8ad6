/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every page, rendered in every language and read again as a browser would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>
#include <stdio.h>
#include <string.h>

#include "web/page.h"
#include "web/render.h"

/* What a vendor, a user or a thief might type. */
#define HOSTILE "\"'><script>alert(1)</script>&amp;<b onclick=x>ü"

static struct render *render;

/* One page as it was rendered. */
struct rendered {
    struct arena *arena;
    const char *html;
    size_t bytes;
    xmlDoc *document;
    xmlXPathContext *xpath;
};

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
};
static const struct page_transaction transaction = {"0190163d-8694-739b-aea5-966c26f8ad91",
                                                    &hostile_view};

static xmlDoc *make_home(const struct page_frame *frame)
{
    return page_home(frame, &(struct page_home){1000000, "EUR"});
}

static xmlDoc *make_buy(const struct page_frame *frame)
{
    return page_buy(frame, &(struct page_buy){transaction, "token", "renewed"});
}

static xmlDoc *make_cancelled(const struct page_frame *frame)
{
    return page_cancelled(frame, &(struct page_cancelled){transaction, "token", true});
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
    };
    const struct account_summary summary = {
        .login_name = HOSTILE,
        .full_name = HOSTILE,
        .payment_reference = HOSTILE,
        .wallets = wallets,
        .wallets_count = 2,
        .transactions = transactions,
        .transactions_count = 3,
    };
    return page_account(frame, &(struct page_account){&summary, HOSTILE});
}

static xmlDoc *make_content(const struct page_frame *frame)
{
    const struct license_item items[] = {
        {"c1", HOSTILE, HOSTILE, 1795324511 * TIME_SECOND, 2, 1795324511 * TIME_SECOND, true},
        {"c2", "Gone", "Shop", 1795324511 * TIME_SECOND, 0, 0, false},
    };
    return page_content(
        frame, &(struct page_content){"token", items, 2, "/content", "/content?from=50", false});
}

static const struct purchase_return post_return = {
    .content_url = "https://shop.example/?a=1&b=2",
    .is_post = true,
    .encrypted_user_id = "encrypted",
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
    [RENDER_cancelled] = make_cancelled, [RENDER_refused] = make_refused,
    [RENDER_login] = make_login,         [RENDER_register] = make_register,
    [RENDER_account] = make_account,     [RENDER_content] = make_content,
    [RENDER_return] = make_return,       [RENDER_failure] = make_failure,
};

static struct page_frame frame_for(const struct rendered *page, const char *language)
{
    return (struct page_frame){
        .arena = page->arena,
        .locale = locale_find(language),
        .here = "/login?transaction=1",
        .provider_name = HOSTILE,
        .support_email = "help@pay.example",
        .stylesheet_url = "/static/farthing.css?v=1",
        .script_url = "/static/farthing.js?v=1",
        .icon_url = "/static/farthing.svg?v=1",
        .logout_token = "token",
    };
}

static struct rendered begin(void)
{
    struct rendered page = {.arena = arena_new(1000000)};
    assert_non_null(page.arena);
    return page;
}

static void read_page(struct rendered *page, enum render_page name, const char *language,
                      xmlDoc *document)
{
    assert_non_null(document);
    assert_int_equal(render_html(render, page->arena, name, locale_find(language), document,
                                 &page->html, &page->bytes),
                     FT_OK);
    xmlFreeDoc(document);
    page->document = htmlReadMemory(page->html, (int)page->bytes, NULL, "UTF-8",
                                    HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING);
    page->xpath = xmlXPathNewContext(page->document);
    assert_non_null(page->xpath);
}

static struct rendered open_page(enum render_page name, const char *language)
{
    struct rendered page = begin();
    const struct page_frame frame = frame_for(&page, language);
    read_page(&page, name, language, makers[name](&frame));
    return page;
}

static void close_page(struct rendered *page)
{
    xmlXPathFreeContext(page->xpath);
    xmlFreeDoc(page->document);
    arena_free(page->arena);
}

/* XPath's string(), in the page's arena. */
static const char *text(const struct rendered *page, const char *path)
{
    xmlXPathObject *object = xmlXPathEvalExpression((const xmlChar *)path, page->xpath);
    assert_non_null(object);
    xmlChar *string = xmlXPathCastToString(object);
    const char *copy = arena_strdup(page->arena, (const char *)string);
    xmlFree(string);
    xmlXPathFreeObject(object);
    return copy;
}

static bool holds(const struct rendered *page, const char *path)
{
    xmlXPathObject *object = xmlXPathEvalExpression((const xmlChar *)path, page->xpath);
    assert_non_null(object);
    const bool is_true = xmlXPathCastToBoolean(object);
    xmlXPathFreeObject(object);
    return is_true;
}

static void for_each_page(void (*check)(struct rendered *page, enum render_page name))
{
    for (size_t i = 0; i < LOCALE_COUNT; i++) {
        for (int name = 0; name < RENDER_PAGE_COUNT; name++) {
            struct rendered page = open_page((enum render_page)name, locales[i].code);
            check(&page, (enum render_page)name);
            close_page(&page);
        }
    }
}

#define assert_holds(page, path)                  \
    do {                                          \
        if (!holds(page, path))                   \
            fail_msg("%s: %s", path, page->html); \
    } while (0)

static void check_structure(struct rendered *page, enum render_page name)
{
    (void)name;
    assert_int_equal(strncmp(page->html, "<!DOCTYPE html>\n<html lang=\"", 28), 0);
    assert_holds(page, "count(//head/meta[@charset='utf-8']) = 1 and count(//meta/@content) <= 4");
    assert_holds(page, "count(//h1) = 1 and count(//main) = 1");
    assert_holds(page, "count(//header) = 1 and count(//footer) = 1 and string(//title)");
    assert_holds(page, "count(//script) = 1 and not(//style) and not(//@style)");
    assert_holds(page, "not(//*[@id = following::*/@id or @id = descendant::*/@id])");
    assert_holds(page, "//footer//a[@lang='de' and @hreflang='de']/@href = "
                       "'/login?transaction=1&lang=de'");
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
                             "[button[@name='action'][@value='buy']]"
                             "[button[@name='action'][@value='cancel']]"));
    assert_true(holds(&page, "//p[@role='status']"));
    close_page(&page);
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
    close_page(&page);

    struct purchase_return get_return = post_return;
    get_return.is_post = false;
    page = begin();
    const struct page_frame frame = frame_for(&page, "en");
    read_page(&page, RENDER_return, "en", page_return(&frame, &get_return));
    assert_string_equal(text(&page, "//meta[@http-equiv='refresh']/@content"),
                        "0;url=https://shop.example/?a=1&b=2");
    assert_string_equal(text(&page, "//main//a/@href"), "https://shop.example/?a=1&b=2");
    close_page(&page);
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
    close_page(&page);
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
    close_page(&page);
}

/* U5 */
static void the_account_shows_balances_and_transactions(void **state)
{
    (void)state;
    struct rendered page = open_page(RENDER_account, "en");
    assert_string_equal(text(&page, "//dl[@class='balances']/div[1]/dt"), "4.2175 EUR");
    assert_string_equal(text(&page, "//dl[@class='balances']/div[2]"),
                        "1 JPYand a credit line of 5 JPY");
    assert_string_equal(text(&page, "//ul[@class='rows']/li[1]/p[2]"), "−0.0005 EUR");
    assert_string_equal(text(&page, "//ul[@class='rows']/li[2]/p[1]"), "Welcome gift");
    assert_string_equal(text(&page, "//ul[@class='rows']/li[2]/p[2]"), "+1.00 EUR");
    assert_string_equal(text(&page, "//ul[@class='rows']/li[3]/p[1]"), "Funds received");
    assert_string_equal(text(&page, "//li[1]//time/@datetime"), "2026-11-22T05:15:11Z");
    close_page(&page);
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
    close_page(&page);
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
        pages[i] = begin();
        const struct page_frame frame = frame_for(&pages[i], "en");
        const struct page_refused refused = {transaction, "token", errors[i], "DE02", "FA-1"};
        read_page(&pages[i], RENDER_refused, "en", page_refused(&frame, &refused));
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
        close_page(&pages[i]);
}

/* A browser that sends no UTF-8 does not break the page. */
static void broken_text_is_left_out(void **state)
{
    (void)state;
    struct rendered page = begin();
    const struct page_frame frame = frame_for(&page, "en");
    const struct page_login login = {.form_token = "token", .login_name = "\xff\xfe<"};
    read_page(&page, RENDER_login, "en", page_login(&frame, &login));
    assert_string_equal(text(&page, "//input[@name='login_name']/@value"), "");
    close_page(&page);
}

static int load(void **state)
{
    (void)state;
    render = render_load(WEB_DIRECTORY);
    return render != NULL ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    render_free(render);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_has_its_landmarks),
        cmocka_unit_test(what_others_typed_stays_text),
        cmocka_unit_test(every_form_has_labels_and_a_token),
        cmocka_unit_test(the_buy_window_says_what_is_sold),
        cmocka_unit_test(the_return_carries_three_parameters),
        cmocka_unit_test(the_login_keeps_what_was_typed),
        cmocka_unit_test(the_registration_keeps_what_was_typed_but_secrets),
        cmocka_unit_test(the_account_shows_balances_and_transactions),
        cmocka_unit_test(only_valid_content_has_a_button),
        cmocka_unit_test(every_refusal_says_why),
        cmocka_unit_test(broken_text_is_left_out),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
