/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers: a signature over body and timestamp, and around that, encryption. */
#include <libxml/parser.h>
#include <limits.h>
#include <string.h>
#include <xmlsec/crypto.h>
#include <xmlsec/templates.h>
#include <xmlsec/transforms.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlenc.h>
#include <xmlsec/xmltree.h>

#include "core/secret.h"
#include "soap/security_crypto.h"

#define BODY_ID "body"
#define TIMESTAMP_ID "timestamp"
#define CERTIFICATE_ID "certificate"
#define CONTENT_ID "content"
#define AES_BYTES 32

struct answer {
    xmlDocPtr document;
    xmlNodePtr body;
    xmlNodePtr security;
    xmlNsPtr wsse;
    xmlNsPtr wsu;
};

static bool add_id(struct answer *answer, xmlNodePtr element, const char *id)
{
    xmlAttrPtr added = xmlNewNsProp(element, answer->wsu, BAD_CAST "Id", (const xmlChar *)id);
    return added != NULL && xmlAddID(NULL, answer->document, (const xmlChar *)id, added) != NULL;
}

/* <Header><Security mustUnderstand="1"> before the body. */
static bool add_header(struct answer *answer)
{
    xmlNodePtr envelope = xmlDocGetRootElement(answer->document);
    answer->body = message_child(envelope, (const char *)envelope->ns->href, "Body");
    if (answer->body == NULL)
        return false;
    answer->wsse = xmlNewNs(envelope, BAD_CAST WSSE, BAD_CAST "wsse");
    answer->wsu = xmlNewNs(envelope, BAD_CAST WSU, BAD_CAST "wsu");
    xmlNodePtr header = xmlNewDocNode(answer->document, envelope->ns, BAD_CAST "Header", NULL);
    if (answer->wsse == NULL || answer->wsu == NULL || header == NULL)
        return false;
    xmlAddPrevSibling(answer->body, header);
    answer->security = xmlNewChild(header, answer->wsse, BAD_CAST "Security", NULL);
    return answer->security != NULL && add_id(answer, answer->body, BODY_ID) &&
           xmlNewNsProp(answer->security, envelope->ns, BAD_CAST "mustUnderstand", BAD_CAST "1") !=
               NULL;
}

static bool add_timestamp(struct answer *answer, int64_t lifetime_us)
{
    char text[TIME_TEXT_SIZE];
    time_us_t now = time_now_us();
    xmlNodePtr timestamp = xmlNewChild(answer->security, answer->wsu, BAD_CAST "Timestamp", NULL);
    return timestamp != NULL && add_id(answer, timestamp, TIMESTAMP_ID) &&
           xmlNewChild(timestamp, answer->wsu, BAD_CAST "Created",
                       BAD_CAST time_format(now, text)) != NULL &&
           xmlNewChild(timestamp, answer->wsu, BAD_CAST "Expires",
                       BAD_CAST time_format(now + lifetime_us, text)) != NULL;
}

static bool add_certificate(struct answer *answer, const char *certificate)
{
    xmlNodePtr token = xmlNewChild(answer->security, answer->wsse, BAD_CAST "BinarySecurityToken",
                                   (const xmlChar *)certificate);
    return token != NULL && add_id(answer, token, CERTIFICATE_ID) &&
           xmlNewProp(token, BAD_CAST "ValueType", BAD_CAST WSS_X509) != NULL &&
           xmlNewProp(token, BAD_CAST "EncodingType", BAD_CAST WSS_BASE64) != NULL;
}

static bool add_reference(xmlNodePtr signature, const char *uri)
{
    xmlNodePtr reference = xmlSecTmplSignatureAddReference(signature, xmlSecTransformSha256Id, NULL,
                                                           (const xmlChar *)uri, NULL);
    return reference != NULL &&
           xmlSecTmplReferenceAddTransform(reference, xmlSecTransformExclC14NId) != NULL;
}

/* The template of a signature; NULL: no memory. */
static xmlNodePtr add_signature(struct answer *answer)
{
    xmlNodePtr signature = xmlSecTmplSignatureCreate(answer->document, xmlSecTransformExclC14NId,
                                                     xmlSecTransformRsaSha256Id, NULL);
    if (signature == NULL)
        return NULL;
    xmlAddChild(answer->security, signature);
    xmlNodePtr info = xmlSecTmplSignatureEnsureKeyInfo(signature, NULL);
    if (info == NULL || !add_reference(signature, "#" BODY_ID) ||
        !add_reference(signature, "#" TIMESTAMP_ID))
        return NULL;
    xmlNodePtr holder = xmlNewChild(info, answer->wsse, BAD_CAST "SecurityTokenReference", NULL);
    xmlNodePtr reference =
        holder != NULL ? xmlNewChild(holder, answer->wsse, BAD_CAST "Reference", NULL) : NULL;
    if (reference == NULL ||
        xmlNewProp(reference, BAD_CAST "URI", BAD_CAST "#" CERTIFICATE_ID) == NULL ||
        xmlNewProp(reference, BAD_CAST "ValueType", BAD_CAST WSS_X509) == NULL)
        return NULL;
    return signature;
}

