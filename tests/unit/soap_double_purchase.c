/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The double's answers about transactions. */
#include "soap_double.h"

static void keep_login(struct call *call, struct vendor_login *login)
{
    double_keep(call, &login->vendor_id);
    double_keep(call, &login->password);
}

enum ft_error service_purchase_checkout(struct service *service, struct call *call,
                                        const struct purchase_checkout_request *request,
                                        struct purchase_initiate_answer *answer_r)
{
    (void)service;
    struct purchase_checkout_request *kept = &service_double.checkout;
    *kept = *request;
    keep_login(call, &kept->vendor);
    double_keep(call, &kept->order_id);
    double_keep(call, &kept->description);
    double_keep(call, &kept->return_url);
    double_keep(call, &kept->cancel_url);
    double_keep(call, &kept->request_id);
    *answer_r = service_double.initiate_answer;
    return double_outcome(call);
}

enum ft_error service_purchase_get(struct service *service, struct call *call,
                                   const struct purchase_get_request *request,
                                   struct purchase_record *record_r)
{
    (void)service;
    struct purchase_get_request *kept = &service_double.get;
    *kept = *request;
    keep_login(call, &kept->vendor);
    double_keep(call, &kept->transaction_id);
    double_keep(call, &kept->request_id);
    *record_r = service_double.record;
    return double_outcome(call);
}

enum ft_error service_purchase_list(struct service *service, struct call *call,
                                    const struct purchase_list_request *request,
                                    struct purchase_page *page_r)
{
    (void)service;
    struct purchase_list_request *kept = &service_double.list;
    *kept = *request;
    keep_login(call, &kept->vendor);
    double_keep(call, &kept->state);
    double_keep(call, &kept->page_token);
    *page_r = service_double.page;
    return double_outcome(call);
}

enum ft_error service_purchase_refund(struct service *service, struct call *call,
                                      const struct purchase_refund_request *request,
                                      struct purchase_refund *refund_r)
{
    (void)service;
    struct purchase_refund_request *kept = &service_double.refund;
    *kept = *request;
    keep_login(call, &kept->vendor);
    double_keep(call, &kept->order.transaction_id);
    double_keep(call, &kept->order.reason);
    double_keep(call, &kept->order.request_id);
    *refund_r = service_double.refunded;
    return double_outcome(call);
}
