/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A vendor's password is verified once in a while, not once a call (V2, S2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>

#include "core/time.h"
#include "service/vendor_cache.h"

#define VENDOR 1001
#define HOUR_S 3600

static int open_cache(void **state)
{
    *state = vendor_cache_new(HOUR_S);
    return *state != NULL ? 0 : -1;
}

static int close_cache(void **state)
{
    vendor_cache_free(*state);
    return 0;
}

static struct call *call_until(struct call *call, int64_t deadline_us)
{
    *call = (struct call){.deadline_us = deadline_us};
    return call;
}

#define SOON call_until(&(struct call){0}, time_monotonic_us() + 60 * TIME_SECOND)

/* The version that is known for the password; 0: none, and the ticket is given back unused. */
static int known_version(struct vendor_cache *cache, int vendor_id, const char *password)
{
    struct vendor_cache_ticket ticket;
    int version = 0;
    if (vendor_cache_find(cache, vendor_id, password, SOON, &ticket, &version))
        return version;
    vendor_cache_finish(cache, &ticket, FT_UNAVAILABLE, 0);
    return 0;
}

static void remember(struct vendor_cache *cache, int vendor_id, const char *password, int version)
{
    struct vendor_cache_ticket ticket;
    int found = 0;
    assert_false(vendor_cache_find(cache, vendor_id, password, SOON, &ticket, &found));
    vendor_cache_finish(cache, &ticket, FT_OK, version);
}

static void a_right_password_is_remembered(void **state)
{
    struct vendor_cache *cache = *state;
    assert_int_equal(known_version(cache, VENDOR, "secret"), 0);
    remember(cache, VENDOR, "secret", 3);
    assert_int_equal(known_version(cache, VENDOR, "secret"), 3);
    assert_int_equal(known_version(cache, VENDOR, "Secret"), 0);
    assert_int_equal(known_version(cache, VENDOR + 1, "secret"), 0);
}

static void a_wrong_password_does_not_displace_the_right_one(void **state)
{
    struct vendor_cache *cache = *state;
    remember(cache, VENDOR, "secret", 3);
    for (int i = 0; i < 10; i++)
        assert_int_equal(known_version(cache, VENDOR, "guess"), 0);
    assert_int_equal(known_version(cache, VENDOR, "secret"), 3);
}

static void a_new_password_takes_the_old_ones_place(void **state)
{
    struct vendor_cache *cache = *state;
    remember(cache, VENDOR, "old", 3);
    remember(cache, VENDOR, "new", 4);
    assert_int_equal(known_version(cache, VENDOR, "old"), 0);
    assert_int_equal(known_version(cache, VENDOR, "new"), 4);
}

static void only_the_refused_version_is_forgotten(void **state)
{
    struct vendor_cache *cache = *state;
    remember(cache, VENDOR, "new", 4);
    vendor_cache_forget(cache, VENDOR, 3); /* by a call that began before the change */
    assert_int_equal(known_version(cache, VENDOR, "new"), 4);
    vendor_cache_forget(cache, VENDOR, 4);
    assert_int_equal(known_version(cache, VENDOR, "new"), 0);
    vendor_cache_forget(cache, VENDOR + 1, 1); /* never seen */
}

static void refuse(struct vendor_cache *cache, int vendor_id, const char *password, int version)
{
    struct vendor_cache_ticket ticket;
    int found = 0;
    assert_false(vendor_cache_find(cache, vendor_id, password, SOON, &ticket, &found));
    vendor_cache_finish(cache, &ticket, FT_AUTHENTICATION_FAILED, version);
}

/* A site that has not heard of its new password yet: its calls are no guesses. */
static void a_wrong_password_is_known_again(void **state)
{
    struct vendor_cache *cache = *state;
    struct vendor_cache_ticket ticket;
    int version = 0;
    refuse(cache, VENDOR, "old", 3);
    assert_false(vendor_cache_find(cache, VENDOR, "old", SOON, &ticket, &version));
    assert_true(ticket.refused);
    assert_int_equal(ticket.refused_version, 3);
    assert_false(vendor_cache_find(cache, VENDOR, "guess", SOON, &ticket, &version));
    assert_false(ticket.refused);
    vendor_cache_finish(cache, &ticket, FT_UNAVAILABLE, 0);
    remember(cache, VENDOR, "old", 4); /* it was made right */
    assert_int_equal(known_version(cache, VENDOR, "old"), 4);
}

