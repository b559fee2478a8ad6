/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request for a page: in which language, by whom, and how it is answered.
 */
#ifndef FARTHING_WEB_VISIT_H
#define FARTHING_WEB_VISIT_H

#include "http/http.h"
#include "web/asset.h"
#include "web/page.h"
#include "web/render.h"
#include "web/web.h"

struct web {
    const struct config *config;
    struct service *service;
    struct render *render;
    struct assets *assets;
    bool is_https;
    struct http_route *routes;
};

struct visit {
    const struct web *web;
    struct http_request *request;
    struct call *call;
    const struct locale *locale;
    struct account_login login; /* user_id 0: nobody */
    const char *id;          /* random, of the cookie that form tokens are bound to; NULL: none */
    struct page_frame frame; /* of the answer */
};

/* Reads cookies and language; sets the cookie of a language that was just chosen. */
struct visit visit_open(const struct web *web, struct http_request *request);

/* A new login, or none (login all zero): its cookie and a new visit, so that old forms expire. */
void visit_set_login(struct visit *visit, const struct account_login *login, const char *token,
                     int max_age_s);

/* The same login, lasting longer. */
void visit_renew_login(struct visit *visit, const char *token, int max_age_s);

/* The language of the user's account, unless another was chosen in this browser. */
void visit_suggest_language(struct visit *visit, const char *language);

/* The token for a form of the answer; begins a visit when there is none. NULL: no memory. */
const char *visit_form_token(struct visit *visit, const char *form);
/* Whether the form that was sent is one of this visit. */
bool visit_form_is_valid(const struct visit *visit, const char *form);

/* Fills the frame: here is the URL that GETs this page again. */
const struct page_frame *visit_frame(struct visit *visit, const char *here);

/*
 * Renders document, which it frees, and answers. form_origin: a form of the page may lead there;
 * NULL: no form leaves this server.
 */
void visit_answer(struct visit *visit, int status, enum render_page page, xmlDoc *document,
                  const char *form_origin, const char *outcome);

/* 303 to url, made with arena_printf. */
void visit_redirect(struct visit *visit, const char *url, const char *outcome);

/* An error page. retry_url: safe to follow even if all was done; NULL: nothing to repeat. */
void visit_fail(struct visit *visit, enum ft_error error, const char *retry_url);

#endif
