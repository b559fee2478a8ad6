/* SPDX-License-Identifier: GPL-3.0-or-later */
/* farthing vendor: who may sell, and under which addresses. */
#include "db/vendor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/secret.h"
#include "db/notification.h"
#include "farthing/password.h"
#include "farthing/session.h"
#include "service/vendor_secret.h"
#include "service/url.h"

#define PASSWORD_MIN_BYTES 12

/* A password from the operator, as its hash. */
static bool read_hash(const struct invocation *invocation, char hash_r[SECRET_HASH_TEXT_SIZE])
{
    char password[PASSWORD_SIZE];
    bool success = false;
    if (!password_read(invocation, password))
        return false;
    if (strlen(password) < PASSWORD_MIN_BYTES)
        invocation_fail(invocation, "a vendor's password has at least %d bytes",
                        PASSWORD_MIN_BYTES);
    else if (!secret_password_hash(password, hash_r))
        invocation_fail(invocation, "the password could not be hashed");
    else
        success = true;
    secret_wipe(password, sizeof password);
    return success;
}

/* A registered URL is a folder: it covers what begins with it. */
static enum ft_error split_folder(struct call *call, const char *url, struct vendor_url *folder_r)
{
    enum ft_error error = service_url_split(call, "--url", url, &folder_r->origin, &folder_r->path);
    if (error != FT_OK)
        return error;
    if (strchr(url, '?') != NULL)
        return call_invalid(call, "--url", "a URL without query", url);
    if (folder_r->path[strlen(folder_r->path) - 1] != '/')
        folder_r->path = arena_printf(call->arena, "%s/", folder_r->path);
    return folder_r->path != NULL ? FT_OK : FT_INTERNAL;
}

static enum ft_error add(const struct invocation *invocation, struct session *session,
                         const char *password_hash, int *vendor_id_r)
{
    struct vendor_url urls[COMMAND_GIVEN_MAX];
    struct vendor_registration registration = {
        .name = invocation_value(invocation, "name", NULL),
        .currency = session_currency(session, invocation),
        .password_hash = password_hash,
        .home_url = invocation_value(invocation, "home", NULL),
        .time_zone = invocation_value(invocation, "time-zone", "UTC"),
        .urls = urls,
    };
    const char *origin, *path;
    enum ft_error error =
        service_url_split(&session->call, "--home", registration.home_url, &origin, &path);
    if (registration.currency == NULL)
        return FT_CURRENCY_UNKNOWN;
    for (int i = 0; error == FT_OK && i < invocation->given_count; i++)
        if (strcmp(invocation->given[i].name, "url") == 0)
            error = split_folder(&session->call, invocation->given[i].value,
                                 &urls[registration.urls_count++]);
    if (error != FT_OK)
        return error;
    return db_vendor_add(session->db, &session->call, &registration, vendor_id_r);
}

static int run_add(struct invocation *invocation)
{
    struct session session;
    char hash[SECRET_HASH_TEXT_SIZE];
    int vendor_id = 0;
    if (!session_open(&session, invocation) || !read_hash(invocation, hash)) {
        session_close(&session);
        return EXIT_FAILURE;
    }
    enum ft_error error = add(invocation, &session, hash, &vendor_id);
    if (error == FT_OK)
        printf("%d\n", vendor_id);
    return session_end(&session, invocation, error, NULL);
}

static int run_password(struct invocation *invocation)
{
    struct session session;
    char hash[SECRET_HASH_TEXT_SIZE];
    int vendor_id = 0;
    if (!invocation_vendor(invocation, &vendor_id))
        return EXIT_FAILURE;
    if (session_open(&session, invocation) && read_hash(invocation, hash))
        return session_end(&session, invocation,
                           db_vendor_set_password(session.db, &session.call, vendor_id, hash),
                           NULL);
    session_close(&session);
    return EXIT_FAILURE;
}

