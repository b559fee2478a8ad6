/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a message with WS-Security to plain SOAP, and back. */
#include "soap/security.h"

#include <assert.h>
#include <libxml/globals.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/xmlsec.h>

#include "core/certificate.h"
#include "core/log.h"
#include "core/secret.h"
#include "soap/fault.h"
#include "soap/prescan.h"
#include "soap/security_crypto.h"
#include "soap/security_message.h"

#define KEY_FILE_BYTES 16384

/* Its answer could not be encrypted: nothing says to whom. */
#define NOT_SIGNED_INSIDE "An encrypted message must be signed, too."

/* --- life --- */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool is_ready;

__attribute__((format(printf, 2, 3))) static void ignore(void *context, const char *format, ...)
{
    (void)context, (void)format;
}

/* Once in a process, before the threads that use it; the libraries' own messages would quote what
 * strangers sent. */
static void start_library(void)
{
    is_ready = xmlSecInit() == 0 && xmlSecCryptoAppInit(NULL) == 0 && xmlSecCryptoInit() == 0;
    xmlSecErrorsDefaultCallbackEnableOutput(0);
    (void)xmlThrDefSetGenericErrorFunc(NULL, ignore);
}

/* The base64 between the lines of a PEM file with one certificate; NULL: no memory. */
static char *strip_pem(const char *pem)
{
    const char *begin = strchr(pem, '\n');
    const char *end = begin != NULL ? strstr(begin, "-----END") : NULL;
    return end != NULL ? strndup(begin + 1, (size_t)(end - begin - 1)) : NULL;
}

static const char *read_key(const struct config *config, xmlSecKeyPtr *key_r)
{
    char text[KEY_FILE_BYTES];
    const char *problem = NULL;
    size_t bytes = secret_file_read(config->wss.key_file, text, sizeof text, &problem);
    if (problem == NULL)
        *key_r = xmlSecCryptoAppKeyLoadMemory((const xmlSecByte *)text, (xmlSecSize)bytes,
                                              xmlSecKeyDataFormatPem, NULL, NULL, NULL);
    secret_wipe(text, sizeof text);
    if (problem == NULL && *key_r == NULL)
        problem = "holds no private key in PEM that opens without a password";
    return problem;
}

struct soap_security *soap_security_start(const struct config *config, const char **file_r,
                                          const char **problem_r)
{
    struct certificate certificate;
    *file_r = config->wss.certificate_file;
    *problem_r = "no memory";
    pthread_once(&once, start_library);
    struct soap_security *security = is_ready ? calloc(1, sizeof *security) : NULL;
    if (security == NULL)
        return NULL;
    if (certificate_read(config->wss.certificate_file, &certificate, problem_r)) {
        *file_r = config->wss.key_file;
        *problem_r = read_key(config, &security->key);
        security->certificate = strip_pem(certificate.pem);
        security->lifetime_us = config->wss.window_s * TIME_SECOND;
    }
    if (*problem_r == NULL && !certificate_matches(&certificate, config->wss.key_file))
        *problem_r = "is not the certificate's key";
    if (*problem_r == NULL && security->certificate != NULL)
        return security;
    soap_security_stop(security);
    return NULL;
}

void soap_security_stop(struct soap_security *security)
{
    if (security == NULL)
        return;
    xmlSecKeyDestroy(security->key);
    free(security->certificate);
    free(security);
}

/* --- one exchange --- */

/* What was found out about a message. */
struct finding {
    struct vendor_certificate signer; /* of a signed one */
    bool encrypted;
};

/* Decrypts the message and finds out who sent it. */
static enum ft_error open_message(const struct soap_security *security, struct service *service,
                                  struct call *call, struct message *message,
                                  struct finding *finding)
{
    enum ft_error error = message_learn_ids(call, message);
    if (error == FT_OK && message->encrypted_key != NULL && message->signature == NULL)
        error = call_refuse(call, NOT_SIGNED_INSIDE);
    if (error == FT_OK && message->encrypted_key != NULL) {
        finding->encrypted = true;
        error = security_decrypt(security, call, message);
        if (error == FT_OK)
            error = message_learn_ids(call, message);
    }
    if (error != FT_OK)
        return error;
    if (message->signature != NULL)
        return security_verify(service, call, message, &finding->signer);
    struct message_token token;
    error = message_read_token(call, message, &token);
    return error == FT_OK ? service_message_verify_token(service, call, &token) : error;
}

static enum ft_error unwrap(const struct soap_security *security, struct service *service,
                            struct call *call, struct soap_exchange *exchange,
                            struct finding *finding, const char **problem_r)
{
    struct prescan prescan;
    struct message message = {0};
    soap_prescan(call->arena, exchange->body != NULL ? exchange->body : "", exchange->body_bytes,
                 &prescan);
    *problem_r = prescan.problem;
    if (prescan.problem != NULL)
        return FT_INVALID_PARAMETER;
    enum ft_error error = message_parse(call, exchange->body, exchange->body_bytes, &message);
    if (error == FT_OK)
        error = open_message(security, service, call, &message, finding);
    if (error == FT_OK)
        error = message_plain(call, &message, &exchange->body, &exchange->body_bytes);
    message_free(&message);
    return error;
}

static void refuse(struct call *call, enum ft_error error, const char *problem,
                   struct soap_exchange *exchange)
{
    log_event(LOG_INFO, "message_refused", "correlation_id", LOG_TEXT(call->correlation_id),
              "outcome", LOG_TEXT(ft_error_name(error)), "cause",
              LOG_TEXT(call->refusal != NULL ? call->refusal : "see outcome"), NULL);
    fault_answer(call, error, problem, exchange);
}

void soap_security_answer(struct soap_security *security, struct service *service,
                          struct call *call, struct soap_exchange *exchange)
{
    assert(exchange->body != NULL || exchange->body_bytes == 0);
    struct finding finding = {0};
    const char *problem = NULL;
    exchange->operation = "unknown";
    exchange->version = soap_version_of(exchange->content_type);
    enum ft_error error = unwrap(security, service, call, exchange, &finding, &problem);
    if (error != FT_OK) {
        refuse(call, error, problem, exchange);
        return;
    }
    soap_answer(service, call, exchange);
    if (finding.signer.vendor_id > 0 &&
        !security_protect(security, call, &finding.signer, finding.encrypted, exchange))
        refuse(call, FT_OUTCOME_UNKNOWN, NULL, exchange);
}
