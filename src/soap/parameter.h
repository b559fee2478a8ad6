/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parameters of the vendor API, as a fault explains them. */
#ifndef FARTHING_SOAP_PARAMETER_H
#define FARTHING_SOAP_PARAMETER_H

#include <stdbool.h>
#include <stddef.h>

#include "soap/codec.h"

struct parameter {
    const char *name;
    const char *type; /* in the schema */
    const char *base; /* the type of XML Schema that it restricts, or the same */
    const char *rule; /* what it must be */
};

/* All of them; count_r may be NULL. A test compares them with the WSDL. */
const struct parameter *parameter_list(size_t *count_r);

/* By element name, with or without prefix. NULL: none of that name. */
const struct parameter *parameter_find(const char *tag);

/* Whether soap->type, the xsi:type of the element tag, is the schema's or its base. */
bool parameter_type_fits(struct soap *soap, const char *tag);

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