static int set_disabled(struct invocation *invocation, bool disabled)
{
    struct session session;
    int vendor_id = 0;
    enum ft_error error = FT_INTERNAL;
    if (!invocation_vendor(invocation, &vendor_id))
        return EXIT_FAILURE;
    if (session_open(&session, invocation))
        error = db_vendor_set_disabled(session.db, &session.call, vendor_id, disabled);
    return session_end(&session, invocation, error, NULL);
}

static int run_enable(struct invocation *invocation)
{
    return set_disabled(invocation, false);
}

static int run_disable(struct invocation *invocation)
{
    return set_disabled(invocation, true);
}

static int run_notify(struct invocation *invocation)
{
    struct session session;
    char secret[VENDOR_SECRET_TEXT_SIZE] = "";
    unsigned char sealed[VENDOR_SECRET_SEALED_BYTES];
    const char *url = invocation->arguments[1];
    const char *origin, *path;
    int vendor_id = 0;
    if (!invocation_vendor(invocation, &vendor_id))
        return EXIT_FAILURE;
    if (!session_open(&session, invocation) ||
        !session_vendor_secret(&session, invocation, VENDOR_SECRET_NOTIFICATION, vendor_id, secret,
                               sealed)) {
        session_close(&session);
        return EXIT_FAILURE;
    }
    enum ft_error error = service_url_split(&session.call, "URL", url, &origin, &path);
    if (error == FT_OK)
        error = db_notification_set_endpoint(session.db, &session.call, vendor_id, url, sealed,
                                             sizeof sealed);
    if (error == FT_OK)
        puts(secret);
    secret_wipe(secret, sizeof secret);
    return session_end(&session, invocation, error, NULL);
}

static int run_silence(struct invocation *invocation)
{
    struct session session;
    int vendor_id = 0;
    enum ft_error error = FT_INTERNAL;
    if (!invocation_vendor(invocation, &vendor_id))
        return EXIT_FAILURE;
    if (session_open(&session, invocation))
        error = db_notification_set_endpoint(session.db, &session.call, vendor_id, NULL, NULL, 0);
    return session_end(&session, invocation, error, NULL);
}

const struct command vendor_commands[] = {
    {.group = "vendor",
     .name = "add",
     .arguments = "",
     .purpose = "adds a vendor and prints its ID",
     .note = "The vendor's password is read from standard input, or asked for.",
     .options = {{"name", "TEXT", "as users see it", true},
                 {"home", "URL", "where users find the vendor", true},
                 {"url", "URL", "what it may sell is under here; may be given again", true},
                 {"currency", "CODE", "of its prices; by default the provider's"},
                 {"time-zone", "NAME", "of its days and periods: Europe/Berlin; by default UTC"}},
     .run = run_add},
    {.group = "vendor",
     .name = "password",
     .arguments = "ID",
     .arguments_count = 1,
     .purpose = "sets a vendor's password",
     .note = "It is read from standard input, or asked for; the old one ends at once.",
     .run = run_password},
    {.group = "vendor",
     .name = "enable",
     .arguments = "ID",
     .arguments_count = 1,
     .purpose = "lets a disabled vendor sell again",
     .run = run_enable},
    {.group = "vendor",
     .name = "disable",
     .arguments = "ID",
     .arguments_count = 1,
     .purpose = "stops a vendor's sales",
     .run = run_disable},
    {.group = "vendor",
     .name = "notify",
     .arguments = "ID URL",
     .arguments_count = 2,
     .purpose = "tells a vendor's URL of its sales and refunds",
     .note = "Prints the secret with which the vendor verifies that we told it. It is not shown\n"
             "again; repeating the command makes a new one.",
     .run = run_notify},
    {.group = "vendor",
     .name = "silence",
     .arguments = "ID",
     .arguments_count = 1,
     .purpose = "stops notifications to a vendor, also those that wait",
     .run = run_silence},
    {0},
};
