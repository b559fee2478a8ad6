/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A database of the test's own with the real procedures, a vendor in it, and users who enter. */
#ifndef FARTHING_TESTS_DB_WORLD_H
#define FARTHING_TESTS_DB_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include "core/money.h"
#include "db/db.h"
#include "db_server.h"

#define DATABASE "farthing_db_test"
#define FUNDS (1000 * MONEY_UNIT) /* of each user */

struct world {
    char conninfo[512];
    struct config config;
    struct db *db;
    struct call call;
    int vendor_id;
};
extern struct world world;

/* Setup and teardown of a group; the vendor sells under https://shop.example/. */
int world_open(void **state);
int world_close(void **state);
int64_t world_deadline(void);

struct buyer {
    pthread_t thread;
    struct call call;
    char login_name[24];
    int64_t user_id;
    int64_t login_id;
    int bought;
    int unknown;
};

/* Registers, funds and logs in; whoever calls frees the arena of buyer->call. */
void world_enter(struct buyer *buyer, const char *name);

#endif
