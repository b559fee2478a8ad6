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
 * A codec that reads a call's request, or writes its answer; it is not kept while the call waits.
 * NULL: no memory. codec_release must follow on every path, once. Texts and numbers that were
 * decoded are in the call's arena; lists end with the codec.
 */
struct soap *codec_acquire(struct call *call);
void codec_release(struct soap *soap);

/* Reads body up to the first element in soap:Body, whose name is then soap->tag; SOAP_NO_DATA
 * without one. body must stay as it is until the request was read. */
int codec_begin_request(struct soap *soap, const char *body, size_t bytes);
/*
 * The rest of the envelope, and nothing more: neither in the body nor after it. The operation's
 * element must have been read by soap_in_…: soap_get_… takes what follows for the referents of
 * SOAP encoding, and skips it.
 */
int codec_end_request(struct soap *soap);

/*
 * The envelope around an answer in the exchange's version, which goes to the call's arena. What
 * begins acquires a codec, NULL: no memory; what ends releases it. FT_INTERNAL: it was NULL, or
 * what was put between has failed.
 */
struct soap *codec_begin_answer(struct call *call, const struct soap_exchange *exchange);
enum ft_error codec_end_answer(struct soap *soap, struct soap_exchange *exchange);
/* Defines answer_<operation>, which makes the operation's response the whole answer. */
#define CODEC_ANSWER(operation)                                                                    \
    static enum ft_error answer_##operation(struct call *call, struct soap_exchange *exchange,     \
                                            const struct _vendor__##operation##Response *response) \
    {                                                                                              \
        struct soap *soap = codec_begin_answer(call, exchange);                                    \
        if (soap != NULL)                                                                          \
            (void)soap_put__vendor__##operation##Response(soap, response,                          \
                                                          "vendor:" #operation "Response", "");    \
        exchange->outcome = "OK";                                                                  \
        return codec_end_answer(soap, exchange);                                                   \
    }

/*
 * Stands in for gSOAP's soap_instring in the generated stubs (see layer.am), which ignores an
 * xsi:type and takes child elements for text. The same signature; id and flag are of no use here.
 */
char **value_text_in(struct soap *soap, const char *tag, char **text, const char *type, int id,
                     int flag, long min, long max, const char *pattern);

/* Stands in for soap_malloc in the generated stubs: from the call's arena. */
void *codec_malloc(struct soap *soap, size_t bytes);
/* Moves a text that gSOAP decoded to the call's arena. NULL: it is NULL, or there is no memory. */
char *codec_keep(struct soap *soap, char *text);

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
