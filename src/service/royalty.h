/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Content owners: who is due a share of an item's sales. */
#ifndef FARTHING_SERVICE_ROYALTY_H
#define FARTHING_SERVICE_ROYALTY_H

#include "db/royalty.h"
#include "service/vendor.h"

#define ROYALTY_OWNERS_MAX 100 /* of one list */

/* FT_INVALID_PARAMETER: too many owners, the same one twice, shares of more than the whole. */
enum ft_error royalty_check_list(struct call *call, const struct royalty_owner_list *list);

struct royalty_owners_request {
    struct vendor_login vendor;
    struct royalty_owner_list list;
    const char *request_id; /* NULL or "": none */
};

/* V14, O5. Errors of service_vendor_act; FT_URL_NOT_REGISTERED, FT_IDEMPOTENCY_CONFLICT. */
enum ft_error service_royalty_set_content_owners(struct service *service, struct call *call,
                                                 const struct royalty_owners_request *request,
                                                 struct royalty_owner_list *list_r);

#endif