static bool sign(const struct soap_security *security, struct answer *answer)
{
    xmlSecDSigCtxPtr context = xmlSecDSigCtxCreate(NULL);
    xmlNodePtr signature = add_signature(answer);
    bool done = false;
    if (context != NULL && signature != NULL) {
        context->signKey = xmlSecKeyDuplicate(security->key);
        done = context->signKey != NULL && xmlSecDSigCtxSign(context, signature) == 0;
    }
    xmlSecDSigCtxDestroy(context);
    return done;
}

/* --- encryption --- */

static bool encrypt_body(struct answer *answer, const unsigned char aes[AES_BYTES])
{
    xmlSecEncCtxPtr context = xmlSecEncCtxCreate(NULL);
    xmlNodePtr content =
        xmlSecTmplEncDataCreate(answer->document, xmlSecTransformAes256GcmId, BAD_CAST CONTENT_ID,
                                xmlSecTypeEncContent, NULL, NULL);
    bool done = false;
    if (context != NULL && content != NULL && xmlSecTmplEncDataEnsureCipherValue(content) != NULL) {
        context->encKey = xmlSecKeyReadMemory(xmlSecKeyDataAesId, aes, AES_BYTES);
        done =
            context->encKey != NULL && xmlSecEncCtxXmlEncrypt(context, content, answer->body) == 0;
    }
    if (!done)
        xmlFreeNode(content);
    xmlSecEncCtxDestroy(context);
    return done;
}

static bool encrypt_key(struct answer *answer, const struct vendor_certificate *to,
                        const unsigned char aes[AES_BYTES])
{
    xmlSecEncCtxPtr context = xmlSecEncCtxCreate(NULL);
    xmlNodePtr key = xmlSecTmplKeyInfoAddEncryptedKey(answer->security, xmlSecTransformRsaOaepId,
                                                      NULL, NULL, NULL);
    bool done = false;
    if (context != NULL && key != NULL && xmlSecTmplEncDataEnsureCipherValue(key) != NULL &&
        xmlSecTmplReferenceListAddDataReference(key, BAD_CAST "#" CONTENT_ID) != NULL) {
        context->mode = xmlEncCtxModeEncryptedKey;
        context->encKey = security_public_key(to);
        done =
            context->encKey != NULL && xmlSecEncCtxBinaryEncrypt(context, key, aes, AES_BYTES) == 0;
    }
    xmlSecEncCtxDestroy(context);
    return done;
}

static bool encrypt(struct answer *answer, const struct vendor_certificate *to)
{
    unsigned char aes[AES_BYTES];
    bool done =
        secret_random(aes, sizeof aes) && encrypt_key(answer, to, aes) && encrypt_body(answer, aes);
    secret_wipe(aes, sizeof aes);
    return done;
}

bool security_protect(const struct soap_security *security, struct call *call,
                      const struct vendor_certificate *signer, bool encrypted,
                      struct soap_exchange *exchange)
{
    struct answer answer = {0};
    xmlChar *text = NULL;
    int bytes = 0;
    bool done = false;
    if (exchange->answer_bytes <= INT_MAX)
        answer.document = xmlReadMemory(exchange->answer, (int)exchange->answer_bytes, NULL, NULL,
                                        XML_PARSE_NONET | XML_PARSE_NOERROR);
    if (answer.document != NULL && add_header(&answer) &&
        add_timestamp(&answer, security->lifetime_us) &&
        add_certificate(&answer, security->certificate) && sign(security, &answer) &&
        (!encrypted || encrypt(&answer, signer)))
        xmlDocDumpMemoryEnc(answer.document, &text, &bytes, "UTF-8");
    char *copy =
        text != NULL ? arena_strndup(call->arena, (const char *)text, (size_t)bytes) : NULL;
    if (copy != NULL) {
        exchange->answer = copy;
        exchange->answer_bytes = (size_t)bytes;
        done = true;
    }
    xmlFree(text);
    xmlFreeDoc(answer.document);
    return done;
}
