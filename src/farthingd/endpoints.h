/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is answered beside the pages: the vendor API, its WSDL, health and metrics. */
#ifndef FARTHING_FARTHINGD_ENDPOINTS_H
#define FARTHING_FARTHINGD_ENDPOINTS_H

#include <stddef.h>

#include "http/http.h"
#include "service/service.h"
#include "soap/security.h"
#include "soap/soap.h"

struct endpoints {
    const struct config *config;
    struct service *service;
    struct soap_wsdl wsdl;
    struct soap_security *security; /* of the port for WS-Security; NULL elsewhere */
};

#define ENDPOINTS_ROUTES 3

/* Fills ENDPOINTS_ROUTES routes, which refer to endpoints. */
void endpoints_routes(struct endpoints *endpoints, struct http_route *routes_r);

/* The vendor API alone, for the port for WS-Security. */
void endpoints_vendor_route(struct endpoints *endpoints, struct http_route *route_r);

#endif
