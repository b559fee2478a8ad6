/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every page as a C struct, and the small document that its stylesheet reads.
 *
 * page_<name>() returns that document, NULL when memory is short; the caller frees it with
 * xmlFreeDoc. Nothing here knows HTTP, and nothing is written as HTML before the stylesheet.
 */
#ifndef FARTHING_WEB_PAGE_H
#define FARTHING_WEB_PAGE_H

#include <libxml/tree.h>
#include <stdbool.h>

#include "service/account.h"
#include "service/license.h"
#include "service/purchase.h"
#include "web/locale.h"

/* What surrounds the content of every page. */
struct page_frame {
    struct arena *arena;
    const struct locale *locale;
    const char *here;         /* URL that shows the page again; the language links add to it */
    const char *logout_token; /* NULL: nobody is logged in */
};

struct page_home {
    money_t sign_up_bonus;
    const char *currency;
};

/* The transaction that a page speaks of. */
struct page_transaction {
    const char *id;
    const struct purchase_view *view;
    struct purchase_choice choice; /* as typed and ticked so far */
    money_t incentive_amount;      /* that the code pays; 0: there is none, or it pays nothing */
};

/* A code was typed, and pays nothing. */
bool page_incentive_is_refused(const struct page_transaction *transaction);

struct page_buy {
    struct page_transaction transaction;
    const char *form_token;
    const char *notice;  /* NULL, "renewed" (V11), "form_expired" or "incentive_changed" */
    bool asks_incentive; /* its field is open */
};

struct page_cancelled {
    struct page_transaction transaction;
    const char *form_token;
    bool just_now; /* the popup may close */
    bool is_order; /* of goods: back to the vendor, which alone can offer it again (V12) */
};

/* The purchase was refused: too few tokens, a limit, a disabled account or vendor (B4, B5). */
struct page_refused {
    struct page_transaction transaction;
    const char *form_token;
    enum ft_error error;
    const char *bank_account;      /* of the provider */
    const char *payment_reference; /* of the user; NULL: not known */
};

struct page_login {
    struct page_transaction transaction; /* id NULL: none */
    const char *form_token;
    const char *next; /* page to show afterwards; NULL: none */
    const char *login_name;
    bool public_computer;
    bool from_last_purchase;
    const char *minutes;
    int max_minutes;
    const char *error; /* NULL, a name of enum ft_error or "FORM_EXPIRED" */
    const char *field; /* with INVALID_PARAMETER */
};

struct page_register {
    struct page_transaction transaction; /* id NULL: none */
    const char *form_token;
    const struct account_application *typed; /* never shows the password */
    money_t sign_up_bonus;
    const char *bonus_currency;
    const char *const *currencies; /* to choose from, ended by NULL */
    int password_min_length;
    const char *error; /* as in page_login */
    const char *field;
};

struct page_account {
    const struct account_summary *summary;
    const char *bank_account;
};

struct page_content {
    const char *form_token;
    const struct license_item *items;
    int count;
    const char *newer_url; /* NULL: this is the newest page, the oldest */
    const char *older_url;
    bool form_expired;
};

struct page_failure {
    enum ft_error error;
    const char *correlation_id;
    const char *retry_url; /* safe to follow, even if all was done; NULL: nothing to repeat */
};

xmlDoc *page_home(const struct page_frame *frame, const struct page_home *page);
xmlDoc *page_buy(const struct page_frame *frame, const struct page_buy *page);
xmlDoc *page_cancelled(const struct page_frame *frame, const struct page_cancelled *page);
xmlDoc *page_closed(const struct page_frame *frame, const struct page_transaction *transaction);
xmlDoc *page_refused(const struct page_frame *frame, const struct page_refused *page);
xmlDoc *page_login(const struct page_frame *frame, const struct page_login *page);
xmlDoc *page_register(const struct page_frame *frame, const struct page_register *page);
xmlDoc *page_account(const struct page_frame *frame, const struct page_account *page);
xmlDoc *page_content(const struct page_frame *frame, const struct page_content *page);
xmlDoc *page_return(const struct page_frame *frame, const struct purchase_return *page);
xmlDoc *page_failure(const struct page_frame *frame, const struct page_failure *page);

#endif
