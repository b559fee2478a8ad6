/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starts the pages and names their routes. */
#include "web/web.h"

#include <stdlib.h>
#include <string.h>

#include "web/handlers.h"

static const struct http_route routes[] = {
    {.methods = HTTP_GET, .path = "/", .operation = "home", .handler = web_home},
    {.methods = HTTP_GET, .path = "/static/", .operation = "static", .handler = web_static},
    {.methods = HTTP_GET | HTTP_POST,
     .path = "/buy/",
     .operation = "buy",
     .is_form = true,
     .handler = web_buy,
     .waits = true},
    {.methods = HTTP_GET, .path = "/item/", .operation = "item", .handler = web_item},
    {.methods = HTTP_GET | HTTP_POST,
     .path = "/login",
     .operation = "login",
     .is_form = true,
     .handler = web_login},
    {.methods = HTTP_POST,
     .path = "/logout",
     .operation = "logout",
     .is_form = true,
     .handler = web_logout},
    {.methods = HTTP_GET | HTTP_POST,
     .path = "/register",
     .operation = "register",
     .is_form = true,
     .handler = web_register},
    {.methods = HTTP_GET, .path = "/account", .operation = "account", .handler = web_account},
    {.methods = HTTP_GET, .path = "/content", .operation = "content", .handler = web_content},
    {.methods = HTTP_POST,
     .path = "/content/",
     .operation = "content_open",
     .is_form = true,
     .handler = web_content_open},
};
#define ROUTES_COUNT (sizeof routes / sizeof routes[0])

void web_static(struct http_request *request, void *context)
{
    const struct web *web = context;
    assets_answer(web->assets, request);
}

/* The table above, with what is known only at start. */
static struct http_route *make_routes(struct web *web)
{
    struct http_route *made = malloc(sizeof routes);
    if (made != NULL) {
        memcpy(made, routes, sizeof routes);
        for (size_t i = 0; i < ROUTES_COUNT; i++) {
            made[i].context = web;
            made[i].body_limit_bytes = made[i].is_form ? web->config->http.form_body_bytes : 0;
        }
    }
    return made;
}

static struct render *load_pages(const struct web *web, const char *directory)
{
    const struct render_site site = {
        .provider = web->config->provider.name,
        .support = web->config->provider.support_email,
        .stylesheet = assets_url(web->assets, ASSET_STYLESHEET),
        .script = assets_url(web->assets, ASSET_SCRIPT),
        .icon = assets_url(web->assets, ASSET_ICON),
    };
    return render_load(directory, &site);
}

struct web *web_start(const struct config *config, struct service *service, const char *directory)
{
    struct web *web = calloc(1, sizeof *web);
    if (web == NULL)
        return NULL;
    web->config = config;
    web->service = service;
    web->is_https = strncmp(config->public_url, "https:", strlen("https:")) == 0;
    web->assets = assets_load(directory);
    if (web->assets != NULL)
        web->render = load_pages(web, directory);
    web->routes = make_routes(web);
    if (web->render == NULL || web->routes == NULL) {
        web_stop(web);
        return NULL;
    }
    return web;
}

void web_stop(struct web *web)
{
    if (web == NULL)
        return;
    free(web->routes);
    assets_free(web->assets);
    render_free(web->render);
    free(web);
}

const struct http_route *web_routes(const struct web *web, size_t *count_r)
{
    *count_r = ROUTES_COUNT;
    return web->routes;
}
