/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is answered beside the pages: the vendor API, its WSDL, health and metrics. */
#ifndef FARTHING_FARTHINGD_ENDPOINTS_H
#define FARTHING_FARTHINGD_ENDPOINTS_H

#include <stddef.h>

#include "http/http.h"
#include "service/service.h"
#include "soap/soap.h"

struct endpoints {
    const struct config *config;
    struct service *service;
    struct soap_wsdl wsdl;
};

#define ENDPOINTS_ROUTES 3

/* Fills ENDPOINTS_ROUTES routes, which refer to endpoints. */
void endpoints_routes(struct endpoints *endpoints, struct http_route *routes_r);

#endif
