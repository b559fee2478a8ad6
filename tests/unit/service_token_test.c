/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens that leave the server: encrypted user IDs (V6, S1), logins (B3), forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "service/form_token.h"
#include "service/login_token.h"
#include "service/user_id_token.h"

#define VENDOR 1001
#define OTHER_VENDOR 1002
#define USER 42
#define VALID_S 300
#define NOW (1800000000 * TIME_SECOND)

static void add_key(struct keyring *ring, enum key_purpose purpose, uint32_t number,
                    time_us_t created_at)
{
    struct secret_key key;
    assert_true(secret_random(&key, sizeof key));
    keyring_add(ring, purpose, number, created_at, &key);
}

static struct keyring *ring_with_keys(void)
{
    struct keyring *ring = keyring_new(NULL, NULL);
    assert_non_null(ring);
    add_key(ring, KEY_USER_ID, 1, NOW);
    add_key(ring, KEY_LOGIN, 2, NOW);
    add_key(ring, KEY_FORM, 3, NOW);
    return ring;
}

static enum license_reason open_at(struct keyring *ring, const char *text, int vendor_id,
                                   time_us_t now)
{
    int64_t user_id = -1;
    enum license_reason reason = user_id_token_open(ring, text, vendor_id, now, VALID_S, &user_id);
    assert_int_equal(user_id, reason == LICENSE_ID_INVALID ? 0 : USER);
    return reason;
}

static void user_id_opens_for_its_vendor_only(void **state)
{
    (void)state;
    char text[USER_ID_TOKEN_TEXT_SIZE];
    struct keyring *ring = ring_with_keys();
    assert_true(user_id_token_seal(ring, VENDOR, USER, NOW, text));
    assert_int_equal(open_at(ring, text, VENDOR, NOW), LICENSE_OK);
    assert_int_equal(open_at(ring, text, OTHER_VENDOR, NOW), LICENSE_ID_INVALID);
    assert_int_equal(open_at(ring, text, 0, NOW), LICENSE_ID_INVALID);
    keyring_free(ring);
}

static void user_id_is_never_the_same_twice(void **state)
{
    (void)state;
    char first[USER_ID_TOKEN_TEXT_SIZE], second[USER_ID_TOKEN_TEXT_SIZE];
    struct keyring *ring = ring_with_keys();
    assert_true(user_id_token_seal(ring, VENDOR, USER, NOW, first));
    assert_true(user_id_token_seal(ring, VENDOR, USER, NOW, second));
    assert_string_not_equal(first, second);
    keyring_free(ring);
}

static void user_id_expires(void **state)
{
    (void)state;
    char text[USER_ID_TOKEN_TEXT_SIZE];
    struct keyring *ring = ring_with_keys();
    assert_true(user_id_token_seal(ring, VENDOR, USER, NOW, text));
    time_us_t last = NOW + VALID_S * TIME_SECOND;
    assert_int_equal(open_at(ring, text, VENDOR, last), LICENSE_OK);
    assert_int_equal(open_at(ring, text, VENDOR, last + 1), LICENSE_ID_EXPIRED);
    keyring_free(ring);
}

static void user_id_with_any_bit_changed_is_invalid(void **state)
{
    (void)state;
    char text[USER_ID_TOKEN_TEXT_SIZE];
    struct keyring *ring = ring_with_keys();
    assert_true(user_id_token_seal(ring, VENDOR, USER, NOW, text));
    size_t bits = strlen(text) * 8;
    for (size_t bit = 0; bit < bits; bit++) {
        text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
        assert_int_equal(open_at(ring, text, VENDOR, NOW), LICENSE_ID_INVALID);
        text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
    }
    assert_int_equal(open_at(ring, text, VENDOR, NOW), LICENSE_OK);
    keyring_free(ring);
}

static void what_is_no_user_id_is_invalid(void **state)
{
    (void)state;
    char text[USER_ID_TOKEN_TEXT_SIZE], longer[USER_ID_TOKEN_TEXT_SIZE + 4];
    char huge[5000];
    struct keyring *ring = ring_with_keys();
    memset(huge, 'A', sizeof huge - 1);
    huge[sizeof huge - 1] = '\0';
    assert_true(user_id_token_seal(ring, VENDOR, USER, NOW, text));
    snprintf(longer, sizeof longer, "%sAAAA", text);
    const char *const others[] = {NULL, "", "A", "%", "AAAA", "ümlaut", longer, huge};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(open_at(ring, others[i], VENDOR, NOW), LICENSE_ID_INVALID);
    text[strlen(text) - 4] = '\0';
    assert_int_equal(open_at(ring, text, VENDOR, NOW), LICENSE_ID_INVALID);
    keyring_free(ring);
}

