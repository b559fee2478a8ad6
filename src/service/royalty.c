/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SetContentOwners (V14, O5). */
#include "service/royalty.h"

#include <string.h>

#include "service/check.h"
#include "service/internal.h"
#include "service/url.h"

#define WHOLE_PPM 1000000

static enum ft_error check_owner(struct call *call, const struct royalty_owner_list *list,
                                 int place)
{
    const struct royalty_owner *owner = &list->owners[place];
    char text[MONEY_TEXT_SIZE];
    const struct check_text owner_id = {
        .parameter = "OwnerID", .text = owner->owner_id, .min = 1, .max = 64};
    enum ft_error error = check_texts(call, &owner_id, 1);
    if (error != FT_OK)
        return error;
    for (int i = 0; i < place; i++)
        if (strcmp(list->owners[i].owner_id, owner->owner_id) == 0)
            return call_invalid(call, "OwnerID", "different for each owner", owner->owner_id);
    if (owner->share_ppm < 0 || owner->share_ppm > WHOLE_PPM)
        return call_invalid(call, "Share", "greater than 0 and at most 1",
                            money_format(owner->share_ppm, text));
    if (owner->amount != 0 && check_amount(call, "AmountPerSale", owner->amount) != FT_OK)
        return FT_INVALID_PARAMETER;
    if ((owner->share_ppm == 0) == (owner->amount == 0))
        return call_invalid(call, "Owner", "given either Share or AmountPerSale", owner->owner_id);
    return FT_OK;
}

enum ft_error royalty_check_list(struct call *call, const struct royalty_owner_list *list)
{
    char text[MONEY_TEXT_SIZE];
    int64_t sum_ppm = 0;
    enum ft_error error = FT_OK;
    if (list->owners_count > ROYALTY_OWNERS_MAX)
        return call_invalid(call, "Owners", "at most 100",
                            arena_printf(call->arena, "%d", list->owners_count));
    for (int i = 0; i < list->owners_count && error == FT_OK; i++) {
        error = check_owner(call, list, i);
        sum_ppm += list->owners[i].share_ppm;
    }
    if (error == FT_OK && sum_ppm > WHOLE_PPM)
        error = call_invalid(call, "Share", "at most 1 in sum", money_format(sum_ppm, text));
    return error;
}

struct setting {
    struct royalty_setting setting;
    struct royalty_owner_list *list_r;
};

static enum ft_error set_owners(struct service *service, struct call *call, int vendor_id,
                                int credential_version, void *context)
{
    const struct setting *setting = context;
    return db_royalty_set_content_owners(service->db, call, vendor_id, credential_version,
                                         &setting->setting, setting->list_r);
}

enum ft_error service_royalty_set_content_owners(struct service *service, struct call *call,
                                                 const struct royalty_owners_request *request,
                                                 struct royalty_owner_list *list_r)
{
    struct setting context = {
        .setting = {.list = request->list, .request_id = check_optional(request->request_id)},
        .list_r = list_r,
    };
    const struct check_text request_id = {
        .parameter = "RequestID", .text = request->request_id, .max = 64};
    *list_r = (struct royalty_owner_list){0};
    enum ft_error error =
        service_url_split(call, "ContentURL", request->list.content_url,
                          &context.setting.content_origin, &context.setting.content_path);
    if (error == FT_OK)
        error = check_texts(call, &request_id, 1);
    if (error == FT_OK)
        error = royalty_check_list(call, &request->list);
    if (error != FT_OK)
        return error;
    return service_vendor_act(service, call, &request->vendor, set_owners, &context);
}
