/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way back to the vendor by GET. */
#ifndef FARTHING_SERVICE_RETURN_URL_H
#define FARTHING_SERVICE_RETURN_URL_H

#include "core/call.h"

/*
 * content_url with EncryptedUserID, ContentID and OptionalData added to its query, in ASCII. What
 * the vendor's URL has stays as it is. NULL: no memory, or not a URL.
 */
const char *return_url_make(struct call *call, const char *content_url,
                            const char *encrypted_user_id, const char *content_id,
                            const char *optional_data);

#endif