static void previous_key_opens_and_the_one_before_does_not(void **state)
{
    (void)state;
    char old[USER_ID_TOKEN_TEXT_SIZE], new[USER_ID_TOKEN_TEXT_SIZE];
    struct keyring *ring = ring_with_keys();
    assert_true(user_id_token_seal(ring, VENDOR, USER, NOW, old));
    add_key(ring, KEY_USER_ID, 7, NOW + 1);
    assert_true(keyring_newest(ring, KEY_USER_ID) == NOW + 1);
    assert_true(user_id_token_seal(ring, VENDOR, USER, NOW, new));
    assert_int_equal(open_at(ring, old, VENDOR, NOW), LICENSE_OK);
    assert_int_equal(open_at(ring, new, VENDOR, NOW), LICENSE_OK);

    keyring_drop(ring, NOW + 1);
    assert_int_equal(open_at(ring, old, VENDOR, NOW), LICENSE_ID_INVALID);
    assert_int_equal(open_at(ring, new, VENDOR, NOW), LICENSE_OK);

    keyring_drop(ring, NOW + 2);
    assert_true(keyring_newest(ring, KEY_USER_ID) == 0);
    assert_false(user_id_token_seal(ring, VENDOR, USER, NOW, new));
    assert_string_equal(new, "");
    keyring_free(ring);
}

/* A second daemon's keyring: it learns key 9 when it is asked for. */
struct late_key {
    struct keyring *ring;
    struct secret_key key;
    int loads;
};

static void learn(void *context)
{
    struct late_key *late = context;
    late->loads++;
    keyring_add(late->ring, KEY_USER_ID, 9, NOW, &late->key);
}

static void key_of_another_daemon_is_learnt(void **state)
{
    (void)state;
    char text[USER_ID_TOKEN_TEXT_SIZE], unknown[USER_ID_TOKEN_TEXT_SIZE];
    struct late_key late = {0};
    assert_true(secret_random(&late.key, sizeof late.key));
    struct keyring *maker = keyring_new(NULL, NULL);
    struct keyring *later_maker = keyring_new(NULL, NULL);
    late.ring = keyring_new(learn, &late);
    keyring_add(maker, KEY_USER_ID, 9, NOW, &late.key);
    add_key(later_maker, KEY_USER_ID, 10, NOW);
    add_key(late.ring, KEY_USER_ID, 8, NOW);
    assert_true(user_id_token_seal(maker, VENDOR, USER, NOW, text));
    assert_true(user_id_token_seal(later_maker, VENDOR, USER, NOW, unknown));

    assert_int_equal(open_at(late.ring, text, VENDOR, NOW), LICENSE_OK);
    assert_int_equal(late.loads, 1);
    for (int i = 0; i < 100; i++) /* all within the same second */
        assert_int_equal(open_at(late.ring, unknown, VENDOR, NOW), LICENSE_ID_INVALID);
    assert_int_equal(late.loads, 1);
    keyring_free(late.ring);
    keyring_free(maker);
    keyring_free(later_maker);
}

static const struct account_login login = {
    .user_id = USER,
    .login_id = 77,
    .expires_at = NOW + 30 * 60 * TIME_SECOND,
    .from_last_purchase = true,
    .public_computer = true,
    .minutes = 30,
};

static void login_opens_as_it_was_sealed(void **state)
{
    (void)state;
    char text[LOGIN_TOKEN_TEXT_SIZE];
    struct account_login opened;
    struct keyring *ring = ring_with_keys();
    assert_true(login_token_seal(ring, &login, text));
    assert_true(login_token_open(ring, text, NOW, &opened));
    assert_int_equal(opened.user_id, login.user_id);
    assert_int_equal(opened.login_id, login.login_id);
    assert_true(opened.expires_at == login.expires_at);
    assert_true(opened.from_last_purchase);
    assert_true(opened.public_computer);
    assert_int_equal(opened.minutes, 30);
    keyring_free(ring);
}

