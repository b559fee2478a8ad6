/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree of a message with WS-Security, checked by whitelist: what is not expected is refused. */
#include "soap/security_message.h"

#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <libxml/valid.h>
#include <limits.h>
#include <string.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/base64.h>

#define SOAP11 "http://schemas.xmlsoap.org/soap/envelope/"
#define SOAP12 "http://www.w3.org/2003/05/soap-envelope"
#define VENDOR "urn:farthing:vendor:1"
#define EXCLUSIVE_C14N "http://www.w3.org/2001/10/xml-exc-c14n#"
#define PASSWORD_DIGEST WSS_BASE "username-token-profile-1.0#PasswordDigest"
#define PLACEHOLDER "proven" /* for a password that is not looked at */

#define NO_HEADER "The message has no WS-Security header."
#define MISPLACED "The message's parts are not where they belong."
#define NO_PROOF "The message must have either a UsernameToken or a signature."
#define TWO_IDS "The message's IDs must differ, and be names."
#define NOT_COVERED \
    "The signature must cover body and timestamp, and nothing else but its certificate."
#define NO_DIGEST "The UsernameToken must have a digest of the password, a nonce and its time."

static bool is(const xmlNode *node, const char *space, const char *name)
{
    return node != NULL && node->type == XML_ELEMENT_NODE && node->ns != NULL &&
           xmlStrcmp(node->ns->href, (const xmlChar *)space) == 0 &&
           xmlStrcmp(node->name, (const xmlChar *)name) == 0;
}

xmlNodePtr message_child(xmlNodePtr parent, const char *space, const char *name)
{
    xmlNodePtr child = parent != NULL ? xmlFirstElementChild(parent) : NULL;
    while (child != NULL && !is(child, space, name))
        child = xmlNextElementSibling(child);
    return child;
}

const char *message_text(struct call *call, xmlNodePtr element)
{
    xmlChar *text = element != NULL ? xmlNodeGetContent(element) : NULL;
    const char *copy = text != NULL ? arena_strdup(call->arena, (const char *)text) : NULL;
    xmlFree(text);
    return copy != NULL ? copy : "";
}

const unsigned char *message_base64(struct call *call, xmlNodePtr element, size_t *bytes_r)
{
    const char *text = message_text(call, element);
    xmlSecSize room = (xmlSecSize)strlen(text) + 1, bytes = 0;
    unsigned char *decoded = arena_alloc(call->arena, room);
    bool good =
        decoded != NULL && xmlSecBase64Decode_ex((const xmlChar *)text, decoded, room, &bytes) == 0;
    *bytes_r = good ? bytes : 0;
    return good && bytes > 0 ? decoded : NULL;
}

static const char *attribute(struct call *call, xmlNodePtr element, const char *name)
{
    xmlChar *text = element != NULL ? xmlGetNoNsProp(element, (const xmlChar *)name) : NULL;
    const char *copy = text != NULL ? arena_strdup(call->arena, (const char *)text) : NULL;
    xmlFree(text);
    return copy != NULL ? copy : "";
}

/* --- parts --- */

struct part {
    const char *space;
    const char *name;
    xmlNodePtr *place;
};

/* Puts each child where it belongs; false: one that is not listed, or twice. */
static bool sort_children(xmlNodePtr parent, const struct part *parts, size_t count)
{
    for (xmlNodePtr child = xmlFirstElementChild(parent); child != NULL;
         child = xmlNextElementSibling(child)) {
        size_t i = 0;
        while (i < count && !is(child, parts[i].space, parts[i].name))
            i++;
        if (i == count || *parts[i].place != NULL)
            return false;
        *parts[i].place = child;
    }
    return true;
}

