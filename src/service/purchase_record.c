/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GetTransaction, ListTransactions, RefundTransaction (V14). */
#include "service/purchase_record.h"

#include <string.h>

#include "service/check.h"
#include "service/internal.h"

#define PAGE_SIZE 100
#define PAGE_SIZE_MAX 1000

struct get {
    const char *transaction_id;
    const char *request_id;
    struct purchase_record *record_r;
};

static enum ft_error get(struct service *service, struct call *call, int vendor_id,
                         int credential_version, void *context)
{
    const struct get *one = context;
    return db_purchase_get(service->db, call, vendor_id, credential_version, one->transaction_id,
                           one->request_id, one->record_r);
}

enum ft_error service_purchase_get(struct service *service, struct call *call,
                                   const struct purchase_get_request *request,
                                   struct purchase_record *record_r)
{
    const struct check_text texts[] = {
        {.parameter = "TransactionID", .text = request->transaction_id, .max = 64},
        {.parameter = "RequestID", .text = request->request_id, .max = 64},
    };
    struct get context = {
        .transaction_id = check_optional(request->transaction_id),
        .request_id = check_optional(request->request_id),
        .record_r = record_r,
    };
    enum ft_error error = check_texts(call, texts, sizeof texts / sizeof texts[0]);
    if (error != FT_OK)
        return error;
    if ((context.transaction_id == NULL) == (context.request_id == NULL))
        return call_invalid(call, "TransactionID", "given, or RequestID, but not both", NULL);
    return service_vendor_act(service, call, &request->vendor, get, &context);
}

static bool is_state(const char *text)
{
    static const char *const states[] = {
#define STATE_NAME(name) #name,
        PURCHASE_RECORD_STATES(STATE_NAME)
#undef STATE_NAME
    };
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        if (strcmp(text, states[i]) == 0)
            return true;
    return false;
}

struct listing {
    struct purchase_list_query query;
    struct purchase_page *page_r;
};

static enum ft_error list(struct service *service, struct call *call, int vendor_id,
                          int credential_version, void *context)
{
    const struct listing *listing = context;
    return db_purchase_list(service->db, call, vendor_id, credential_version, &listing->query,
                            &listing->page_r->records, &listing->page_r->count);
}

enum ft_error service_purchase_list(struct service *service, struct call *call,
                                    const struct purchase_list_request *request,
                                    struct purchase_page *page_r)
{
    struct listing context = {
        .query = {.since = request->since,
                  .until = request->until,
                  .state = check_optional(request->state),
                  .after = check_optional(request->page_token),
                  .limit = request->page_size != 0 ? request->page_size : PAGE_SIZE},
        .page_r = page_r,
    };
    *page_r = (struct purchase_page){0};
    if (context.query.state != NULL && !is_state(context.query.state))
        return call_invalid(call, "State", "a state of a transaction", context.query.state);
    if (context.query.after != NULL && !check_is_uuid(context.query.after))
        return call_invalid(call, "PageToken", "what an answer gave as NextPageToken",
                            context.query.after);
    if (context.query.limit < 0 || context.query.limit > PAGE_SIZE_MAX)
        return call_invalid(call, "PageSize", "from 1 to 1000",
                            arena_printf(call->arena, "%d", context.query.limit));
    enum ft_error error = service_vendor_act(service, call, &request->vendor, list, &context);
    if (error == FT_OK && page_r->count > 0)
        page_r->next_page_token = page_r->records[page_r->count - 1].transaction_id;
    return error;
}

struct refunding {
    struct purchase_refund_order order;
    struct purchase_refund *refund_r;
};

static enum ft_error refund(struct service *service, struct call *call, int vendor_id,
                            int credential_version, void *context)
{
    const struct refunding *refunding = context;
    return db_purchase_refund(service->db, call, vendor_id, credential_version, &refunding->order,
                              refunding->refund_r);
}

enum ft_error service_purchase_refund(struct service *service, struct call *call,
                                      const struct purchase_refund_request *request,
                                      struct purchase_refund *refund_r)
{
    const struct purchase_refund_order *order = &request->order;
    const struct check_text texts[] = {
        {.parameter = "TransactionID", .text = order->transaction_id, .min = 1, .max = 64},
        {.parameter = "Reason", .text = order->reason, .max = 1000},
        {.parameter = "RequestID", .text = order->request_id, .max = 64},
    };
    struct refunding context = {.order = *order, .refund_r = refund_r};
    enum ft_error error = check_texts(call, texts, sizeof texts / sizeof texts[0]);
    if (error == FT_OK && order->amount != 0)
        error = check_amount(call, "Amount", order->amount);
    if (error != FT_OK)
        return error;
    context.order.reason = check_optional(order->reason);
    context.order.request_id = check_optional(order->request_id);
    return service_vendor_act(service, call, &request->vendor, refund, &context);
}
