/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a notification says, who signed it, when it is tried again, and where it may go (V14). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <jansson.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

#include "core/config.h"
#include "service/notification_message.h"
#include "service/vendor_secret.h"
#include "service/public_address.h"

static bool is_public(const char *text)
{
    struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6};
    struct sockaddr_in ipv4 = {.sin_family = AF_INET};
    if (inet_pton(AF_INET, text, &ipv4.sin_addr) == 1)
        return address_is_public((const struct sockaddr *)&ipv4);
    assert_int_equal(inet_pton(AF_INET6, text, &ipv6.sin6_addr), 1);
    return address_is_public((const struct sockaddr *)&ipv6);
}

static void public_addresses_are_let_through(void **state)
{
    (void)state;
    static const char *const addresses[] = {
        "1.1.1.1",         "9.255.255.255",   "11.0.0.0",         "100.63.255.255",
        "100.128.0.0",     "126.255.255.255", "128.0.0.1",        "169.253.255.255",
        "169.255.0.0",     "172.15.255.255",  "172.32.0.0",       "192.0.1.255",
        "192.0.3.0",       "192.167.255.255", "192.169.0.0",      "198.17.255.255",
        "198.20.0.0",      "223.255.255.255", "2001:200::1",      "2003::1",
        "2600:1f18::1",    "2a00:1450::8",    "::ffff:1.1.1.1",   "64:ff9b::1.1.1.1",
        "2001:db7:ffff::", "2001:db9::",      "3ffe:ffff:ffff::",
    };
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        if (!is_public(addresses[i]))
            fail_msg("%s is public", addresses[i]);
}

static void other_addresses_are_not(void **state)
{
    (void)state;
    static const char *const addresses[] = {
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.0.0",
        "169.254.169.254",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:1ff::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
    };
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        if (is_public(addresses[i]))
            fail_msg("%s is not public", addresses[i]);
    const struct sockaddr_un socket = {.sun_family = AF_UNIX, .sun_path = "/run/x"};
    assert_false(address_is_public((const struct sockaddr *)&socket));
}

static void secret_opens_for_its_vendor_only(void **state)
{
    (void)state;
    struct secret_key master, other, secret;
    char text[VENDOR_SECRET_TEXT_SIZE], second[VENDOR_SECRET_TEXT_SIZE];
    unsigned char sealed[VENDOR_SECRET_SEALED_BYTES];
    assert_true(secret_random(&master, sizeof master));
    assert_true(secret_random(&other, sizeof other));
    assert_true(vendor_secret_make(&master, VENDOR_SECRET_NOTIFICATION, 1001, second, sealed));
    assert_true(vendor_secret_make(&master, VENDOR_SECRET_NOTIFICATION, 1001, text, sealed));
    assert_string_not_equal(text, second);
    assert_int_equal(strlen(text), SECRET_KEY_BYTES);
    assert_true(vendor_secret_open(&master, VENDOR_SECRET_NOTIFICATION, 1001, sealed, sizeof sealed,
                                   &secret));
    assert_memory_equal(secret.bytes, text, SECRET_KEY_BYTES);
    assert_false(vendor_secret_open(&master, VENDOR_SECRET_NOTIFICATION, 1002, sealed,
                                    sizeof sealed, &secret));
    assert_false(vendor_secret_open(&other, VENDOR_SECRET_NOTIFICATION, 1001, sealed, sizeof sealed,
                                    &secret));
    assert_false(vendor_secret_open(&master, VENDOR_SECRET_NOTIFICATION, 1001, sealed,
                                    sizeof sealed - 1, &secret));
}

static struct call call_of(struct arena *arena)
{
    return (struct call){.arena = arena};
}

/* Against a signature that another program made: openssl dgst -sha256 -hmac. */
static void signature_is_the_documented_one(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 16);
    struct call call = call_of(arena);
    struct secret_key secret;
    char signature[NOTIFICATION_SIGNATURE_SIZE];
    memcpy(secret.bytes, "0123456789abcdefghijklmnopqrstuv", SECRET_KEY_BYTES);
    assert_true(notification_sign(&call, &secret, "1901232000", "{\"a\":\"ü\"}", signature));
    assert_string_equal(signature,
                        "v1="
                        "7bacf92c847365281f06637fdf55b1cf7942019f867a4fe83c5949a154b055eb");
    arena_free(arena);
}