static enum ft_error find_parts(struct call *call, struct message *message)
{
    xmlNodePtr header = NULL;
    const char *soap = message->version == 2 ? SOAP12 : SOAP11;
    const struct part top[] = {{soap, "Header", &header}, {soap, "Body", &message->body}};
    if (!sort_children(message->envelope, top, sizeof top / sizeof top[0]) || message->body == NULL)
        return call_refuse(call, MISPLACED);
    message->security = message_child(header, WSSE, "Security");
    if (message->security == NULL)
        return call_refuse(call, NO_HEADER);
    for (xmlNodePtr other = xmlNextElementSibling(message->security); other != NULL;
         other = xmlNextElementSibling(other))
        if (is(other, WSSE, "Security"))
            return call_refuse(call, MISPLACED);
    const struct part parts[] = {
        {WSU, "Timestamp", &message->timestamp},
        {WSSE, "UsernameToken", &message->token},
        {WSSE, "BinarySecurityToken", &message->certificate},
        {DSIG, "Signature", &message->signature},
        {XENC, "EncryptedKey", &message->encrypted_key},
    };
    if (!sort_children(message->security, parts, sizeof parts / sizeof parts[0]))
        return call_refuse(call, MISPLACED);
    if ((message->token == NULL) == (message->signature == NULL))
        return call_refuse(call, NO_PROOF);
    return FT_OK;
}

