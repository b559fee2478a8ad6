/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Access to bought content. */
#include "service/license.h"

#include <limits.h>

#include "service/check.h"
#include "service/internal.h"
#include "service/purchase_return.h"
#include "service/url.h"
#include "service/user_id_token.h"

static const char *const messages[] = {
    [LICENSE_OK] = "The user may open the content.",
    [LICENSE_ID_INVALID] = "The encrypted user ID is not one that was made for this vendor.",
    [LICENSE_ID_EXPIRED] = "The encrypted user ID is too old.",
    [LICENSE_NOT_PURCHASED] = "The user has not bought this content.",
    [LICENSE_LICENSE_EXPIRED] = "The time for which the user bought this content is over.",
    [LICENSE_VIEWS_EXHAUSTED] = "The user has opened this content as often as was bought.",
    [LICENSE_REFUNDED] = "The purchase of this content was refunded.",
    [LICENSE_ACCOUNT_DISABLED] = "The user's account is disabled.",
};

static enum ft_error check_request(struct call *call, const struct license_lock_request *request)
{
    const char *origin = NULL, *path = NULL;
    const struct check_text texts[] = {
        {.parameter = "EncryptedUserID",
         .text = request->encrypted_user_id,
         .max = INT_MAX,
         .secret = true},
        {.parameter = "RequestID", .text = request->request_id, .max = 64},
    };
    enum ft_error error = check_texts(call, texts, sizeof texts / sizeof texts[0]);
    if (error != FT_OK)
        return error;
    return service_url_split(call, "ContentURL", request->content_url, &origin, &path);
}

struct lock {
    const struct license_lock_request *request;
    struct license_answer *answer_r;
};

/* The token is bound to the vendor, so it is opened when the vendor is known. */
static enum ft_error lock_content(struct service *service, struct call *call, int vendor_id,
                                  int credential_version, void *context)
{
    const struct lock *lock = context;
    const struct license_lock_request *request = lock->request;
    struct license_query query = {
        .vendor_id = vendor_id,
        .credential_version = credential_version,
        .content_url = request->content_url,
        .request_id = check_optional(request->request_id),
    };
    query.id_reason =
        user_id_token_open(service->ring, request->encrypted_user_id, vendor_id, time_now_us(),
                           service->config->security.encrypted_user_id_s, &query.user_id);
    return db_license_lock_content(service->db, call, &query, lock->answer_r);
}

enum ft_error service_license_lock_content(struct service *service, struct call *call,
                                           const struct license_lock_request *request,
                                           struct license_lock_answer *answer_r)
{
    *answer_r = (struct license_lock_answer){0};
    struct lock context = {request, &answer_r->license};
    enum ft_error error = check_request(call, request);
    if (error == FT_OK)
        error = service_vendor_act(service, call, &request->vendor, lock_content, &context);
    if (error != FT_OK)
        return error;
    const struct license_answer *license = &answer_r->license;
    answer_r->message = messages[license->reason];
    if (license->reason == LICENSE_OK || license->content_id == NULL)
        return FT_OK;
    answer_r->buy_url =
        arena_printf(call->arena, "%s/item/%s", service->config->public_url, license->content_id);
    return answer_r->buy_url != NULL ? FT_OK : FT_INTERNAL;
}

enum ft_error service_license_reopen(struct service *service, struct call *call,
                                     const struct account_login *login, const char *content_id,
                                     struct purchase_return *return_r)
{
    struct purchase_receipt receipt;
    if (login->user_id == 0)
        return FT_LOGIN_ENDED;
    if (!check_is_uuid(content_id))
        return FT_CONTENT_NOT_FOUND;
    enum ft_error error =
        db_license_reopen(service->db, call, login->user_id, login->login_id, content_id, &receipt);
    return error == FT_OK ? purchase_return_make(service, call, login, &receipt, return_r) : error;
}

enum ft_error service_license_list(struct service *service, struct call *call,
                                   const struct account_login *login, int offset, int limit,
                                   struct license_item **items_r, int *count_r)
{
    if (login->user_id == 0)
        return FT_LOGIN_ENDED;
    return db_license_list(service->db, call, login->user_id, login->login_id, offset, limit,
                           items_r, count_r);
}
