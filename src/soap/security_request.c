/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decryption and signature of a message. Keys are ours: what a message says of keys is not read. */
#include <string.h>
#include <xmlsec/crypto.h>
#include <xmlsec/templates.h>
#include <xmlsec/transforms.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlenc.h>

#include "core/secret.h"
#include "soap/security_crypto.h"

#define NOT_DECRYPTED "The message cannot be decrypted."
#define NO_CERTIFICATE "The message must bring the one certificate that signed it."
#define NOT_SIGNED "The signature is not valid, or not of RSA with SHA-256 or better."

static bool allow(xmlSecTransformCtxPtr context, xmlSecTransformId transform)
{
    return xmlSecPtrListAdd(&context->enabledTransforms, (xmlSecPtr)(uintptr_t)transform) >= 0;
}

/* --- encryption --- */

/* The key of the body, for AES; NULL: none. It was encrypted to us by RSA-OAEP. */
static xmlSecKeyPtr open_key(const struct soap_security *security, xmlNodePtr encrypted_key)
{
    xmlSecKeyPtr key = NULL;
    xmlSecEncCtxPtr context = xmlSecEncCtxCreate(NULL);
    if (context == NULL)
        return NULL;
    context->mode = xmlEncCtxModeEncryptedKey;
    context->transformCtx.enabledUris = xmlSecTransformUriTypeNone;
    context->encKey = xmlSecKeyDuplicate(security->key);
    xmlSecBufferPtr opened = NULL;
    if (context->encKey != NULL && allow(&context->transformCtx, xmlSecTransformRsaOaepId))
        opened = xmlSecEncCtxDecryptToBuffer(context, encrypted_key);
    if (opened != NULL) {
        key = xmlSecKeyReadBuffer(xmlSecKeyDataAesId, opened);
        secret_wipe(xmlSecBufferGetData(opened), xmlSecBufferGetSize(opened));
    }
    xmlSecEncCtxDestroy(context);
    return key;
}

/* Takes the key. AES-GCM alone: it is authenticated. */
static bool open_body(xmlNodePtr encrypted, xmlSecKeyPtr key)
{
    xmlSecEncCtxPtr context = xmlSecEncCtxCreate(NULL);
    if (context == NULL) {
        xmlSecKeyDestroy(key);
        return false;
    }
    context->transformCtx.enabledUris = xmlSecTransformUriTypeNone;
    context->encKey = key;
    bool done = allow(&context->transformCtx, xmlSecTransformAes128GcmId) &&
                allow(&context->transformCtx, xmlSecTransformAes256GcmId) &&
                xmlSecEncCtxDecrypt(context, encrypted) == 0;
    xmlSecEncCtxDestroy(context);
    return done;
}

enum ft_error security_decrypt(const struct soap_security *security, struct call *call,
                               struct message *message)
{
    xmlNodePtr encrypted = message_child(message->body, XENC, "EncryptedData");
    xmlSecKeyPtr key = NULL;
    if (encrypted != NULL && xmlChildElementCount(message->body) == 1)
        key = open_key(security, message->encrypted_key);
    if (key == NULL || !open_body(encrypted, key))
        return call_refuse(call, NOT_DECRYPTED);
    return FT_OK;
}

/* --- signature --- */

/* DER; NULL: there is none, or more than one. */
static const unsigned char *find_certificate(struct call *call, const struct message *message,
                                             size_t *bytes_r)
{
    xmlNodePtr info = message_child(message->signature, DSIG, "KeyInfo");
    xmlNodePtr reference = message_child(info, WSSE, "SecurityTokenReference");
    xmlNodePtr data = message_child(reference != NULL ? reference : info, DSIG, "X509Data");
    xmlNodePtr inside = message_child(data, DSIG, "X509Certificate");
    *bytes_r = 0;
    if ((message->certificate == NULL) == (inside == NULL))
        return NULL;
    return message_base64(call, inside != NULL ? inside : message->certificate, bytes_r);
}

static bool allow_algorithms(xmlSecDSigCtxPtr context)
{
    context->enabledReferenceUris = xmlSecTransformUriTypeSameDocument;
    context->flags |= XMLSEC_DSIG_FLAGS_IGNORE_MANIFESTS;
    const xmlSecTransformId digests[] = {xmlSecTransformExclC14NId, xmlSecTransformSha256Id,
                                         xmlSecTransformSha384Id, xmlSecTransformSha512Id};
    const xmlSecTransformId signatures[] = {xmlSecTransformExclC14NId, xmlSecTransformRsaSha256Id,
                                            xmlSecTransformRsaSha384Id, xmlSecTransformRsaSha512Id};
    for (size_t i = 0; i < sizeof digests / sizeof digests[0]; i++)
        if (xmlSecDSigCtxEnableReferenceTransform(context, digests[i]) < 0)
            return false;
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++)
        if (xmlSecDSigCtxEnableSignatureTransform(context, signatures[i]) < 0)
            return false;
    return true;
}

static bool is_signed(const struct message *message, const struct vendor_certificate *signer)
{
    xmlSecDSigCtxPtr context = xmlSecDSigCtxCreate(NULL);
    if (context == NULL)
        return false;
    context->signKey = security_public_key(signer);
    bool good = context->signKey != NULL && allow_algorithms(context) &&
                xmlSecDSigCtxVerify(context, message->signature) == 0 &&
                context->status == xmlSecDSigStatusSucceeded;
    xmlSecDSigCtxDestroy(context);
    return good;
}

enum ft_error security_verify(struct service *service, struct call *call, struct message *message,
                              struct vendor_certificate *signer_r)
{
    size_t bytes = 0;
    const unsigned char *certificate = find_certificate(call, message, &bytes);
    *signer_r = (struct vendor_certificate){0};
    enum ft_error error = certificate != NULL ? message_check_references(call, message)
                                              : call_refuse(call, NO_CERTIFICATE);
    if (error == FT_OK)
        error = service_message_find_signer(service, call, certificate, bytes, signer_r);
    if (error != FT_OK)
        return error;
    const unsigned char *signature =
        message_base64(call, message_child(message->signature, DSIG, "SignatureValue"), &bytes);
    if (signature == NULL || !is_signed(message, signer_r))
        return call_refuse(call, NOT_SIGNED);
    xmlNodePtr expires = message_child(message->timestamp, WSU, "Expires");
    return service_message_accept(
        service, call, signer_r->vendor_id, signature, bytes,
        message_text(call, message_child(message->timestamp, WSU, "Created")),
        expires != NULL ? message_text(call, expires) : NULL);
}

xmlSecKeyPtr security_public_key(const struct vendor_certificate *certificate)
{
    return xmlSecCryptoAppKeyLoadMemory((const xmlSecByte *)certificate->pem,
                                        (xmlSecSize)strlen(certificate->pem),
                                        xmlSecKeyDataFormatCertPem, NULL, NULL, NULL);
}
