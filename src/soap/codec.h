/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gSOAP as a codec on memory buffers. Functions return gSOAP's error codes, 0 for success.
 */
#ifndef FARTHING_SOAP_CODEC_H
#define FARTHING_SOAP_CODEC_H

#include "soap/soap.h"
#include "soap/vendor1H.h"

/*
 * This thread's codec, made on first use and freed with the thread. NULL: no memory.
 * codec_release frees what a request left in it and must follow on every path.
 */
struct soap *codec_acquire(void);
void codec_release(struct soap *soap);

/* Reads from body, up to the first element in soap:Body; soap->tag is its name. */
int codec_begin_request(struct soap *soap, struct call *call, const char *body, size_t bytes);
/* The rest of the envelope, and nothing after it. */
int codec_end_request(struct soap *soap);

/* The envelope around an answer, which goes to the call's arena. */
int codec_begin_answer(struct soap *soap);
int codec_end_answer(struct soap *soap, struct soap_exchange *exchange);

/* gSOAP wants char * for texts that it only reads. */
char *codec_text(const char *text);
/* Overwrites a secret that gSOAP decoded; NULL is allowed. */
void codec_wipe(char *text);

#endif
