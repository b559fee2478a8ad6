/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * No text but the very one that was sealed opens. The first byte chooses the token, the second
 * whether the rest is a text of its own or pairs of place and change for the sealed one.
 */
#include "service/form_token.h"
#include "service/login_token.h"
#include "service/user_id_token.h"

#include "fuzz.h"

#define NOW (1800000000 * TIME_SECOND)
#define VENDOR 1001
#define USER 42
#define TEXT_SIZE 256

enum token { USER_ID, LOGIN, FORM, TOKENS };

static struct keyring *ring;
static char sealed[TOKENS][TEXT_SIZE];
static char visit[FORM_VISIT_TEXT_SIZE];

static void prepare(void)
{
    const struct account_login login = {
        .user_id = USER, .login_id = 7, .expires_at = NOW + TIME_SECOND, .minutes = 30};
    ring = keyring_new(NULL, NULL);
    MUST(ring != NULL && form_visit_new(visit));
    for (int purpose = 0; purpose < KEY_PURPOSES; purpose++) {
        const struct secret_key key = {{(unsigned char)(purpose + 1)}};
        keyring_add(ring, (enum key_purpose)purpose, 1, NOW, &key);
    }
    MUST(user_id_token_seal(ring, VENDOR, USER, NOW, sealed[USER_ID]));
    MUST(login_token_seal(ring, &login, sealed[LOGIN]));
    MUST(form_token_sign(ring, visit, "/login", sealed[FORM]));
}

static bool opens(enum token token, const char *text)
{
    struct account_login login;
    int64_t user_id;
    switch (token) {
    case USER_ID:
        return user_id_token_open(ring, text, VENDOR, NOW, 300, &user_id) == LICENSE_OK;
    case LOGIN:
        return login_token_open(ring, text, NOW, &login);
    default:
        (void)form_token_verify(ring, text, "/login", sealed[FORM]); /* a visit may be anything */
        return form_token_verify(ring, visit, "/login", text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    if (ring == NULL)
        prepare();
    if (bytes < 2)
        return 0;
    enum token token = data[0] % TOKENS;
    char *text = data[1] & 1 ? fuzz_text(data + 2, bytes - 2) : strdup(sealed[token]);
    MUST(text != NULL);
    size_t length = strlen(text);
    for (size_t i = 2; !(data[1] & 1) && i + 1 < bytes; i += 2)
        text[data[i] % (length + 1)] = (char)data[i + 1];
    text[length] = '\0';
    MUST(opens(token, text) == (strcmp(text, sealed[token]) == 0));
    free(text);
    return 0;
}
