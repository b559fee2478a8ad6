/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cookies, form tokens, and the headers that every page has. */
#include "web/visit.h"

#include <string.h>

#define LANGUAGE_COOKIE "farthing_language"
#define LANGUAGE_COOKIE_S (365 * 24 * 3600)

/* With the prefix a browser accepts the cookie from this very host alone, and over TLS only. */
static const char *login_cookie(const struct web *web)
{
    return web->is_https ? "__Host-farthing_login" : "farthing_login";
}

static const char *visit_cookie(const struct web *web)
{
    return web->is_https ? "__Host-farthing_visit" : "farthing_visit";
}

static const struct locale *choose_locale(struct http_request *request)
{
    const struct locale *chosen = locale_find(http_request_query(request, "lang"));
    if (chosen != NULL) {
        http_response_cookie(request, LANGUAGE_COOKIE, chosen->code, LANGUAGE_COOKIE_S);
        return chosen;
    }
    chosen = locale_find(http_request_cookie(request, LANGUAGE_COOKIE));
    return chosen != NULL ? chosen : locale_choose(http_request_header(request, "Accept-Language"));
}

struct visit visit_open(const struct web *web, struct http_request *request)
{
    struct visit visit = {
        .web = web,
        .request = request,
        .call = http_request_call(request),
        .locale = choose_locale(request),
        .id = http_request_cookie(request, visit_cookie(web)),
    };
    service_account_login_open(web->service, http_request_cookie(request, login_cookie(web)),
                               &visit.login);
    return visit;
}

static bool begin(struct visit *visit)
{
    if (service_visit_new(visit->web->service, visit->call, &visit->id) != FT_OK)
        return false;
    http_response_cookie(visit->request, visit_cookie(visit->web), visit->id, -1);
    return true;
}

void visit_set_login(struct visit *visit, const struct account_login *login, const char *token,
                     int max_age_s)
{
    visit->login = *login;
    visit_renew_login(visit, token, max_age_s);
    begin(visit);
}

void visit_renew_login(struct visit *visit, const char *token, int max_age_s)
{
    http_response_cookie(visit->request, login_cookie(visit->web), token, max_age_s);
}

void visit_suggest_language(struct visit *visit, const char *language)
{
    const struct locale *locale = locale_find(language);
    if (locale != NULL && http_request_cookie(visit->request, LANGUAGE_COOKIE) == NULL) {
        http_response_cookie(visit->request, LANGUAGE_COOKIE, locale->code, LANGUAGE_COOKIE_S);
        visit->locale = locale;
    }
}

const char *visit_form_token(struct visit *visit, const char *form)
{
    struct service *service = visit->web->service;
    const char *token = NULL;
    /* Twice: the cookie may hold anything, which only the service can tell from a visit. */
    if ((visit->id != NULL || begin(visit)) &&
        service_form_token(service, visit->call, visit->id, form, &token) != FT_OK &&
        (!begin(visit) ||
         service_form_token(service, visit->call, visit->id, form, &token) != FT_OK))
        return NULL;
    return token;
}

bool visit_form_is_valid(const struct visit *visit, const char *form)
{
    const char *token = http_request_form(visit->request, "form_token");
    return visit->id != NULL && token != NULL &&
           service_form_token_valid(visit->web->service, visit->id, form, token);
}

const struct page_frame *visit_frame(struct visit *visit, const char *here)
{
    visit->frame = (struct page_frame){
        .arena = visit->call->arena,
        .locale = visit->locale,
        .here = here,
        .logout_token = visit->login.user_id != 0 ? visit_form_token(visit, "/logout") : NULL,
    };
    return &visit->frame;
}

/* No Cross-Origin-Opener-Policy: it would take the popup from the page that opened it. */
static void set_headers(struct visit *visit, const char *form_origin)
{
    http_response_header(
        visit->request, "Content-Security-Policy",
        arena_printf(visit->call->arena,
                     "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
                     "form-action 'self'%s%s; frame-ancestors 'none'; base-uri 'none'",
                     form_origin != NULL ? " " : "", form_origin != NULL ? form_origin : ""));
    http_response_header(visit->request, "Cache-Control", "no-store");
}

void visit_answer(struct visit *visit, int status, enum render_page page, xmlDoc *document,
                  const char *form_origin, const char *outcome)
{
    static const char failure[] = "Internal Server Error\n";
    const char *html = NULL;
    size_t bytes = 0;
    enum ft_error error = render_html(visit->web->render, visit->call->arena, page, visit->locale,
                                      document, &html, &bytes);
    xmlFreeDoc(document);
    if (error != FT_OK) {
        http_respond(visit->request, 500, "text/plain; charset=utf-8", failure, strlen(failure),
                     ft_error_name(error));
        return;
    }
    set_headers(visit, form_origin);
    http_respond(visit->request, status, "text/html; charset=utf-8", html, bytes, outcome);
}

void visit_redirect(struct visit *visit, const char *url, const char *outcome)
{
    if (url == NULL) {
        visit_fail(visit, FT_INTERNAL, NULL);
        return;
    }
    http_response_header(visit->request, "Cache-Control", "no-store");
    http_redirect(visit->request, url, outcome);
}

static int status_of(enum ft_error error)
{
    switch (error) {
    case FT_TRANSACTION_NOT_FOUND:
    case FT_CONTENT_NOT_FOUND:
        return 404;
    case FT_VENDOR_DISABLED:
        return 403;
    case FT_INVALID_STATE:
        return 409;
    case FT_RATE_LIMITED:
        return 429;
    case FT_UNAVAILABLE:
    case FT_OUTCOME_UNKNOWN:
        return 503;
    default:
        return 500;
    }
}

void visit_fail(struct visit *visit, enum ft_error error, const char *retry_url)
{
    const int status = status_of(error);
    const struct page_failure page = {
        .error = status == 500 ? FT_INTERNAL : error,
        .correlation_id = status >= 500 ? visit->call->correlation_id : NULL,
        .retry_url = retry_url,
    };
    if (status == 503)
        http_response_header(visit->request, "Retry-After", "5");
    visit_answer(visit, status, RENDER_failure,
                 page_failure(visit_frame(visit, retry_url != NULL ? retry_url : "/"), &page), NULL,
                 ft_error_name(error));
}
