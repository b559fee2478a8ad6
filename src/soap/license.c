/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lock_Content (V6-V8, V10, V11). */
#include "service/license.h"

#include "soap/operation.h"
#include "soap/parameter.h"

static const char *const reasons[] = {
#define REASON_NAME(name) [LICENSE_##name] = #name,
    LICENSE_REASONS(REASON_NAME)
#undef REASON_NAME
};

static enum ft_error decode(struct soap *soap, struct call *call,
                            struct _vendor__Lock_USCOREContent *in)
{
    soap_default__vendor__Lock_USCOREContent(soap, in);
    bool whole =
        soap_in__vendor__Lock_USCOREContent(soap, "vendor:Lock_Content", in, NULL) != NULL &&
        codec_end_request(soap) == SOAP_OK;
    const struct parameter_text texts[] = {
        {"VendorID", in->VendorID},
        {"VendorPassword", in->VendorPassword},
        {"EncryptedUserID", in->EncryptedUserID},
        {"ContentURL", in->ContentURL},
    };
    const char *name = parameter_missing(texts, sizeof(texts) / sizeof(texts[0]));
    return whole && name == NULL ? FT_OK : parameter_problem(soap, call, name);
}

static enum ft_error encode(struct call *call, const struct license_lock_answer *answer,
                            struct soap_exchange *exchange)
{
    const struct license_answer *license = &answer->license;
    int views_left = license->views_left;
    LONG64 expires_at = license->expires_at;
    struct _vendor__Lock_USCOREContentResponse out = {
        .Message = codec_text(answer->message),
        .Authorized = license->reason == LICENSE_OK ? true_ : false_,
        .Reason = codec_text(reasons[license->reason]),
        .TransactionID = codec_text(license->transaction_id),
        .VendorContentID = codec_text(license->vendor_content_id),
        .OptionalData = codec_text(license->optional_data),
        .ViewsLeft = views_left >= 0 ? &views_left : NULL,
        .ExpiresAt = expires_at != 0 ? &expires_at : NULL,
        .BuyURL = codec_text(answer->buy_url),
    };
    struct soap *soap = codec_begin_answer(call, exchange);
    if (soap != NULL)
        (void)soap_put__vendor__Lock_USCOREContentResponse(soap, &out,
                                                           "vendor:Lock_ContentResponse", "");
    exchange->outcome = reasons[license->reason];
    return codec_end_answer(soap, exchange);
}

enum ft_error soap_license_lock_content(struct soap *soap, struct service *service,
                                        struct call *call, struct soap_exchange *exchange)
{
    struct _vendor__Lock_USCOREContent in;
    struct license_lock_answer answer;
    enum ft_error error = decode(soap, call, &in);
    codec_release(soap);
    if (error == FT_OK) {
        const struct license_lock_request request = {
            .vendor = {.vendor_id = in.VendorID, .password = in.VendorPassword},
            .encrypted_user_id = in.EncryptedUserID,
            .content_url = in.ContentURL,
            .request_id = in.RequestID,
        };
        error = service_license_lock_content(service, call, &request, &answer);
    }
    codec_wipe(in.VendorPassword);
    return error == FT_OK ? encode(call, &answer, exchange) : error;
}
