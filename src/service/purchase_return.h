/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a receipt to what the browser carries to the vendor (B6, S1). */
#ifndef FARTHING_SERVICE_PURCHASE_RETURN_H
#define FARTHING_SERVICE_PURCHASE_RETURN_H

#include "service/purchase.h"

/* Fills all of *return_r; a charged purchase renews a login that lasts from the last purchase. */
enum ft_error purchase_return_make(struct service *service, struct call *call,
                                   const struct account_login *login,
                                   const struct purchase_receipt *receipt,
                                   struct purchase_return *return_r);

#endif
