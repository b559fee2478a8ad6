/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Vendors: who calls the API, and how an operator adds one. */
#ifndef FARTHING_SERVICE_VENDOR_H
#define FARTHING_SERVICE_VENDOR_H

#include "db/vendor.h"
#include "service/service.h"

/* As the vendor sent them. */
struct vendor_login {
    const char *vendor_id;
    const char *password;
};

/* 0: a text that is no vendor's number. One spelling for each: no sign, no leading zero. */
int service_vendor_number(const char *text);

/*
 * Verifies vendor and password (V2); of a message that proved its sender, only that it is the
 * vendor (S3). Also that a certificate shown in TLS is one of the vendor's. A password once
 * verified is remembered as a keyed hash for vendor_password_cache_s, together with its version.
 * FT_AUTHENTICATION_FAILED, FT_RATE_LIMITED.
 */
enum ft_error service_vendor_authenticate(struct service *service, struct call *call,
                                          const struct vendor_login *login, int *vendor_id_r,
                                          int *credential_version_r);

/* What a vendor's call does in the database, which refuses a stale version. */
typedef enum ft_error vendor_action(struct service *service, struct call *call, int vendor_id,
                                    int credential_version, void *context);

/*
 * The action for a vendor whose password was verified. When it meets FT_CREDENTIAL_CHANGED, once
 * more, with the password verified anew. Errors of service_vendor_authenticate and of the action.
 */
enum ft_error service_vendor_act(struct service *service, struct call *call,
                                 const struct vendor_login *login, vendor_action *action,
                                 void *context);

/* V14. Errors of service_vendor_act. */
enum ft_error service_vendor_account(struct service *service, struct call *call,
                                     const struct vendor_login *login,
                                     struct vendor_account *account_r);

/* V14: the old password ends at once, here and at every other server. Errors of service_vendor_act.
 */
enum ft_error service_vendor_change_password(struct service *service, struct call *call,
                                             const struct vendor_login *login,
                                             const char *new_password);

#endif
