/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns the struct of a page into the document that its stylesheet reads. */
#include "web/page.h"

#include <string.h>

#define PLAY_MONEY "XTS" /* the currency of sandboxes */

static const xmlChar *utf8(const char *text)
{
    return (const xmlChar *)text;
}

struct document {
    const struct page_frame *frame;
    xmlDoc *doc;
    xmlNode *page;
    bool failed; /* memory was short somewhere */
};

static xmlNode *add(struct document *document, xmlNode *parent, const char *name)
{
    xmlNode *node = parent != NULL ? xmlNewChild(parent, NULL, utf8(name), NULL)
                                   : xmlNewDocRawNode(document->doc, NULL, utf8(name), NULL);
    document->failed |= node == NULL;
    return node;
}

/* NULL stays absent; so does what is no UTF-8, which only a broken browser sends. */
static void set(struct document *document, xmlNode *node, const char *name, const char *value)
{
    if (node != NULL && value != NULL && xmlCheckUTF8(utf8(value)))
        document->failed |= xmlNewProp(node, utf8(name), utf8(value)) == NULL;
}

static void set_flag(struct document *document, xmlNode *node, const char *name, bool value)
{
    set(document, node, name, value ? "1" : NULL);
}

static void set_number(struct document *document, xmlNode *node, const char *name, int64_t value)
{
    const char *text = arena_printf(document->frame->arena, "%lld", (long long)value);
    document->failed |= text == NULL;
    set(document, node, name, text);
}

static void set_money(struct document *document, xmlNode *node, const char *name, money_t amount,
                      const char *currency)
{
    const char *text =
        locale_money(document->frame->locale, document->frame->arena, amount, currency);
    document->failed |= text == NULL;
    set(document, node, name, text);
}

/* Twice: for people, and with "-iso" after the name for <time datetime>. */
static void set_time(struct document *document, xmlNode *node, const char *name, time_us_t time)
{
    char iso[TIME_TEXT_SIZE];
    struct arena *arena = document->frame->arena;
    const char *text = locale_time(document->frame->locale, arena, time);
    const char *iso_name = arena_printf(arena, "%s-iso", name);
    if (text == NULL || iso_name == NULL) {
        document->failed = true;
        return;
    }
    set(document, node, name, text);
    set(document, node, iso_name, time_format(time - time % TIME_SECOND, iso));
}

static struct document begin(const struct page_frame *frame)
{
    struct document document = {.frame = frame, .doc = xmlNewDoc(utf8("1.0"))};
    if (document.doc == NULL) {
        document.failed = true;
        return document;
    }
    document.page = add(&document, NULL, "page");
    xmlDocSetRootElement(document.doc, document.page);
    set(&document, document.page, "logout-token", frame->logout_token);
    /* Shows this page again in the language whose code follows. */
    set(&document, document.page, "here",
        arena_printf(frame->arena, "%s%clang=", frame->here,
                     strchr(frame->here, '?') != NULL ? '&' : '?'));
    return document;
}

static xmlDoc *end(struct document *document)
{
    if (document->failed) {
        xmlFreeDoc(document->doc);
        return NULL;
    }
    return document->doc;
}

/* <form>: what was typed, and what was wrong with it. */
static xmlNode *add_form(struct document *document, const char *token, const char *error,
                         const char *field)
{
    xmlNode *form = add(document, document->page, "form");
    set(document, form, "token", token);
    set(document, form, "error", error);
    set(document, form, "field", field);
    return form;
}

/* What pays for the item, and what the user chose so far. */
static void add_payment(struct document *document, xmlNode *item,
                        const struct page_transaction *transaction)
{
    const struct purchase_view *view = transaction->view;
    const money_t left = view->offer.price - transaction->incentive_amount;
    set_flag(document, item, "incentives",
             view->takes_incentives || transaction->choice.incentive_code != NULL);
    set(document, item, "incentive-code", transaction->choice.incentive_code);
    set_number(document, item, "to-pay", left);
    if (transaction->incentive_amount > 0) {
        set_money(document, item, "incentive", -transaction->incentive_amount, view->currency);
        set_money(document, item, "left", left, view->currency);
    }
    set_flag(document, item, "asks-shipping", view->offer.asks_shipping);
    set_flag(document, item, "shares-shipping", transaction->choice.shares_shipping);
    if (view->logged_in) {
        const money_t available = view->balance + view->credit_line;
        set_money(document, item, "balance", view->balance, view->currency);
        if (available < left)
            set_money(document, item, "shortage", left - available, view->currency);
    }
}

