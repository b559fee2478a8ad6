/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Access to bought content: the vendor's question, the user's own list. */
#ifndef FARTHING_SERVICE_LICENSE_H
#define FARTHING_SERVICE_LICENSE_H

#include "db/license.h"
#include "service/purchase.h"

struct license_lock_request {
    struct vendor_login vendor;
    const char *encrypted_user_id;
    const char *content_url;
    const char *request_id;
};

struct license_lock_answer {
    const char *message;
    struct license_answer license;
    const char *buy_url; /* NULL when authorised or when the item was never offered */
};

/* V6-V8, V10, V11. A refusal is an answer. FT_AUTHENTICATION_FAILED, FT_VENDOR_DISABLED,
 * FT_IDEMPOTENCY_CONFLICT, FT_RATE_LIMITED. */
enum ft_error service_license_lock_content(struct service *service, struct call *call,
                                           const struct license_lock_request *request,
                                           struct license_lock_answer *answer_r);

/* U7: back to bought content with a renewed ID. FT_CONTENT_NOT_FOUND, FT_LOGIN_ENDED. */
enum ft_error service_license_reopen(struct service *service, struct call *call,
                                     const struct account_login *login, const char *content_id,
                                     struct purchase_return *return_r);

enum ft_error service_license_list(struct service *service, struct call *call,
                                   const struct account_login *login, int offset, int limit,
                                   struct license_item **items_r, int *count_r);

#endif
