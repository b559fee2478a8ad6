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

/* A call that meets FT_CREDENTIAL_CHANGED is made once more, with the password verified anew. */
#define VENDOR_ATTEMPTS 2

/*
 * Verifies vendor and password (V2). A password once verified is remembered as a keyed hash for
 * vendor_password_cache_s, together with its version; the database refuses a stale version with
 * FT_CREDENTIAL_CHANGED, upon which the caller forgets it and asks once more.
 * FT_AUTHENTICATION_FAILED, FT_RATE_LIMITED.
 */
enum ft_error service_vendor_authenticate(struct service *service, struct call *call,
                                          const struct vendor_login *login, int *vendor_id_r,
                                          int *credential_version_r);
/* Forgets a version that the database refused; a newer one stays. */
void service_vendor_forget(struct service *service, int vendor_id, int credential_version);

#endif
