/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parameters of the vendor API, as a fault explains them. */
#ifndef FARTHING_SOAP_PARAMETER_H
#define FARTHING_SOAP_PARAMETER_H

#include <stdbool.h>
#include <stddef.h>

#include "soap/codec.h"

struct parameter {
    const char *name;
    const char *rule; /* what it must be */
};

/* By element name, with or without prefix. NULL: none of that name. A test compares with the WSDL.
 */
const struct parameter *parameter_find(const char *tag);

/*
 * Why decoding failed: FT_INVALID_PARAMETER with the parameter named in call, or FT_INTERNAL.
 * missing is the parameter that the request lacks, NULL when it has all.
 */
enum ft_error parameter_problem(struct soap *soap, struct call *call, const char *missing);

/* The first of count required texts that is NULL. */
struct parameter_text {
    const char *name;
    const char *text;
};
const char *parameter_missing(const struct parameter_text *texts, size_t count);

#endif
