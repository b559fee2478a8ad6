/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what a vendor sent to what the database is told. */
#ifndef FARTHING_SERVICE_INITIATION_H
#define FARTHING_SERVICE_INITIATION_H

#include "service/purchase.h"

/*
 * Checks every parameter but VendorID and VendorPassword against the contract; FT_INVALID_PARAMETER
 * names the first that is wrong. Absent and empty texts become one, NULL. Vendor and credential
 * are left 0.
 */
enum ft_error initiation_prepare(struct call *call, const struct purchase_initiate_request *request,
                                 struct purchase_initiation *initiation_r);

/* The same of an order of goods (V12), whose CancelURL gives the parts that follow. */
enum ft_error checkout_prepare(struct call *call, const struct purchase_checkout_request *request,
                               struct purchase_initiation *initiation_r,
                               const char **cancel_origin_r, const char **cancel_path_r);

#endif
