/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A SOAP message with a WS-Security header, as a tree whose parts are where they belong. */
#ifndef FARTHING_SOAP_SECURITY_MESSAGE_H
#define FARTHING_SOAP_SECURITY_MESSAGE_H

#include <libxml/tree.h>
#include <stdbool.h>

#include "service/message.h"

#define WSS_BASE "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
#define WSSE WSS_BASE "wssecurity-secext-1.0.xsd"
#define WSU WSS_BASE "wssecurity-utility-1.0.xsd"
#define WSS_BASE64 WSS_BASE "soap-message-security-1.0#Base64Binary"
#define WSS_X509 WSS_BASE "x509-token-profile-1.0#X509v3"
#define DSIG "http://www.w3.org/2000/09/xmldsig#"
#define XENC "http://www.w3.org/2001/04/xmlenc#"

/* Parts of the document; NULL: absent. */
struct message {
    xmlDocPtr document;
    int version; /* of SOAP: 1 or 2 */
    xmlNodePtr envelope;
    xmlNodePtr body;
    xmlNodePtr security;
    xmlNodePtr timestamp;
    xmlNodePtr token;
    xmlNodePtr signature;
    xmlNodePtr encrypted_key;
    xmlNodePtr certificate; /* BinarySecurityToken */
};

/*
 * Finds the parts. FT_INVALID_PARAMETER: not well-formed; FT_AUTHENTICATION_FAILED: something is
 * missing, twice there or misplaced. Owner calls message_free in either case.
 */
enum ft_error message_parse(struct call *call, const char *text, size_t bytes,
                            struct message *message_r);
void message_free(struct message *message);

/* Makes the IDs known, which must differ. Again after decryption. FT_AUTHENTICATION_FAILED. */
enum ft_error message_learn_ids(struct call *call, struct message *message);

/* The signature is of body and timestamp, each as a whole, perhaps its certificate, and nothing
 * else. FT_AUTHENTICATION_FAILED. */
enum ft_error message_check_references(struct call *call, const struct message *message);

/* FT_AUTHENTICATION_FAILED: it lacks something. Texts live in the call's arena. */
enum ft_error message_read_token(struct call *call, const struct message *message,
                                 struct message_token *token_r);

/* The message as SOAP without its security header, canonical and without comments, for soap_answer:
 * the password that its operation requires is filled in. In the call's arena. FT_INVALID_PARAMETER:
 * it has no canonical form. */
enum ft_error message_plain(struct call *call, struct message *message, const char **text_r,
                            size_t *bytes_r);

/* The child element of this name; NULL: none. */
xmlNodePtr message_child(xmlNodePtr parent, const char *space, const char *name);
/* Its text in the call's arena; "" for NULL. */
const char *message_text(struct call *call, xmlNodePtr element);
/* The bytes that an element's text means in base64; NULL: none, or more than an arena holds. */
const unsigned char *message_base64(struct call *call, xmlNodePtr element, size_t *bytes_r);

#endif
