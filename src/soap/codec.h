/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gSOAP as a codec on memory buffers. Functions return gSOAP's error codes, 0 for success.
 */
#ifndef FARTHING_SOAP_CODEC_H
#define FARTHING_SOAP_CODEC_H

#include "soap/soap.h"
#include "soap/vendor1H.h"

/* Until the envelope tells: SOAP 1.2 has a media type of its own. NULL: absent. */
int soap_version_of(const char *content_type);

/*
 * A codec for one call; it may wait in between, and others have theirs. NULL: no memory.
 * codec_release frees what the call left in it and must follow on every path, once.
 */
struct soap *codec_acquire(void);
void codec_release(struct soap *soap);

/* Frees what was read and written so far. */
void codec_reset(struct soap *soap);

/* Reads body up to the first element in soap:Body, whose name is then soap->tag; SOAP_NO_DATA
 * without one. body must stay as it is until the request was read. */
int codec_begin_request(struct soap *soap, const char *body, size_t bytes);
/*
 * The rest of the envelope, and nothing more: neither in the body nor after it. The operation's
 * element must have been read by soap_in_…: soap_get_… takes what follows for the referents of
 * SOAP encoding, and skips it.
 */
int codec_end_request(struct soap *soap);

/* The envelope around an answer, which goes to the call's arena. */
int codec_begin_answer(struct soap *soap, struct call *call);
int codec_end_answer(struct soap *soap, struct soap_exchange *exchange);
/* Makes *out, which is operation's response, the whole answer. FT_INTERNAL: no memory. */
#define CODEC_ANSWER(soap, call, exchange, operation, out)                                       \
    (codec_begin_answer(soap, call) == SOAP_OK &&                                                \
             soap_put__vendor__##operation##Response(soap, out, "vendor:" #operation "Response", \
                                                     "") == SOAP_OK &&                           \
             codec_end_answer(soap, exchange) == SOAP_OK                                         \
         ? ((exchange)->outcome = "OK", FT_OK)                                                   \
         : FT_INTERNAL)

/*
 * Stands in for gSOAP's soap_instring in the generated stubs (see layer.am), which ignores an
 * xsi:type and takes child elements for text. The same signature; id and flag are of no use here.
 */
char **value_text_in(struct soap *soap, const char *tag, char **text, const char *type, int id,
                     int flag, long min, long max, const char *pattern);

/* As soap_value, which it replaces in the generated stubs: codec_refused knows what it read. */
const char *codec_value(struct soap *soap);
/* Sets gSOAP's error and remembers the text that is why, NULL when none is. Returns error. */
int codec_refuse(struct soap *soap, int error, const char *text);
/* What the element that was read last held, when its content is why it was refused; else NULL. */
const char *codec_refused(const struct soap *soap);

/* gSOAP wants char * for texts that it only reads. */
char *codec_text(const char *text);
/* Overwrites a secret that gSOAP decoded; NULL is allowed. */
void codec_wipe(char *text);

#endif
