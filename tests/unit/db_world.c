/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "db_world.h"

#include <stdio.h>

#include "core/time.h"
#include "db/account.h"
#include "db/install.h"
#include "db/vendor.h"

struct world world;

int64_t world_deadline(void)
{
    return time_monotonic_us() + 10 * TIME_SECOND;
}

static void install_schema(void)
{
    struct db_install install = {.conninfo = world.conninfo,
                                 .directory = TOP_SRCDIR "/schema",
                                 .timeout_ms = 60000,
                                 .arena = world.call.arena};
    for (int time = 0; time < 2; time++) {
        if (db_install(&install) != FT_OK)
            fail_msg("%s", install.problem);
        assert_int_equal(install.version_before, time == 0 ? 0 : install.version_after);
    }
}

static void add_vendor(void)
{
    static const struct vendor_url url = {"https://shop.example", "/"};
    const struct vendor_registration registration = {.name = "Shop",
                                                     .currency = "EUR",
                                                     .password_hash = "$scrypt$",
                                                     .home_url = "https://shop.example/",
                                                     .time_zone = "UTC",
                                                     .urls = &url,
                                                     .urls_count = 1};
    assert_int_equal(db_vendor_add(world.db, &world.call, &registration, &world.vendor_id), FT_OK);
}

int world_open(void **state)
{
    (void)state;
    if (server_conninfo() == NULL)
        return 0;
    server_ask("DROP DATABASE IF EXISTS " DATABASE);
    server_ask("CREATE DATABASE " DATABASE);
    snprintf(world.conninfo, sizeof world.conninfo, "%s dbname=" DATABASE, server_conninfo());
    world.config.database.conninfo = world.conninfo;
    world.config.database.connections = 4;
    world.config.database.batch_connections = 2;
    world.config.database.batch_size = 64;
    world.config.database.timeout_ms = 10000;
    world.config.security.transaction_s = 3600;
    world.call = (struct call){.arena = arena_new(64 << 20), .deadline_us = world_deadline()};
    install_schema();
    world.db = db_open(&world.config);
    assert_non_null(world.db);
    add_vendor();
    return 0;
}

int world_close(void **state)
{
    (void)state;
    db_close(world.db);
    arena_free(world.call.arena);
    if (server_conninfo() != NULL)
        server_ask("DROP DATABASE " DATABASE);
    server_disconnect();
    return 0;
}

void world_enter(struct buyer *buyer, const char *name)
{
    char entry_id[DB_UUID_TEXT_SIZE];
    money_t balance = 0;
    *buyer =
        (struct buyer){.call = {.arena = arena_new(16 << 20), .deadline_us = world_deadline()}};
    snprintf(buyer->login_name, sizeof buyer->login_name, "%s", name);
    const struct account_identifier pet = {"first_pet", "$scrypt$"};
    const struct account_registration registration = {.login_name = name,
                                                      .password_hash = "$scrypt$",
                                                      .full_name = "Ada Buyer",
                                                      .email = "ada@example.org",
                                                      .language = "en",
                                                      .currency = "EUR",
                                                      .payment_method = "bank_transfer",
                                                      .identifiers = &pet,
                                                      .identifiers_count = 1};
    const struct account_funds funds = {name, "EUR", FUNDS, "cash", name};
    assert_int_equal(db_account_register(world.db, &buyer->call, &registration, &buyer->user_id),
                     FT_OK);
    assert_int_equal(db_account_receive_funds(world.db, &buyer->call, &funds, entry_id, &balance),
                     FT_OK);
    assert_int_equal(balance, FUNDS);
    assert_int_equal(
        db_account_login_start(world.db, &buyer->call, buyer->user_id, false, 30, &buyer->login_id),
        FT_OK);
}
