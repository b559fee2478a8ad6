/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The real procedures through the real queues, in a database of the test's own: one purchase with
 * everything around it, then 64 buyers at once while server processes are killed (B5, B6, V1, V6).
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/time.h"
#include "db/account.h"
#include "db/key.h"
#include "db/ledger.h"
#include "db/license.h"
#include "db/maintenance.h"
#include "db/vendor.h"
#include "db_world.h"

#define BUYERS 64
#define PURCHASES 30
#define SONG_URL "https://shop.example/song?id=1"

static const struct purchase_choice no_choice;

static struct purchase_initiation offer_of(const char *url, money_t price)
{
    return (struct purchase_initiation){.vendor_id = world.vendor_id,
                                        .credential_version = 1,
                                        .offer = {.title = "Song",
                                                  .price = price,
                                                  .content_url = url,
                                                  .is_post = true,
                                                  .views = 2,
                                                  .valid_hours = 24},
                                        .content_origin = "https://shop.example",
                                        .content_path = "/song",
                                        .optional_data = "note"};
}

static void sees_what_is_offered(struct buyer *buyer, const struct purchase_initiated *initiated)
{
    struct purchase_view view;
    assert_int_equal(db_purchase_view(world.db, &buyer->call, initiated->transaction_id,
                                      buyer->user_id, buyer->login_id, &view),
                     FT_OK);
    assert_int_equal(view.state, PURCHASE_PENDING);
    assert_string_equal(view.offer.title, "Song");
    assert_int_equal(view.offer.price, 2500000);
    assert_int_equal(view.offer.views, 2);
    assert_int_equal(view.offer.valid_hours, 24);
    assert_int_equal(view.offer.absolute_expiry, 0);
    assert_null(view.offer.description);
    assert_int_equal(view.expires_at, initiated->expires_at);
    assert_in_range(view.expires_at, time_now_us() + 3500 * TIME_SECOND,
                    time_now_us() + 3700 * TIME_SECOND);
    assert_true(view.logged_in && view.has_wallet);
    assert_int_equal(view.balance, FUNDS);
}

static void buys_twice_and_pays_once(struct buyer *buyer,
                                     const struct purchase_initiated *initiated)
{
    struct purchase_receipt receipt;
    for (int time = 0; time < 2; time++) {
        assert_int_equal(db_purchase_buy(world.db, &buyer->call, initiated->transaction_id,
                                         buyer->user_id, buyer->login_id, &no_choice, &receipt),
                         FT_OK);
        assert_int_equal(receipt.charged, time == 0);
        assert_string_equal(receipt.transaction_id, initiated->transaction_id);
        assert_string_equal(receipt.content_url, SONG_URL);
        assert_string_equal(receipt.optional_data, "note");
        assert_int_equal(receipt.balance, FUNDS - 2500000);
    }
}

static void uses_up_the_views(struct buyer *buyer, const struct purchase_initiated *initiated,
                              struct license_answer *answer_r)
{
    struct license_query query = {.vendor_id = world.vendor_id,
                                  .credential_version = 1,
                                  .user_id = buyer->user_id,
                                  .content_url = SONG_URL,
                                  .request_id = "first"};
    for (int i = 0; i < 4; i++) { /* the second repeats the first */
        query.request_id = i < 2 ? "first" : NULL;
        assert_int_equal(db_license_lock_content(world.db, &buyer->call, &query, answer_r), FT_OK);
        assert_int_equal(answer_r->reason, i < 3 ? LICENSE_OK : LICENSE_VIEWS_EXHAUSTED);
        assert_string_equal(answer_r->transaction_id, initiated->transaction_id);
        assert_int_equal(answer_r->views_left, i < 2 ? 1 : 0);
    }
    assert_non_null(answer_r->content_id);
}

static void is_offered_it_again(struct buyer *buyer, const char *content_id)
{
    struct purchase_receipt receipt;
    struct license_item *items = NULL;
    int count = 0;
    assert_int_equal(db_license_list(world.db, &buyer->call, buyer->user_id, buyer->login_id, 0, 10,
                                     &items, &count),
                     FT_OK);
    assert_int_equal(count, 1);
    assert_string_equal(items[0].content_id, content_id);
    assert_false(items[0].valid);
    assert_int_equal(db_license_reopen(world.db, &buyer->call, buyer->user_id, buyer->login_id,
                                       content_id, &receipt),
                     FT_CONTENT_NOT_FOUND);

    char again[DB_UUID_TEXT_SIZE];
    assert_int_equal(db_purchase_offer_item(world.db, &buyer->call, content_id, again), FT_OK);
    assert_int_equal(db_purchase_offer_again(world.db, &buyer->call, again, again), FT_OK);
    assert_int_equal(db_purchase_cancel(world.db, &buyer->call, again), FT_OK);
    assert_int_equal(db_purchase_buy(world.db, &buyer->call, again, buyer->user_id, buyer->login_id,
                                     &no_choice, &receipt),
                     FT_TRANSACTION_CANCELLED);
}

