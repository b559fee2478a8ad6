/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ListSettlements (V14). */
#include "service/settlement.h"

#include "soap/operation.h"
#include "soap/parameter.h"

static enum ft_error decode(struct soap *soap, struct call *call,
                            struct _vendor__ListSettlements *in)
{
    soap_default__vendor__ListSettlements(soap, in);
    bool whole =
        soap_in__vendor__ListSettlements(soap, "vendor:ListSettlements", in, NULL) != NULL &&
        codec_end_request(soap) == SOAP_OK;
    const struct parameter_text texts[] = {
        {"VendorID", in->VendorID},
        {"VendorPassword", in->VendorPassword},
        {"Since", in->Since != 0 ? "" : NULL},
        {"Until", in->Until != 0 ? "" : NULL},
    };
    const char *name = parameter_missing(texts, sizeof(texts) / sizeof(texts[0]));
    return whole && name == NULL ? FT_OK : parameter_problem(soap, call, name);
}

static struct vendor__SettlementRecord record_of(const struct settlement *settlement)
{
    return (struct vendor__SettlementRecord){
        .SettlementID = codec_text(settlement->settlement_id),
        .Currency = codec_text(settlement->currency),
        .SoldFrom = settlement->sold_from,
        .SoldUntil = settlement->sold_until,
        .Sales = settlement->sales,
        .Refunds = settlement->refunds,
        .Royalties = settlement->royalties,
        .SettledAmount = settlement->amount,
        .SettledAt = settlement->settled_at,
    };
}

CODEC_ANSWER(ListSettlements)

static enum ft_error encode(struct call *call, const struct settlement_page *page,
                            struct soap_exchange *exchange)
{
    int count = page->settlements_count;
    struct vendor__SettlementList list = {.__sizeSettlement = count};
    list.Settlement = arena_alloc(call->arena, (size_t)count * sizeof(*list.Settlement));
    if (list.Settlement == NULL)
        return FT_INTERNAL;
    for (int i = 0; i < count; i++)
        list.Settlement[i] = record_of(&page->settlements[i]);
    struct _vendor__ListSettlementsResponse out = {
        .Message = codec_text(count > 0 ? "Settlements, oldest first."
                                        : "There was no settlement in this time."),
        .Settlements = &list,
        .NextPageToken = codec_text(page->next_page_token),
    };
    return answer_ListSettlements(call, exchange, &out);
}

enum ft_error soap_settlement_list(struct soap *soap, struct service *service, struct call *call,
                                   struct soap_exchange *exchange)
{
    struct _vendor__ListSettlements in;
    struct settlement_page page;
    enum ft_error error = decode(soap, call, &in);
    codec_release(soap);
    if (error == FT_OK) {
        const struct settlement_list_request request = {
            .vendor = {.vendor_id = in.VendorID, .password = in.VendorPassword},
            .since = in.Since,
            .until = in.Until,
            .page_token = in.PageToken,
        };
        error = service_settlement_list(service, call, &request, &page);
    }
    codec_wipe(in.VendorPassword);
    return error == FT_OK ? encode(call, &page, exchange) : error;
}
