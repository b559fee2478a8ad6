/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options. deploy/farthing.conf.sample says what they mean. */
#include "core/config_options.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>
#include <sys/un.h>

#include "core/config.h"

static const char *check_any(const char *text)
{
    (void)text;
    return NULL;
}

static const char *check_not_empty(const char *text)
{
    return text[0] != '\0' ? NULL : "must not be empty";
}

static const char *check_address(const char *text)
{
    struct in6_addr address;
    bool valid =
        inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1;
    return valid ? NULL : "must be an IPv4 or IPv6 address";
}

static const char *check_address_or_none(const char *text)
{
    return text[0] == '\0' ? NULL : check_address(text);
}

static const char *check_socket_file(const char *text)
{
    size_t most = sizeof((struct sockaddr_un *)NULL)->sun_path - 1;
    bool valid = text[0] == '\0' || (text[0] == '/' && strlen(text) <= most);
    return valid ? NULL : "must be a path from / of at most 107 bytes";
}

static const char *check_currency(const char *text)
{
    return money_currency_digits(text) >= 0 ? NULL : "must be a currency code of ISO 4217";
}

/* An origin: the paths under it are the server's own. */
static const char *check_public_url(const char *text)
{
    static const char host[] = "abcdefghijklmnopqrstuvwxyz0123456789.-:[]";
    size_t scheme = strncmp(text, "https://", 8) == 0  ? 8
                    : strncmp(text, "http://", 7) == 0 ? 7
                                                       : 0;
    const char *rest = text + scheme;
    bool valid = scheme > 0 && rest[0] != '\0' && strspn(rest, host) == strlen(rest);
    return valid ? NULL : "must be http:// or https:// and a host in lower case, without a path";
}

static const char *check_log_level(const char *text)
{
    static const char *const levels[] = {"debug", "info", "warning", "error"};
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        if (strcmp(text, levels[i]) == 0)
            return NULL;
    return "must be debug, info, warning or error";
}

static const char *check_amount(const char *text)
{
    money_t amount;
    bool valid = money_parse(text, &amount) && amount >= 0;
    return valid ? NULL : "must be an amount like \"2.50\" with at most 6 fraction digits";
}

#define NUMBER(in, called, initial, smallest, largest) \
    {.section = #in,                                   \
     .name = #called,                                  \
     .kind = CONFIG_NUMBER,                            \
     .offset = offsetof(struct config, in.called),     \
     .number = (initial),                              \
     .min = (smallest),                                \
     .max = (largest)},
#define TEXT(in, called, initial, checker)         \
    {.section = #in,                               \
     .name = #called,                              \
     .kind = CONFIG_TEXT,                          \
     .offset = offsetof(struct config, in.called), \
     .text = (initial),                            \
     .check = (checker)},
#define ROOT_TEXT(called, initial, checker)     \
    {.section = "root",                         \
     .name = #called,                           \
     .kind = CONFIG_TEXT,                       \
     .offset = offsetof(struct config, called), \
     .text = (initial),                         \
     .check = (checker)},
#define ROOT_NUMBER(called, initial, smallest, largest) \
    {.section = "root",                                 \
     .name = #called,                                   \
     .kind = CONFIG_NUMBER,                             \
     .offset = offsetof(struct config, called),         \
     .number = (initial),                               \
     .min = (smallest),                                 \
     .max = (largest)},
#define FLAG(in, called, initial)                  \
    {.section = #in,                               \
     .name = #called,                              \
     .kind = CONFIG_FLAG,                          \
     .offset = offsetof(struct config, in.called), \
     .number = (initial)},
#define AMOUNT(in, called, initial)                \
    {.section = #in,                               \
     .name = #called,                              \
     .kind = CONFIG_AMOUNT,                        \
     .offset = offsetof(struct config, in.called), \
     .text = (initial),                            \
     .check = check_amount},

