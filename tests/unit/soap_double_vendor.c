/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The double's answers about the vendor itself. */
#include "soap_double.h"

static void keep_login(struct call *call, struct vendor_login *login)
{
    double_keep(call, &login->vendor_id);
    double_keep(call, &login->password);
}

enum ft_error service_vendor_account(struct service *service, struct call *call,
                                     const struct vendor_login *login,
                                     struct vendor_account *account_r)
{
    (void)service;
    service_double.login = *login;
    keep_login(call, &service_double.login);
    *account_r = service_double.account;
    return double_outcome(call);
}

enum ft_error service_vendor_change_password(struct service *service, struct call *call,
                                             const struct vendor_login *login,
                                             const char *new_password)
{
    (void)service;
    service_double.login = *login;
    service_double.new_password = new_password;
    keep_login(call, &service_double.login);
    double_keep(call, &service_double.new_password);
    return double_outcome(call);
}

enum ft_error service_settlement_list(struct service *service, struct call *call,
                                      const struct settlement_list_request *request,
                                      struct settlement_page *page_r)
{
    (void)service;
    service_double.settlements = *request;
    keep_login(call, &service_double.settlements.vendor);
    double_keep(call, &service_double.settlements.page_token);
    *page_r = service_double.settlement_page;
    return double_outcome(call);
}

enum ft_error service_incentive_issue(struct service *service, struct call *call,
                                      const struct incentive_issue_request *request,
                                      struct incentive_issued *issued_r)
{
    (void)service;
    service_double.incentive = *request;
    keep_login(call, &service_double.incentive.vendor);
    double_keep(call, &service_double.incentive.code_prefix);
    double_keep(call, &service_double.incentive.request_id);
    *issued_r = service_double.incentive_issued;
    return double_outcome(call);
}

enum ft_error service_royalty_set_content_owners(struct service *service, struct call *call,
                                                 const struct royalty_owners_request *request,
                                                 struct royalty_owner_list *list_r)
{
    (void)service;
    struct royalty_owners_request *kept = &service_double.owners;
    *kept = *request;
    keep_login(call, &kept->vendor);
    double_keep(call, &kept->list.content_url);
    double_keep(call, &kept->request_id);
    struct royalty_owner *owners = arena_alloc(call->arena, 128 * sizeof(*owners));
    for (int i = 0; i < request->list.owners_count; i++) {
        owners[i] = request->list.owners[i];
        double_keep(call, &owners[i].owner_id);
    }
    kept->list.owners = owners;
    *list_r = service_double.owner_list;
    return double_outcome(call);
}