enum ft_error message_parse(struct call *call, const char *text, size_t bytes,
                            struct message *message_r)
{
    *message_r = (struct message){0};
    if (bytes <= INT_MAX)
        message_r->document =
            xmlReadMemory(text, (int)bytes, NULL, NULL,
                          XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (message_r->document == NULL)
        return call_invalid(call, "Request", "well-formed XML", NULL);
    message_r->envelope = xmlDocGetRootElement(message_r->document);
    if (is(message_r->envelope, SOAP11, "Envelope"))
        message_r->version = 1;
    else if (is(message_r->envelope, SOAP12, "Envelope"))
        message_r->version = 2;
    else
        return call_invalid(call, "Request", "a SOAP envelope with an operation in its body", NULL);
    return find_parts(call, message_r);
}

void message_free(struct message *message)
{
    xmlFreeDoc(message->document);
    *message = (struct message){0};
}

/* --- IDs and what refers to them --- */

/* The attribute by which others may refer to its element. */
static bool is_id(const xmlAttr *attribute_)
{
    if (attribute_->ns == NULL || xmlStrcmp(attribute_->ns->href, BAD_CAST WSU) == 0)
        return xmlStrcasecmp(attribute_->name, BAD_CAST "Id") == 0;
    return xmlStrcmp(attribute_->ns->href, XML_XML_NAMESPACE) == 0 &&
           xmlStrcmp(attribute_->name, BAD_CAST "id") == 0;
}

static bool learn_id(xmlDocPtr document, xmlAttrPtr attribute_)
{
    xmlChar *id = xmlNodeListGetString(document, attribute_->children, 1);
    bool good = false;
    if (id != NULL && xmlValidateNCName(id, 0) == 0) {
        xmlAttrPtr known = xmlGetID(document, id);
        good = known == attribute_ ||
               (known == NULL && xmlAddID(NULL, document, id, attribute_) != NULL);
    }
    xmlFree(id);
    return good;
}

/* The node after this one in the order of the document, within root. */
static xmlNodePtr next_element(const xmlNode *root, xmlNodePtr element)
{
    xmlNodePtr next = xmlFirstElementChild(element);
    while (next == NULL && element != root) {
        next = xmlNextElementSibling(element);
        element = element->parent;
    }
    return next;
}

enum ft_error message_learn_ids(struct call *call, struct message *message)
{
    for (xmlNodePtr element = message->envelope; element != NULL;
         element = next_element(message->envelope, element))
        for (xmlAttrPtr at = element->properties; at != NULL; at = at->next)
            if (is_id(at) && !learn_id(message->document, at))
                return call_refuse(call, TWO_IDS);
    return FT_OK;
}

/* Whether a reference is to the element with this ID, by exclusive canonicalization alone. */
static bool refers_to(struct call *call, xmlNodePtr reference, xmlNodePtr element)
{
    xmlChar *id = xmlGetNsProp(element, BAD_CAST "Id", BAD_CAST WSU);
    const char *uri = attribute(call, reference, "URI");
    bool same = id != NULL && uri[0] == '#' && strcmp(uri + 1, (const char *)id) == 0;
    xmlFree(id);
    xmlNodePtr transforms = message_child(reference, DSIG, "Transforms");
    xmlNodePtr transform = message_child(transforms, DSIG, "Transform");
    return same && transform != NULL && xmlChildElementCount(transforms) == 1 &&
           strcmp(attribute(call, transform, "Algorithm"), EXCLUSIVE_C14N) == 0;
}

/* Counts references to the element; each may be signed once. */
static bool is_covered(struct call *call, xmlNodePtr signed_info, xmlNodePtr element, int *count_r)
{
    int count = 0;
    for (xmlNodePtr reference = message_child(signed_info, DSIG, "Reference");
         element != NULL && reference != NULL; reference = xmlNextElementSibling(reference))
        count += refers_to(call, reference, element);
    *count_r += count;
    return count == 1;
}

enum ft_error message_check_references(struct call *call, const struct message *message)
{
    xmlNodePtr signed_info = message_child(message->signature, DSIG, "SignedInfo");
    int known = 0, all = 0;
    for (xmlNodePtr reference = message_child(signed_info, DSIG, "Reference"); reference != NULL;
         reference = xmlNextElementSibling(reference))
        all++;
    bool covered = is_covered(call, signed_info, message->body, &known) &&
                   is_covered(call, signed_info, message->timestamp, &known);
    (void)is_covered(call, signed_info, message->certificate, &known);
    if (!covered || known != all || all > 3 || message_child(message->signature, DSIG, "Object"))
        return call_refuse(call, NOT_COVERED);
    return FT_OK;
}

/* --- what is in it --- */

enum ft_error message_read_token(struct call *call, const struct message *message,
                                 struct message_token *token_r)
{
    xmlNodePtr password = message_child(message->token, WSSE, "Password");
    size_t digest_bytes = 0, nonce_bytes = 0;
    const unsigned char *digest = message_base64(call, password, &digest_bytes);
    const unsigned char *nonce =
        message_base64(call, message_child(message->token, WSSE, "Nonce"), &nonce_bytes);
    *token_r = (struct message_token){
        .username = message_text(call, message_child(message->token, WSSE, "Username")),
        .created = message_text(call, message_child(message->token, WSU, "Created")),
        .nonce_bytes = nonce_bytes,
    };
    if (strcmp(attribute(call, password, "Type"), PASSWORD_DIGEST) != 0 ||
        digest_bytes != sizeof token_r->digest || token_r->created[0] == '\0' ||
        nonce_bytes < MESSAGE_NONCE_BYTES_MIN || nonce_bytes > MESSAGE_NONCE_BYTES_MAX)
        return call_refuse(call, NO_DIGEST);
    memcpy(token_r->digest, digest, digest_bytes);
    memcpy(token_r->nonce, nonce, nonce_bytes);
    return FT_OK;
}

/* The operation requires a VendorPassword, which here may be absent, empty or anything. */
static bool fill_in_password(const struct message *message)
{
    xmlNodePtr operation = xmlFirstElementChild(message->body);
    xmlNodePtr vendor = message_child(operation, VENDOR, "VendorID");
    xmlNodePtr password = message_child(operation, VENDOR, "VendorPassword");
    if (vendor == NULL)
        return true; /* the operation will say so */
    if (password != NULL) {
        xmlUnlinkNode(password);
        xmlFreeNode(password);
    }
    password = xmlNewDocNode(message->document, vendor->ns, BAD_CAST "VendorPassword",
                             BAD_CAST PLACEHOLDER);
    return password != NULL && xmlAddNextSibling(vendor, password) != NULL;
}

enum ft_error message_plain(struct call *call, struct message *message, const char **text_r,
                            size_t *bytes_r)
{
    xmlChar *text = NULL;
    xmlUnlinkNode(message->security);
    xmlFreeNode(message->security);
    message->security = message->timestamp = message->token = message->signature =
        message->encrypted_key = message->certificate = NULL;
    if (!fill_in_password(message))
        return FT_INTERNAL;
    int bytes = xmlC14NDocDumpMemory(message->document, NULL, XML_C14N_1_0, NULL, 0, &text);
    if (bytes < 0)
        return call_invalid(call, "Request", "XML whose namespaces are absolute", NULL);
    *text_r = arena_strndup(call->arena, (const char *)text, (size_t)bytes);
    *bytes_r = (size_t)bytes;
    xmlFree(text);
    return *text_r != NULL ? FT_OK : FT_INTERNAL;
}
