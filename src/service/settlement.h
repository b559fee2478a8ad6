/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was paid out to vendors. */
#ifndef FARTHING_SERVICE_SETTLEMENT_H
#define FARTHING_SERVICE_SETTLEMENT_H

#include "db/settlement.h"
#include "service/vendor.h"

struct settlement_list_request {
    struct vendor_login vendor;
    time_us_t since;
    time_us_t until;
    const char *page_token; /* NULL or "": the first page */
};

struct settlement_page {
    struct settlement *settlements; /* oldest first */
    int settlements_count;
    const char *next_page_token; /* NULL: this is the last page */
};

/* V14. Errors of service_vendor_act. */
enum ft_error service_settlement_list(struct service *service, struct call *call,
                                      const struct settlement_list_request *request,
                                      struct settlement_page *page_r);

#endif
