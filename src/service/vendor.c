/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who calls the vendor API (V2, S2). */
#include "service/vendor.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "service/check.h"
#include "service/internal.h"
#include "service/message.h"

#define THROTTLE_NAME_SIZE 300
#define ATTEMPTS 2
#define NEW_PASSWORD_MIN 12 /* the command asks the same of an operator */

int service_vendor_number(const char *text)
{
    char *end = NULL;
    long number = text[0] >= '1' && text[0] <= '9' ? strtol(text, &end, 10) : 0;
    return number > 0 && number <= INT_MAX && *end == '\0' ? (int)number : 0;
}

/* An unknown vendor costs as much time as a wrong password. A disabled one is refused by the
 * database in the call that follows. */
static enum ft_error verify(struct service *service, struct call *call,
                            const struct vendor_login *login, int vendor_id, int *version_r)
{
    char name[THROTTLE_NAME_SIZE];
    snprintf(name, sizeof name, "vendor %s", login->vendor_id);
    if (!throttle_take(service->throttle, name, call->remote_address, time_monotonic_us()))
        return FT_RATE_LIMITED;
    struct vendor_credential credential = {0};
    enum ft_error error = FT_VENDOR_NOT_FOUND;
    if (vendor_id > 0)
        error = db_vendor_find_credential(service->db, call, vendor_id, &credential);
    if (error == FT_OK || error == FT_VENDOR_NOT_FOUND)
        error = password_gate_verify(service->vendor_gate, call, login->password,
                                     error == FT_OK ? credential.password_hash : NULL);
    throttle_settle(service->throttle, name, call->remote_address, error);
    *version_r = credential.credential_version;
    return error;
}

/* A password that was wrong stays wrong until the vendor has another. */
static enum ft_error ask_again(struct service *service, struct call *call,
                               const struct vendor_cache_ticket *ticket)
{
    struct vendor_credential credential = {0};
    enum ft_error error =
        db_vendor_find_credential(service->db, call, ticket->vendor_id, &credential);
    if (error != FT_OK && error != FT_VENDOR_NOT_FOUND)
        return error;
    return credential.credential_version == ticket->refused_version ? FT_AUTHENTICATION_FAILED
                                                                    : FT_CREDENTIAL_CHANGED;
}

static enum ft_error learn(struct service *service, struct call *call,
                           const struct vendor_login *login,
                           const struct vendor_cache_ticket *ticket, int *version_r)
{
    enum ft_error error = verify(service, call, login, ticket->vendor_id, version_r);
    vendor_cache_finish(service->vendors, ticket, error, *version_r);
    bool decided = error == FT_OK || error == FT_AUTHENTICATION_FAILED;
    if (!decided && ticket->known_version > 0) {
        *version_r = ticket->known_version;
        error = FT_OK;
    }
    return error;
}

/* The message proved who sends it; no password is asked for. */
static enum ft_error confirm(struct service *service, struct call *call, int vendor_id,
                             int *credential_version_r)
{
    struct vendor_credential credential = {0};
    if (vendor_id != call->vendor_id)
        return call_refuse(call, "VendorID is not the vendor that the message is from.");
    enum ft_error error = db_vendor_find_credential(service->db, call, vendor_id, &credential);
    *credential_version_r = credential.credential_version;
    return error;
}

static enum ft_error verify_password(struct service *service, struct call *call,
                                     const struct vendor_login *login, int vendor_id,
                                     int *credential_version_r)
{
    if (vendor_id == 0)
        return verify(service, call, login, 0, credential_version_r);

    struct vendor_cache_ticket ticket;
    while (!vendor_cache_find(service->vendors, vendor_id, login->password, call, &ticket,
                              credential_version_r)) {
        if (!ticket.refused)
            return learn(service, call, login, &ticket, credential_version_r);
        enum ft_error error = ask_again(service, call, &ticket);
        if (error != FT_CREDENTIAL_CHANGED)
            return error;
        vendor_cache_finish(service->vendors, &ticket, error, 0);
    }
    return FT_OK;
}

enum ft_error service_vendor_authenticate(struct service *service, struct call *call,
                                          const struct vendor_login *login, int *vendor_id_r,
                                          int *credential_version_r)
{
    const struct check_text texts[] = {
        {.parameter = "VendorID", .text = login->vendor_id, .min = 1, .max = 64},
        {.parameter = "VendorPassword",
         .text = login->password,
         .min = 1,
         .max = 128,
         .secret = true},
    };
    enum ft_error error = check_texts(call, texts, sizeof texts / sizeof texts[0]);
    if (error != FT_OK)
        return error;
    int vendor_id = service_vendor_number(login->vendor_id);
    *vendor_id_r = vendor_id;
    error = call->vendor_id > 0
                ? confirm(service, call, vendor_id, credential_version_r)
                : verify_password(service, call, login, vendor_id, credential_version_r);
    return error == FT_OK ? service_message_check_client(service, call, vendor_id) : error;
}

enum ft_error service_vendor_act(struct service *service, struct call *call,
                                 const struct vendor_login *login, vendor_action *action,
                                 void *context)
{
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        int vendor_id = 0;
        int version = 0;
        enum ft_error error =
            service_vendor_authenticate(service, call, login, &vendor_id, &version);
        if (error == FT_OK)
            error = action(service, call, vendor_id, version, context);
        if (error != FT_CREDENTIAL_CHANGED)
            return error;
        vendor_cache_forget(service->vendors, vendor_id, version);
    }
    return FT_UNAVAILABLE; /* the password changed twice within milliseconds */
}

static enum ft_error ask_account(struct service *service, struct call *call, int vendor_id,
                                 int credential_version, void *context)
{
    return db_vendor_account(service->db, call, vendor_id, credential_version, context);
}

enum ft_error service_vendor_account(struct service *service, struct call *call,
                                     const struct vendor_login *login,
                                     struct vendor_account *account_r)
{
    *account_r = (struct vendor_account){0};
    return service_vendor_act(service, call, login, ask_account, account_r);
}

static enum ft_error set_password(struct service *service, struct call *call, int vendor_id,
                                  int credential_version, void *context)
{
    const char *const *new_password = context;
    char hash[SECRET_HASH_TEXT_SIZE];
    enum ft_error error = password_gate_enter(service->vendor_gate, call);
    if (error != FT_OK)
        return error;
    bool hashed = secret_password_hash(*new_password, hash);
    password_gate_leave(service->vendor_gate);
    if (!hashed)
        return FT_INTERNAL;
    error = db_vendor_change_password(service->db, call, vendor_id, credential_version, hash);
    if (error == FT_OK)
        vendor_cache_forget(service->vendors, vendor_id, credential_version);
    return error;
}

enum ft_error service_vendor_change_password(struct service *service, struct call *call,
                                             const struct vendor_login *login,
                                             const char *new_password)
{
    const struct check_text text = {.parameter = "NewPassword",
                                    .text = new_password,
                                    .min = NEW_PASSWORD_MIN,
                                    .max = 128,
                                    .secret = true};
    enum ft_error error = check_texts(call, &text, 1);
    if (error != FT_OK)
        return error;
    return service_vendor_act(service, call, login, set_password, &new_password);
}
