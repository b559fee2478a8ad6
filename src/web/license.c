/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user bought, and the way back to it (U7). */
#include <stdlib.h>

#include "web/handlers.h"

#define ITEMS_PER_PAGE 25
#define OFFSET_MAX 1000000

static int read_offset(struct http_request *request)
{
    const char *text = http_request_query(request, "from");
    const long offset = text != NULL ? strtol(text, NULL, 10) : 0;
    return offset > 0 && offset <= OFFSET_MAX ? (int)offset : 0;
}

static const char *page_url(const struct visit *visit, int offset)
{
    return offset <= 0 ? "/content" : arena_printf(visit->call->arena, "/content?from=%d", offset);
}

static void show(struct visit *visit, bool form_expired)
{
    const int offset = read_offset(visit->request);
    struct license_item *items = NULL;
    int count = 0;
    const enum ft_error error =
        service_license_list(visit->web->service, visit->call, &visit->login, offset,
                             ITEMS_PER_PAGE + 1, &items, &count);
    if (error == FT_LOGIN_ENDED) {
        visit_redirect(visit, web_login_url(visit, NULL, "content"), ft_error_name(error));
        return;
    }
    if (error != FT_OK) {
        visit_fail(visit, error, "/content");
        return;
    }
    const bool has_more = count > ITEMS_PER_PAGE;
    const struct page_content page = {
        .form_token = visit_form_token(visit, "/content"),
        .items = items,
        .count = has_more ? ITEMS_PER_PAGE : count,
        .newer_url = offset > 0 ? page_url(visit, offset - ITEMS_PER_PAGE) : NULL,
        .older_url = has_more ? page_url(visit, offset + ITEMS_PER_PAGE) : NULL,
        .form_expired = form_expired,
    };
    visit_answer(visit, form_expired ? 403 : 200, RENDER_content,
                 page_content(visit_frame(visit, page_url(visit, offset)), &page), NULL,
                 form_expired ? "FORM_EXPIRED" : "OK");
}

void web_content(struct http_request *request, void *context)
{
    struct visit visit = visit_open(context, request);
    show(&visit, false);
}

void web_content_open(struct http_request *request, void *context)
{
    struct visit visit = visit_open(context, request);
    struct purchase_return back = {0};
    if (!visit_form_is_valid(&visit, "/content")) {
        show(&visit, true);
        return;
    }
    const enum ft_error error = service_license_reopen(visit.web->service, visit.call, &visit.login,
                                                       http_request_tail(request), &back);
    if (error == FT_OK)
        web_purchase_hand_over(&visit, &back, true);
    else if (error == FT_LOGIN_ENDED)
        visit_redirect(&visit, web_login_url(&visit, NULL, "content"), ft_error_name(error));
    else
        visit_fail(&visit, error, "/content");
}
