/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The vendor API on memory buffers: one SOAP request in, one SOAP answer or fault out.
 */
#ifndef FARTHING_SOAP_SOAP_H
#define FARTHING_SOAP_SOAP_H

#include <stdbool.h>
#include <stddef.h>

#include "core/call.h"
#include "service/service.h"

struct soap_exchange {
    const char *body; /* request, any bytes */
    size_t body_bytes;
    const char *content_type; /* of the request; NULL: absent */
    /* out, in the call's arena: */
    int version; /* of SOAP, 1 or 2: the request's, as far as it can be told */
    int status;  /* 200; a fault: 500, or 400 for a SOAP 1.2 Sender */
    const char
        *answer_type; /* "text/xml; charset=utf-8" or "application/soap+xml; charset=utf-8" */
    const char *answer;
    size_t answer_bytes;
    const char *operation; /* "InitiateTransaction"; "unknown" */
    const char *outcome;   /* "OK", a fault code, or a refusal's reason */
};

/* Never fails: what goes wrong is a fault. */
void soap_answer(struct service *service, struct call *call, struct soap_exchange *exchange);

/*
 * Reads wsdl/vendor-1.wsdl once and sets soap:address to public_url. False: refused; logged.
 * The texts live until soap_wsdl_free.
 */
struct soap_wsdl {
    char *soap11; /* the SOAP 1.1 port only: ?wsdl */
    char *both;   /* ?wsdl12 */
};
bool soap_wsdl_load(const char *path, const char *public_url, struct soap_wsdl *wsdl_r);
void soap_wsdl_free(struct soap_wsdl *wsdl);

#endif