static void assert_nobody(struct keyring *ring, const char *text, time_us_t now)
{
    struct account_login opened = login;
    assert_false(login_token_open(ring, text, now, &opened));
    assert_int_equal(opened.user_id, 0);
    assert_int_equal(opened.login_id, 0);
    assert_int_equal(opened.minutes, 0);
}

static void altered_or_expired_login_is_nobody(void **state)
{
    (void)state;
    char text[LOGIN_TOKEN_TEXT_SIZE], user_id[USER_ID_TOKEN_TEXT_SIZE];
    struct account_login opened;
    struct keyring *ring = ring_with_keys();
    assert_true(login_token_seal(ring, &login, text));
    assert_true(login_token_open(ring, text, login.expires_at - 1, &opened));
    assert_nobody(ring, text, login.expires_at);
    assert_nobody(ring, NULL, NOW);
    assert_nobody(ring, "", NOW);
    assert_true(user_id_token_seal(ring, VENDOR, USER, NOW, user_id));
    assert_nobody(ring, user_id, NOW);
    size_t bits = strlen(text) * 8;
    for (size_t bit = 0; bit < bits; bit++) {
        text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
        assert_nobody(ring, text, NOW);
        text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
    }
    keyring_free(ring);
}

static void form_token_is_of_one_visit_and_one_form(void **state)
{
    (void)state;
    char visit[FORM_VISIT_TEXT_SIZE], other[FORM_VISIT_TEXT_SIZE], token[FORM_TOKEN_TEXT_SIZE];
    struct keyring *ring = ring_with_keys();
    assert_true(form_visit_new(visit));
    assert_true(form_visit_new(other));
    assert_int_equal(strlen(visit), 22);
    assert_string_not_equal(visit, other);
    assert_true(form_token_sign(ring, visit, "buy", token));
    assert_true(form_token_verify(ring, visit, "buy", token));
    assert_false(form_token_verify(ring, visit, "logout", token));
    assert_false(form_token_verify(ring, other, "buy", token));
    assert_false(form_token_verify(ring, NULL, "buy", token));
    assert_false(form_token_verify(ring, visit, "buy", NULL));
    assert_false(form_token_verify(ring, visit, "buy", ""));
    size_t bits = strlen(token) * 8;
    for (size_t bit = 0; bit < bits; bit++) {
        token[bit / 8] = (char)(token[bit / 8] ^ 1 << bit % 8);
        assert_false(form_token_verify(ring, visit, "buy", token));
        token[bit / 8] = (char)(token[bit / 8] ^ 1 << bit % 8);
    }
    add_key(ring, KEY_FORM, 4, NOW + 1);
    assert_true(form_token_verify(ring, visit, "buy", token)); /* a form open since before */
    keyring_drop(ring, NOW + 1);
    assert_false(form_token_verify(ring, visit, "buy", token));
    keyring_free(ring);
}

static void what_is_no_visit_gets_no_form_token(void **state)
{
    (void)state;
    char token[FORM_TOKEN_TEXT_SIZE];
    struct keyring *ring = ring_with_keys();
    const char *const visits[] = {NULL, "", "short", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "!"};
    for (size_t i = 0; i < sizeof visits / sizeof visits[0]; i++)
        assert_false(form_token_sign(ring, visits[i], "buy", token));
    keyring_free(ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(user_id_opens_for_its_vendor_only),
        cmocka_unit_test(user_id_is_never_the_same_twice),
        cmocka_unit_test(user_id_expires),
        cmocka_unit_test(user_id_with_any_bit_changed_is_invalid),
        cmocka_unit_test(what_is_no_user_id_is_invalid),
        cmocka_unit_test(previous_key_opens_and_the_one_before_does_not),
        cmocka_unit_test(key_of_another_daemon_is_learnt),
        cmocka_unit_test(login_opens_as_it_was_sealed),
        cmocka_unit_test(altered_or_expired_login_is_nobody),
        cmocka_unit_test(form_token_is_of_one_visit_and_one_form),
        cmocka_unit_test(what_is_no_visit_gets_no_form_token),
    };
    return cmocka_run_group_tests_name("service tokens", tests, NULL, NULL);
}
