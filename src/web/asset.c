/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps the static files in memory and answers requests for them. */
#include "web/asset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/secret.h"

#define ASSET_BYTES_MAX 65536
#define ASSET_TAG_BYTES 12 /* of the hash */

static const struct {
    const char *name;
    const char *type;
} files[ASSET_COUNT] = {
    [ASSET_STYLESHEET] = {"farthing.css", "text/css; charset=utf-8"},
    [ASSET_SCRIPT] = {"farthing.js", "text/javascript; charset=utf-8"},
    [ASSET_ICON] = {"farthing.svg", "image/svg+xml"},
};

struct asset {
    char *content;
    size_t bytes;
    char version[SECRET_TEXT_SIZE(ASSET_TAG_BYTES)];
    char tag[SECRET_TEXT_SIZE(ASSET_TAG_BYTES) + 2]; /* the version in quotes */
    char url[128];
};

struct assets {
    struct asset asset[ASSET_COUNT];
};

/* The key is no secret: the hash only tells one version of a file from another. */
static bool set_version(struct asset *asset, const char *name)
{
    static const struct secret_key key;
    unsigned char mac[SECRET_HMAC_BYTES];
    if (!secret_hmac(&key, asset->content, asset->bytes, mac))
        return false;
    secret_encode(mac, ASSET_TAG_BYTES, asset->version);
    snprintf(asset->tag, sizeof asset->tag, "\"%s\"", asset->version);
    snprintf(asset->url, sizeof asset->url, "/static/%s?v=%s", name, asset->version);
    return true;
}

static bool load(struct asset *asset, const char *directory, const char *name)
{
    char path[4096];
    bool loaded = false;
    snprintf(path, sizeof path, "%s/static/%s", directory, name);
    FILE *file = fopen(path, "re");
    if (file != NULL) {
        asset->content = malloc(ASSET_BYTES_MAX);
        if (asset->content != NULL) {
            asset->bytes = fread(asset->content, 1, ASSET_BYTES_MAX, file);
            loaded = feof(file) && !ferror(file) && set_version(asset, name);
        }
        fclose(file);
    }
    if (!loaded) {
        log_event(LOG_ERROR, "web_static", "file", LOG_TEXT(path), "problem",
                  LOG_TEXT("cannot be read"), NULL);
    }
    return loaded;
}

struct assets *assets_load(const char *directory)
{
    struct assets *assets = calloc(1, sizeof *assets);
    for (int i = 0; i < ASSET_COUNT && assets != NULL; i++) {
        if (!load(&assets->asset[i], directory, files[i].name)) {
            assets_free(assets);
            assets = NULL;
        }
    }
    return assets;
}

void assets_free(struct assets *assets)
{
    if (assets == NULL)
        return;
    for (int i = 0; i < ASSET_COUNT; i++)
        free(assets->asset[i].content);
    free(assets);
}

const char *assets_url(const struct assets *assets, enum asset_name name)
{
    return assets->asset[name].url;
}

static void answer(const struct asset *asset, const char *type, struct http_request *request)
{
    const char *version = http_request_query(request, "v");
    const char *known = http_request_header(request, "If-None-Match");
    const bool is_current = version != NULL && strcmp(version, asset->version) == 0;
    http_response_header(request, "ETag", asset->tag);
    http_response_header(request, "Cache-Control",
                         is_current ? "public, max-age=31536000, immutable" : "no-cache");
    if (known != NULL && strstr(known, asset->tag) != NULL)
        http_respond(request, 304, NULL, NULL, 0, "NOT_MODIFIED");
    else
        http_respond(request, 200, type, asset->content, asset->bytes, "OK");
}

void assets_answer(const struct assets *assets, struct http_request *request)
{
    static const char unknown[] = "404 Not Found\n";
    const char *name = http_request_tail(request);
    for (int i = 0; i < ASSET_COUNT; i++) {
        if (strcmp(name, files[i].name) == 0) {
            answer(&assets->asset[i], files[i].type, request);
            return;
        }
    }
    http_respond(request, 404, "text/plain; charset=utf-8", unknown, strlen(unknown), "NOT_FOUND");
}
