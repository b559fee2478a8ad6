/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens that bind a form to the browser's visit, against cross-site requests. */
#ifndef FARTHING_SERVICE_FORM_TOKEN_H
#define FARTHING_SERVICE_FORM_TOKEN_H

#include "service/keyring.h"

#define FORM_VISIT_BYTES 16
#define FORM_VISIT_TEXT_SIZE SECRET_TEXT_SIZE(FORM_VISIT_BYTES)
#define FORM_TOKEN_TEXT_SIZE SECRET_TEXT_SIZE(KEYRING_SIGNED_BYTES)

bool form_visit_new(char text_r[FORM_VISIT_TEXT_SIZE]);
/* False: visit is none that form_visit_new makes, or no key or memory. */
bool form_token_sign(struct keyring *ring, const char *visit, const char *form,
                     char text_r[FORM_TOKEN_TEXT_SIZE]);
bool form_token_verify(struct keyring *ring, const char *visit, const char *form,
                       const char *token);

#endif
