/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that prove their sender: fresh, and accepted once. */
#include "service/message.h"

#include <stdio.h>

#include "service/internal.h"
#include "service/vendor.h"
#include "service/vendor_secret.h"

#define THROTTLE_NAME_SIZE 32

#define WRONG_DIGEST "The UsernameToken names no vendor, or its digest is wrong."
#define STALE "The message is too old, or from the future."
#define REPEATED "The message was received before."
#define NOT_REGISTERED "The certificate is not registered, or not valid any more."
#define WRONG_CLIENT "The client certificate is not one of the vendor's."

static int64_t window_us(const struct service *service)
{
    return service->config->wss.window_s * TIME_SECOND;
}

/* FT_OK when created is within the window around now. */
static enum ft_error check_age(const struct service *service, struct call *call,
                               const char *created, time_us_t *created_r)
{
    time_us_t now = time_now_us();
    if (!time_parse(created, created_r) || *created_r < now - window_us(service) ||
        *created_r > now + window_us(service))
        return call_refuse(call, STALE);
    return FT_OK;
}

/* Remembers the message for as long as its age allows it to come again. */
static enum ft_error take(struct service *service, struct call *call, int vendor_id,
                          const void *nonce, size_t bytes, time_us_t created)
{
    enum ft_error error = db_vendor_take_nonce(service->db, call, vendor_id, nonce, bytes,
                                               created + window_us(service));
    if (error == FT_AUTHENTICATION_FAILED)
        return call_refuse(call, REPEATED);
    if (error == FT_OK)
        call->vendor_id = vendor_id;
    return error;
}

/* An unknown vendor's digest is compared, too, with one that nobody can make. */
static enum ft_error check_digest(struct service *service, struct call *call, int vendor_id,
                                  const struct message_token *token)
{
    struct secret_key secret;
    unsigned char wanted[SECRET_TOKEN_DIGEST_BYTES];
    const unsigned char *sealed = NULL;
    size_t bytes = 0;
    bool known = false;
    enum ft_error error =
        db_vendor_find_security_secret(service->db, call, vendor_id, &sealed, &bytes);
    if (error != FT_OK)
        return error;
    if (!secret_random(&secret, sizeof secret))
        return FT_INTERNAL;
    if (sealed != NULL)
        known = vendor_secret_open(keys_master(service->keys), VENDOR_SECRET_MESSAGE, vendor_id,
                                   sealed, bytes, &secret);
    if (!secret_token_digest(token->nonce, token->nonce_bytes, token->created, &secret, wanted))
        error = FT_INTERNAL;
    else if (!secret_equal(wanted, token->digest, sizeof wanted) || !known)
        error = call_refuse(call, WRONG_DIGEST);
    secret_wipe(&secret, sizeof secret);
    secret_wipe(wanted, sizeof wanted);
    return error;
}

enum ft_error service_message_verify_token(struct service *service, struct call *call,
                                           const struct message_token *token)
{
    time_us_t created = 0;
    enum ft_error error = check_age(service, call, token->created, &created);
    if (error != FT_OK)
        return error;
    char name[THROTTLE_NAME_SIZE];
    int vendor_id = service_vendor_number(token->username);
    snprintf(name, sizeof name, "message %d", vendor_id);
    if (!throttle_take(service->throttle, name, call->remote_address, time_monotonic_us()))
        return FT_RATE_LIMITED;
    error = check_digest(service, call, vendor_id, token);
    throttle_settle(service->throttle, name, call->remote_address, error);
    return error != FT_OK
               ? error
               : take(service, call, vendor_id, token->nonce, token->nonce_bytes, created);
}

enum ft_error service_message_find_signer(struct service *service, struct call *call,
                                          const void *certificate, size_t bytes,
                                          struct vendor_certificate *signer_r)
{
    unsigned char fingerprint[SECRET_DIGEST_BYTES];
    if (!secret_digest(certificate, bytes, fingerprint))
        return FT_INTERNAL;
    enum ft_error error = db_vendor_find_certificate(service->db, call, fingerprint, signer_r);
    if (error == FT_OK && signer_r->vendor_id == 0)
        return call_refuse(call, NOT_REGISTERED);
    return error;
}

enum ft_error service_message_accept(struct service *service, struct call *call, int vendor_id,
                                     const void *signature, size_t bytes, const char *created,
                                     const char *expires)
{
    unsigned char nonce[SECRET_DIGEST_BYTES];
    time_us_t created_at = 0, expires_at = 0;
    enum ft_error error = check_age(service, call, created, &created_at);
    if (error != FT_OK)
        return error;
    if (expires != NULL && (!time_parse(expires, &expires_at) || expires_at <= time_now_us()))
        return call_refuse(call, STALE);
    if (!secret_digest(signature, bytes, nonce))
        return FT_INTERNAL;
    return take(service, call, vendor_id, nonce, sizeof nonce, created_at);
}

enum ft_error service_message_check_client(struct service *service, struct call *call,
                                           int vendor_id)
{
    bool admitted = true;
    if (call->client_certificate == NULL)
        return FT_OK;
    enum ft_error error = db_vendor_admits_certificate(service->db, call, vendor_id,
                                                       call->client_certificate, &admitted);
    return error == FT_OK && !admitted ? call_refuse(call, WRONG_CLIENT) : error;
}
