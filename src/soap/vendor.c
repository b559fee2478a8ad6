/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GetAccount and ChangePassword (V14). */
#include "service/vendor.h"

#include "soap/operation.h"
#include "soap/parameter.h"

static enum ft_error decode_account(struct soap *soap, struct call *call,
                                    struct _vendor__GetAccount *in)
{
    soap_default__vendor__GetAccount(soap, in);
    bool whole = soap_in__vendor__GetAccount(soap, "vendor:GetAccount", in, NULL) != NULL &&
                 codec_end_request(soap) == SOAP_OK;
    const struct parameter_text texts[] = {
        {"VendorID", in->VendorID},
        {"VendorPassword", in->VendorPassword},
    };
    const char *name = parameter_missing(texts, sizeof(texts) / sizeof(texts[0]));
    return whole && name == NULL ? FT_OK : parameter_problem(soap, call, name);
}

CODEC_ANSWER(GetAccount)

static enum ft_error encode_account(struct call *call, const struct vendor_account *account,
                                    struct soap_exchange *exchange)
{
    LONG64 threshold = account->settlement_threshold;
    struct vendor__AccountRecord record = {
        .Currency = codec_text(account->currency),
        .Sales = account->sales,
        .Refunds = account->refunds,
        .Incentives = account->incentives,
        .Royalties = account->royalties,
        .Payable = account->payable,
        .SettlementThreshold = threshold != 0 ? &threshold : NULL,
        .NextSettlementDate = codec_text(account->next_settlement),
    };
    struct _vendor__GetAccountResponse out = {
        .Message = codec_text("The vendor's account as it is now."),
        .Account = &record,
    };
    return answer_GetAccount(call, exchange, &out);
}

enum ft_error soap_vendor_account(struct soap *soap, struct service *service, struct call *call,
                                  struct soap_exchange *exchange)
{
    struct _vendor__GetAccount in;
    struct vendor_account account;
    enum ft_error error = decode_account(soap, call, &in);
    codec_release(soap);
    if (error == FT_OK) {
        const struct vendor_login login = {in.VendorID, in.VendorPassword};
        error = service_vendor_account(service, call, &login, &account);
    }
    codec_wipe(in.VendorPassword);
    return error == FT_OK ? encode_account(call, &account, exchange) : error;
}

static enum ft_error decode_password(struct soap *soap, struct call *call,
                                     struct _vendor__ChangePassword *in)
{
    soap_default__vendor__ChangePassword(soap, in);
    bool whole = soap_in__vendor__ChangePassword(soap, "vendor:ChangePassword", in, NULL) != NULL &&
                 codec_end_request(soap) == SOAP_OK;
    const struct parameter_text texts[] = {
        {"VendorID", in->VendorID},
        {"VendorPassword", in->VendorPassword},
        {"NewPassword", in->NewPassword},
    };
    const char *name = parameter_missing(texts, sizeof(texts) / sizeof(texts[0]));
    return whole && name == NULL ? FT_OK : parameter_problem(soap, call, name);
}

CODEC_ANSWER(ChangePassword)

static enum ft_error encode_password(struct call *call, struct soap_exchange *exchange)
{
    struct _vendor__ChangePasswordResponse out = {
        .Message = codec_text("The new password is valid; the old one is not any more."),
    };
    return answer_ChangePassword(call, exchange, &out);
}

enum ft_error soap_vendor_change_password(struct soap *soap, struct service *service,
                                          struct call *call, struct soap_exchange *exchange)
{
    struct _vendor__ChangePassword in;
    enum ft_error error = decode_password(soap, call, &in);
    codec_release(soap);
    if (error == FT_OK) {
        const struct vendor_login login = {in.VendorID, in.VendorPassword};
        error = service_vendor_change_password(service, call, &login, in.NewPassword);
    }
    codec_wipe(in.VendorPassword);
    codec_wipe(in.NewPassword);
    return error == FT_OK ? encode_password(call, exchange) : error;
}
