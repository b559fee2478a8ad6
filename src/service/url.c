/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libcurl reads the URL; what it, a browser and a server could read differently is refused. */
#include "service/url.h"

#include <ctype.h>
#include <curl/curl.h>
#include <stdbool.h>
#include <string.h>

#include "service/check.h"

/* Of names and of IPv6 addresses; the origin also goes into a Content-Security-Policy. */
#define HOST_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_[:]"

/* A part of the URL, for the caller to curl_free. NULL: absent, or not to be had in this form. */
static char *part_of(CURLU *parsed, CURLUPart part, unsigned flags)
{
    char *text = NULL;
    return curl_url_get(parsed, part, &text, flags) == CURLUE_OK ? text : NULL;
}

/* Besides what check_texts refuses: what a browser drops or turns into something else. */
static bool has_plain_characters(const char *url)
{
    for (const char *at = url; *at != '\0'; at++)
        if ((unsigned char)*at <= ' ' || *at == '\\' || *at == '#')
            return false;
    return true;
}

/*
 * Whether a segment of a decoded path is "." or "..". libcurl has removed those that stood there
 * plainly, so that such a one was percent-encoded: a browser removes it and a server may, libcurl
 * does not. Some servers also split at backslashes, and cut a segment at its semicolon.
 */
static bool has_dot_segment(const char *path)
{
    while (*path != '\0') {
        path += strspn(path, "/\\");
        size_t length = strcspn(path, "/\\;");
        if ((length == 1 || length == 2) && strspn(path, ".") >= length)
            return true;
        path += strcspn(path, "/\\");
    }
    return false;
}

/* "https://host": two slashes, where libcurl takes one to three. */
static bool begins_plainly(const char *url, const char *scheme)
{
    const char *rest = url + strlen(scheme);
    return strncmp(rest, "://", 3) == 0 && rest[3] != '/';
}

/*
 * Of a URL that begins plainly. libcurl decodes such a host without looking whether an IPv4 address
 * has come of it, a browser looks.
 */
static bool has_encoded_host(const char *url)
{
    const char *host = strstr(url, "://") + 3;
    return memchr(host, '%', strcspn(host, "/?")) != NULL;
}

static const char *what_is_wrong(CURLU *parsed, const char *url, const char *scheme,
                                 const char *host)
{
    const char *wrong = NULL;
    char *zone = part_of(parsed, CURLUPART_ZONEID, 0);
    char *decoded = part_of(parsed, CURLUPART_PATH, CURLU_URLDECODE);
    if (scheme == NULL || (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0) ||
        !begins_plainly(url, scheme)) {
        wrong = "an http or https URL";
    } else if (host == NULL || zone != NULL) {
        wrong = "a URL with a host";
    } else if (strspn(host, HOST_CHARACTERS) != strlen(host) || has_encoded_host(url)) {
        wrong = "a URL whose host is of letters, digits, dots and hyphens (xn--)";
    }
    if (wrong == NULL && (decoded == NULL || has_dot_segment(decoded)))
        wrong = "a URL without encoded dot segments and control characters";
    curl_free(zone);
    curl_free(decoded);
    return wrong;
}

static char *make_origin(struct call *call, CURLU *parsed, const char *scheme, const char *host)
{
    char *port = part_of(parsed, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
    char *origin = arena_printf(call->arena, "%s://%s%s%s", scheme, host, port != NULL ? ":" : "",
                                port != NULL ? port : "");
    for (char *at = origin; at != NULL && *at != '\0'; at++)
        *at = (char)tolower((unsigned char)*at);
    curl_free(port);
    return origin;
}

/* NULL where a password may be in it. */
static const char *quotable(const char *url)
{
    return strchr(url, '@') == NULL ? url : NULL;
}

static enum ft_error too_long(struct call *call, const char *parameter, const char *url)
{
    return call_invalid(call, parameter, "at most 2048 bytes", quotable(url));
}

static enum ft_error split(struct call *call, CURLU *parsed, const char *parameter, const char *url,
                           const char **origin_r, const char **path_r)
{
    char *scheme = part_of(parsed, CURLUPART_SCHEME, 0);
    char *host = part_of(parsed, CURLUPART_HOST, 0);
    char *path = part_of(parsed, CURLUPART_PATH, 0);
    enum ft_error error = FT_OK;
    const char *wrong = what_is_wrong(parsed, url, scheme, host);
    if (wrong != NULL) {
        error = call_invalid(call, parameter, wrong, quotable(url));
    } else {
        const char *origin = make_origin(call, parsed, scheme, host);
        const char *kept_path = arena_strdup(call->arena, path);
        if (origin == NULL || kept_path == NULL) {
            error = FT_INTERNAL;
        } else if (strlen(origin) + strlen(kept_path) > SERVICE_URL_MAX_BYTES) {
            error = too_long(call, parameter, url);
        } else {
            *origin_r = origin;
            *path_r = kept_path;
        }
    }
    curl_free(scheme);
    curl_free(host);
    curl_free(path);
    return error;
}

enum ft_error service_url_split(struct call *call, const char *parameter, const char *url,
                                const char **origin_r, const char **path_r)
{
    const struct check_text text = {
        .parameter = parameter, .text = url, .min = 1, .max = SERVICE_URL_MAX_BYTES};
    enum ft_error error = check_texts(call, &text, 1);
    if (error != FT_OK)
        return error;
    if (strlen(url) > SERVICE_URL_MAX_BYTES)
        return too_long(call, parameter, url);
    if (!has_plain_characters(url))
        return call_invalid(call, parameter, "a URL without spaces, backslashes and fragment",
                            quotable(url));

    CURLU *parsed = curl_url();
    if (parsed == NULL)
        return FT_INTERNAL;
    CURLUcode code = curl_url_set(parsed, CURLUPART_URL, url, CURLU_DISALLOW_USER);
    if (code == CURLUE_OUT_OF_MEMORY)
        error = FT_INTERNAL;
    else if (code == CURLUE_USER_NOT_ALLOWED)
        error = call_invalid(call, parameter, "a URL without user", quotable(url));
    else if (code != CURLUE_OK)
        error = call_invalid(call, parameter, "an http or https URL", quotable(url));
    else
        error = split(call, parsed, parameter, url, origin_r, path_r);
    curl_url_cleanup(parsed);
    return error;
}