static void reads_the_account(struct buyer *buyer, const struct purchase_initiated *initiated)
{
    int count = 0;
    struct account_summary summary;
    assert_int_equal(
        db_account_summary(world.db, &buyer->call, buyer->user_id, buyer->login_id, &summary),
        FT_OK);
    assert_int_equal(summary.wallets_count, 1);
    assert_int_equal(summary.wallets[0].balance, FUNDS - 2500000);
    assert_int_equal(summary.transactions_count, 2);
    assert_string_equal(summary.transactions[0].kind, "purchase");
    assert_int_equal(summary.transactions[0].amount, -2500000);

    struct ledger_posting *postings = NULL;
    assert_int_equal(
        db_ledger_show(world.db, &buyer->call, initiated->transaction_id, &postings, &count),
        FT_OK);
    assert_int_equal(count, 2);
    assert_int_equal(postings[0].amount + postings[1].amount, 0);
    assert_int_equal(db_account_login_end(world.db, &buyer->call, buyer->user_id, buyer->login_id),
                     FT_OK);
    assert_int_equal(
        db_account_summary(world.db, &buyer->call, buyer->user_id, buyer->login_id, &summary),
        FT_LOGIN_ENDED);
}

static void test_one_purchase_and_what_is_around_it(void **state)
{
    NEEDS_SERVER;
    struct buyer ada;
    struct purchase_initiated initiated;
    struct license_answer answer;
    struct purchase_initiation offer = offer_of(SONG_URL, 2500000);
    world_enter(&ada, "ada");
    assert_int_equal(db_purchase_initiate(world.db, &ada.call, &offer, &initiated), FT_OK);
    assert_string_equal(initiated.currency, "EUR");
    sees_what_is_offered(&ada, &initiated);
    buys_twice_and_pays_once(&ada, &initiated);
    uses_up_the_views(&ada, &initiated, &answer);
    is_offered_it_again(&ada, answer.content_id);
    reads_the_account(&ada, &initiated);
    arena_free(ada.call.arena);
}

static void test_refusals_have_their_names(void **state)
{
    NEEDS_SERVER;
    static const char nobody[] = "00112233-4455-6677-8899-aabbccddeeff";
    struct call *call = &world.call;
    struct purchase_view view;
    struct purchase_initiated initiated;
    struct vendor_credential vendor;
    struct account_credential account;
    char id[DB_UUID_TEXT_SIZE];
    call->deadline_us = world_deadline();
    assert_int_equal(db_purchase_view(world.db, call, nobody, 0, 0, &view),
                     FT_TRANSACTION_NOT_FOUND);
    assert_int_equal(db_purchase_view(world.db, call, "no uuid", 0, 0, &view),
                     FT_TRANSACTION_NOT_FOUND);
    assert_int_equal(db_purchase_cancel(world.db, call, nobody), FT_TRANSACTION_NOT_FOUND);
    assert_int_equal(db_purchase_offer_item(world.db, call, nobody, id), FT_CONTENT_NOT_FOUND);
    assert_int_equal(db_vendor_find_credential(world.db, call, 1, &vendor), FT_VENDOR_NOT_FOUND);
    assert_int_equal(db_account_find_credential(world.db, call, "nobody", &account),
                     FT_USER_NOT_FOUND);
    assert_int_equal(db_vendor_set_password(world.db, call, 1, "$scrypt$"), FT_VENDOR_NOT_FOUND);

    struct purchase_initiation offer = offer_of("https://shop.example/song?id=2", 1);
    offer.credential_version = 2;
    assert_int_equal(db_purchase_initiate(world.db, call, &offer, &initiated),
                     FT_CREDENTIAL_CHANGED);
    offer.credential_version = 1;
    offer.content_origin = "https://elsewhere.example";
    assert_int_equal(db_purchase_initiate(world.db, call, &offer, &initiated),
                     FT_URL_NOT_REGISTERED);
}

