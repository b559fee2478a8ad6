/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adds the three parameters with libcurl's URL functions. */
#include "service/return_url.h"

#include <curl/curl.h>
#include <stdbool.h>

static bool append(struct call *call, CURLU *url, const char *name, const char *value)
{
    const char *parameter = arena_printf(call->arena, "%s=%s", name, value);
    return parameter != NULL && curl_url_set(url, CURLUPART_QUERY, parameter,
                                             CURLU_APPENDQUERY | CURLU_URLENCODE) == CURLUE_OK;
}

const char *return_url_make(struct call *call, const char *content_url,
                            const char *encrypted_user_id, const char *content_id,
                            const char *optional_data)
{
    const char *made = NULL;
    char *text = NULL;
    CURLU *url = curl_url();
    if (url != NULL &&
        curl_url_set(url, CURLUPART_URL, content_url, CURLU_PATH_AS_IS | CURLU_URLENCODE) ==
            CURLUE_OK &&
        append(call, url, "EncryptedUserID", encrypted_user_id) &&
        append(call, url, "ContentID", content_id) &&
        append(call, url, "OptionalData", optional_data) &&
        curl_url_get(url, CURLUPART_URL, &text, 0) == CURLUE_OK)
        made = arena_strdup(call->arena, text);
    curl_free(text);
    curl_url_cleanup(url);
    return made;
}
