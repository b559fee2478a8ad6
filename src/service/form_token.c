/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signs and verifies form tokens. */
#include "service/form_token.h"

#include <string.h>

#define FORM_NAME_MAX 128

/* What is signed: the visit's fixed 16 bytes, then the form's name. */
struct subject {
    unsigned char visit[FORM_VISIT_BYTES];
    char form[FORM_NAME_MAX];
};

bool form_visit_new(char text_r[FORM_VISIT_TEXT_SIZE])
{
    unsigned char visit[FORM_VISIT_BYTES];
    text_r[0] = '\0';
    if (!secret_random(visit, sizeof visit))
        return false;
    secret_encode(visit, sizeof visit, text_r);
    return true;
}

static bool subject_of(const char *visit, const char *form, struct subject *subject_r)
{
    size_t bytes = 0;
    *subject_r = (struct subject){0};
    if (visit == NULL || !secret_decode(visit, subject_r->visit, FORM_VISIT_BYTES, &bytes) ||
        bytes != FORM_VISIT_BYTES || strlen(form) >= FORM_NAME_MAX)
        return false;
    memcpy(subject_r->form, form, strlen(form));
    return true;
}

bool form_token_sign(struct keyring *ring, const char *visit, const char *form,
                     char text_r[FORM_TOKEN_TEXT_SIZE])
{
    struct subject subject;
    text_r[0] = '\0';
    return subject_of(visit, form, &subject) &&
           keyring_sign(ring, KEY_FORM, &subject, sizeof subject, text_r);
}

bool form_token_verify(struct keyring *ring, const char *visit, const char *form, const char *token)
{
    struct subject subject;
    return subject_of(visit, form, &subject) &&
           keyring_verify(ring, KEY_FORM, &subject, sizeof subject, token);
}
