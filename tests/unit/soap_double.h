/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tests of src/soap share: a service that answers as it is told and remembers what it was
 * asked, and answers held to the WSDL's schema with libxml2.
 */
#ifndef FARTHING_TESTS_SOAP_DOUBLE_H
#define FARTHING_TESTS_SOAP_DOUBLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libxml/tree.h>

#include "service/incentive.h"
#include "service/license.h"
#include "service/purchase_record.h"
#include "service/royalty.h"
#include "service/settlement.h"
#include "soap/soap.h"

#define SOAP11 "http://schemas.xmlsoap.org/soap/envelope/"
#define SOAP12 "http://www.w3.org/2003/05/soap-envelope"
#define VENDOR "urn:farthing:vendor:1"
#define TRANSACTION "0198f6d2-5a5b-7abc-8def-0123456789ab"

/* The service. */
struct service_double {
    int calls;
    struct purchase_initiate_request initiate;
    struct purchase_checkout_request checkout;
    struct purchase_get_request get;
    struct purchase_list_request list;
    struct purchase_refund_request refund;
    struct license_lock_request lock;
    struct vendor_login login; /* of GetAccount and ChangePassword */
    const char *new_password;
    struct settlement_list_request settlements;
    struct incentive_issue_request incentive;
    struct royalty_owners_request owners;
    enum ft_error error; /* to be returned; with FT_INVALID_PARAMETER: */
    const char *parameter;
    const char *rule;
    const char *value;
    struct purchase_initiate_answer initiate_answer;
    struct purchase_record record;
    struct purchase_page page;
    struct purchase_refund refunded;
    struct license_lock_answer lock_answer;
    struct vendor_account account;
    struct settlement_page settlement_page;
    struct incentive_issued incentive_issued;
    struct royalty_owner_list owner_list;
};
extern struct service_double service_double;

/* The last exchange; freed by the next. */
struct answered {
    struct arena *arena;
    struct call call;
    struct soap_exchange exchange;
    xmlDocPtr document;
    int version;          /* of the answer's envelope */
    bool is_fault;        /* then payload is VendorFault, NULL when there is none */
    xmlNodePtr payload;   /* what the schema describes */
    const char *code;     /* of a fault, without prefix: "Client" */
    const char *sentence; /* its faultstring or Text */
};
extern struct answered answered;

/* For the double's own files: copies what was asked to the call's arena, and gives the outcome. */
void double_keep(struct call *call, const char **text);
enum ft_error double_outcome(struct call *call);

int soap_double_setup(void **state);
int soap_double_teardown(void **state);

/* Asks in a fresh arena. Fails the test when the answer is no valid SOAP. */
void ask_bytes(const void *body, size_t bytes, const char *content_type);
/* An envelope of the version around content; attributes go to the Envelope element. */
void ask_envelope(int version, const char *header, const char *content);
/* The operation with parameters ("<v:VendorID>…") in it. */
void ask(int version, const char *operation, const char *parameters);

/* The text of an element of the payload; NULL: absent. */
const char *field(const char *name);

/* The last answer is a fault with code that names parameter (NULL: any). */
void assert_refused(const char *code, const char *parameter);
void assert_answered(void);

/* A valid InitiateTransaction's parameters with the one called name replaced by its new element,
 * "" to leave it out. In memory of the caller's stack: buffer. */
const char *initiate_with(char *buffer, size_t capacity, const char *name, const char *element);

#endif