static void test_keys_are_kept(void **state)
{
    NEEDS_SERVER;
    static const unsigned char wrapped[] = {0, 1, 2, 255};
    struct key_record *records = NULL;
    int count = 0;
    world.call.deadline_us = world_deadline();
    for (int time = 0; time < 2; time++)
        assert_int_equal(db_key_add(world.db, &world.call, "user_id", wrapped, sizeof wrapped, 24),
                         FT_OK);
    assert_int_equal(db_key_list(world.db, &world.call, 0, &records, &count), FT_OK);
    assert_int_equal(count, 1);
    assert_string_equal(records[0].purpose, "user_id");
    assert_int_equal(records[0].wrapped_bytes, sizeof wrapped);
    assert_memory_equal(records[0].wrapped, wrapped, sizeof wrapped);
    assert_int_equal(db_maintenance_partitions(world.db, &world.call), FT_OK);
    const struct maintenance_ages ages = {.request_days = 7, .event_days = 90, .login_minutes = 60};
    for (int time = 0; time < 2; time++)
        assert_int_equal(db_maintenance_forget(world.db, &world.call, &ages, 100, &count), FT_OK);
    assert_int_equal(count, 0);
    assert_int_equal(db_ping(world.db, &world.call), FT_OK);
}

/* --- many buyers --- */

/* Until the outcome is known: a repeat never charges twice. */
static enum ft_error buy(struct buyer *buyer, const char *transaction_id)
{
    struct purchase_receipt receipt;
    enum ft_error error;
    do {
        buyer->call.deadline_us = world_deadline();
        error = db_purchase_buy(world.db, &buyer->call, transaction_id, buyer->user_id,
                                buyer->login_id, &no_choice, &receipt);
        buyer->unknown += error == FT_OUTCOME_UNKNOWN;
    } while (error == FT_OUTCOME_UNKNOWN);
    return error;
}

static void *run_buyer(void *context)
{
    struct buyer *buyer = context;
    for (int i = 0; i < PURCHASES; i++) {
        struct purchase_initiated initiated;
        char url[80];
        snprintf(url, sizeof url, "https://shop.example/%s/%d", buyer->login_name, i);
        struct purchase_initiation offer = offer_of(url, 1000 + i);
        enum ft_error error;
        do {
            buyer->call.deadline_us = world_deadline();
            error = db_purchase_initiate(world.db, &buyer->call, &offer, &initiated);
        } while (error == FT_OUTCOME_UNKNOWN);
        if (error == FT_OK && buy(buyer, initiated.transaction_id) == FT_OK)
            buyer->bought++;
    }
    return NULL;
}

static void test_64_buyers_while_backends_are_killed(void **state)
{
    NEEDS_SERVER;
    struct buyer *buyers = calloc(BUYERS, sizeof *buyers);
    int unknown = 0;
    assert_non_null(buyers);
    for (int i = 0; i < BUYERS; i++) {
        char name[24];
        snprintf(name, sizeof name, "buyer%d", i);
        world_enter(&buyers[i], name);
    }
    for (int i = 0; i < BUYERS; i++)
        assert_int_equal(pthread_create(&buyers[i].thread, NULL, run_buyer, &buyers[i]), 0);
    for (int i = 0; i < 5; i++) {
        server_ask("SELECT pg_sleep(0.05)"); /* the rhythm of the killer */
        server_ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                   " WHERE application_name = 'farthing' AND datname = '" DATABASE "'");
    }
    for (int i = 0; i < BUYERS; i++) {
        pthread_join(buyers[i].thread, NULL);
        assert_int_equal(buyers[i].bought, PURCHASES);
        unknown += buyers[i].unknown;
    }
    printf("# %d purchases, %d times the outcome was unknown at first\n", BUYERS * PURCHASES,
           unknown);

    money_t spent = 0;
    for (int i = 0; i < PURCHASES; i++)
        spent += 1000 + i;
    for (int i = 0; i < BUYERS; i++) {
        struct account_summary summary;
        buyers[i].call.deadline_us = world_deadline();
        assert_int_equal(db_account_summary(world.db, &buyers[i].call, buyers[i].user_id,
                                            buyers[i].login_id, &summary),
                         FT_OK);
        assert_int_equal(summary.wallets[0].balance, FUNDS - spent);
        arena_free(buyers[i].call.arena);
    }
    free(buyers);
}

static void test_the_books_balance(void **state)
{
    NEEDS_SERVER;
    struct ledger_audit audit;
    world.call.deadline_us = world_deadline();
    assert_int_equal(db_ledger_audit(world.db, &world.call, &audit), FT_OK);
    assert_int_equal(audit.balances_count, 1);
    assert_int_equal(audit.balances[0].balance, 0);
    assert_int_equal(audit.differences_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_purchase_and_what_is_around_it),
        cmocka_unit_test(test_refusals_have_their_names),
        cmocka_unit_test(test_keys_are_kept),
        cmocka_unit_test(test_64_buyers_while_backends_are_killed),
        cmocka_unit_test(test_the_books_balance),
    };
    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, world_open, world_close);
}
