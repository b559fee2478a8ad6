/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loads, makes and rotates the sealing keys. */
#include "service/keys.h"

#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "db/key.h"
#include "service/background.h"

#define HOUR (3600 * TIME_SECOND)
#define WRAPPED_BYTES (SECRET_KEY_BYTES + SECRET_SEAL_OVERHEAD)

static const char *const purposes[KEY_PURPOSES] = {
    [KEY_USER_ID] = "user_id",
    [KEY_LOGIN] = "login",
    [KEY_FORM] = "form",
};

struct keys {
    const struct config *config;
    struct db *db;
    struct keyring *ring;
    struct secret_key master;
};

struct keyring *keys_ring(struct keys *keys)
{
    return keys->ring;
}

const struct secret_key *keys_master(const struct keys *keys)
{
    return &keys->master;
}

static time_us_t period(const struct keys *keys)
{
    return keys->config->keys.rotation_hours * HOUR;
}

/* The seal names the purpose: a key moved to another purpose does not open. */
static char *wrap_context(struct call *call, const char *purpose)
{
    return arena_printf(call->arena, "farthing sealing key %s", purpose);
}

/* False: the master key does not open it. A purpose that this program does not know is skipped. */
static bool add_record(struct keys *keys, struct call *call, const struct key_record *record)
{
    int purpose = 0;
    while (purpose < KEY_PURPOSES && strcmp(purposes[purpose], record->purpose) != 0)
        purpose++;
    if (purpose == KEY_PURPOSES)
        return true;
    struct secret_key key;
    const char *context = wrap_context(call, record->purpose);
    if (context == NULL || record->wrapped_bytes != WRAPPED_BYTES ||
        !secret_open(&keys->master, context, strlen(context), record->wrapped,
                     record->wrapped_bytes, &key)) {
        log_event(LOG_ERROR, "sealing_key_refused", "key", LOG_INT(record->key_number), "problem",
                  LOG_TEXT("the master key does not open it"), NULL);
        return false;
    }
    keyring_add(keys->ring, (enum key_purpose)purpose, (uint32_t)record->key_number,
                record->created_at, &key);
    secret_wipe(&key, sizeof key);
    return true;
}

static enum ft_error load(struct keys *keys, struct call *call)
{
    struct key_record *records = NULL;
    int count = 0;
    time_us_t oldest = time_now_us() - 2 * period(keys);
    enum ft_error error = db_key_list(keys->db, call, oldest, &records, &count);
    for (int i = 0; i < count && error == FT_OK; i++)
        error = add_record(keys, call, &records[i]) ? FT_OK : FT_INTERNAL;
    keyring_drop(keys->ring, oldest);
    return error;
}

static enum ft_error make(struct keys *keys, struct call *call, const char *purpose)
{
    struct secret_key key;
    unsigned char wrapped[WRAPPED_BYTES];
    const char *context = wrap_context(call, purpose);
    if (context == NULL || !secret_random(&key, sizeof key))
        return FT_INTERNAL;
    bool good = secret_seal(&keys->master, context, strlen(context), &key, sizeof key, wrapped);
    secret_wipe(&key, sizeof key);
    return good ? db_key_add(keys->db, call, purpose, wrapped, sizeof wrapped,
                             keys->config->keys.rotation_hours)
                : FT_INTERNAL;
}

enum ft_error keys_rotate(struct keys *keys)
{
    struct call call;
    if (!background_begin(keys->config, &call))
        return FT_INTERNAL;
    enum ft_error error = load(keys, &call);
    bool made = false;
    for (int purpose = 0; purpose < KEY_PURPOSES && error == FT_OK; purpose++) {
        if (keyring_newest(keys->ring, (enum key_purpose)purpose) > time_now_us() - period(keys))
            continue;
        error = make(keys, &call, purposes[purpose]);
        made = true;
    }
    if (made && error == FT_OK)
        error = load(keys, &call);
    background_end(&call);
    return error;
}

/* A token names a key that this process has not seen. */
static void load_newer(void *context)
{
    struct keys *keys = context;
    struct call call;
    if (!background_begin(keys->config, &call))
        return;
    load(keys, &call); /* the token is refused when this fails; the database has logged why */
    background_end(&call);
}

struct keys *keys_start(const struct config *config, struct db *db)
{
    const char *problem = NULL;
    enum ft_error error = FT_INTERNAL;
    struct keys *keys = calloc(1, sizeof *keys);
    if (keys == NULL)
        return NULL;
    keys->config = config;
    keys->db = db;
    if (!secret_key_read(config->keys.master_key_file, &keys->master, &problem)) {
        log_event(LOG_ERROR, "master_key_refused", "file", LOG_TEXT(config->keys.master_key_file),
                  "problem", LOG_TEXT(problem), NULL);
        goto refuse;
    }
    keys->ring = keyring_new(load_newer, keys);
    if (keys->ring != NULL)
        error = keys_rotate(keys);
    if (error == FT_OK)
        return keys;
    log_event(LOG_ERROR, "sealing_keys_unavailable", "outcome", LOG_TEXT(ft_error_name(error)),
              NULL);
refuse:
    keys_stop(keys);
    return NULL;
}

void keys_stop(struct keys *keys)
{
    if (keys == NULL)
        return;
    keyring_free(keys->ring);
    secret_wipe(keys, sizeof *keys);
    free(keys);
}
