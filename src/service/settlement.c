/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ListSettlements (V14). */
#include "service/settlement.h"

#include "service/check.h"
#include "service/internal.h"

#define PAGE_SIZE 100

struct listing {
    struct settlement_query query;
    struct settlement_page *page_r;
};

static enum ft_error list(struct service *service, struct call *call, int vendor_id,
                          int credential_version, void *context)
{
    const struct listing *listing = context;
    return db_settlement_list(service->db, call, vendor_id, credential_version, &listing->query,
                              &listing->page_r->settlements, &listing->page_r->settlements_count);
}

enum ft_error service_settlement_list(struct service *service, struct call *call,
                                      const struct settlement_list_request *request,
                                      struct settlement_page *page_r)
{
    struct listing context = {
        .query = {.since = request->since,
                  .until = request->until,
                  .after = check_optional(request->page_token),
                  .limit = PAGE_SIZE + 1}, /* the one too many tells of a next page */
        .page_r = page_r,
    };
    *page_r = (struct settlement_page){0};
    if (context.query.after != NULL && !check_is_uuid(context.query.after))
        return call_invalid(call, "PageToken", "what an answer gave as NextPageToken",
                            context.query.after);
    enum ft_error error = service_vendor_act(service, call, &request->vendor, list, &context);
    if (error == FT_OK && page_r->settlements_count > PAGE_SIZE) {
        page_r->settlements_count = PAGE_SIZE;
        page_r->next_page_token = page_r->settlements[PAGE_SIZE - 1].settlement_id;
    }
    return error;
}
