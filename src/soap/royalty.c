/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SetContentOwners (V14, O5). */
#include "service/royalty.h"

#include "soap/operation.h"
#include "soap/parameter.h"

static enum ft_error decode(struct soap *soap, struct call *call,
                            struct _vendor__SetContentOwners *in)
{
    soap_default__vendor__SetContentOwners(soap, in);
    bool whole =
        soap_in__vendor__SetContentOwners(soap, "vendor:SetContentOwners", in, NULL) != NULL &&
        codec_end_request(soap) == SOAP_OK;
    if (soap->error == SOAP_OCCURS && soap_match_tag(soap, soap->tag, "vendor:Owner") == SOAP_OK)
        return call_invalid(call, "Owners", parameter_find("Owners")->rule, NULL);
    const struct parameter_text texts[] = {
        {"VendorID", in->VendorID},
        {"VendorPassword", in->VendorPassword},
        {"ContentURL", in->ContentURL},
        {"Owners", in->Owners != NULL ? "" : NULL},
    };
    const char *name = parameter_missing(texts, sizeof(texts) / sizeof(texts[0]));
    return whole && name == NULL ? FT_OK : parameter_problem(soap, call, name);
}

/* A share on the wire is exact in millionths, as an amount is. */
static enum ft_error list_of(struct call *call, const struct _vendor__SetContentOwners *in,
                             struct royalty_owner_list *list_r)
{
    int count = in->Owners->__sizeOwner;
    struct royalty_owner *owners = NULL;
    if (count > 0) {
        owners = arena_alloc(call->arena, (size_t)count * sizeof(*owners));
        if (owners == NULL)
            return FT_INTERNAL;
    }
    for (int i = 0; i < count; i++) {
        const struct vendor__OwnerRecord *record = &in->Owners->Owner[i];
        owners[i] = (struct royalty_owner){
            .owner_id = record->OwnerID,
            .share_ppm = record->Share != NULL ? (int)*record->Share : 0,
            .amount = record->AmountPerSale != NULL ? *record->AmountPerSale : 0,
        };
    }
    *list_r = (struct royalty_owner_list){
        .content_url = in->ContentURL,
        .owners = owners,
        .owners_count = count,
        .valid_from = in->ValidFrom != NULL ? *in->ValidFrom : 0,
    };
    return FT_OK;
}

struct owner_record {
    LONG64 share;
    LONG64 amount;
};

static enum ft_error fill(struct call *call, const struct royalty_owner_list *list,
                          struct vendor__OwnerList *out)
{
    size_t count = (size_t)list->owners_count;
    *out = (struct vendor__OwnerList){.__sizeOwner = list->owners_count};
    out->Owner = arena_alloc(call->arena, count * sizeof(*out->Owner));
    struct owner_record *values = arena_alloc(call->arena, count * sizeof(*values));
    if (out->Owner == NULL || values == NULL)
        return FT_INTERNAL;
    for (size_t i = 0; i < count; i++) {
        const struct royalty_owner *owner = &list->owners[i];
        values[i] = (struct owner_record){owner->share_ppm, owner->amount};
        out->Owner[i] = (struct vendor__OwnerRecord){
            .OwnerID = codec_text(owner->owner_id),
            .Share = owner->share_ppm != 0 ? &values[i].share : NULL,
            .AmountPerSale = owner->amount != 0 ? &values[i].amount : NULL,
        };
    }
    return FT_OK;
}

CODEC_ANSWER(SetContentOwners)

static enum ft_error encode(struct call *call, const struct royalty_owner_list *list,
                            struct soap_exchange *exchange)
{
    struct vendor__OwnerList owners;
    struct vendor__ContentOwnersRecord record = {
        .ContentURL = codec_text(list->content_url),
        .ValidFrom = list->valid_from,
        .Owners = &owners,
    };
    struct _vendor__SetContentOwnersResponse out = {
        .Message = codec_text("These owners are due their part of what is sold from ValidFrom on."),
        .ContentOwners = &record,
    };
    if (fill(call, list, &owners) != FT_OK)
        return FT_INTERNAL;
    return answer_SetContentOwners(call, exchange, &out);
}

enum ft_error soap_royalty_set_content_owners(struct soap *soap, struct service *service,
                                              struct call *call, struct soap_exchange *exchange)
{
    struct _vendor__SetContentOwners in;
    struct royalty_owners_request request = {0};
    struct royalty_owner_list list;
    enum ft_error error = decode(soap, call, &in);
    if (error == FT_OK)
        error = list_of(call, &in, &request.list);
    codec_release(soap);
    if (error == FT_OK) {
        request.vendor = (struct vendor_login){in.VendorID, in.VendorPassword};
        request.request_id = in.RequestID;
        error = service_royalty_set_content_owners(service, call, &request, &list);
    }
    codec_wipe(in.VendorPassword);
    return error == FT_OK ? encode(call, &list, exchange) : error;
}
