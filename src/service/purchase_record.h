/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a vendor's server asks and does about its transactions (V14). */
#ifndef FARTHING_SERVICE_PURCHASE_RECORD_H
#define FARTHING_SERVICE_PURCHASE_RECORD_H

#include "db/purchase_record.h"
#include "service/vendor.h"

struct purchase_get_request {
    struct vendor_login vendor;
    const char *transaction_id; /* either this, */
    const char *request_id;     /* or this; the other NULL or "" */
};

/* FT_TRANSACTION_NOT_FOUND, and the errors of service_vendor_act, as those below. */
enum ft_error service_purchase_get(struct service *service, struct call *call,
                                   const struct purchase_get_request *request,
                                   struct purchase_record *record_r);

struct purchase_list_request {
    struct vendor_login vendor;
    time_us_t since;
    time_us_t until;
    const char *state;      /* NULL or "": every state */
    const char *page_token; /* NULL or "": the first page */
    int page_size;          /* 0: 100 */
};

struct purchase_page {
    struct purchase_record *records; /* oldest first; long ones make a page shorter */
    int count;
    const char *next_page_token; /* NULL: there was nothing more */
};

enum ft_error service_purchase_list(struct service *service, struct call *call,
                                    const struct purchase_list_request *request,
                                    struct purchase_page *page_r);

struct purchase_refund_request {
    struct vendor_login vendor;
    struct purchase_refund_order order; /* texts may be "" for none */
};

/* FT_TRANSACTION_NOT_FOUND, FT_INVALID_STATE, FT_AMOUNT_EXCEEDS_REMAINING,
 * FT_IDEMPOTENCY_CONFLICT. */
enum ft_error service_purchase_refund(struct service *service, struct call *call,
                                      const struct purchase_refund_request *request,
                                      struct purchase_refund *refund_r);

#endif
