/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The operations: each decodes its request, calls one function of the service, encodes its answer.
 * soap has read the request up to the operation's element, and is released before the service is
 * called: calls that wait for it need no codec.
 */
#ifndef FARTHING_SOAP_OPERATION_H
#define FARTHING_SOAP_OPERATION_H

#include "soap/codec.h"

/*
 * FT_OK: the exchange has the answer and its outcome. Else the error is to become a fault.
 */
typedef enum ft_error soap_operation(struct soap *soap, struct service *service, struct call *call,
                                     struct soap_exchange *exchange);

soap_operation soap_purchase_initiate;
soap_operation soap_purchase_checkout;
soap_operation soap_purchase_get;
soap_operation soap_purchase_list;
soap_operation soap_purchase_refund;
soap_operation soap_license_lock_content;
soap_operation soap_vendor_account;
soap_operation soap_vendor_change_password;
soap_operation soap_settlement_list;
soap_operation soap_incentive_issue;
soap_operation soap_royalty_set_content_owners;

#endif