static json_t *told(const struct notification_event *event)
{
    struct arena *arena = arena_new(1 << 16);
    struct call call = call_of(arena);
    const char *body = notification_body(&call, event);
    assert_non_null(body);
    json_t *message = json_loads(body, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(message);
    arena_free(arena);
    return message;
}

static void assert_told(json_t *message, const char *key, const char *value)
{
    const char *found = json_string_value(json_object_get(message, key));
    if (value == NULL)
        assert_null(json_object_get(message, key));
    else
        assert_string_equal(found, value);
}

static void body_tells_exactly(void **state)
{
    (void)state;
    struct notification_event event = {
        .event_id = "e",
        .kind = "refunded",
        .occurred_at = 1901232000000001LL,
        .transaction_id = "t",
        .transaction_kind = "content",
        .state = "PARTLY_REFUNDED",
        .price = 9007199254740993LL, /* no double is this number */
        .currency = "EUR",
        .refunded_amount = 1,
        .purchased_at = 1901232000000000LL,
        .vendor_content_id = "song \"7\"\n",
    };
    json_t *message = told(&event);
    assert_told(message, "event_id", "e");
    assert_told(message, "kind", "refunded");
    assert_told(message, "occurred_at", "2030-04-01T00:00:00.000001Z");
    assert_told(message, "transaction_id", "t");
    assert_told(message, "state", "PARTLY_REFUNDED");
    assert_told(message, "price", "9007199254.740993");
    assert_told(message, "refunded_amount", "0.000001");
    assert_told(message, "purchased_at", "2030-04-01T00:00:00Z");
    assert_told(message, "refunded_at", NULL);
    assert_told(message, "vendor_content_id", "song \"7\"\n");
    assert_told(message, "order_id", NULL);
    assert_told(message, "optional_data", NULL);
    json_decref(message);

    event.transaction_kind = "checkout";
    message = told(&event);
    assert_told(message, "order_id", "song \"7\"\n");
    assert_told(message, "vendor_content_id", NULL);
    json_decref(message);

    const struct notification_event other = {
        .event_id = "e", .kind = "disputed", .occurred_at = 1, .transaction_id = "t"};
    message = told(&other);
    assert_int_equal(json_object_size(message), 4);
    json_decref(message);

    const struct notification_event settled = {.event_id = "e",
                                               .kind = "settled",
                                               .occurred_at = 1,
                                               .transaction_id = "s",
                                               .price = 2510000,
                                               .currency = "EUR"};
    message = told(&settled);
    assert_told(message, "settlement_id", "s");
    assert_told(message, "amount", "2.51");
    assert_told(message, "currency", "EUR");
    assert_told(message, "transaction_id", NULL);
    json_decref(message);
}

static void waits_double_until_it_is_given_up(void **state)
{
    (void)state;
    const struct config config = {
        .notifications = {.retry_first_s = 10, .retry_last_s = 21600, .give_up_hours = 72}};
    static const int waits[] = {10,   20,   40,   80,    160,   320,   640,
                                1280, 2560, 5120, 10240, 20480, 21600, 21600};
    int tried_s = 0;
    int attempts = 0;
    while (attempts < (int)(sizeof waits / sizeof waits[0])) {
        int wait_s = notification_retry_s(&config, attempts + 1, tried_s);
        assert_int_equal(wait_s, waits[attempts++]);
        tried_s += wait_s;
    }
    while (notification_retry_s(&config, attempts + 1, tried_s) >= 0) {
        attempts++;
        tried_s += 21600;
    }
    assert_true(tried_s <= 72 * 3600 && tried_s > 66 * 3600);
    assert_int_equal(notification_retry_s(&config, 1000000, 0), 21600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(public_addresses_are_let_through),
        cmocka_unit_test(other_addresses_are_not),
        cmocka_unit_test(secret_opens_for_its_vendor_only),
        cmocka_unit_test(signature_is_the_documented_one),
        cmocka_unit_test(body_tells_exactly),
        cmocka_unit_test(waits_double_until_it_is_given_up),
    };
    return cmocka_run_group_tests_name("service_notification", tests, NULL, NULL);
}
