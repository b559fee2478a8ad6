/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The static files: style, script, icon. Read once at start. Their URLs carry a hash of the
 * content, so that browsers keep them for good and see a new version at once.
 */
#ifndef FARTHING_WEB_ASSET_H
#define FARTHING_WEB_ASSET_H

#include "http/http.h"

enum asset_name { ASSET_STYLESHEET, ASSET_SCRIPT, ASSET_ICON, ASSET_COUNT };

struct assets;

/* Reads directory/static/. NULL: refused; the reason is logged. Owner calls assets_free. */
struct assets *assets_load(const char *directory);
void assets_free(struct assets *assets);

const char *assets_url(const struct assets *assets, enum asset_name name);

/* Answers a request whose tail is a file's name. */
void assets_answer(const struct assets *assets, struct http_request *request);

#endif
