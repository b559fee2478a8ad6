/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a vendor may name as a URL, and how it is spelt for comparison (V2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "service/url.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct fixture {
    struct call call;
    const char *origin;
    const char *path;
};

static enum ft_error split(struct fixture *fixture, const char *url)
{
    fixture->origin = NULL;
    fixture->path = NULL;
    fixture->call.parameter = NULL;
    return service_url_split(&fixture->call, "ContentURL", url, &fixture->origin, &fixture->path);
}

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.call = {.arena = arena_new(1 << 20)}};
    *state = &fixture;
    return fixture.call.arena == NULL;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    arena_free(fixture->call.arena);
    return 0;
}

static void test_one_spelling_for_each_address(void **state)
{
    static const struct {
        const char *url, *origin, *path;
    } cases[] = {
        {"https://shop.example/songs/7", "https://shop.example", "/songs/7"},
        {"https://shop.example", "https://shop.example", "/"},
        {"https://shop.example?song=7", "https://shop.example", "/"},
        {"HTTPS://Shop.EXAMPLE/Songs/7", "https://shop.example", "/Songs/7"},
        {"https://shop.example:443/", "https://shop.example", "/"},
        {"https://shop.example:0443/", "https://shop.example", "/"},
        {"https://shop.example:/", "https://shop.example", "/"},
        {"http://shop.example:80/", "http://shop.example", "/"},
        {"http://shop.example:443/", "http://shop.example:443", "/"},
        {"https://shop.example:8443/a", "https://shop.example:8443", "/a"},
        {"https://shop.example/a/../b", "https://shop.example", "/b"},
        {"https://shop.example/a/../../../b", "https://shop.example", "/b"},
        {"https://shop.example/a/b/..", "https://shop.example", "/a/"},
        {"https://shop.example/./a/./b/.", "https://shop.example", "/a/b/"},
        {"https://shop.example/a//b", "https://shop.example", "/a//b"},
        {"https://shop.example/a?b=/../c", "https://shop.example", "/a"},
        {"https://shop.example/a?next=https%3A%2F%2Fb%5C", "https://shop.example", "/a"},
        {"https://shop.example/@author/7", "https://shop.example", "/@author/7"},
        {"https://shop.example/?mail=a@b.example", "https://shop.example", "/"},
        {"https://shop.example/AC%2FDC", "https://shop.example", "/AC%2FDC"},
        {"https://shop.example/song%2emp3", "https://shop.example", "/song%2emp3"},
        {"https://shop.example/...", "https://shop.example", "/..."},
        {"https://shop.example/..a/.b", "https://shop.example", "/..a/.b"},
        {"https://shop.example/%252e%252e/", "https://shop.example", "/%252e%252e/"},
        {"https://shop.example/s\xc3\xbc\xc3\x9f", "https://shop.example", "/s\xc3\xbc\xc3\x9f"},
        {"http://127.0.0.1:8090/item.php?id=3", "http://127.0.0.1:8090", "/item.php"},
        {"http://0x7f.1/", "http://127.0.0.1", "/"},
        {"http://[::1]:8080/x", "http://[::1]:8080", "/x"},
        {"http://[2001:DB8::A]/", "http://[2001:db8::a]", "/"},
        {"https://xn--bcher-kva.example/", "https://xn--bcher-kva.example", "/"},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(split(fixture, cases[i].url), FT_OK);
        assert_string_equal(fixture->origin, cases[i].origin);
        assert_string_equal(fixture->path, cases[i].path);
    }
}

