/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pages: buy window, login, registration, account, content.
 */
#ifndef FARTHING_WEB_WEB_H
#define FARTHING_WEB_WEB_H

#include "core/config.h"
#include "http/http.h"
#include "service/service.h"

struct web;

/* Compiles every page in every language from directory (pages/, messages/, static/).
 * NULL: refused; the reason is logged. config and service outlive it. */
struct web *web_start(const struct config *config, struct service *service, const char *directory);
void web_stop(struct web *web);

/* The routes of all pages; owned by web. */
const struct http_route *web_routes(const struct web *web, size_t *count_r);

#endif
