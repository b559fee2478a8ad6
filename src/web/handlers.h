/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the routes lead to. A handler's context is the struct web. */
#ifndef FARTHING_WEB_HANDLERS_H
#define FARTHING_WEB_HANDLERS_H

#include "web/visit.h"

http_handler web_home;
http_handler web_static;
http_handler web_buy;
http_handler web_item;
http_handler web_login;
http_handler web_logout;
http_handler web_register;
http_handler web_account;
http_handler web_content;
http_handler web_content_open;

/*
 * Buys for who is logged in, and answers: the way to the content, or why not. Repeating is safe.
 * The transaction needs no view.
 */
void web_purchase_complete(struct visit *visit, struct page_transaction *transaction);

/* Reads from the form that was sent what the user chose. False: the request has been answered. */
bool web_purchase_choose(struct visit *visit, struct page_transaction *transaction);

/*
 * Sends the user on to the vendor. As a page where the vendor wants a POST, and where a redirect
 * would be stopped: a browser holds the redirect after a form to the form-action of the form's
 * page, which cannot name the vendors of a whole list.
 */
void web_purchase_hand_over(struct visit *visit, const struct purchase_return *back, bool as_page);

/*
 * Reads the transaction that a page goes on with, from where it was sent. True: *transaction_r is
 * it, or has no id when none was named. False: the request has been answered.
 */
bool web_purchase_find(struct visit *visit, struct page_transaction *transaction_r);

/* Where a purchase leads from a page about the transaction, for visit_answer(). NULL: nowhere. */
const char *web_purchase_origin(struct visit *visit, const struct page_transaction *transaction);

/* Shows the login form afresh, for the transaction or the page that it is for. */
void web_login_ask(struct visit *visit, const struct page_transaction *transaction,
                   const char *next);

/* "/login", with the transaction or the page that it is for; both may be NULL. */
const char *web_login_url(struct visit *visit, const char *transaction_id, const char *next);

#endif
