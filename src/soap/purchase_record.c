/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GetTransaction and ListTransactions (V14). */
#include "service/purchase_record.h"

#include "soap/operation.h"
#include "soap/parameter.h"

static LONG64 *when_set(LONG64 *time)
{
    return *time != 0 ? time : NULL;
}

/* Times that gSOAP wants by address are in *record, which must outlive the result. */
static struct vendor__TransactionRecord record_of(struct purchase_record *record)
{
    return (struct vendor__TransactionRecord){
        .TransactionID = codec_text(record->transaction_id),
        .State = codec_text(record->state),
        .ContentTitle = codec_text(record->title),
        .ContentURL = codec_text(record->content_url),
        .Price = record->price,
        .Currency = codec_text(record->currency),
        .IncentiveAmount = record->incentive_amount,
        .RefundedAmount = record->refunded_amount,
        .Royalty = record->royalty,
        .InitiatedAt = record->initiated_at,
        .PurchasedAt = when_set(&record->purchased_at),
        .RefundedAt = when_set(&record->refunded_at),
        .ExpiresAt = when_set(&record->expires_at),
        .VendorContentID = record->is_checkout ? NULL : codec_text(record->vendor_content_id),
        .OptionalData = codec_text(record->optional_data),
        .OrderID = record->is_checkout ? codec_text(record->vendor_content_id) : NULL,
        .Shipping = codec_text(record->shipping),
    };
}

static enum ft_error decode_get(struct soap *soap, struct call *call,
                                struct _vendor__GetTransaction *in)
{
    soap_default__vendor__GetTransaction(soap, in);
    bool whole = soap_in__vendor__GetTransaction(soap, "vendor:GetTransaction", in, NULL) != NULL &&
                 codec_end_request(soap) == SOAP_OK;
    const struct parameter_text texts[] = {
        {"VendorID", in->VendorID},
        {"VendorPassword", in->VendorPassword},
    };
    const char *name = parameter_missing(texts, sizeof(texts) / sizeof(texts[0]));
    return whole && name == NULL ? FT_OK : parameter_problem(soap, call, name);
}

CODEC_ANSWER(GetTransaction)

static enum ft_error encode_get(struct call *call, struct purchase_record *record,
                                struct soap_exchange *exchange)
{
    struct vendor__TransactionRecord transaction = record_of(record);
    struct _vendor__GetTransactionResponse out = {
        .Message = codec_text("The transaction as it is now."),
        .Transaction = &transaction,
    };
    return answer_GetTransaction(call, exchange, &out);
}

enum ft_error soap_purchase_get(struct soap *soap, struct service *service, struct call *call,
                                struct soap_exchange *exchange)
{
    struct _vendor__GetTransaction in;
    struct purchase_record record;
    enum ft_error error = decode_get(soap, call, &in);
    codec_release(soap);
    if (error == FT_OK) {
        const struct purchase_get_request request = {
            .vendor = {.vendor_id = in.VendorID, .password = in.VendorPassword},
            .transaction_id = in.TransactionID,
            .request_id = in.RequestID,
        };
        error = service_purchase_get(service, call, &request, &record);
    }
    codec_wipe(in.VendorPassword);
    return error == FT_OK ? encode_get(call, &record, exchange) : error;
}

static enum ft_error decode_list(struct soap *soap, struct call *call,
                                 struct _vendor__ListTransactions *in)
{
    soap_default__vendor__ListTransactions(soap, in);
    bool whole =
        soap_in__vendor__ListTransactions(soap, "vendor:ListTransactions", in, NULL) != NULL &&
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

CODEC_ANSWER(ListTransactions)

static enum ft_error encode_list(struct call *call, const struct purchase_page *page,
                                 struct soap_exchange *exchange)
{
    struct vendor__TransactionList list = {.__sizeTransaction = page->count};
    list.Transaction = arena_alloc(call->arena, (size_t)page->count * sizeof(*list.Transaction));
    if (list.Transaction == NULL)
        return FT_INTERNAL;
    for (int i = 0; i < page->count; i++)
        list.Transaction[i] = record_of(&page->records[i]);
    struct _vendor__ListTransactionsResponse out = {
        .Message = codec_text(page->count > 0 ? "Transactions, oldest first."
                                              : "There is no further transaction of this time."),
        .Transactions = &list,
        .NextPageToken = codec_text(page->next_page_token),
    };
    return answer_ListTransactions(call, exchange, &out);
}

enum ft_error soap_purchase_list(struct soap *soap, struct service *service, struct call *call,
                                 struct soap_exchange *exchange)
{
    struct _vendor__ListTransactions in;
    struct purchase_page page;
    enum ft_error error = decode_list(soap, call, &in);
    codec_release(soap);
    if (error == FT_OK) {
        const struct purchase_list_request request = {
            .vendor = {.vendor_id = in.VendorID, .password = in.VendorPassword},
            .since = in.Since,
            .until = in.Until,
            .state = in.State,
            .page_token = in.PageToken,
            .page_size = in.PageSize != NULL ? (int)*in.PageSize : 0,
        };
        error = service_purchase_list(service, call, &request, &page);
    }
    codec_wipe(in.VendorPassword);
    return error == FT_OK ? encode_list(call, &page, exchange) : error;
}
