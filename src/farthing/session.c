/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "farthing/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/time.h"

#define CONFIG_DEFAULT "/etc/farthing/farthing.conf"
#define OPERATOR_ROLE "farthing_dba"
#define MEMORY_BYTES (64 << 20)

bool session_open(struct session *session, const struct invocation *invocation)
{
    return session_open_as(session, invocation, OPERATOR_ROLE);
}

bool session_open_as(struct session *session, const struct invocation *invocation, const char *role)
{
    *session =
        (struct session){.call = {.deadline_us = time_monotonic_us() + SESSION_TIMEOUT_MS * 1000LL,
                                  .correlation_id = "",
                                  .remote_address = ""}};
    if (invocation->conninfo == NULL || invocation->config_path != NULL) {
        session->file =
            config_read(invocation->config_path != NULL ? invocation->config_path : CONFIG_DEFAULT);
        if (session->file == NULL)
            return false;
        session->config = *session->file;
    }
    if (invocation->conninfo != NULL)
        session->config.database.conninfo = invocation->conninfo;
    session->config.database.timeout_ms = SESSION_TIMEOUT_MS;
    session->config.database.connections = 1;
    session->config.database.batch_connections = 1;
    session->config.database.batch_size = 1;
    session->call.arena = arena_new(MEMORY_BYTES);
    if (session->call.arena != NULL)
        session->db = db_open_as(&session->config, invocation->conninfo == NULL ? role : NULL);
    if (session->db == NULL)
        invocation_fail(invocation, "no connection to the database");
    return session->db != NULL;
}

void session_close(struct session *session)
{
    db_close(session->db);
    arena_free(session->call.arena);
    config_free(session->file);
}

int session_end(struct session *session, const struct invocation *invocation, enum ft_error error,
                const char *own)
{
    int status = EXIT_FAILURE;
    if (session->db != NULL && own != NULL)
        invocation_fail(invocation, "%s", own);
    else if (session->db != NULL && error == FT_OK)
        status = EXIT_SUCCESS;
    else if (session->db != NULL)
        invocation_fail_with(invocation, &session->call, error);
    session_close(session);
    return status;
}

const char *session_currency(const struct session *session, const struct invocation *invocation)
{
    const char *currency =
        invocation_value(invocation, "currency", session->config.provider.currency);
    if (currency == NULL)
        invocation_fail(invocation, "without a configuration, --currency must be given");
    return currency;
}

bool session_amount(const struct invocation *invocation, const char *name, const char *text,
                    money_t *amount_r)
{
    if (money_parse(text, amount_r) && *amount_r >= 0)
        return true;
    invocation_fail(invocation, "%s must be an amount such as 2.50, with at most 6 fraction digits",
                    name);
    return false;
}

bool session_share(const struct invocation *invocation, const char *name, const char *text,
                   int *share_ppm_r)
{
    const money_t ppm_of_a_percent = 10000;
    size_t length = strlen(text);
    char number[MONEY_TEXT_SIZE];
    money_t percent;
    if (length > 1 && length < sizeof number && text[length - 1] == '%') {
        snprintf(number, sizeof number, "%.*s", (int)(length - 1), text);
        if (money_parse(number, &percent) && percent >= 0 && percent <= 100LL * MONEY_UNIT &&
            percent % (MONEY_UNIT / ppm_of_a_percent) == 0) {
            *share_ppm_r = (int)(percent / (MONEY_UNIT / ppm_of_a_percent));
            return true;
        }
    }
    invocation_fail(invocation, "%s must be from 0%% to 100%%, with at most 4 fraction digits",
                    name);
    return false;
}

const char *amount_text(money_t amount, const char *currency, char text[AMOUNT_TEXT_SIZE])
{
    char number[MONEY_TEXT_SIZE];
    int digits = money_currency_digits(currency);
    money_format_padded(amount, digits < 0 ? 0 : digits, number);
    snprintf(text, AMOUNT_TEXT_SIZE, "%s %.3s", number, currency);
    return text;
}

bool session_vendor_secret(const struct session *session, const struct invocation *invocation,
                           const char *purpose, int vendor_id, char text_r[VENDOR_SECRET_TEXT_SIZE],
                           unsigned char sealed_r[VENDOR_SECRET_SEALED_BYTES])
{
    struct secret_key master;
    const char *path = session->config.keys.master_key_file;
    const char *problem = NULL;
    if (path == NULL) {
        invocation_fail(invocation, "the configuration is needed, for its master key");
        return false;
    }
    if (!secret_key_read(path, &master, &problem)) {
        invocation_fail(invocation, "%s: %s", path, problem);
        return false;
    }
    bool made = vendor_secret_make(&master, purpose, vendor_id, text_r, sealed_r);
    secret_wipe(&master, sizeof master);
    if (!made)
        invocation_fail(invocation, "no randomness");
    return made;
}