/* <item>: what is offered, by whom, for how much, and on which terms. */
static void add_item(struct document *document, const struct page_transaction *transaction)
{
    const struct purchase_view *view = transaction->view;
    if (transaction->id == NULL)
        return;
    xmlNode *item = add(document, document->page, "item");
    set(document, item, "transaction", transaction->id);
    set(document, item, "title", view->offer.title);
    set(document, item, "description", view->offer.description);
    set_money(document, item, "price", view->offer.price, view->currency);
    set(document, item, "vendor", view->vendor_name);
    set(document, item, "vendor-url", view->vendor_home_url);
    if (view->offer.views > 0)
        set_number(document, item, "views", view->offer.views);
    if (view->offer.valid_hours > 0) {
        const bool whole_days = view->offer.valid_hours % 24 == 0;
        set_number(document, item, whole_days ? "days" : "hours",
                   whole_days ? view->offer.valid_hours / 24 : view->offer.valid_hours);
    }
    if (view->offer.absolute_expiry != 0)
        set_time(document, item, "until", view->offer.absolute_expiry);
    if (view->offer.is_checkout) {
        set(document, item, "order", view->offer.vendor_content_id);
        set(document, item, "cancel-url", view->offer.cancel_url);
    }
    set_flag(document, document->page, "sandbox", view->is_sandbox);
    add_payment(document, item, transaction);
}

xmlDoc *page_home(const struct page_frame *frame, const struct page_home *page)
{
    struct document document = begin(frame);
    if (page->sign_up_bonus > 0)
        set_money(&document, document.page, "bonus", page->sign_up_bonus, page->currency);
    return end(&document);
}

bool page_incentive_is_refused(const struct page_transaction *transaction)
{
    return transaction->choice.incentive_code != NULL && transaction->incentive_amount == 0;
}

xmlDoc *page_buy(const struct page_frame *frame, const struct page_buy *page)
{
    struct document document = begin(frame);
    const struct page_transaction *transaction = &page->transaction;
    const bool is_refused = page_incentive_is_refused(transaction);
    add_item(&document, transaction);
    add_form(&document, page->form_token, is_refused ? ft_error_name(FT_INCENTIVE_INVALID) : NULL,
             is_refused ? "incentive_code" : NULL);
    set(&document, document.page, "notice", page->notice);
    set_flag(&document, document.page, "asks-incentive", page->asks_incentive);
    return end(&document);
}

xmlDoc *page_cancelled(const struct page_frame *frame, const struct page_cancelled *page)
{
    struct document document = begin(frame);
    add_item(&document, &page->transaction);
    add_form(&document, page->form_token, NULL, NULL);
    set_flag(&document, document.page, "just-now", page->just_now);
    set_flag(&document, document.page, "order", page->is_order);
    if (page->just_now && page->is_order)
        set(&document, document.page, "refresh", page->transaction.view->offer.cancel_url);
    return end(&document);
}

xmlDoc *page_closed(const struct page_frame *frame, const struct page_transaction *transaction)
{
    struct document document = begin(frame);
    add_item(&document, transaction);
    return end(&document);
}

xmlDoc *page_refused(const struct page_frame *frame, const struct page_refused *page)
{
    struct document document = begin(frame);
    add_item(&document, &page->transaction);
    add_form(&document, page->form_token, NULL, NULL);
    set(&document, document.page, "error", ft_error_name(page->error));
    set(&document, document.page, "bank-account", page->bank_account);
    set(&document, document.page, "payment-reference", page->payment_reference);
    return end(&document);
}

xmlDoc *page_login(const struct page_frame *frame, const struct page_login *page)
{
    struct document document = begin(frame);
    add_item(&document, &page->transaction);
    xmlNode *form = add_form(&document, page->form_token, page->error, page->field);
    set(&document, form, "next", page->next);
    set(&document, form, "login_name", page->login_name);
    set_flag(&document, form, "public_computer", page->public_computer);
    set_flag(&document, form, "from_last_purchase", page->from_last_purchase);
    set(&document, form, "minutes", page->minutes);
    set_number(&document, form, "max-minutes", page->max_minutes);
    return end(&document);
}

