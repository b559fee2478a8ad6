/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Incentive tokens: who knows a code may pay with it. */
#ifndef FARTHING_SERVICE_INCENTIVE_H
#define FARTHING_SERVICE_INCENTIVE_H

#include "db/incentive.h"
#include "service/vendor.h"

#define INCENTIVE_CODES_MAX 1000 /* of one issue */

/*
 * count codes that cannot be guessed: prefix (NULL: none), then letters and digits that are not
 * mistaken for each other. They live in the call's arena. FT_INVALID_PARAMETER (prefix, count).
 */
enum ft_error incentive_codes_make(struct call *call, const char *prefix, int count,
                                   const char *const **codes_r);

struct incentive_issue_request {
    struct vendor_login vendor;
    money_t amount; /* that each code can pay */
    int count;
    time_us_t expires_at;
    const char *code_prefix; /* NULL or "": none; likewise request_id */
    const char *request_id;
};

/* V14, U15. Errors of service_vendor_act; FT_IDEMPOTENCY_CONFLICT. */
enum ft_error service_incentive_issue(struct service *service, struct call *call,
                                      const struct incentive_issue_request *request,
                                      struct incentive_issued *issued_r);

#endif
