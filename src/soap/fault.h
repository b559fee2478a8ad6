/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What went wrong, as SOAP says it. */
#ifndef FARTHING_SOAP_FAULT_H
#define FARTHING_SOAP_FAULT_H

#include "soap/codec.h"

/* The fault code of the vendor API that error is told as; static storage. */
const char *fault_code(enum ft_error error);

/* Whether the same call may succeed later; then the fault is the server's, not the client's. */
bool fault_retry(enum ft_error error);

/*
 * Replaces whatever the exchange held by a fault, in its version of SOAP.
 * message is a sentence safe to log; NULL: what error stands for, with the parameter of call.
 */
void fault_answer(struct call *call, enum ft_error error, const char *message,
                  struct soap_exchange *exchange);

/* A fault of SOAP's own: "VersionMismatch", "MustUnderstand". These are about the envelope and
 * have no detail. */
void fault_answer_standard(struct call *call, const char *code, const char *message,
                           struct soap_exchange *exchange);

/* The answer when there is no memory for another. */
void fault_answer_last(struct soap_exchange *exchange);

#endif