xmlDoc *page_register(const struct page_frame *frame, const struct page_register *page)
{
    const struct account_application *typed = page->typed;
    struct document document = begin(frame);
    add_item(&document, &page->transaction);
    xmlNode *form = add_form(&document, page->form_token, page->error, page->field);
    set(&document, form, "login_name", typed->login_name);
    set(&document, form, "full_name", typed->full_name);
    set(&document, form, "email", typed->email);
    set(&document, form, "address", typed->address);
    set(&document, form, "currency", typed->currency);
    set(&document, form, "payment_method", typed->payment_method);
    set(&document, form, "question", typed->answer.question);
    set_number(&document, form, "password-min-length", page->password_min_length);
    for (size_t i = 0; page->currencies[i] != NULL; i++)
        set(&document, add(&document, form, "currency"), "code", page->currencies[i]);
    if (page->sign_up_bonus > 0) {
        set_money(&document, document.page, "bonus", page->sign_up_bonus, page->bonus_currency);
        set(&document, document.page, "bonus-currency", page->bonus_currency);
    }
    return end(&document);
}

xmlDoc *page_account(const struct page_frame *frame, const struct page_account *page)
{
    const struct account_summary *summary = page->summary;
    struct document document = begin(frame);
    set(&document, document.page, "full-name", summary->full_name);
    set(&document, document.page, "bank-account", page->bank_account);
    set(&document, document.page, "payment-reference", summary->payment_reference);
    for (int i = 0; i < summary->wallets_count; i++) {
        const struct account_wallet *wallet = &summary->wallets[i];
        xmlNode *node = add(&document, document.page, "wallet");
        set_money(&document, node, "balance", wallet->balance, wallet->currency);
        set_flag(&document, node, "sandbox", strcmp(wallet->currency, PLAY_MONEY) == 0);
        if (wallet->credit_line > 0)
            set_money(&document, node, "credit-line", wallet->credit_line, wallet->currency);
    }
    for (int i = 0; i < summary->transactions_count; i++) {
        const struct account_transaction *transaction = &summary->transactions[i];
        xmlNode *node = add(&document, document.page, "transaction");
        set_time(&document, node, "at", transaction->booked_at);
        set(&document, node, "kind", transaction->kind);
        set(&document, node, "title", transaction->title);
        set(&document, node, "vendor", transaction->vendor_name);
        set_money(&document, node, "amount", transaction->amount, transaction->currency);
        set_flag(&document, node, "credit", transaction->amount > 0);
        set_flag(&document, node, "sandbox", strcmp(transaction->currency, PLAY_MONEY) == 0);
    }
    return end(&document);
}

xmlDoc *page_content(const struct page_frame *frame, const struct page_content *page)
{
    struct document document = begin(frame);
    add_form(&document, page->form_token, page->form_expired ? "FORM_EXPIRED" : NULL, NULL);
    set(&document, document.page, "newer", page->newer_url);
    set(&document, document.page, "older", page->older_url);
    for (int i = 0; i < page->count; i++) {
        const struct license_item *item = &page->items[i];
        xmlNode *node = add(&document, document.page, "license");
        set(&document, node, "content", item->content_id);
        set(&document, node, "title", item->title);
        set(&document, node, "vendor", item->vendor_name);
        set_time(&document, node, "bought", item->bought_at);
        set_flag(&document, node, "valid", item->valid);
        set_flag(&document, node, "sandbox", item->is_sandbox);
        if (item->views_left >= 0)
            set_number(&document, node, "views-left", item->views_left);
        if (item->expires_at != 0)
            set_time(&document, node, "expires", item->expires_at);
    }
    return end(&document);
}

xmlDoc *page_return(const struct page_frame *frame, const struct purchase_return *page)
{
    struct document document = begin(frame);
    xmlNode *destination = add(&document, document.page, "return");
    set(&document, destination, "url", page->content_url);
    set_flag(&document, destination, "post", page->is_post);
    set(&document, document.page, "refresh", page->is_post ? NULL : page->content_url);
    set(&document, destination, "encrypted-user-id", page->encrypted_user_id);
    set(&document, destination, "content-id", page->content_id);
    set(&document, destination, "optional-data", page->optional_data);
    set_flag(&document, document.page, "sandbox", strcmp(page->currency, PLAY_MONEY) == 0);
    return end(&document);
}

xmlDoc *page_failure(const struct page_frame *frame, const struct page_failure *page)
{
    struct document document = begin(frame);
    set(&document, document.page, "error", ft_error_name(page->error));
    set(&document, document.page, "correlation", page->correlation_id);
    set(&document, document.page, "retry", page->retry_url);
    return end(&document);
}