static void nothing_is_remembered_when_configured_so(void **state)
{
    (void)state;
    struct vendor_cache *cache = vendor_cache_new(0);
    remember(cache, VENDOR, "secret", 3);
    assert_int_equal(known_version(cache, VENDOR, "secret"), 0);
    vendor_cache_free(cache);
}

/* Vendors whose numbers share a bucket: the last of them are known, memory stays as it is. */
static void its_size_is_bounded(void **state)
{
    struct vendor_cache *cache = *state;
    for (int i = 0; i < 100; i++)
        remember(cache, VENDOR + i * 65536, "secret", i + 1);
    assert_int_equal(known_version(cache, VENDOR + 99 * 65536, "secret"), 100);
    assert_int_equal(known_version(cache, VENDOR, "secret"), 0);
}

/* Guesses at vendors that do not exist find no room among those that do. */
static void guesses_do_not_displace_others(void **state)
{
    struct vendor_cache *cache = *state;
    for (int i = 0; i < 4; i++)
        remember(cache, VENDOR + i * 65536, "secret", 1);
    for (int i = 4; i < 100; i++)
        refuse(cache, VENDOR + i * 65536, "guess", 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(known_version(cache, VENDOR + i * 65536, "secret"), 1);
}

#define CALLERS 16

struct crowd {
    struct vendor_cache *cache;
    pthread_barrier_t start;
    atomic_int verifications;
    atomic_int found;
};

static void *call_in_crowd(void *context)
{
    struct crowd *crowd = context;
    struct vendor_cache_ticket ticket;
    int version = 0;
    pthread_barrier_wait(&crowd->start);
    if (vendor_cache_find(crowd->cache, VENDOR, "secret", SOON, &ticket, &version)) {
        atomic_fetch_add(&crowd->found, version);
    } else {
        atomic_fetch_add(&crowd->verifications, 1);
        vendor_cache_finish(crowd->cache, &ticket, FT_OK, 1);
    }
    return NULL;
}

static void a_crowd_costs_one_verification(void **state)
{
    struct crowd crowd = {.cache = *state};
    pthread_t threads[CALLERS];
    pthread_barrier_init(&crowd.start, NULL, CALLERS);
    for (int i = 0; i < CALLERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, call_in_crowd, &crowd), 0);
    for (int i = 0; i < CALLERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(crowd.verifications, 1);
    assert_int_equal(crowd.found, CALLERS - 1);
    pthread_barrier_destroy(&crowd.start);
}

/* A caller whose deadline ends before the other's verification does not wait on. */
static void waiting_ends_at_the_deadline(void **state)
{
    struct vendor_cache *cache = *state;
    struct vendor_cache_ticket first, second;
    int version = 0;
    assert_false(vendor_cache_find(cache, VENDOR, "secret", SOON, &first, &version));
    assert_true(first.claimed);
    assert_false(vendor_cache_find(cache, VENDOR, "secret", call_until(&(struct call){0}, 0),
                                   &second, &version));
    assert_false(second.claimed);
    vendor_cache_finish(cache, &second, FT_UNAVAILABLE, 0);
    vendor_cache_finish(cache, &first, FT_OK, 5);
    assert_int_equal(known_version(cache, VENDOR, "secret"), 5);
}

#define CACHE_TEST(test) cmocka_unit_test_setup_teardown(test, open_cache, close_cache)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CACHE_TEST(a_right_password_is_remembered),
        CACHE_TEST(a_wrong_password_does_not_displace_the_right_one),
        CACHE_TEST(a_new_password_takes_the_old_ones_place),
        CACHE_TEST(only_the_refused_version_is_forgotten),
        CACHE_TEST(a_wrong_password_is_known_again),
        cmocka_unit_test(nothing_is_remembered_when_configured_so),
        CACHE_TEST(its_size_is_bounded),
        CACHE_TEST(guesses_do_not_displace_others),
        CACHE_TEST(a_crowd_costs_one_verification),
        CACHE_TEST(waiting_ends_at_the_deadline),
    };
    return cmocka_run_group_tests_name("service vendor cache", tests, NULL, NULL);
}