/* clang-format off */
const struct config_option config_options[] = {
    ROOT_TEXT(public_url, "http://localhost:8080", check_public_url)
    ROOT_TEXT(log_level, "info", check_log_level)
    ROOT_NUMBER(log_delay_ms, 100, 0, 10000)
    TEXT(http, address, "127.0.0.1", check_address)
    NUMBER(http, port, 8080, 0, 65535)
    NUMBER(http, threads, 2, 1, 64)
    NUMBER(http, requests, 1024, 1, 100000)
    NUMBER(http, connections, 4000, 1, 100000)
    NUMBER(http, connections_per_address, 0, 0, 100000)
    TEXT(http, socket_file, "", check_socket_file)
    TEXT(http, trusted_proxy, "", check_address_or_none)
    NUMBER(http, idle_timeout_s, 60, 1, 3600)
    NUMBER(http, park_after_s, 10, 0, 3600)
    NUMBER(http, lingering_connections, 64, 0, 10000)
    NUMBER(http, request_timeout_ms, 10000, 100, 600000)
    NUMBER(http, header_bytes, 9216, 4096, 65536)
    NUMBER(http, redirect_bytes, 2048, 0, 2048)
    NUMBER(http, soap_body_bytes, 65536, 1024, 16777216)
    NUMBER(http, form_body_bytes, 16384, 1024, 1048576)
    NUMBER(http, memory_per_request_bytes, 4194304, 65536, 67108864)
    TEXT(tls, certificate_file, "", check_any)
    TEXT(tls, key_file, "", check_any)
    TEXT(tls, client_ca_file, "", check_any)
    FLAG(tls, client_required, false)
    TEXT(wss, certificate_file, "", check_any)
    TEXT(wss, key_file, "", check_any)
    TEXT(wss, public_url, "http://localhost:8081", check_public_url)
    NUMBER(wss, port, 8081, 0, 65535)
    NUMBER(wss, connections, 500, 1, 100000)
    NUMBER(wss, threads, 8, 1, 1024)
    NUMBER(wss, window_s, 300, 1, 3600)
    NUMBER(workers, threads, 32, 1, 1024)
    NUMBER(workers, queue_length, 1024, 1, 100000)
    TEXT(database, conninfo, "dbname=farthing user=farthing_daemon", check_not_empty)
    NUMBER(database, connections, 8, 1, 1000)
    NUMBER(database, batch_connections, 2, 1, 64)
    NUMBER(database, batch_size, 256, 1, 10000)
    NUMBER(database, batch_patience_ms, 20, 0, 10000)
    NUMBER(database, batch_overlap_percent, 400, 0, 1000000)
    NUMBER(database, batch_alone_ms, 2, 0, 100)
    NUMBER(database, timeout_ms, 5000, 100, 600000)
    TEXT(keys, master_key_file, "/etc/farthing/master.key", check_not_empty)
    NUMBER(keys, rotation_hours, 24, 1, 8760)
    NUMBER(security, encrypted_user_id_s, 300, 1, 86400)
    NUMBER(security, transaction_s, 3600, 60, 604800)
    NUMBER(security, vendor_password_cache_s, 3600, 0, 86400)
    NUMBER(security, login_attempts, 5, 1, 1000)
    NUMBER(security, login_attempts_window_s, 300, 1, 86400)
    NUMBER(security, login_default_minutes, 30, 1, 525600)
    NUMBER(security, login_max_minutes, 1440, 1, 525600)
    NUMBER(security, password_min_length, 10, 8, 128)
    TEXT(provider, name, "Farthing", check_not_empty)
    TEXT(provider, support_email, "support@localhost", check_not_empty)
    TEXT(provider, currency, "EUR", check_currency)
    AMOUNT(provider, sign_up_bonus, "0")
    TEXT(provider, bank_account, "", check_any)
    NUMBER(notifications, connections, 64, 1, 1000)
    NUMBER(notifications, connections_per_vendor, 4, 1, 100)
    NUMBER(notifications, timeout_ms, 10000, 100, 60000)
    NUMBER(notifications, answer_bytes, 16384, 1024, 1048576)
    NUMBER(notifications, retry_first_s, 10, 1, 3600)
    NUMBER(notifications, retry_last_s, 21600, 1, 86400)
    NUMBER(notifications, give_up_hours, 72, 1, 720)
    NUMBER(notifications, keep_days, 90, 30, 3650)
    FLAG(notifications, allow_private, false)
    NUMBER(upkeep, request_id_days, 7, 7, 3650)
    NUMBER(upkeep, rows, 1000, 1, 100000)
    NUMBER(royalty, rollup_ms, 5000, 10, 3600000)
    NUMBER(royalty, rollup_slice, 10000, 1, 1000000)
    NUMBER(royalty, rollup_share_percent, 25, 1, 100)
};
/* clang-format on */
const size_t config_options_count = sizeof config_options / sizeof config_options[0];
