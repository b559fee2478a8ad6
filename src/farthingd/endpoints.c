/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Handlers of the vendor API, health and metrics. */
#include "farthingd/endpoints.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/metrics.h"

#define TEXT "text/plain; charset=utf-8"
#define WSDL "text/xml; charset=utf-8"

static void respond_text(struct http_request *request, int status, const char *type,
                         const char *text, const char *outcome)
{
    http_respond(request, status, type, text, strlen(text), outcome);
}

static void answer_description(struct http_request *request, const struct endpoints *endpoints)
{
    if (http_request_has_query(request, "wsdl12"))
        respond_text(request, 200, WSDL, endpoints->wsdl.both, "OK");
    else if (http_request_has_query(request, "wsdl"))
        respond_text(request, 200, WSDL, endpoints->wsdl.soap11, "OK");
    else
        respond_text(request, 200, TEXT,
                     "Farthing's vendor API, version 1. Send SOAP 1.1 or 1.2 here by POST.\n"
                     "?wsdl describes it for SOAP 1.1, ?wsdl12 for both.\n",
                     "OK");
}

static void handle_vendor(struct http_request *request, void *context)
{
    struct endpoints *endpoints = context;
    if (!http_request_is_post(request)) {
        answer_description(request, endpoints);
        return;
    }
    struct soap_exchange exchange = {.content_type = http_request_header(request, "Content-Type")};
    exchange.body = http_request_body(request, &exchange.body_bytes);
    if (endpoints->security != NULL)
        soap_security_answer(endpoints->security, endpoints->service, http_request_call(request),
                             &exchange);
    else
        soap_answer(endpoints->service, http_request_call(request), &exchange);
    if (strcmp(exchange.operation, "unknown") != 0)
        http_request_set_operation(request, exchange.operation);
    http_respond(request, exchange.status, exchange.answer_type, exchange.answer,
                 exchange.answer_bytes, exchange.outcome);
}

static void handle_health(struct http_request *request, void *context)
{
    struct endpoints *endpoints = context;
    struct call *call = http_request_call(request);
    enum ft_error error = service_health(endpoints->service, call);
    json_t *health = json_pack("{s:b, s:b}", "alive", true, "database", error == FT_OK);
    char *text = json_dumps(health, JSON_COMPACT);
    http_response_header(request, "Cache-Control", "no-store");
    respond_text(request, error == FT_OK ? 200 : 503, "application/json",
                 text != NULL ? text : "{}", ft_error_name(error));
    free(text);
    json_decref(health);
}

static void handle_metrics(struct http_request *request, void *context)
{
    (void)context;
    const char *text = metrics_render(http_request_call(request)->arena);
    http_response_header(request, "Cache-Control", "no-store");
    if (text != NULL)
        respond_text(request, 200, "text/plain; version=0.0.4; charset=utf-8", text, "OK");
    else
        respond_text(request, 500, TEXT, "out of memory\n", ft_error_name(FT_INTERNAL));
}

void endpoints_vendor_route(struct endpoints *endpoints, struct http_route *route_r)
{
    *route_r = (struct http_route){
        .methods = HTTP_GET | HTTP_POST,
        .path = "/soap/vendor/1",
        .operation = "vendor_api",
        .body_limit_bytes = endpoints->config->http.soap_body_bytes,
        .handler = handle_vendor,
        .context = endpoints,
        .waits = true,
        .checks_client = true,
    };
}

void endpoints_routes(struct endpoints *endpoints, struct http_route *routes_r)
{
    endpoints_vendor_route(endpoints, &routes_r[0]);
    routes_r[1] = (struct http_route){
        .methods = HTTP_GET,
        .path = "/health",
        .operation = "health",
        .handler = handle_health,
        .context = endpoints,
    };
    routes_r[2] = (struct http_route){
        .methods = HTTP_GET,
        .path = "/metrics",
        .operation = "metrics",
        .handler = handle_metrics,
        .context = endpoints,
    };
}
