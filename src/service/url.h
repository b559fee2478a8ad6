/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Web addresses that vendors name: one spelling for each, so that prefixes can be compared. */
#ifndef FARTHING_SERVICE_URL_H
#define FARTHING_SERVICE_URL_H

#include "core/call.h"

#define SERVICE_URL_MAX_BYTES 2048

/*
 * Splits url into its origin ("https://shop.example:8443": host in lower case, the scheme's own
 * port left out) and its path ("/songs/7": dot segments removed, at least "/"); the query belongs
 * to neither. Both live in the call's arena. FT_INVALID_PARAMETER, with parameter named, unless url
 * is http or https with a host, without user and fragment, at most SERVICE_URL_MAX_BYTES as given
 * and as split ("http://1" is split into "http://0.0.0.1" and "/"), valid UTF-8 without spaces,
 * control characters and backslashes, without percent-encoding in the host, and without
 * percent-encoded dots, slashes and backslashes where servers disagree on what the path is.
 */
enum ft_error service_url_split(struct call *call, const char *parameter, const char *url,
                                const char **origin_r, const char **path_r);

#endif
