/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The vendor API behind WS-Security (S3), by libxmlsec1. Not by gSOAP's plugin wsse: that
 * of 2.8.124 takes an HMAC under a key that the message itself brings for a signature, fails on
 * prefixes that are declared twice (as zeep's are), and calls RSA 1.5 by the name of OAEP.
 *
 * A message proves its sender by a
 * UsernameToken with a digest, or by an X.509 signature of its body and timestamp; a signed one may
 * be encrypted, too. What was proven goes on as plain SOAP to soap_answer; the answer to a signed
 * message is signed, and encrypted when the message was.
 */
#ifndef FARTHING_SOAP_SECURITY_H
#define FARTHING_SOAP_SECURITY_H

#include "core/config.h"
#include "soap/soap.h"

struct soap_security;

/* Reads certificate and key of config->wss. NULL: *file_r and *problem_r (static storage) say why.
 */
struct soap_security *soap_security_start(const struct config *config, const char **file_r,
                                          const char **problem_r);
/* NULL is allowed. */
void soap_security_stop(struct soap_security *security);

/* As soap_answer. */
void soap_security_answer(struct soap_security *security, struct service *service,
                          struct call *call, struct soap_exchange *exchange);

#endif