static const char *const refused[] = {
    /* no address of a page */
    "",
    "shop.example/songs",
    "//shop.example/",
    "/songs/7",
    "https:",
    "https://",
    "https:///",
    "https://?song=7",
    "https://:443/",
    "ftp://shop.example/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "mailto:a@shop.example",
    "httpss://shop.example",
    " https://shop.example/",
    "https ://shop.example/",
    /* another host than it seems */
    "https://shop.example@evil.example/",
    "https://user:password@shop.example/",
    "https://@shop.example/",
    "https://:@shop.example/",
    "https://shop.example\\@evil.example/",
    "https://shop.example\\.evil.example/",
    "https:\\\\shop.example/",
    "https:/shop.example/",
    "https:///shop.example/",
    "https:////shop.example/",
    "https:/\\shop.example/",
    "https://shop.example%2f.evil.example/",
    "https://shop.example%00.evil.example/",
    "https://shop.example;evil/",
    "https://shop.example,evil/",
    "https://shop .example/",
    "https://[::1/",
    "https://::1/",
    "http://[fe80::1%25eth0]/",
    "https://b\xc3\xbc\x63her.example/",
    "https://shop%%.example/",
    "https://sh%6fp.example/",
    "http://%31%32%37.1/",
    "https://\xef\xbd\x81.example/",
    "https://shop.example\xe3\x80\x82\x65vil/",
    /* no port */
    "https://shop.example:65536/",
    "https://shop.example:x/",
    "https://shop.example:-1/",
    "https://shop.example:443:443/",
    /* another path than it seems */
    "https://shop.example/a/%2e%2e/b",
    "https://shop.example/a/%2E./b",
    "https://shop.example/a/.%2e",
    "https://shop.example/%2e",
    "https://shop.example/a/%2e/b",
    "https://shop.example/a/..%2fb",
    "https://shop.example/a%2f..%2fb",
    "https://shop.example/a/..%5cb",
    "https://shop.example/a%5c..%5cb",
    "https://shop.example/a\\..\\b",
    "https://shop.example/a/..;/b",
    "https://shop.example/a/..;x=1/b",
    "https://shop.example/a/%2e%2e;/b",
    "https://shop.example/a%00",
    "https://shop.example/a%0d%0ab",
    /* what a browser drops */
    "https://shop.example/#top",
    "https://shop.example#",
    "https://shop.example/a b",
    "https://shop.example/a\tb",
    "https://shop.example/a\nb",
    "https://shop.example/a\r",
    "https://shop.example/\x01",
    "https://shop.example/\x7f",
    "https://shop.example/?a b",
    "https://shop.example/\\",
    "https://shop.example/?\\",
    /* no UTF-8: cut short, overlong, a surrogate, too far */
    "https://shop.example/\xc3",
    "https://shop.example/\xc0\xaf..\xc0\xaf",
    "https://shop.example/\xe0\x80\xaf",
    "https://shop.example/\xed\xa0\x80",
    "https://shop.example/\xf4\x90\x80\x80",
    "https://shop.example/\xff",
};

static void test_what_could_be_read_in_two_ways_is_refused(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        if (split(fixture, refused[i]) != FT_INVALID_PARAMETER)
            fail_msg("accepted: %s as %s %s", refused[i], fixture->origin, fixture->path);
        assert_string_equal(fixture->call.parameter, "ContentURL");
        assert_null(fixture->origin);
        assert_null(fixture->path);
    }
    assert_int_equal(split(fixture, NULL), FT_INVALID_PARAMETER);
}

static void test_length_is_limited(void **state)
{
    static const char beginning[] = "https://shop.example/";
    struct fixture *fixture = *state;
    char url[SERVICE_URL_MAX_BYTES + 2];
    memset(url, 'a', sizeof url);
    memcpy(url, beginning, sizeof beginning - 1);
    url[SERVICE_URL_MAX_BYTES] = '\0';
    assert_int_equal(split(fixture, url), FT_OK);
    assert_int_equal(strlen(fixture->path), SERVICE_URL_MAX_BYTES - sizeof beginning + 2);
    url[SERVICE_URL_MAX_BYTES] = 'a';
    url[SERVICE_URL_MAX_BYTES + 1] = '\0';
    assert_int_equal(split(fixture, url), FT_INVALID_PARAMETER);
}

/* An IPv4 address is written out and a path begun, so that the address grows. */
static void test_what_grows_beyond_the_limit_is_refused(void **state)
{
    static const char *const beginnings[] = {"http://1/", "http://"};
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT(beginnings); i++) {
        char url[SERVICE_URL_MAX_BYTES + 1];
        memset(url, 'a', sizeof url);
        memcpy(url, beginnings[i], strlen(beginnings[i]));
        url[SERVICE_URL_MAX_BYTES] = '\0';
        assert_int_equal(split(fixture, url), FT_INVALID_PARAMETER);
        assert_string_equal(fixture->call.rule, "at most 2048 bytes");
        assert_null(fixture->origin);
    }
}

static void test_a_password_is_not_quoted(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(split(fixture, "https://user:secret@shop.example/"), FT_INVALID_PARAMETER);
    assert_null(fixture->call.value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_spelling_for_each_address, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_could_be_read_in_two_ways_is_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_length_is_limited, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_grows_beyond_the_limit_is_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_a_password_is_not_quoted, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
