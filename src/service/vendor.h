/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Vendors: who calls the API, and how an operator adds one. */
#ifndef FARTHING_SERVICE_VENDOR_H
#define FARTHING_SERVICE_VENDOR_H

#include "service/service.h"

/* As the vendor sent them. */
struct vendor_login {
    const char *vendor_id;
    const char *password;
};

/*
 * Verifies vendor and password (V2). A password once verified is remembered as a keyed hash for
 * vendor_password_cache_s, together with its version; the database refuses a stale version with
 * FT_CREDENTIAL_CHANGED, upon which the caller forgets it and asks once more.
 * FT_AUTHENTICATION_FAILED, FT_RATE_LIMITED.
 */
enum ft_error service_vendor_authenticate(struct service *service, struct call *call,
                                          const struct vendor_login *login, int *vendor_id_r,
                                          int *credential_version_r);
void service_vendor_forget(struct service *service, int vendor_id);

#endif
